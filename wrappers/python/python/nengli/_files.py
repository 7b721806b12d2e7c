"""Rule files from a folder: read as the command line reads them."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import Fault, RulebookError

#: Largest rule file that is read, in bytes.
_LARGEST = 16 << 20


def rule_files(folder: Path) -> list[tuple[str, str]]:
    """Path within the folder and text of every ``*.json`` below it, sorted by path.

    Links to files are followed, links to folders are not: a loop of them would have no
    end. Raises `RulebookError` with every file that is no text, and `OSError` where the
    system refuses.
    """

    def failed(error: OSError) -> None:
        raise error

    paths = [
        Path(where, name)
        for where, _, names in os.walk(folder, onerror=failed)
        for name in names
        if name.endswith(".json")
    ]
    files: list[tuple[str, str]] = []
    faults: list[Fault] = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            files.append((name, text(path, _LARGEST)))
        except _Unreadable as error:
            faults.append(_fault(name, str(error)))
    if not paths:
        faults.append(_fault("", "expected rule files (*.json), found none"))
    if faults:
        raise RulebookError(sorted(faults, key=lambda fault: fault["file"]))
    return sorted(files)


def export_file(path: Path) -> str:
    """The text of a rulebook that was exported to one file."""
    try:
        return text(path, 256 << 20)
    except _Unreadable as error:
        raise RulebookError([_fault(path.name, str(error))]) from None


class _Unreadable(Exception):
    """A file that is no text."""


def text(path: Path, largest: int) -> str:
    """The text of a file of at most so many bytes; a byte order mark is left out."""
    with path.open("rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise _Unreadable(f"expected at most {largest} bytes, found more")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"expected UTF-8, found another byte at offset {error.start}"
        raise _Unreadable(message) from None


def _fault(file: str, message: str) -> Fault:
    return {"file": file, "at": "", "kind": "shape", "message": message}
