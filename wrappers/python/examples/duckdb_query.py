"""DuckDB: a query's answers in, levels out that the next query reads; in constant memory.

    python duckdb_query.py people.parquet levels.parquet
"""

import sys

import duckdb
import nengli

source, target = sys.argv[1:]
# Two connections: the first is still read while the second writes.
people = duckdb.connect().read_parquet(source).to_arrow_reader(100_000)
levels = nengli.assess_stream(people, "gbt-42195-2022", keep=["id"])
duckdb.from_arrow(levels).write_parquet(target)
print(duckdb.sql(f"select status, key, count(*) from '{target}' group by all order by all"))
