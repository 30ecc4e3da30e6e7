"""Figures over a record: the timeline, the map, the overview, and the page of a party, place or source.

All are counted over incidents that a viewer may see, of the newest that match, and kept for one state of the record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

import msgspec

from sijill.record import Record
from sijill.web.filters import Filters
from sijill.web.looking import Look, version
from sijill.web.roles import Viewer
from sijill.web.shapes import IncidentShown, PlaceShown

MOST = 1_000
"""So many of the newest incidents that match are counted."""
_BARS, _WEEKS = 60, 156


class Bar(msgspec.Struct, frozen=True):
    """A stretch of days: first and last day, incidents, and the least number killed told of them."""

    first: str
    last: str
    incidents: int
    killed: int


class Spread(msgspec.Struct, frozen=True):
    """A place, and the incidents told there."""

    place: PlaceShown
    incidents: int
    killed: int


class Figures(msgspec.Struct, frozen=True):
    """All figures of a view. `complete`: nothing older was left out."""

    counted: int
    complete: bool
    bars: tuple[Bar, ...]
    places: tuple[Spread, ...]
    types: tuple[tuple[str, int], ...]
    weeks: tuple[tuple[str, tuple[int, ...]], ...]
    """Each week's first day, and its incidents of each of the types of `week_types`."""
    week_types: tuple[str, ...]
    parties: tuple[tuple[str, str, str, int, int, int], ...]
    """Key, Arabic and English name, incidents, killed, injured (the least told)."""
    contested: int


def figures(record: Record, viewer: Viewer, filters: Filters) -> Figures:
    """The figures of a view."""
    # Language, name and digits do not change a figure; who may see what does.
    eyes = Viewer("", viewer.role if not viewer.inside else viewer.role.READER)
    return _counted(record, version(record), eyes, msgspec.structs.replace(filters, order="day"))


@lru_cache(maxsize=64)
def _counted(record: Record, _version: int, viewer: Viewer, filters: Filters) -> Figures:
    found = Look(record, viewer).incidents(filters, limit=MOST)
    shown = found.items
    types = Counter(incident.type for incident in shown).most_common()
    kinds = tuple(kind for kind, _ in types[:6])
    return Figures(
        counted=len(shown),
        complete=found.next is None,
        bars=tuple(_bars(shown)),
        places=tuple(_places(shown)),
        types=tuple(types),
        weeks=tuple(_weeks(shown, kinds)),
        week_types=kinds,
        parties=tuple(_parties(shown)),
        contested=sum(bool(incident.contradictions) for incident in shown),
    )


def least(incident: IncidentShown, outcome: str) -> int:
    """The least number told of an outcome, 0 where none is."""
    return next((harm.low for harm in incident.harm if (harm.outcome, harm.who) == (outcome, "all")), 0)


def _bars(shown: Sequence[IncidentShown]) -> Iterable[Bar]:
    days = [(date.fromisoformat(one.first), one) for one in shown if one.first]
    if not days:
        return
    # A few events told of long ago must not press all others into one bar: the newest four years are drawn.
    last = max(day for day, _ in days)
    days = [(day, one) for day, one in days if (last - day).days < 4 * 366]
    first = min(day for day, _ in days)
    step = next(step for step in (1, 7, 30) if (last - first).days / step <= _BARS or step == 30)
    counts: dict[int, list[int]] = {}
    for day, one in days:
        bar = counts.setdefault((day - first).days // step, [0, 0])
        bar[0] += 1
        bar[1] += least(one, "killed")
    for n in range((last - first).days // step + 1):
        start = first + timedelta(days=n * step)
        number, killed = counts.get(n, (0, 0))
        yield Bar(start.isoformat(), (start + timedelta(days=step - 1)).isoformat(), number, killed)


def _places(shown: Sequence[IncidentShown]) -> list[Spread]:
    counts: dict[str, tuple[PlaceShown, int, int]] = {}
    for one in shown:
        for place in one.places:
            key = place.id or place.told or place.ar
            _, number, killed = counts.get(key, (place, 0, 0))
            counts[key] = (place, number + 1, killed + least(one, "killed"))
    return [Spread(*count) for count in sorted(counts.values(), key=lambda count: -count[1])]


def _weeks(shown: Sequence[IncidentShown], kinds: tuple[str, ...]) -> Iterable[tuple[str, tuple[int, ...]]]:
    counts: dict[date, Counter[str]] = {}
    for one in shown:
        if one.first:
            day = date.fromisoformat(one.first)
            counts.setdefault(day - timedelta(days=day.weekday()), Counter())[one.type] += 1
    if not counts:
        return
    # A week without events is a nought, not a gap to be drawn over.
    last = max(counts)
    first = max(min(counts), last - timedelta(weeks=_WEEKS - 1))
    for n in range((last - first).days // 7 + 1):
        week = first + timedelta(weeks=n)
        yield week.isoformat(), tuple(counts.get(week, Counter())[kind] for kind in kinds)


def _parties(shown: Sequence[IncidentShown]) -> list[tuple[str, str, str, int, int, int]]:
    counts: dict[str, list[int]] = {}
    names: dict[str, tuple[str, str]] = {}
    for one in shown:
        for party in one.initiators:
            key = party.actor or party.ar
            names[key] = (party.ar, party.en)
            count = counts.setdefault(key, [0, 0, 0])
            count[0] += 1
            count[1] += least(one, "killed")
            count[2] += least(one, "injured")
    ordered = sorted(counts.items(), key=lambda item: -item[1][0])[:20]
    return [(key, *names[key], *count) for key, count in ordered]  # type: ignore[misc]
