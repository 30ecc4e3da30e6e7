"""Figures over a record: the timeline, the places, the overview, and the page of a party, place or source.

All are counted over every incident that a viewer may see and the view is narrowed to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

import msgspec
import numpy as np

from sijill.codebook import SOURCE_KINDS, TYPES
from sijill.incidents.derive import OUTCOMES
from sijill.record import Record, spelling
from sijill.record.fact import Spot, day_of, iso_of
from sijill.record.schema import claim_parties, claim_places, claims
from sijill.web import atlas
from sijill.web.board import Board
from sijill.web.columns import DISPUTE, HARM, Bools
from sijill.web.filters import Filters
from sijill.web.looking import Look, version
from sijill.web.names import known_actor, party_of, place_of
from sijill.web.roles import Viewer
from sijill.web.shapes import PlaceShown

_BARS, _WEEKS, _YEARS = 90, 156, 6
_STEPS = (1, 7, 30)
_PLACES, _NAMES = 100, 20
"""So many places, parties and tellers are listed, those of most incidents or claims first."""


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
    written: str | None = None
    """Its name as a report writes it, where the gazetteer does not know it."""

    @property
    def place(self) -> PlaceShown:
        """The place with its names, looked up only when it is shown: a large record tells of very many."""
        return place_of(self.at, self.written)


class Toll(msgspec.Struct, frozen=True):
    """People harmed in one way, added up over the incidents that tell a number and are no background: of each the
    least told, in `high` the most. `median` and `most` are of the least numbers, `most` told by incident `most_by`."""

    outcome: str
    incidents: int
    low: int
    high: int
    civilians: int
    combatants: int
    median: int
    most: int
    most_by: int

    @property
    def others(self) -> int:
        """Those who were called neither civilians nor combatants."""
        return max(0, self.low - self.civilians - self.combatants)


class Figures(msgspec.Struct, frozen=True):
    """What is counted over a whole view."""

    counted: int
    tolls: tuple[Toll, ...]
    """By outcome, those that are told of at all."""
    background: tuple[int, int]
    """Incidents whose numbers are background and stand in no sum, and how many killed they tell of at least."""
    places: tuple[Spread, ...]
    """The places of most incidents."""
    spread: atlas.Spread
    """All of them."""
    types: tuple[tuple[str, int], ...]
    weeks: tuple[tuple[str, tuple[int, ...]], ...]
    """Each week's first day, and its incidents of each of the types of `week_types`."""
    week_types: tuple[str, ...]

    @property
    def killed(self) -> Toll | None:
        """What is told of people killed."""
        return next((toll for toll in self.tolls if toll.outcome == "killed"), None)


class Party(msgspec.Struct, frozen=True):
    """A party: key and names, incidents, and the least told of civilians, combatants and all killed."""

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


class Disputes(msgspec.Struct, frozen=True):
    """What only the claims of incidents together tell: who did it, and where claims disagree."""

    counted: int
    contested: int
    disputes: tuple[tuple[str, int], ...]
    """On what claims disagree, and in how many incidents."""
    parties: tuple[Party, ...]


def figures(record: Record, viewer: Viewer, filters: Filters) -> Figures:
    """The figures of a view."""
    return _counted(record, version(record), _eyes(viewer), msgspec.structs.replace(filters, order="day"))


def disputes(record: Record, viewer: Viewer, filters: Filters) -> Disputes:
    """What the claims of a view's incidents tell together."""
    return _disputed(record, version(record), _eyes(viewer), msgspec.structs.replace(filters, order="day"))


def tellers(record: Record, viewer: Viewer, filters: Filters) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Who tells the claims of a view's incidents: how many, and how many of these another claim contradicts."""
    if not viewer.inside:
        return ()
    return _told_by(record, version(record), _eyes(viewer), msgspec.structs.replace(filters, order="day"))


def _eyes(viewer: Viewer) -> Viewer:
    """Language, name and digits do not change a figure; who may see what does."""
    return Viewer("", viewer.role.READER if viewer.inside else viewer.role, safety=viewer.safety)


@lru_cache(maxsize=128)
def _counted(record: Record, _version: int, viewer: Viewer, filters: Filters) -> Figures:
    board, found = Look(record, viewer).find(filters)
    c = board.c
    kinds = Counter({TYPES[n]: int(count) for n, count in enumerate(_bins(c.i_type[found], len(TYPES))) if count})
    week_types = tuple(kind for kind, _ in kinds.most_common(6))
    spread = _spread(board, found)
    return Figures(
        counted=int(found.sum()),
        tolls=tuple(_tolls(board, found)),
        background=_background(board, found),
        places=tuple(_top(record, spread)),
        spread=spread,
        types=tuple(kinds.most_common()),
        weeks=tuple(_weeks(board, found, week_types)),
        week_types=week_types,
    )


@lru_cache(maxsize=128)
def _all_bars(record: Record, _version: int, viewer: Viewer, filters: Filters) -> tuple[Bar, ...]:
    return tuple(_bars(*Look(record, viewer).find(filters)))


def _tolls(board: Board, found: Bools) -> Iterable[Toll]:
    c = board.c
    chosen = np.flatnonzero((found & ~c.background)[c.harm_of])
    kind, low = c.harm[chosen], c.harm_low[chosen]
    sums = np.bincount(kind, weights=low, minlength=len(HARM))
    tops = np.bincount(kind, weights=np.maximum(c.harm_high[chosen], low), minlength=len(HARM))
    for outcome in OUTCOMES:
        every = HARM[outcome, "all"]
        own = np.flatnonzero(kind == every)
        if len(own):
            most = own[np.argmax(low[own])]
            yield Toll(
                outcome, len(own), int(sums[every]), int(tops[every]), int(sums[HARM[outcome, "civilian"]]),
                int(sums[HARM[outcome, "combatant"]]), int(np.median(low[own])), int(low[most]),
                int(c.id[c.harm_of[chosen[most]]]),
            )  # fmt: skip


def _background(board: Board, found: Bools) -> tuple[int, int]:
    c = board.c
    apart = (found & c.background)[c.harm_of] & (c.harm == HARM["killed", "all"])
    return int(apart.sum()), int(c.harm_low[apart].sum(dtype=np.int64))


def _bins(values: np.ndarray, size: int, weights: np.ndarray | None = None) -> np.ndarray:
    kept = values >= 0
    return np.bincount(values[kept], weights=None if weights is None else weights[kept], minlength=size)


def _bars(board: Board, found: Bools) -> Iterable[Bar]:
    first = board.c.i_first[found]
    dated = first > 0
    if not dated.any():
        return
    # A few events told of long ago must not press all others into one bar: the newest years are drawn.
    days, killed = first[dated], board.killed[found][dated]
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


def _spread(board: Board, found: Bools) -> atlas.Spread:
    size = len(board.atlas.head)
    chosen = found[board.at_incident]
    at, incidents = board.at_group[chosen], board.at_incident[chosen]
    deaths = np.bincount(at, weights=board.killed[incidents], minlength=size)
    return atlas.Spread(board.atlas, np.bincount(at, minlength=size), deaths)


def _top(record: Record, spread: atlas.Spread) -> Iterable[Spread]:
    spots = [spread.at(n) for n in range(min(_PLACES, len(spread.place)))]
    names = spelled(record, "place", [spot.name for spot in spots if spot.place_id is None])
    for n, spot in enumerate(spots):
        written = names.get(spot.name) if spot.place_id is None else None
        yield Spread(spot, int(spread.incidents[n]), int(spread.killed[n]), written)


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
def _disputed(record: Record, _version: int, viewer: Viewer, filters: Filters) -> Disputes:
    board, found = Look(record, viewer).find(filters)
    told = board.c.i_disputes[found]
    counts = Counter({value: int((told & bit > 0).sum()) for value, bit in DISPUTE.items()})
    return Disputes(
        counted=len(told),
        contested=int((told > 0).sum()),
        disputes=tuple((value, count) for value, count in counts.most_common() if count),
        parties=tuple(_parties(record, board, found)),
    )


def _parties(record: Record, board: Board, found: Bools) -> Iterable[Party]:
    c = board.c
    chosen = found[c.doer_of]
    doer, incident = c.doer[chosen], c.doer_of[chosen]
    counts = np.bincount(doer)
    columns = (
        board.least("killed", "civilian"), board.least("killed", "combatant"), board.killed, board.least("injured"),
    )  # fmt: skip
    told = [np.bincount(doer, weights=column[incident]) for column in columns]
    shown = [int(n) for n in np.argsort(-counts, kind="stable")[:_NAMES] if counts[n]]
    names = spelled(record, "party", [board.known.doers.values[n] for n in shown])
    for n in shown:
        key = board.known.doers.values[n]
        party = party_of(key, 1, names.get(key))
        numbers = (int(column[n]) for column in told)
        yield Party(party.actor or party.ar, party.ar, party.en, int(counts[n]), *numbers)


def spelled(record: Record, kind: str, names: Sequence[str]) -> dict[str, str]:
    """How reports write names of parties, places or sources that are no actors of the lexicon, by their folded form."""
    key, claim = {
        "party": (claim_parties.c.name, claim_parties.c.claim_id),
        "place": (claim_places.c.name, claim_places.c.claim_id),
        "source": (claims.c.source, claims.c.id),
    }[kind]
    with record.reading() as connection:
        return spelling.of(connection, key, claim, [name for name in names if not known_actor(name)])


@lru_cache(maxsize=32)
def _told_by(
    record: Record, _version: int, viewer: Viewer, filters: Filters
) -> tuple[tuple[str, tuple[int, int]], ...]:
    board, found = Look(record, viewer).find(filters)
    c = board.c
    rows = np.flatnonzero(c.held >= 0)
    rows = rows[found[c.held[rows]]]
    # A teller is a source that is named, else the outlet of the report, else no more than a kind.
    size = len(board.known.sources.values)
    kinds = np.where(c.kind[rows] >= 0, c.kind[rows] + 2 * size, -1)
    outlets = np.where(c.outlet[rows] >= 0, c.outlet[rows] + size, kinds)
    teller = np.where(c.source[rows] >= 0, c.source[rows], outlets)
    rows, teller = rows[teller >= 0], teller[teller >= 0]
    counts, against = np.bincount(teller), np.bincount(teller, weights=c.against[rows])
    told = []
    for n in np.argsort(-counts, kind="stable")[:_NAMES]:
        if counts[n]:
            name = SOURCE_KINDS[n - 2 * size] if n >= 2 * size else board.known.sources.values[n % size]
            if n < 2 * size:
                name = _written(record, name, int(c.claim[rows[np.argmax(teller == n)]]))
            told.append((name, (int(counts[n]), int(against[n]))))
    return tuple(told)


def _written(record: Record, name: str, claim: int) -> str:
    """A source or an outlet as a claim's report writes it; names are kept folded, and actors by their ids."""
    if known_actor(name):
        return name
    with record.reading() as connection:
        return spelling.in_claims(connection, [claim]).get(name, name)


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
