"""The law, and what can be asked of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal

from ._files import export_file, rule_files
from ._nengli import Rules

__all__ = ["Rulebook"]

#: A JSON object, as ``json.loads`` gives it.
Object = dict[str, Any]


class Rulebook:
    """The rules of one version: loaded and proved when it is made, and then unchanging.

    ``Rulebook()`` has the rules of the engine. ``Rulebook(path)`` has those of a folder
    of rule files, or of one file that ``nengli rules --export`` wrote. It may be used by
    several threads at once and may be pickled, with all of its rules.

    Raises `RulebookError` with every fault of the files.
    """

    __slots__ = ("_rules",)
    _rules: Rules

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        if path is None:
            self._rules = Rules.builtin()
        elif (file := Path(path)).is_dir():
            self._rules = Rules.from_files(rule_files(file))
        else:
            self._rules = Rules.from_export(export_file(file))

    def with_files(self, path: str | os.PathLike[str]) -> Rulebook:
        """This rulebook and the rule files of a folder: a county, an institution's map.

        A duplicate id is a fault; the digest covers all.
        """
        known = set(self._rules.paths())
        added = []
        for name, text in rule_files(Path(path)):
            # A file of the same path elsewhere is another file.
            while name in known:
                name = f"with/{name}"
            known.add(name)
            added.append((name, text))
        return _of(self._rules.with_files(added))

    @property
    def version(self) -> str:
        """Version of the rules, apart from that of the package."""
        return self._rules.version

    @property
    def digest(self) -> str:
        """``sha256:`` and the digest of all rule files."""
        return self._rules.digest

    @property
    def instruments(self) -> list[str]:
        """Ids of the instruments, sorted."""
        return self._rules.instruments

    def assess(self, case: dict[str, Any], *, trace: bool = False) -> Object:
        """Decides a case: the determination, with the full trace where ``trace`` is true.

        The case is a dictionary as the contract has it: texts, whole numbers, true and
        false, lists, dictionaries. Nothing is coerced; a float, None or a date object is
        refused. Raises `Rejected` with every problem.
        """
        return _object(self._rules.assess(case, trace))

    def assess_json(self, case: str) -> str:
        """Text in, text out: the determination, or the rejection, in canonical JSON.

        Never raises for what the text says.
        """
        return self._rules.assess_json(case)

    def record(self, case: dict[str, Any], *, trace: bool = False) -> Object:
        """Decides a case and seals it with its determination. Raises `Rejected`."""
        return _object(self._rules.record(case, trace))

    def record_json(self, case: str) -> str:
        """As `record`, text in and text out: the record, or the rejection."""
        return self._rules.record_json(case)

    def replay(self, record: dict[str, Any]) -> Object:
        """Decides the case of a record again: ``status`` is ``same``, ``differs`` or
        ``seal_broken``, and ``differences`` lists every difference.

        Raises `Rejected` where it is no record.
        """
        return _object(self._rules.replay(record))

    def replay_json(self, record: str) -> str:
        """As `replay`, text in and text out: the replay, or the rejection."""
        return self._rules.replay_json(record)

    def report(self, case: dict[str, Any], *, lang: Literal["zh", "en"] = "zh") -> Object:
        """The ``determination`` of a case, and the ``report``: the same in words."""
        if lang not in ("zh", "en"):
            raise ValueError('lang: expected "zh" or "en"; found another value')
        return _object(self._rules.report(case, lang == "en"))

    def __reduce__(self) -> tuple[Any, ...]:
        return _from_export, (self._rules.export(),)

    def __repr__(self) -> str:
        return f"<nengli.Rulebook {self.version} {self.digest}>"

    def __eq__(self, other: object) -> bool:
        """Two rulebooks are equal where their digests are."""
        return isinstance(other, Rulebook) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def _of(rules: Rules) -> Rulebook:
    rulebook = object.__new__(Rulebook)
    rulebook._rules = rules
    return rulebook


def _from_export(text: str) -> Rulebook:
    return _of(Rules.from_export(text))


def _object(text: str) -> Object:
    decoded: Object = json.loads(text)
    return decoded
