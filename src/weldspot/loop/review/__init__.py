"""What reviewers decide about corrections, and what may be admitted without their word."""
