"""Polars: a data frame of answers in, a data frame of levels out.

    python polars_frame.py people.parquet levels.parquet
"""

import sys

import nengli
import polars as pl

source, target = sys.argv[1:]
people = pl.read_parquet(source)
levels = pl.from_arrow(nengli.assess_batch(people, "gbt-42195-2022", keep=["id"]))
levels.write_parquet(target)
print(levels.group_by("status", "key").len().sort("status", "key"))
