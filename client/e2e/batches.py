"""Prints the rows of the feedback batches in a folder as JSON, without the images: python batches.py folder."""

import json
import sys
from pathlib import Path

import pyarrow.parquet as pq

rows = [
    row | {"image": len(row["image"])}
    for path in sorted(Path(sys.argv[1]).glob("*.parquet"))
    for row in pq.read_table(path).to_pylist()
]
print(json.dumps(rows, default=str))
