"""How far a long command is, is told on standard error: drawn anew in a terminal, elsewhere once a minute."""

from __future__ import annotations

import io
import sys
import time

import pytest

from sijill.cli.gauge import Gauge, left


class Terminal(io.StringIO):
    """Standard error of a terminal."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, times: list[float]) -> str:
    """What a gauge writes that is told something at these seconds, and cleared."""
    clock = iter([0.0, *times])
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    gauge = Gauge()
    for number, _ in enumerate(times):
        gauge.show(f"{number} parts", 90.0 if number else None)
    gauge.clear()
    return stream.getvalue()


def test_a_terminal_sees_one_line_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    told = shown(monkeypatch, Terminal(), [0.1, 0.6, 0.7, 1.2])
    assert told == "\r\033[K1 parts, 2 min left\r\033[K3 parts, 2 min left\r\033[K"


def test_a_file_gets_a_line_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), [61.0, 62.0, 130.0]) == "0 parts\n2 parts, 2 min left\n"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "1 s"), (61, "61 s"), (89, "89 s"), (90, "2 min"), (3600, "60 min"), (9000, "2.5 h")]
)
def test_times_as_people_say_them(seconds: float, words: str) -> None:
    assert left(seconds) == words
