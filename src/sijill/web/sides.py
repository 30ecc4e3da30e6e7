"""An incident's claims side by side: numbers as strips, and copies folded."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec

from sijill.web.shapes import ClaimShown, IncidentShown


class Line(msgspec.Struct, frozen=True):
    """A number on a strip, from `start` to `end` in percent; of one claim, or of the incident under its rule."""

    low: int
    high: int | None
    start: float
    end: float
    open: bool
    claim: ClaimShown | None = None


class Strip(msgspec.Struct, frozen=True):
    """All that is told of an outcome, on one scale."""

    outcome: str
    lines: tuple[Line, ...]


def strips(incident: IncidentShown, claims: Sequence[ClaimShown]) -> list[Strip]:
    """A strip for each outcome that two claims or more tell a number of."""
    found = []
    for outcome in ("killed", "injured"):
        told = [(claim, _of(claim, outcome)) for claim in claims]
        numbers = [(claim, number) for claim, number in told if number is not None]
        if len(numbers) < 2:
            continue
        whole = next((h for h in incident.harm if (h.outcome, h.who) == (outcome, "all")), None)
        largest = max([high or low for _, (low, high) in numbers] + ([whole.high or whole.low] if whole else []))
        if largest == 0:
            continue
        numbers.sort(key=lambda pair: pair[1][0])
        lines = [_line(low, high, largest, claim) for claim, (low, high) in numbers]
        if whole:
            lines.append(_line(whole.low, whole.high, largest))
        found.append(Strip(outcome, tuple(lines)))
    return found


def _of(claim: ClaimShown, outcome: str) -> tuple[int, int | None] | None:
    told = [(low, high) for name, low, high, _ in claim.harm if name == outcome and low is not None]
    if not told:
        return None
    highs = [high for _, high in told]
    return sum(low for low, _ in told), None if None in highs else sum(high or 0 for high in highs)


def _line(low: int, high: int | None, largest: int, claim: ClaimShown | None = None) -> Line:
    end = 98.0 if high is None else 2 + 96 * high / largest
    return Line(low, high, round(2 + 96 * low / largest, 1), round(end, 1), high is None, claim)


def folded(claims: Sequence[ClaimShown]) -> tuple[list[ClaimShown], dict[str, list[ClaimShown]]]:
    """Claims in the order given, those told by copies of an earlier text folded under the claim of that text."""
    heads: list[ClaimShown] = []
    first: dict[int, ClaimShown] = {}
    copies: dict[str, list[ClaimShown]] = {}
    for claim in claims:
        head = first.setdefault(claim.text, claim) if claim.text else claim
        if head.capture == claim.capture:
            heads.append(claim)
        else:
            copies.setdefault(head.id, []).append(claim)
    return heads, copies


@cache
def measured() -> dict[str, str]:
    """The reading's measured error, by what was measured (`data/measured.csv`)."""
    text = (resources.files("sijill.web") / "data/measured.csv").read_text(encoding="utf-8")
    return {row["what"]: row["f1"] for row in csv.DictReader(io.StringIO(text))}
