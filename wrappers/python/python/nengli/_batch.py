"""Batches through the Arrow C interface, and Parquet through pyarrow."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._nengli import Rules, assess_stream as _native

if TYPE_CHECKING:
    import pyarrow as pa

#: pyarrow, where it is installed; single cases do without.
_HINT = "batches need pyarrow: pip install 'nengli[arrow]'"


def assess_stream(
    rules: Rules,
    data: Any,
    instrument: str,
    keep: Sequence[str],
    results: Sequence[str] | None,
    interpretations: Mapping[str, str] | None,
    threads: int | None,
    plain: bool,
) -> pa.RecordBatchReader:
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise ImportError(_HINT) from error
    if not hasattr(data, "__arrow_c_stream__"):
        kind = type(data).__name__
        raise TypeError(f"data: expected an object with __arrow_c_stream__; found a {kind}")
    for name, names in (("keep", keep), ("results", results)):
        if isinstance(names, str):
            raise TypeError(f"{name}: expected a list of names; found a text")
    reader: pa.RecordBatchReader = _native(
        rules,
        data,
        instrument,
        list(keep),
        None if results is None else list(results),
        list((interpretations or {}).items()),
        _cores() if threads is None else threads,
    )
    return reader.cast(_plain(reader.schema)) if plain else reader


def assess_batch(
    rules: Rules,
    data: Any,
    instrument: str,
    keep: Sequence[str],
    results: Sequence[str] | None,
    interpretations: Mapping[str, str] | None,
    threads: int | None,
    plain: bool,
) -> Any:
    reader = assess_stream(rules, data, instrument, keep, results, interpretations, threads, plain)
    import pyarrow as pa

    if not isinstance(data, pa.RecordBatch):
        return reader.read_all()
    batches = list(reader)
    if batches:
        return batches[0]
    # A batch without rows need not arrive.
    schema = reader.schema
    return pa.RecordBatch.from_arrays([pa.array([], kind) for kind in schema.types], schema=schema)


def assess_parquet(
    rules: Rules,
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    instrument: str,
    keep: Sequence[str],
    results: Sequence[str] | None,
    interpretations: Mapping[str, str] | None,
    threads: int | None,
    plain: bool,
    rows: int,
) -> int:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ImportError(_HINT) from error
    target = Path(target)
    beside = target.with_name(f"{target.name}.{os.getpid()}.part")
    count = 0
    with pq.ParquetFile(source) as file:
        schema = _read(file.schema_arrow, rules, instrument, keep)
        batches = file.iter_batches(batch_size=rows, columns=schema.names)
        stream = pa.RecordBatchReader.from_batches(schema, batches)
        decided = assess_stream(
            rules, stream, instrument, keep, results, interpretations, threads, plain
        )
        try:
            with (
                pq.ParquetWriter(beside, decided.schema) as writer,
                # One batch is written while the next is read and decided.
                ThreadPoolExecutor(1) as pool,
            ):
                written: Future[None] | None = None
                for batch in decided:
                    if written:
                        written.result()
                    written = pool.submit(writer.write_batch, batch)
                    count += batch.num_rows
                if written:
                    written.result()
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)
    return count


def _plain(schema: pa.Schema) -> pa.Schema:
    """The schema with the words themselves in place of dictionaries."""
    import pyarrow as pa

    def plain(field: pa.Field) -> pa.Field:
        dictionary = pa.types.is_dictionary(field.type)
        return field.with_type(field.type.value_type) if dictionary else field

    return pa.schema([plain(field) for field in schema])


def _read(
    schema: pa.Schema, rules: Rules, instrument: str, keep: Sequence[str]
) -> pa.Schema:
    """The columns that are read of a file: those asked for and those to keep."""
    import json

    import pyarrow as pa

    wanted = set(keep)
    for column in json.loads(rules.columns(instrument) or "[]"):
        wanted |= {column["code"], column["code"].replace(".", "_")}
    return pa.schema([field for field in schema if field.name in wanted])


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
