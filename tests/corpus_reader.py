"""Readers for the tests of corpus runs: slow, deadly once, and raising."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from claims_builder import Maker, read
from sijill.model import Report


def lines(count: int, start: int = 0) -> list[str]:
    """Made reports as JSON, each of its own content, with one claim."""
    towns = ("سراقب", "أريحا", "هجين", "الباب")
    made = []
    for n in range(start, start + count):
        town = towns[n % 4]
        words = f"غارة على {town} أوقعت {n} قتيلا في النشرة {n}"
        made.append(Maker(f"صحيفة {n % 5}").claim(words, killed=n + 1, places=(town,)).report().to_json().decode())
    return made


def slow(source: str, **told: Any) -> Report:
    """Takes its time."""
    time.sleep(0.01)
    return read(source, **told)


def deadly(source: str, **told: Any) -> Report:
    """Ends its process the first time it meets the seventh report; the report's address is where it marks that."""
    mark = Path(told["url"])
    if "النشرة 7" in source and not mark.exists():
        mark.touch()
        os._exit(9)
    return read(source, **told)


def raising(source: str, **told: Any) -> Report:
    """Fails on the third report."""
    if "النشرة 3" in source:
        raise ZeroDivisionError("three")
    return read(source, **told)
