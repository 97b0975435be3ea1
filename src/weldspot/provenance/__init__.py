"""Where a model comes from, said in statements that are signed, verified, and tried by making it again."""
