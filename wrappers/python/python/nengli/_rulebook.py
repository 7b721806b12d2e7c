"""The law, and what can be asked of it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from . import _batch
from ._files import export_file, rule_files
from ._nengli import Rules

if TYPE_CHECKING:
    import pyarrow as pa

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

    def columns(self, instrument: str) -> list[Object]:
        """The columns that a batch of this instrument has, in the order of the form.

        Each has its ``code``, which is the name of the column. One of an item (``kind`` is
        ``item``) has its ``options``: the ``value`` in the column, the ``answer`` in a case
        (the score, or the key, or true or false, where the value is the position of the
        option) and the ``label``. One that a level change asks (``ground``) takes 0 to
        ``max``; where it asks for diagnoses, 1 means that one lies ``within`` the ICD-10
        ranges.
        """
        text = self._rules.columns(instrument)
        if text is None:
            expected = ", ".join(self.instruments)
            raise ValueError(f"instrument: expected one of {expected}; found another value")
        columns: list[Object] = json.loads(text)
        return columns

    def assess_batch(
        self,
        data: Any,
        instrument: str,
        *,
        keep: Sequence[str] = (),
        results: Sequence[str] | None = None,
        interpretations: Mapping[str, str] | None = None,
        threads: int | None = None,
        plain: bool = False,
    ) -> Any:
        """Decides a batch: one row for each person in, one row for each out, in order.

        ``data`` is a ``pyarrow.RecordBatch`` or ``Table``, or what else speaks the Arrow
        C stream interface: a data frame of Polars, a relation of DuckDB. Its columns are
        the codes of the instrument (see `columns`), where an engine takes a dot for a path
        with ``_`` for each dot (``B_1_1``); of whole numbers of any width, for yes or no
        also of true and false; null is not answered. Further columns must be named in
        ``keep`` and go out as they came in. A column that is missing, unknown or of
        another type is refused: `Rejected` has every such problem.

        The answer, a ``RecordBatch`` for a ``RecordBatch`` and otherwise a ``Table``, has
        the columns to keep and then the ``results``, all of them by default:

        - ``status``: ``determined``, ``undetermined`` (answers are missing) or
          ``rejected`` (a number that the instrument does not have);
        - ``level`` and ``key``: code and key of the level, null where there is none;
        - one for each sum or grade that the instrument shows (``B.1``, ``total``, …), null
          where an answer is missing;
        - ``reason``: JSON that says by which step, row and rules, or what is missing.

        Texts are dictionary-encoded, so that a reason costs four bytes a row; for an engine
        that knows no dictionaries, as Spark, ``plain`` writes them out.

        A row comes to what `assess` says of that form. ``interpretations`` chooses
        readings as a case does. Rows are decided on ``threads`` cores, all by default,
        other Python threads running meanwhile.
        """
        return _batch.assess_batch(
            self._rules, data, instrument, keep, results, interpretations, threads, plain
        )

    def assess_stream(
        self,
        data: Any,
        instrument: str,
        *,
        keep: Sequence[str] = (),
        results: Sequence[str] | None = None,
        interpretations: Mapping[str, str] | None = None,
        threads: int | None = None,
        plain: bool = False,
    ) -> pa.RecordBatchReader:
        """As `assess_batch`, each batch when it is asked for: memory does not grow."""
        return _batch.assess_stream(
            self._rules, data, instrument, keep, results, interpretations, threads, plain
        )

    def assess_parquet(
        self,
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
        """Decides a Parquet file into another, ``rows`` at a time; gives their number.

        Only the columns of the instrument and those to ``keep`` are read. The target is
        written whole or not at all.
        """
        return _batch.assess_parquet(
            self._rules,
            source,
            target,
            instrument,
            keep,
            results,
            interpretations,
            threads,
            plain,
            rows,
        )

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
