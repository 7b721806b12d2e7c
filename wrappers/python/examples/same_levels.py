"""Compares two Parquet results row by row: the same people, levels and totals.

    python same_levels.py levels.parquet spark.parquet
"""

import sys

import pyarrow.parquet as pq

first, second = (
    pq.read_table(path, columns=["id", "level", "total"]).sort_by("id").combine_chunks()
    for path in sys.argv[1:]
)
second = second.cast(first.schema)
if first != second:
    sys.exit(f"expected the same {first.num_rows} rows; found others")
print(f"the same {first.num_rows} rows")
