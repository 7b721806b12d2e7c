"""Batches: each row comes to what the whole engine says of that form; whatever does not
fit is refused, with every problem at once."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import allowed, case, rows, table

import nengli

GBT = "gbt-42195-2022"
INSTRUMENTS = nengli.builtin().instruments
INTEGERS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]


def plain(levels: pa.Table) -> pa.Table:
    """Words in place of dictionaries, whose order is that of the rows."""
    words = pa.schema([field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
                       for field in levels.schema])
    return levels.cast(words)


def best(instrument: str = GBT) -> dict[str, int | None]:
    """A form with the best answers; where 0 is not the best, some form."""
    form = {}
    for column in nengli.columns(instrument):
        form[column["code"]] = max(allowed(column)) if column["kind"] == "item" else 0
    return form


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_rows_are_what_the_engine_says(instrument: str) -> None:
    forms = rows(instrument, 400, seed=42195)
    batch = nengli.assess_batch(table(forms), instrument).to_pylist()
    assert len(batch) == len(forms)
    for form, row in zip(forms, batch, strict=True):
        result = nengli.assess(case(instrument, form))["assessments"][0]
        assert row["status"] == result["outcome"], (form, row)
        level = result["level"]
        assert (row["level"], row["key"]) == ((level["code"], level["key"]) if level else (None, None))
        totals = {name: row[name] for name in row if name not in ("status", "level", "key", "reason")}
        grades = {f"{domain}.grade": grade for domain, grade in result.get("grades", {}).items()}
        known = {name: value for name, value in totals.items() if value is not None}
        assert known == {**result.get("scores", {}), **grades}
        reason = json.loads(row["reason"])
        if row["status"] == "undetermined":
            assert reason["missing"] in [*result.get("missing", []), None]
        else:
            before = result.get("preliminary")
            if before is not None:
                assert reason["preliminary"] == before["key"]
            met = [(c["rule"], c["applied"], c.get("why")) for c in result["changes"] if c["met"]]
            assert [(c["rule"], c["applied"], c.get("why")) for c in reason["changes"]] == met
    # The forms are of every kind.
    assert {row["status"] for row in batch} >= {"determined"}
    assert len({row["level"] for row in batch}) > 1 or instrument == "nhc-48-2019"


@pytest.mark.parametrize("kind", INTEGERS, ids=str)
def test_integers_of_any_width(kind: pa.DataType) -> None:
    forms = rows(GBT, 300, seed=3)
    assert nengli.assess_batch(table(forms, kind), GBT) == nengli.assess_batch(table(forms), GBT)


def test_numbers_that_are_never_allowed() -> None:
    """255 and 254 mean something inside; as answers they are refused like any other."""
    bad = [-1, 5, 15, 16, 127, 254, 255, 256, 2**31, -(2**63), 2**63 - 1]
    forms = [{**best(), "B.1.1": value} for value in bad]
    batch = nengli.assess_batch(table(forms, pa.int64()), GBT)
    assert batch["status"].to_pylist() == ["rejected"] * len(bad)
    assert batch["level"].null_count == batch["key"].null_count == batch["total"].null_count == len(bad)
    assert {json.loads(reason)["score_not_allowed"] for reason in batch["reason"].to_pylist()} == {"B.1.1"}
    forms = [{**best(), "B.1.1": value} for value in (254, 255, 4)]
    assert nengli.assess_batch(table(forms), GBT)["status"].to_pylist() == ["rejected", "rejected", "determined"]


def test_truths_and_nulls() -> None:
    forms = rows(GBT, 200, seed=5, missing=0.3)
    data = table(forms)
    for code in ("A.5.11", "A.4.1"):
        place = data.column_names.index(code)
        data = data.set_column(place, code, data[code].cast(pa.bool_()))
    assert nengli.assess_batch(data, GBT) == nengli.assess_batch(table(forms), GBT)

    # A column of type null is one in which nothing was answered.
    place = data.column_names.index("B.1.1")
    empty = data.set_column(place, "B.1.1", pa.nulls(len(forms)))
    nulls = table([{**form, "B.1.1": None} for form in forms])
    assert nengli.assess_batch(empty, GBT) == nengli.assess_batch(nulls, GBT)
    # Coma decides alone, and nothing else does.
    assert set(nengli.assess_batch(empty, GBT)["status"].to_pylist()) == {"undetermined", "determined"}


def test_slices_chunks_threads_and_order() -> None:
    forms = rows(GBT, 1000, seed=11)
    data = table(forms)
    long = pa.concat_tables([data] * 100).combine_chunks()
    expected = pa.concat_tables([plain(nengli.assess_batch(data, GBT, threads=1))] * 100)
    for threads in (1, 2, 3, 7):
        assert plain(nengli.assess_batch(long, GBT, threads=threads)) == expected
    # A slice begins in the middle of a byte of nulls, and of a chunk.
    part = long.slice(12_345, 70_001)
    assert plain(nengli.assess_batch(part, GBT)) == expected.slice(12_345, 70_001)
    mixed = data.select(list(reversed(data.column_names)))
    assert nengli.assess_batch(mixed, GBT) == nengli.assess_batch(data, GBT)


def test_a_record_batch_gives_a_record_batch() -> None:
    batch = table(rows(GBT, 10, seed=1)).to_batches()[0]
    answer = nengli.assess_batch(batch, GBT)
    assert isinstance(answer, pa.RecordBatch) and answer.num_rows == 10
    none = nengli.assess_batch(batch.slice(0, 0), GBT)
    assert isinstance(none, pa.RecordBatch) and none.num_rows == 0
    assert none.schema == answer.schema
    assert nengli.assess_batch(table(rows(GBT, 1, seed=1)).slice(0, 0), GBT).num_rows == 0


def test_what_is_kept_and_what_is_wanted() -> None:
    data = table(rows(GBT, 5, seed=2)).append_column("id", pa.array([f"p-{i}" for i in range(5)]))
    answer = nengli.assess_batch(data, GBT, keep=["id"], results=["total", "level"])
    assert answer.column_names == ["id", "total", "level"]
    assert answer["id"] == data["id"]
    assert answer.schema.field("level").type == pa.int8()
    # An answer may be kept as well.
    both = nengli.assess_batch(data, GBT, keep=["id", "B.1.1"], results=["key"])
    assert both["B.1.1"] == data["B.1.1"]
    everything = nengli.assess_batch(data, GBT, keep=["id"]).column_names
    assert everything == ["id", "status", "level", "key", "B.1", "B.2", "B.3", "B.4", "total", "reason"]


def test_plain_words() -> None:
    data = table(rows(GBT, 100, seed=6))
    levels = nengli.assess_batch(data, GBT)
    words = nengli.assess_batch(data, GBT, plain=True)
    assert [words.schema.field(name).type for name in ("status", "key", "reason")] == [pa.string()] * 3
    assert words.schema.field("level").type == pa.int8()
    assert words.to_pylist() == levels.to_pylist()
    batch = nengli.assess_batch(data.to_batches()[0].slice(0, 0), GBT, plain=True)
    assert batch.schema == words.schema and batch.num_rows == 0


def test_names_without_dots() -> None:
    data = table(rows(GBT, 50, seed=4))
    flat = data.rename_columns([name.replace(".", "_") for name in data.column_names])
    assert nengli.assess_batch(flat, GBT) == nengli.assess_batch(data, GBT)
    # Not both, and not something between.
    both = data.append_column("B_1_1", data["B.1.1"])
    assert refused(both) == [("/B.1.1", "duplicate_key")]
    half = data.rename_columns(["B.1_1", *data.column_names[1:]])
    assert refused(half) == [("/B.1.1", "missing_key"), ("/B.1_1", "unknown_key")]


def test_interpretations() -> None:
    form = {**best(), "A.4.1": 1, "A.2.14.1": 2}
    data = table([form])
    level = lambda **more: nengli.assess_batch(data, GBT, **more)["level"].to_pylist()[0]  # noqa: E731
    assert level() == 1
    assert level(interpretations={"gbt-42195-2022/uplift": "stacking"}) == 2


def test_another_rulebook() -> None:
    rules = nengli.Rulebook(Path(__file__).resolve().parents[3] / "rules")
    data = table(rows(GBT, 20, seed=9))
    assert rules.assess_batch(data, GBT) == nengli.assess_batch(data, GBT)


# ---- refusals -------------------------------------------------------------------------


def refused(data: Any, instrument: str = GBT, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(nengli.Rejected) as error:
        nengli.assess_batch(data, instrument, **more)
    for problem in error.value.problems:
        assert problem["message"].startswith("expected") and problem["zh"] != problem["message"]
    return [(one["at"], one["kind"]) for one in error.value.problems]


def test_every_problem_of_a_schema_at_once() -> None:
    data = table([best()])
    data = data.drop_columns(["B.1.2", "A.5.11"])
    wrong = {"B.1.1": pa.float64(), "B.1.3": pa.string(), "B.1.4": pa.bool_(), "A.2.14.1": pa.bool_()}
    for code, kind in wrong.items():
        place = data.column_names.index(code)
        data = data.set_column(place, code, pa.nulls(1, kind))
    data = data.append_column("name", pa.array(["x"])).append_column("B.2.1", pa.array([1]))
    found = refused(data, keep=["id"], results=["levels"], interpretations={"uplift": "x"})
    assert sorted(found) == sorted(
        [
            ("/interpretations", "unknown_interpretation"),
            ("/results", "unknown_key"),
            ("/B.1.1", "wrong_type"),
            ("/B.1.2", "missing_key"),
            ("/B.1.3", "wrong_type"),
            ("/B.1.4", "wrong_type"),
            ("/B.2.1", "duplicate_key"),
            ("/A.2.14.1", "wrong_type"),
            ("/A.5.11", "missing_key"),
            ("/name", "unknown_key"),
            ("/id", "missing_key"),
        ]
    )


def test_other_refusals() -> None:
    data = table([best()])
    assert refused(data, "gbt-42195") == [("/instrument", "unknown_instrument")]
    named = data.append_column("level", pa.array([1]))
    assert refused(named, keep=["level"]) == [("/level", "duplicate_key")]
    secret = data.append_column("110105194912310021", pa.array([1]))
    assert refused(secret) == [("/…", "unknown_key")]
    choice = {"gbt-42195-2022/uplift": "both"}
    assert refused(data, interpretations=choice) == [("/interpretations", "unknown_choice")]


def test_data_of_another_kind() -> None:
    with pytest.raises(TypeError, match="__arrow_c_stream__; found a dict"):
        nengli.assess_batch({"B.1.1": [1]}, GBT)
    with pytest.raises(TypeError, match="keep: expected a list"):
        nengli.assess_batch(table([best()]), GBT, keep="id")


def test_columns_of_no_instrument() -> None:
    with pytest.raises(ValueError, match="expected one of gbt-42195-2022, .*; found another value"):
        nengli.columns("gbt-42195")


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Single cases need nothing beside Python; batches say what they need."""
    data = table([best()])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert nengli.assess(case(GBT, best()))["assessments"][0]["level"]["code"] == 0
    with pytest.raises(ImportError, match="batches need pyarrow"):
        nengli.assess_batch(data, GBT)
    with pytest.raises(ImportError, match="batches need pyarrow"):
        nengli.assess_parquet("in.parquet", "out.parquet", GBT)


def test_an_error_of_the_source_comes_through() -> None:
    schema = table([best()]).schema

    def batches() -> Any:
        yield table([best()]).to_batches()[0]
        raise OSError("the disk is gone")

    source = pa.RecordBatchReader.from_batches(schema, batches())
    reader = nengli.assess_stream(source, GBT)
    assert reader.read_next_batch().num_rows == 1
    with pytest.raises(Exception, match="the disk is gone"):
        reader.read_next_batch()


# ---- Parquet, threads -----------------------------------------------------------------


def test_parquet(tmp_path: Path) -> None:
    forms = rows(GBT, 3000, seed=13)
    data = table(forms).append_column("id", pa.array(range(3000))).append_column("more", pa.nulls(3000))
    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pq.write_table(data, source, row_group_size=700)
    assert nengli.assess_parquet(source, target, GBT, keep=["id"], rows=500) == 3000
    written = pq.read_table(target)
    expected = nengli.assess_batch(data.drop_columns(["more"]), GBT, keep=["id"])
    assert written.to_pylist() == expected.to_pylist()

    # What fails leaves what was there, and nothing beside it.
    with pytest.raises(nengli.Rejected):
        nengli.assess_parquet(source, target, GBT, keep=["none"])
    assert pq.read_table(target).num_rows == 3000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_others_run_meanwhile() -> None:
    """While a batch is decided, another Python thread goes on."""
    data = pa.concat_tables([table(rows(GBT, 2000, seed=17))] * 200).combine_chunks()
    ticks = 0
    done = threading.Event()

    def count() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    switch = sys.getswitchinterval()
    counter.start()
    try:
        began, before = time.monotonic(), ticks
        nengli.assess_batch(data, GBT, threads=1)
        took, ticked = time.monotonic() - began, ticks - before
    finally:
        done.set()
        counter.join()
    assert took < switch * 2 or ticked >= 2, (took, ticked)
