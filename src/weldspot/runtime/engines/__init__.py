"""Where the shards of a table are worked on: processes of this machine, or a cluster."""
