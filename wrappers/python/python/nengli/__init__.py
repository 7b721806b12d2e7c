"""Ability assessment of older adults by China's national standards, and what it opens.

From answers to a level, to rights, to who pays what, and the clause behind every step.

    >>> import nengli
    >>> nengli.assess({"case_id": "a-1", "as_of": "2026-06-30", "assessments": []})["schema"]
    1

The functions of this module use the rules of the engine; `Rulebook` has the same as
methods, for other rules.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from ._nengli import ENGINE as __version__
from ._rulebook import Rulebook
from .errors import Fault, NengliError, Problem, Rejected, RulebookError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Fault",
    "NengliError",
    "Problem",
    "Rejected",
    "Rulebook",
    "RulebookError",
    "__version__",
    "assess",
    "assess_batch",
    "assess_json",
    "assess_parquet",
    "assess_stream",
    "builtin",
    "columns",
    "record",
    "record_json",
    "replay",
    "replay_json",
    "report",
]


@cache
def builtin() -> Rulebook:
    """The rules of the engine, loaded once for the process."""
    return Rulebook()


def assess(case: dict[str, Any], *, trace: bool = False) -> dict[str, Any]:
    """See `Rulebook.assess`."""
    return builtin().assess(case, trace=trace)


def assess_json(case: str) -> str:
    """See `Rulebook.assess_json`."""
    return builtin().assess_json(case)


def record(case: dict[str, Any], *, trace: bool = False) -> dict[str, Any]:
    """See `Rulebook.record`."""
    return builtin().record(case, trace=trace)


def record_json(case: str) -> str:
    """See `Rulebook.record_json`."""
    return builtin().record_json(case)


def replay(record: dict[str, Any]) -> dict[str, Any]:
    """See `Rulebook.replay`."""
    return builtin().replay(record)


def replay_json(record: str) -> str:
    """See `Rulebook.replay_json`."""
    return builtin().replay_json(record)


def report(case: dict[str, Any], *, lang: Literal["zh", "en"] = "zh") -> dict[str, Any]:
    """See `Rulebook.report`."""
    return builtin().report(case, lang=lang)


def columns(instrument: str) -> list[dict[str, Any]]:
    """See `Rulebook.columns`."""
    return builtin().columns(instrument)


def assess_batch(
    data: Any,
    instrument: str,
    *,
    keep: Sequence[str] = (),
    results: Sequence[str] | None = None,
    interpretations: Mapping[str, str] | None = None,
    threads: int | None = None,
    plain: bool = False,
) -> Any:
    """See `Rulebook.assess_batch`."""
    return builtin().assess_batch(
        data,
        instrument,
        keep=keep,
        results=results,
        interpretations=interpretations,
        threads=threads,
        plain=plain,
    )


def assess_stream(
    data: Any,
    instrument: str,
    *,
    keep: Sequence[str] = (),
    results: Sequence[str] | None = None,
    interpretations: Mapping[str, str] | None = None,
    threads: int | None = None,
    plain: bool = False,
) -> pa.RecordBatchReader:
    """See `Rulebook.assess_stream`."""
    return builtin().assess_stream(
        data,
        instrument,
        keep=keep,
        results=results,
        interpretations=interpretations,
        threads=threads,
        plain=plain,
    )


def assess_parquet(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    instrument: str,
    *,
    keep: Sequence[str] = (),
    results: Sequence[str] | None = None,
    interpretations: Mapping[str, str] | None = None,
    threads: int | None = None,
    plain: bool = False,
    rows: int = 1 << 18,
) -> int:
    """See `Rulebook.assess_parquet`."""
    return builtin().assess_parquet(
        source,
        target,
        instrument,
        keep=keep,
        results=results,
        interpretations=interpretations,
        threads=threads,
        plain=plain,
        rows=rows,
    )
