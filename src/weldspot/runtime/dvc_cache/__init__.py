"""What DVC trusts unseen, looked at: its cache, and the files that it has checked out."""
