"""Refusals: exceptions that carry every problem at once, and that pickle."""

from __future__ import annotations

from typing import TypedDict

__all__ = ["Fault", "NengliError", "Problem", "Rejected", "RulebookError"]


class Problem(TypedDict):
    """One problem of a case or of a batch."""

    at: str
    """JSON Pointer to the place: of a case, or ``/COLUMN`` of a batch."""
    kind: str
    """What kind of problem, as in the JSON contract."""
    message: str
    """What was expected and what was found, in English."""
    zh: str
    """The same in Chinese."""


class Fault(TypedDict):
    """One fault of a rule file."""

    file: str
    """The file, by its path within the rulebook."""
    at: str
    """JSON Pointer into it."""
    kind: str
    """The name of the fault."""
    message: str
    """What was expected and what was found."""


class NengliError(ValueError):
    """Whatever nengli refuses."""


class Rejected(NengliError):
    """A case, a record or a batch was refused.

    ``problems`` has every problem that was found, at least one. ``case_id`` is the id of
    the case where it could be read and may be repeated. Nothing else of what was refused
    is repeated.
    """

    def __init__(self, problems: list[Problem], case_id: str | None = None) -> None:
        super().__init__(problems, case_id)
        self.problems = problems
        self.case_id = case_id

    def __str__(self) -> str:
        return _listed("refused for", "problem", [(p["at"], p["message"]) for p in self.problems])


class RulebookError(NengliError):
    """A rulebook does not hold together. ``problems`` has every fault, at least one."""

    def __init__(self, problems: list[Fault]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        faults = [(f"{f['file']}#{f['at']}", f["message"]) for f in self.problems]
        return _listed("the rulebook has", "fault", faults)


def _listed(head: str, noun: str, lines: list[tuple[str, str]]) -> str:
    plural = "" if len(lines) == 1 else "s"
    return "\n".join([f"{head} {len(lines)} {noun}{plural}", *(f"{at}: {said}" for at, said in lines)])
