"""What comes in: uploads, batches, quarantine."""
