"""Head and fine-tuning, resumable."""
