"""Writes a Parquet file of made-up forms of an instrument: random, and the same each time.

    python make_people.py people.parquet [ROWS] [INSTRUMENT]

Each person has an ability of their own, so that every level comes out; one form in ten has
answers missing, and the grounds of a level change are rare. ``id`` numbers the rows.
"""

from __future__ import annotations

import sys

import nengli
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

GROUP = 1 << 18


def allowed(column: dict) -> list[int]:
    """The values of a column, the worst first."""
    if column["kind"] == "ground":
        return list(range(column["max"] + 1))
    return sorted({option["value"] for option in column["options"]})


def forms(instrument: str, first: int, count: int) -> pa.RecordBatch:
    """``count`` forms, the first of which is the person ``first``."""
    seed = first * 101

    def random() -> pa.Array:
        nonlocal seed
        seed += 1
        return pc.random(count, initializer=seed)

    # Above 1.25 every answer is the best; few are far below the others.
    ability = pc.multiply(1.3, pc.subtract(1.0, pc.power(random(), 2.0)))
    gaps = pc.less(random(), 0.1)
    columns = {"id": pa.array(range(first, first + count), pa.int64())}
    for column in nengli.columns(instrument):
        values = pa.array(allowed(column), pa.uint8())
        if column["kind"] == "item":
            share = pc.add(pc.multiply(ability, 0.8), pc.multiply(random(), 0.25))
        else:
            share = pc.subtract(pc.multiply(random(), 1.05), 0.98)
        place = pc.cast(pc.floor(pc.multiply(share, float(len(values)))), pa.int8())
        place = pc.max_element_wise(pc.min_element_wise(place, len(values) - 1), 0)
        missing = pc.and_(gaps, pc.less(random(), 0.05))
        columns[column["code"]] = pc.if_else(missing, pa.scalar(None, pa.uint8()), values.take(place))
    return pa.record_batch(columns)


def main(target: str, rows: int = 100_000, instrument: str = "gbt-42195-2022") -> None:
    schema = forms(instrument, 0, 1).schema
    with pq.ParquetWriter(target, schema) as writer:
        for first in range(0, rows, GROUP):
            writer.write_batch(forms(instrument, first, min(GROUP, rows - first)), GROUP)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]), *sys.argv[3:])
