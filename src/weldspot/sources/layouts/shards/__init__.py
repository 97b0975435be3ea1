"""Layouts whose images come in shards that fetch has taken apart: TFRecord and WebDataset."""
