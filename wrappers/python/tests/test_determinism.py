"""The same bytes whenever, wherever and by however many threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import case_files

# Every case by so many threads.
ANSWERS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import nengli

threads, *paths = sys.argv[1:]
texts = [Path(path).read_text("utf-8") for path in paths]
with ThreadPoolExecutor(int(threads)) as pool:
    answers = [*pool.map(nengli.assess_json, texts), *pool.map(nengli.record_json, texts)]
sys.stdout.buffer.write("\\n".join(answers).encode())
"""


def answers(threads: int, paths: list[Path], **env: str) -> bytes:
    command = [sys.executable, "-c", ANSWERS, str(threads), *map(str, paths)]
    run = subprocess.run(command, env={**os.environ, **env}, check=True, capture_output=True)
    return run.stdout


def test_the_same_bytes_whenever_and_wherever() -> None:
    paths = case_files()
    first = answers(1, paths)
    assert first.count(b'"schema":1') > len(paths)
    for threads, lang, zone, seed in [
        (1, "C", "UTC", "0"),
        (2, "zh_CN.UTF-8", "Asia/Shanghai", "1"),
        (8, "tr_TR.UTF-8", "America/St_Johns", "2"),
        (32, "no_SUCH.UTF-8", "No/Such_Place", "3"),
    ]:
        again = answers(threads, paths, LANG=lang, LC_ALL=lang, TZ=zone, PYTHONHASHSEED=seed)
        assert again == first, (threads, lang, zone)
