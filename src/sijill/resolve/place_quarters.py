"""Lists of a town's quarters: a member that bears a quarter's name is no town far off (الحميدية والرصافة والعرضي)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sijill.gazetteer import Entry, PlaceKind
from sijill.mentions.places import PlaceMention
from sijill.resolve.place_features import Choice, km_between

_ONE_TOWN_KM: Final = 8.0
"""Quarters of one town lie no farther from each other."""
_ASTRAY_KM: Final = 30.0
_BEST_KNOWN: Final = 0.5
"""A place known better than a small town is meant wherever it is listed."""


class Strayed(NamedTuple):
    """A mention whose place lies far from the quarters it is listed with: the nearest of them, and how far (km)."""

    mention: int
    nearest: Entry
    away: float


def strayed(
    mentions: Sequence[PlaceMention], best: Sequence[Entry | None], choices: Sequence[Sequence[Choice]]
) -> Iterator[Strayed]:
    """The members of lists of quarters whose places lie elsewhere though their names are those of quarters too."""
    first = 0
    for past in range(1, len(mentions) + 1):
        if past < len(mentions) and mentions[past].listed:
            continue
        if past - first > 2:
            yield from _strayed_of(range(first, past), best, choices)
        first = past


def _strayed_of(members: range, best: Sequence[Entry | None], choices: Sequence[Sequence[Choice]]) -> Iterator[Strayed]:
    quarters = [
        entry for entry in (best[n] for n in members) if entry is not None and entry.kind is PlaceKind.NEIGHBOURHOOD
    ]
    together = _largest(quarters)
    if len({entry.row for entry in together}) < 2 or 2 * len(together) < len(members):
        return
    for n in members:
        entry = best[n]
        if entry is None or entry.weight > _BEST_KNOWN:
            continue
        if not any(choice.entry.kind is PlaceKind.NEIGHBOURHOOD for choice in choices[n]):
            continue
        away, row = min((km_between(entry, other), other.row) for other in together)
        if away > _ASTRAY_KM:
            yield Strayed(n, next(other for other in together if other.row == row), away)


def _largest(quarters: list[Entry]) -> list[Entry]:
    """The most of some quarters that lie in one town."""
    return max(([b for b in quarters if km_between(a, b) <= _ONE_TOWN_KM] for a in quarters), key=len, default=[])
