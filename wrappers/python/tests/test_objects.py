"""Python objects: nothing is coerced, and exceptions carry every problem."""

from __future__ import annotations

import datetime
import decimal
import json
import pickle
import threading
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, ROOT

import nengli

CASE = json.loads((CASES / "gbt-42195-2022" / "demo.case.json").read_text("utf-8"))


def with_(**changes: Any) -> dict[str, Any]:
    return {**CASE, **changes}


def problems(case: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(nengli.Rejected) as refused:
        nengli.assess(case)
    return [(one["at"], one["kind"], one["message"]) for one in refused.value.problems]


def answers(**changes: Any) -> dict[str, Any]:
    form = CASE["assessments"][0]
    named = {key.replace("_", "."): value for key, value in changes.items()}
    return with_(assessments=[{**form, "answers": {**form["answers"], **named}}])


ANSWERS = "/assessments/0/answers"

REFUSED = [
    # The place, and what is said to have been found there.
    (with_(as_of=datetime.date(2026, 6, 30)), "/as_of", "a Python object of type date"),
    (with_(as_of=None), "/as_of", "null"),
    (with_(case_id=b"a-1"), "/case_id", "a Python object of type bytes"),
    (with_(schema=1.0), "/schema", "a number that is not whole"),
    (answers(B_1_1=3.0), f"{ANSWERS}/B.1.1", "a number that is not whole"),
    (answers(B_1_1=float("nan")), f"{ANSWERS}/B.1.1", "a number that JSON has not"),
    (answers(B_1_1=decimal.Decimal(3)), f"{ANSWERS}/B.1.1", "a Python object of type Decimal"),
    (answers(B_1_1=10**30), f"{ANSWERS}/B.1.1", "beyond 64 bits"),
    (answers(B_1_1=10**5000), f"{ANSWERS}/B.1.1", "beyond 64 bits"),
    (answers(A_4_1={"I10"}), f"{ANSWERS}/A.4.1", "a Python object of type set"),
    (with_(facts={1: True}), "/facts", "a key that is no text"),
    (with_(case_id="\ud800"), "/case_id", "a text that is not Unicode"),
]


@pytest.mark.parametrize(("case", "at", "found"), REFUSED, ids=[f"{r[1]} {r[2]}" for r in REFUSED])
def test_foreign(case: Any, at: str, found: str) -> None:
    ((place, kind, message),) = problems(case)
    assert (place, kind) == (at, "wrong_type")
    assert message.startswith("expected ") and f"found {found}" in message or found in message


def test_true_is_not_one() -> None:
    ((at, kind, _),) = problems(answers(B_1_1=True))
    assert (at, kind) == (f"{ANSWERS}/B.1.1", "wrong_type")


def test_every_problem_at_once() -> None:
    form = CASE["assessments"][0]
    case = with_(
        as_of=datetime.date(2026, 6, 30),
        facts={"birth_date": object(), 2: 3},
        assessments=[{**form, "answers": {"B.1.1": 9, "B.1.2": None}}],
    )
    found = {(at, kind) for at, kind, _ in problems(case)}
    assert found == {
        ("/as_of", "wrong_type"),
        ("/facts", "wrong_type"),
        ("/facts/birth_date", "wrong_type"),
        (f"{ANSWERS}/B.1.1", "score_not_allowed"),
        (f"{ANSWERS}/B.1.2", "wrong_type"),
    }


def test_tuples_and_subclasses_are_what_they_extend() -> None:
    class Text(str): ...

    case = with_(case_id=Text("demo-0001"), assessments=tuple(CASE["assessments"]))
    assert nengli.assess(case) == nengli.assess(CASE)


def test_not_even_an_object() -> None:
    for case in ([], "a-1", 3, None, object()):
        ((at, kind, _),) = problems(case)
        assert (at, kind) == ("", "wrong_type")


def test_an_object_that_holds_itself() -> None:
    deep: list[Any] = []
    deep += [deep, deep]
    ((_, kind, _),) = problems(with_(facts={"birth_date": deep}))
    assert kind in ("too_deep", "too_large")


def test_nothing_refused_is_repeated() -> None:
    secret = "110105194912310021"
    case = with_(case_id=secret, facts={secret: object(), "x" * 40: 1}, costs=secret)
    with pytest.raises(nengli.Rejected) as refused:
        nengli.assess(case)
    assert refused.value.case_id is None
    told = str(refused.value) + repr(refused.value.problems)
    assert secret not in told and "x" * 40 not in told


def test_a_refusal_pickles() -> None:
    with pytest.raises(nengli.Rejected) as refused:
        nengli.assess({"case_id": "a-1"})
    again = pickle.loads(pickle.dumps(refused.value))
    assert again.problems == refused.value.problems
    assert (again.case_id, str(again)) == ("a-1", str(refused.value))
    assert isinstance(again, ValueError) and isinstance(again, nengli.NengliError)
    assert str(again).splitlines()[0] == f"refused for {len(again.problems)} problems"


def test_a_replay_of_no_record() -> None:
    with pytest.raises(nengli.Rejected):
        nengli.replay({})
    assert json.loads(nengli.replay_json("{}"))["rejected"]


def test_a_language_that_is_not_there() -> None:
    with pytest.raises(ValueError, match='expected "zh" or "en"'):
        nengli.report(CASE, lang="fr")  # type: ignore[arg-type]


# ---- rulebooks ------------------------------------------------------------------------


def test_a_rulebook_of_a_folder() -> None:
    rules = nengli.Rulebook(ROOT / "rules")
    assert rules == nengli.Rulebook() == nengli.builtin()
    assert rules.digest == nengli.builtin().digest and rules.digest.startswith("sha256:")
    assert rules.assess(CASE) == nengli.assess(CASE)
    assert "gbt-42195-2022" in rules.instruments


def test_a_rulebook_pickles() -> None:
    rules = nengli.Rulebook()
    again = pickle.loads(pickle.dumps(rules))
    assert again == rules and hash(again) == hash(rules)
    assert again.assess(CASE) == rules.assess(CASE)


def test_a_rulebook_of_an_exported_file(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text("\ufeff" + nengli.builtin()._rules.export(), "utf-8")
    assert nengli.Rulebook(file) == nengli.builtin()


def test_further_files() -> None:
    rules = nengli.builtin().with_files(ROOT / "examples" / "county")
    assert rules.digest != nengli.builtin().digest
    # The same rules again: every id is there twice.
    with pytest.raises(nengli.RulebookError) as refused:
        nengli.builtin().with_files(ROOT / "rules")
    assert "duplicate_code" in {fault["kind"] for fault in refused.value.problems}


def test_every_fault_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(b"\xff")
    (tmp_path / "a.json").write_bytes(b"{} \xc3")
    with pytest.raises(nengli.RulebookError) as refused:
        nengli.Rulebook(tmp_path)
    assert [fault["file"] for fault in refused.value.problems] == ["a.json", "b.json"]
    assert "byte at offset 3" in str(refused.value)
    again = pickle.loads(pickle.dumps(refused.value))
    assert again.problems == refused.value.problems

    for file, text in (("a.json", "{}"), ("b.json", '{"kind":"instrument"}')):
        (tmp_path / file).write_text(text)
    with pytest.raises(nengli.RulebookError) as refused:
        nengli.Rulebook(tmp_path)
    assert {fault["file"] for fault in refused.value.problems} >= {"a.json", "b.json"}


def test_no_rules(tmp_path: Path) -> None:
    with pytest.raises(nengli.RulebookError, match="found none"):
        nengli.Rulebook(tmp_path)
    with pytest.raises(FileNotFoundError):
        nengli.Rulebook(tmp_path / "none")


def test_threads_share_a_rulebook() -> None:
    expected = nengli.assess(CASE)
    found = []
    threads = [threading.Thread(target=lambda: found.append(nengli.assess(CASE))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8
