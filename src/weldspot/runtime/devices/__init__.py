"""What a machine has besides its processor."""
