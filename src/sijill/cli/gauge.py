"""How far a long command is, on standard error: a line that is drawn anew in a terminal, elsewhere a line a minute."""

from __future__ import annotations

import sys
import time

import click

_REDRAWN_SECONDS, _TOLD_SECONDS = 0.5, 60.0


class Gauge:
    """Shows what it is told, but not more often than people can read."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown = time.monotonic()
        self._drawn = False

    def show(self, words: str, seconds_left: float | None) -> None:
        """Show how far it is, and what is left, if it is time to."""
        now = time.monotonic()
        if now - self._shown < (_REDRAWN_SECONDS if self._terminal else _TOLD_SECONDS):
            return
        self._shown = now
        line = words if seconds_left is None else f"{words}, {left(seconds_left)} left"
        if self._terminal:
            click.echo(f"\r\033[K{line}", err=True, nl=False)
            self._drawn = True
        else:
            click.echo(line, err=True)

    def clear(self) -> None:
        """Take the line away before something else is printed."""
        if self._drawn:
            click.echo("\r\033[K", err=True, nl=False)
            self._drawn = False


def left(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
