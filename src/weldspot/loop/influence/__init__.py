"""How much one sender, or one picture sent often, may count."""
