"""What every room stands on: errors, files, locks, processes, and the tools that are called."""
