"""The examples: each engine gives what `nengli.assess_batch` gives of the same file."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import nengli

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
ROWS = 20_000


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    runpy.run_path(str(EXAMPLES / "make_people.py"))["main"](str(path), ROWS)
    return path


def expected(people: Path) -> pa.Table:
    return nengli.assess_batch(pq.read_table(people), "gbt-42195-2022", keep=["id"])


def run(example: str, *arguments: Path) -> str:
    command = [sys.executable, str(EXAMPLES / example), *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_people_are_of_every_kind(people: Path) -> None:
    levels = expected(people)
    counts = levels["level"].value_counts().to_pylist()
    found = {entry["values"]: entry["counts"] for entry in counts}
    assert set(found) == {0, 1, 2, 3, 4, None}
    assert min(found.values()) > ROWS / 200, found
    assert len(set(levels["reason"].to_pylist())) > 20


def test_measure(people: Path, tmp_path: Path) -> None:
    told = run("measure.py", people, tmp_path / "levels.parquet")
    assert told.startswith(f"{ROWS} rows in ")
    assert pq.read_table(tmp_path / "levels.parquet").to_pylist() == expected(people).to_pylist()


@pytest.mark.engines
@pytest.mark.parametrize("example", ["polars_frame.py", "duckdb_query.py", "spark_job.py"])
def test_engine(example: str, people: Path, tmp_path: Path) -> None:
    target = tmp_path / "levels.parquet"
    run(example, people, target)
    found = pq.read_table(target).sort_by("id")
    names = [name for name in ("status", "key", "reason") if name in found.column_names]
    wanted = expected(people)
    for name in ["id", "level", "total", *names]:
        assert found[name].to_pylist() == wanted[name].to_pylist(), name
