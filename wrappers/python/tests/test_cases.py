"""Every case of the project through the package: the bytes of the function API, and what
the file beside the case expects."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, ROOT, case_files, named

import nengli


@cache
def function_api() -> dict[tuple[str, str], str]:
    """What the Rust functions answer, by call and file."""
    command = ["cargo", "run", "--locked", "--quiet", "-p", "nengli-abi", "--no-default-features"]
    run = subprocess.run(
        [*command, "--example", "answers", "--", str(CASES)],
        cwd=ROOT, env=os.environ, check=True, capture_output=True, encoding="utf-8",
    )
    answers = {}
    for line in run.stdout.removesuffix("\n").split("\n"):
        call, name, answer = line.split("\t")
        answers[call, name] = answer
    return answers


@pytest.mark.parametrize("path", case_files(), ids=named)
def test_case(path: Path) -> None:
    text = path.read_text("utf-8")
    name = named(path)
    assert nengli.assess_json(text) == function_api()["assess", name]
    assert nengli.record_json(text) == function_api()["record", name]

    answer = json.loads(nengli.assess_json(text))
    expected = json.loads(path.with_name(path.name.replace(".case.", ".expect.")).read_text("utf-8"))
    assert expected.pop("why")
    assert list(mismatches(expected, answer, "")) == []

    # As dictionaries, where the text has one meaning as such.
    try:
        case = json.loads(text, object_pairs_hook=once)
    except ValueError:
        return
    try:
        assert nengli.assess(case) == answer
        assert nengli.record(case)["determination"] == answer
        for lang in ("zh", "en"):
            report = nengli.report(case, lang=lang)
            assert report == json.loads(function_api()[f"report {lang}", name])
    except nengli.Rejected as rejected:
        problems = [{key: one[key] for key in ("at", "kind", "message")} for one in rejected.problems]
        assert problems == answer["rejected"]
        assert rejected.case_id == answer["case_id"]
        assert all(one["zh"] != one["message"] for one in rejected.problems)


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.record.json")), ids=named)
def test_record(path: Path) -> None:
    text = path.read_text("utf-8")
    assert nengli.replay_json(text) == function_api()["replay", named(path)]
    replay = nengli.replay(json.loads(text))
    assert replay == json.loads(nengli.replay_json(text))
    assert replay["status"] == "same"
    record = json.loads(text)
    record["seal"] = "sha256:" + "0" * 64
    assert nengli.replay(record)["status"] == "seal_broken"


def test_there_are_cases() -> None:
    assert len(case_files()) > 200


def test_the_trace_is_given_when_asked() -> None:
    case = json.loads((CASES / "gbt-42195-2022" / "demo.case.json").read_text("utf-8"))
    assert "steps" not in nengli.assess(case)["assessments"][0]
    assert nengli.assess(case, trace=True)["assessments"][0]["steps"]
    assert nengli.record(case, trace=True)["determination"]["assessments"][0]["steps"]


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand there once."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def mismatches(expected: Any, found: Any, at: str) -> list[str]:
    """Where an answer is not what is expected: see `tests/common/mod.rs`."""
    if isinstance(expected, dict) and isinstance(found, dict):
        out = []
        for key, value in expected.items():
            if value == "<absent>":
                out += [f"{at}/{key}: expected no such key"] if key in found else []
            elif key in found:
                out += mismatches(value, found[key], f"{at}/{key}")
            else:
                out.append(f"{at}/{key}: expected {value!r}; found no such key")
        return out
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [fault for i, (e, f) in pairs for fault in mismatches(e, f, f"{at}/{i}")]
    same = type(expected) is type(found) and expected == found
    return [] if same else [f"{at}: expected {expected!r}; found {found!r}"]
