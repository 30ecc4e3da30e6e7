"""Figures over a record: the timeline, the places, the overview, and the page of a party, place or source.

`figures` are counted over every incident that a viewer may see and the view is narrowed to. `sample` tells what can
only be told by deriving incidents from their claims: it looks at the newest that match, and says how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

import msgspec
import numpy as np

from sijill.codebook import TYPES
from sijill.record import Record
from sijill.record.fact import Spot, day_of, iso_of
from sijill.web.board import Board, Bools
from sijill.web.filters import Filters
from sijill.web.looking import Look, version
from sijill.web.names import place_of
from sijill.web.roles import Viewer
from sijill.web.shapes import IncidentShown, PlaceShown

MOST = 1_000
"""So many of the newest incidents that match are derived for a sample."""
_BARS, _WEEKS, _YEARS = 90, 156, 6
_STEPS = (1, 7, 30)


class Bar(msgspec.Struct, frozen=True):
    """A stretch of days: first and last day, incidents, and the least number killed told of them."""

    first: str
    last: str
    incidents: int
    killed: int


class Spread(msgspec.Struct, frozen=True):
    """A place, and the incidents told there."""

    at: Spot
    incidents: int
    killed: int

    @property
    def place(self) -> PlaceShown:
        """The place with its names, looked up only when it is shown: a large record tells of very many."""
        return place_of(self.at)


class Figures(msgspec.Struct, frozen=True):
    """What is counted over a whole view. `killed`: the least and the most told, added up."""

    counted: int
    killed: tuple[int, int]
    places: tuple[Spread, ...]
    types: tuple[tuple[str, int], ...]
    weeks: tuple[tuple[str, tuple[int, ...]], ...]
    """Each week's first day, and its incidents of each of the types of `week_types`."""
    week_types: tuple[str, ...]


class Party(msgspec.Struct, frozen=True):
    """A party in a sample: key and names, incidents, and the least told of civilians, combatants and all killed."""

    key: str
    ar: str
    en: str
    incidents: int
    civilians: int
    combatants: int
    killed: int
    injured: int

    @property
    def others(self) -> int:
        """Killed who were called neither civilians nor combatants."""
        return max(0, self.killed - self.civilians - self.combatants)


class Sample(msgspec.Struct, frozen=True):
    """What the newest incidents of a view tell. `complete`: the view has no more than these."""

    counted: int
    complete: bool
    contested: int
    disputes: tuple[tuple[str, int], ...]
    """On what claims disagree, and in how many incidents."""
    parties: tuple[Party, ...]
    grades: tuple[tuple[str, int], ...]


def figures(record: Record, viewer: Viewer, filters: Filters) -> Figures:
    """The figures of a view."""
    return _counted(record, version(record), _eyes(viewer), msgspec.structs.replace(filters, order="day"))


def sample(record: Record, viewer: Viewer, filters: Filters) -> Sample:
    """What the newest incidents of a view tell."""
    return _sampled(record, version(record), _eyes(viewer), msgspec.structs.replace(filters, order="day"))


def least(incident: IncidentShown, outcome: str, who: str = "all") -> int:
    """The least number told of an outcome, 0 where none is."""
    return next((harm.low for harm in incident.harm if (harm.outcome, harm.who) == (outcome, who)), 0)


def _eyes(viewer: Viewer) -> Viewer:
    """Language, name and digits do not change a figure; who may see what does."""
    return Viewer("", viewer.role.READER if viewer.inside else viewer.role, safety=viewer.safety)


@lru_cache(maxsize=128)
def _counted(record: Record, _version: int, viewer: Viewer, filters: Filters) -> Figures:
    board, found = Look(record, viewer).find(filters)
    c = board.c
    kinds = Counter({TYPES[n]: int(count) for n, count in enumerate(_bins(c.i_type[found], len(TYPES))) if count})
    week_types = tuple(kind for kind, _ in kinds.most_common(6))
    low = c.i_low[found]
    return Figures(
        counted=int(found.sum()),
        killed=(int(low[low > 0].sum()), int(np.maximum(c.i_high[found], np.maximum(low, 0)).sum())),
        places=tuple(_places(board, found)),
        types=tuple(kinds.most_common()),
        weeks=tuple(_weeks(board, found, week_types)),
        week_types=week_types,
    )


@lru_cache(maxsize=128)
def _all_bars(record: Record, _version: int, viewer: Viewer, filters: Filters) -> tuple[Bar, ...]:
    return tuple(_bars(*Look(record, viewer).find(filters)))


def _bins(values: np.ndarray, size: int, weights: np.ndarray | None = None) -> np.ndarray:
    kept = values >= 0
    return np.bincount(values[kept], weights=None if weights is None else weights[kept], minlength=size)


def _bars(board: Board, found: Bools) -> Iterable[Bar]:
    first = board.c.i_first[found]
    dated = first > 0
    if not dated.any():
        return
    # A few events told of long ago must not press all others into one bar: the newest years are drawn.
    days, killed = first[dated], np.maximum(board.c.i_low[found][dated], 0)
    last = int(days.max())
    recent = days > last - _YEARS * 366
    days, killed = days[recent], killed[recent]
    start = int(days.min())
    step = next(step for step in _STEPS if (last - start) / step <= _BARS or step == _STEPS[-1])
    slots = (days - start) // step
    size = (last - start) // step + 1
    counts, deaths = np.bincount(slots, minlength=size), np.bincount(slots, weights=killed, minlength=size)
    for n in range(size):
        day = start + n * step
        yield Bar(iso_of(day) or "", iso_of(day + step - 1) or "", int(counts[n]), int(deaths[n]))


def _places(board: Board, found: Bools) -> list[Spread]:
    size = len(board.places.values)
    chosen = found[board.at_incident]
    at, incidents = board.at_place[chosen], board.at_incident[chosen]
    counts = np.bincount(at, minlength=size)
    deaths = np.bincount(at, weights=np.maximum(board.c.i_low[incidents], 0), minlength=size)
    told: dict[str, tuple[Spot, int, int]] = {}
    for n in np.flatnonzero(counts):
        spot: Spot = board.places.values[n]
        key = spot.place_id or spot.name
        before, number, killed = told.get(key, (spot, 0, 0))
        told[key] = (before, number + int(counts[n]), killed + int(deaths[n]))
    ordered = sorted(told.values(), key=lambda count: -count[1])
    return [Spread(*one) for one in ordered]


def _weeks(board: Board, found: Bools, kinds: tuple[str, ...]) -> Iterable[tuple[str, tuple[int, ...]]]:
    first = board.c.i_first[found]
    if not (first > 0).any():
        return
    # Ordinal 1 is a Monday.
    week = (first - 1) // 7
    last = int(week.max())
    start = max(int(week[first > 0].min()), last - _WEEKS + 1)
    # A week without events is a nought, not a gap to be drawn over.
    size = last - start + 1
    columns = []
    for kind in kinds:
        chosen = (board.c.i_type[found] == TYPES.index(kind)) & (week >= start) & (first > 0)
        columns.append(np.bincount(week[chosen] - start, minlength=size))
    for n in range(size):
        yield iso_of((start + n) * 7 + 1) or "", tuple(int(column[n]) for column in columns)


@lru_cache(maxsize=32)
def _sampled(record: Record, _version: int, viewer: Viewer, filters: Filters) -> Sample:
    found = Look(record, viewer).incidents(filters, limit=MOST)
    shown = found.items
    disputes = Counter(contradiction.value for one in shown for contradiction in one.contradictions)
    return Sample(
        counted=len(shown),
        complete=found.next is None,
        contested=sum(bool(one.contradictions) for one in shown),
        disputes=tuple(disputes.most_common()),
        parties=tuple(_parties(shown)),
        grades=tuple(Counter(one.grades.occurrence for one in shown).most_common()),
    )


def _parties(shown: Sequence[IncidentShown]) -> list[Party]:
    counts: dict[str, list[int]] = {}
    names: dict[str, tuple[str, str]] = {}
    for one in shown:
        for party in one.initiators:
            key = party.actor or party.ar
            names[key] = (party.ar, party.en)
            count = counts.setdefault(key, [0] * 5)
            told = (
                1, least(one, "killed", "civilian"), least(one, "killed", "combatant"), least(one, "killed"),
                least(one, "injured"),
            )  # fmt: skip
            counts[key] = [a + b for a, b in zip(count, told, strict=True)]
    ordered = sorted(counts.items(), key=lambda item: -item[1][0])[:20]
    return [Party(key, *names[key], *count) for key, count in ordered]


# -- the timeline as it is drawn ---------------------------------------------------------------------------------


class BarDrawn(msgspec.Struct, frozen=True):
    """A bar: its days and figures, where it lies in percent of the width, and its heights in pixels."""

    first: str
    last: str
    incidents: int
    killed: int
    x: float
    width: float
    up: int
    down: int
    chosen: bool


class Tick(msgspec.Struct, frozen=True):
    """The first day of a month on the axis, at a percent of the width."""

    x: float
    day: str


class Timeline(msgspec.Struct, frozen=True):
    """Bars and the axis under them."""

    bars: tuple[BarDrawn, ...]
    ticks: tuple[Tick, ...]


_UP, _DOWN, _TICKS = 58, 34, 8


def timeline(record: Record, viewer: Viewer, filters: Filters) -> Timeline:
    """The timeline of a view: of all its days, those that the view is narrowed to marked."""
    whole = msgspec.structs.replace(filters, since="", until="", order="day")
    bars = _all_bars(record, version(record), _eyes(viewer), whole)
    if not bars:
        return Timeline((), ())
    tallest, deepest = max(bar.incidents for bar in bars), max(bar.killed for bar in bars)
    width = round(100 / len(bars), 4)
    narrowed = bool(filters.since or filters.until)
    drawn = tuple(
        BarDrawn(
            bar.first, bar.last, bar.incidents, bar.killed, round(n * width, 3), width,
            up=-(-bar.incidents * _UP // tallest) if tallest else 0,
            down=-(-bar.killed * _DOWN // deepest) if deepest else 0,
            chosen=narrowed and bar.last >= filters.since and (not filters.until or bar.first <= filters.until),
        )
        for n, bar in enumerate(bars)
    )  # fmt: skip
    return Timeline(drawn, tuple(_ticks(bars)))


def _ticks(bars: Sequence[Bar]) -> Iterable[Tick]:
    start, end = day_of(bars[0].first) or 0, (day_of(bars[-1].last) or 0) + 1
    month = date.fromordinal(start).replace(day=1)
    months = []
    while month.toordinal() < end:
        if month.toordinal() >= start:
            months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    every = max(1, -(-len(months) // _TICKS))
    for month in months[::every]:
        x = round(100 * (month.toordinal() - start) / (end - start), 2)
        if x < 93:
            yield Tick(x, month.isoformat())
