"""What the tests share: the project's cases, and random forms."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

import nengli

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "tests" / "cases"

#: A day on which every instrument can be used; forms are dated so.
DAY = "2026-06-20"


def case_files() -> list[Path]:
    """Every case of the project."""
    return sorted(CASES.rglob("*.case.json"))


def named(path: Path) -> str:
    """The name of a case, as tests show it."""
    return path.relative_to(CASES).as_posix()


def rows(instrument: str, count: int, seed: int, missing: float = 0.1) -> list[dict[str, int | None]]:
    """Random forms: any allowed value, and a share of them not answered.

    A third of the rows has nothing missing and every fourth ground is 0, so that levels of
    every kind come out.
    """
    chance = random.Random(seed)
    columns = nengli.columns(instrument)

    def form() -> Iterator[tuple[str, int | None]]:
        bad = chance.random() < 0.5
        gaps = 0 if chance.random() < 1 / 3 else missing
        for column in columns:
            values = allowed(column)
            if chance.random() < gaps:
                value = None
            elif bad and column["kind"] == "item":
                value = chance.choice(values)
            elif column["kind"] == "item":
                value = max(values) if chance.random() < 0.8 else chance.choice(values)
            else:
                value = chance.choice(values) if chance.random() < 0.3 else 0
            yield column["code"], value

    return [dict(form()) for _ in range(count)]


def table(forms: list[dict[str, int | None]], kind: pa.DataType = pa.uint8()) -> pa.Table:
    """Forms by column."""
    codes = list(forms[0])
    return pa.table({code: pa.array([form[code] for form in forms], kind) for code in codes})


def case(instrument: str, form: dict[str, int | None]) -> dict[str, Any]:
    """The case of a form, which the whole engine decides."""
    answers: dict[str, Any] = {}
    for column in nengli.columns(instrument):
        code, value = column["code"], form[column["code"]]
        if value is None:
            continue
        answers[code] = answer(column, value)
    assessment = {"instrument": instrument, "date": DAY, "answers": answers}
    return {"case_id": "row-1", "as_of": "2026-06-30", "assessments": [assessment]}


#: What grounds of true and false, or of diagnoses, are in a case, by their value.
GROUNDS: dict[str, tuple[Any, Any]] = {
    "A.4.1": (["I10"], ["F00.1"]),
    "A.5.11": (False, True),
}


def answer(column: dict[str, Any], value: int) -> Any:
    """A value of a column as an answer of a case."""
    if column["kind"] == "item":
        return next(one["answer"] for one in column["options"] if one["value"] == value)
    return GROUNDS[column["code"]][value] if column["code"] in GROUNDS else value


def allowed(column: dict[str, Any]) -> list[int]:
    """The values of a column."""
    if column["kind"] == "ground":
        return list(range(column["max"] + 1))
    return sorted({option["value"] for option in column["options"]})
