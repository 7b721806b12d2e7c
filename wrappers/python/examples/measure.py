"""Measures a Parquet file of forms through ``assess_batch``: rows a second, the share that
is reading and writing, and the most memory.

    python measure.py people.parquet levels.parquet [THREADS]
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
    spent = {"reading": 0.0, "deciding": 0.0, "writing": 0.0}
    began = last = time.perf_counter()

    def lap(what: str) -> None:
        nonlocal last
        now = time.perf_counter()
        spent[what] += now - last
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
    whole = last - began
    print(f"{rows} rows in {whole:.2f} s: {rows / whole:,.0f} a second")
    for what, seconds in spent.items():
        print(f"{what:10} {seconds:7.2f} s {seconds / whole:6.1%} {rows / seconds:14,.0f} rows a second")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    used = time.process_time()
    print(f"most memory {peak / 1024:.0f} MiB; {used:.2f} s of processor time; {threads} threads")
    sizes = [os.path.getsize(path) / 1e6 for path in (source, target)]
    print(f"files: {sizes[0]:.0f} MB in, {sizes[1]:.0f} MB out")


if __name__ == "__main__":
    cores = len(os.sched_getaffinity(0))
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else cores)
