"""Measures a Parquet file of forms through ``assess_batch``: rows a second, the share that
is reading and writing, and the most memory.

    python measure.py people.parquet levels.parquet [THREADS]

Processor time is of all threads, and says what the work costs on a machine that others use
too.
"""

from __future__ import annotations

import os
import resource
import sys
import time

import nengli
import pyarrow.parquet as pq

GBT = "gbt-42195-2022"
ROWS = 1 << 18


def main(source: str, target: str, threads: int) -> None:
    nengli.builtin()
    spent = {what: [0.0, 0.0] for what in ("reading", "deciding", "writing")}
    began = last = (time.perf_counter(), time.process_time())

    def lap(what: str) -> None:
        nonlocal last
        now = (time.perf_counter(), time.process_time())
        spent[what] = [sum(one) for one in zip(spent[what], (now[0] - last[0], now[1] - last[1]))]
        last = now

    rows = 0
    writer = None
    with pq.ParquetFile(source) as file:
        for batch in file.iter_batches(ROWS):
            lap("reading")
            levels = nengli.assess_batch(batch, GBT, keep=["id"], threads=threads)
            lap("deciding")
            writer = writer or pq.ParquetWriter(target, levels.schema)
            writer.write_batch(levels)
            lap("writing")
            rows += levels.num_rows
    if writer:
        writer.close()
    lap("writing")
    whole, worked = last[0] - began[0], last[1] - began[1]
    print(f"{rows} rows in {whole:.2f} s, {threads} threads: {rows / whole:,.0f} a second")
    for what, (seconds, cpu) in spent.items():
        print(f"{what:9}{seconds:7.2f} s {seconds / whole:6.1%}   {rows / seconds:12,.0f} rows a second", end="")
        print(f"   processor {cpu:6.2f} s {cpu / worked:6.1%}   {cpu / rows * 1e9:5.0f} ns a row")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"most memory: {peak / 1024:.0f} MiB; processor time {worked:.2f} s")
    began = time.perf_counter()
    nengli.assess_parquet(source, target, GBT, keep=["id"], threads=threads, rows=ROWS)
    whole = time.perf_counter() - began
    print(f"assess_parquet, which writes while it reads: {whole:.2f} s: {rows / whole:,.0f} a second")
    sizes = [os.path.getsize(path) / 1e6 for path in (source, target)]
    print(f"files: {sizes[0]:.0f} MB in, {sizes[1]:.0f} MB out")


if __name__ == "__main__":
    cores = len(os.sched_getaffinity(0))
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else cores)
