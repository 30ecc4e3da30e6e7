"""The board: the claims and incidents of a record as columns in memory, so that a view over very many is found at once.

It holds no words of reports: numbers, ids and names of places, parties and tellers alone. A board is never changed
once it is made; `grown` makes the next one. What people decided is laid over what was read (`boarding` sees to that).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from sijill.arabic.fold import fold
from sijill.codebook import SOURCE_KINDS, TYPES
from sijill.record.fact import Side, Spot, day_of
from sijill.review.desk import STATES
from sijill.web.filters import Filters

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]
NEVER = np.int32(-1)
"""Stands for a day that is not told, and for every other value that is not there."""
_TYPE = {name: n for n, name in enumerate(TYPES)}
_KIND = {name: n for n, name in enumerate(SOURCE_KINDS)}
_STATE: dict[str, int] = {name: n for n, name in enumerate(STATES)}
_KM = 111.195


class IncidentRow(msgspec.Struct, frozen=True):
    """What the board keeps of an incident; `live` unless it was merged away or has no claims. Days as ordinals."""

    id: int
    type: str
    first: int | None
    last: int | None
    killed_low: int | None
    killed_high: int | None
    state: str = "machine-read"
    live: bool = True


class Register(msgspec.Struct):
    """Values and their numbers; a register only grows, and so may be shared by boards."""

    values: list[Any] = msgspec.field(default_factory=list)
    numbers: dict[Any, int] = msgspec.field(default_factory=dict)

    def number(self, value: Any) -> int:
        """The number of a value, given at first sight."""
        found = self.numbers.get(value)
        if found is None:
            found = self.numbers[value] = len(self.values)
            self.values.append(value)
        return found


class Columns(msgspec.Struct):
    """Claims (`claim` ascending), the places and parties of claims, and incidents (`id` ascending)."""

    claim: Longs
    held: Ints
    """The row of the claim's incident; NEVER for a claim that counts no more."""
    type: Ints
    first: Ints
    last: Ints
    kind: Ints
    source: Ints
    outlet: Ints
    place_of: Ints
    """The row of the claim that tells `place`."""
    place: Ints
    party_of: Ints
    party: Ints
    id: Longs
    i_type: Ints
    i_first: Ints
    i_last: Ints
    i_low: Ints
    i_high: Ints
    i_state: Ints
    live: Bools


def _empty() -> Columns:
    short, long = np.zeros(0, np.int32), np.zeros(0, np.int64)
    told: dict[str, Any] = dict.fromkeys(Columns.__struct_fields__, short)
    return Columns(**{**told, "claim": long, "id": long, "live": np.zeros(0, np.bool_)})


class Told(Protocol):
    """What a board keeps of a claim; a `Fact` has it."""

    @property
    def claim(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def first(self) -> int | None: ...
    @property
    def last(self) -> int | None: ...
    @property
    def source_kind(self) -> str: ...
    @property
    def source(self) -> str | None: ...
    @property
    def outlet(self) -> str | None: ...
    @property
    def spots(self) -> tuple[Spot, ...]: ...
    @property
    def initiators(self) -> tuple[Side, ...]: ...
    @property
    def targets(self) -> tuple[Side, ...]: ...


class Builder:
    """Makes the first board of a record from batches of claims, none of which need be kept."""

    def __init__(self, incidents: Iterable[IncidentRow]) -> None:
        self._board = Board.empty()
        self._incidents = _with_incidents(_empty(), list(incidents))
        self._parts: list[Columns] = []
        self._rows = 0

    def add(self, facts: Sequence[tuple[Told, int]]) -> None:
        """Add claims, each with its incident's id, in the order of their numbers."""
        alone = msgspec.structs.replace(_empty(), id=self._incidents.id)
        part = self._board.with_claims(alone, facts, ())
        rows = np.int32(self._rows)
        self._parts.append(msgspec.structs.replace(part, place_of=part.place_of + rows, party_of=part.party_of + rows))
        self._rows += len(part.claim)

    def board(self) -> Board:
        """The board of everything that was added."""
        whole = self._incidents
        if self._parts:
            told = {name: np.concatenate([getattr(part, name) for part in self._parts]) for name in _OF_CLAIMS}
            whole = msgspec.structs.replace(whole, **told)
        board = self._board
        return Board(whole, board.places, board.parties, board.sources)


_OF_CLAIMS = (
    "claim", "held", "type", "first", "last", "kind", "source", "outlet", "place_of", "place", "party_of", "party",
)  # fmt: skip


class Board:
    """Columns with what is asked of them again and again: the order by day, and which places an incident has."""

    def __init__(self, columns: Columns, places: Register, parties: Register, sources: Register) -> None:
        self.c, self.places, self.parties, self.sources = columns, places, parties, sources
        # Undated incidents come last; of one day the one added last comes first.
        self.by_day = np.lexsort((columns.id, columns.i_first))[::-1].astype(np.int32)
        held = columns.held[columns.place_of]
        pairs = held.astype(np.int64) * max(1, len(places.values)) + columns.place
        pairs = np.unique(pairs[held >= 0])
        self.at_incident = (pairs // max(1, len(places.values))).astype(np.int32)
        self.at_place = (pairs % max(1, len(places.values))).astype(np.int32)

    @classmethod
    def empty(cls) -> Board:
        """A board with nothing on it."""
        return cls(_empty(), Register(), Register(), Register())

    # -- growing ------------------------------------------------------------------------------------------------

    def grown(
        self, incidents: Iterable[IncidentRow], facts: Iterable[tuple[Told, int]], gone: Iterable[int] = ()
    ) -> Board:
        """A board with these incidents and claims (each with its incident's id) new or told anew, and claims `gone`."""
        columns = _with_incidents(self.c, sorted(incidents, key=lambda row: row.id))
        columns = self.with_claims(columns, sorted(facts, key=lambda pair: pair[0].claim), list(gone))
        return Board(columns, self.places, self.parties, self.sources)

    def _name(self, name: str | None) -> int:
        return self.sources.number(name) if name else -1

    def with_claims(self, old: Columns, facts: Sequence[tuple[Told, int]], gone: Sequence[int]) -> Columns:
        """Columns with claims new or told anew, the facts in the order of their numbers."""
        rows = [
            (
                fact.claim, held, _TYPE.get(fact.type, -1), _day(fact.first), _day(fact.last),
                _KIND.get(fact.source_kind, -1), self._name(fact.source), self._name(fact.outlet),
            )
            for fact, held in facts
        ]  # fmt: skip
        told = np.array(rows, np.int64).reshape(-1, 8)
        known = np.isin(told[:, 0], old.claim)
        claim = np.concatenate([old.claim, told[~known, 0]])
        at = np.searchsorted(claim, told[:, 0]).astype(np.int32)
        new: dict[str, Any] = {"claim": claim}
        for n, name in enumerate(("held", "type", "first", "last", "kind", "source", "outlet"), start=1):
            column = np.concatenate([getattr(old, name), np.full((~known).sum(), NEVER, np.int32)])
            value = np.searchsorted(old.id, told[:, 1]) if name == "held" else told[:, n]
            column[at] = value
            new[name] = column
        new["held"][np.isin(claim, np.array(gone, np.int64))] = NEVER
        told_anew = np.zeros(len(claim), np.bool_)
        told_anew[at[known]] = True
        spots = [(row, self.places.number(_plain(spot))) for row, (fact, _) in zip(at, facts, strict=True)
                 for spot in fact.spots]  # fmt: skip
        sides = [(row, self.parties.number((side.actor, side.name))) for row, (fact, _) in zip(at, facts, strict=True)
                 for side in (*fact.initiators, *fact.targets)]  # fmt: skip
        for name, pairs in (("place", spots), ("party", sides)):
            kept = ~told_anew[getattr(old, f"{name}_of")]
            more = np.array(pairs, np.int32).reshape(-1, 2)
            new[f"{name}_of"] = np.concatenate([getattr(old, f"{name}_of")[kept], more[:, 0]])
            new[name] = np.concatenate([getattr(old, name)[kept], more[:, 1]])
        return msgspec.structs.replace(old, **new)

    # -- asking -------------------------------------------------------------------------------------------------

    def find(self, filters: Filters, spoken: Longs | None = None) -> Bools:
        """Which incidents a view is narrowed to, row by row; `spoken` are the claims that have the words asked for."""
        c = self.c
        found = c.live.copy()
        if filters.on_claims:
            among = np.zeros(len(c.id), np.bool_)
            among[c.held[self._claims(filters, spoken)]] = True
            found &= among
        else:
            if filters.type:
                found &= c.i_type == _TYPE[filters.type]
            found &= _within(c.i_first, c.i_last, filters)
        if filters.killed is not None:
            found &= np.maximum(c.i_low, c.i_high) >= filters.killed
        if filters.state:
            found &= c.i_state == _STATE[filters.state]
        return found

    def _claims(self, filters: Filters, spoken: Longs | None) -> Bools:
        c = self.c
        kept = (c.held >= 0) & _within(c.first, c.last, filters)
        if filters.type:
            kept &= c.type == _TYPE[filters.type]
        if filters.kind:
            kept &= c.kind == _KIND[filters.kind]
        if filters.source:
            named = [self.sources.numbers.get(name, -2) for name in {filters.source, fold(filters.source)}]
            kept &= np.isin(c.source, named) | np.isin(c.outlet, named)
        query = filters.query()
        if filters.place or query.box or query.near:
            meant = _meant(filters)
            chosen = np.fromiter((meant(spot) for spot in self.places.values), np.bool_)
            kept &= _having(chosen, c.place, c.place_of, len(c.claim))
        if filters.party:
            name = fold(filters.party)
            chosen = np.fromiter((filters.party == a or name == n for a, n in self.parties.values), np.bool_)
            kept &= _having(chosen, c.party, c.party_of, len(c.claim))
        if spoken is not None:
            kept &= np.isin(c.claim, spoken)
        return kept

    def newest_claims(
        self, filters: Filters, spoken: Longs | None, cursor: tuple[int, int] | None, limit: int
    ) -> list[tuple[int, int]]:
        """Day and id of the claims that a view is narrowed to, the newest day first, after a cursor of the same."""
        rows = np.flatnonzero(self._claims(filters, spoken))
        day, claim = np.maximum(self.c.first[rows], 0), self.c.claim[rows]
        if cursor is not None:
            after = (day < cursor[0]) | ((day == cursor[0]) & (claim < cursor[1]))
            day, claim = day[after], claim[after]
        if len(claim) > 4 * limit:
            edge = np.partition(day, len(day) - limit)[-limit]
            day, claim = day[day >= edge], claim[day >= edge]
        order = np.lexsort((claim, day))[::-1][:limit]
        return [(int(day[n]), int(claim[n])) for n in order]

    def page(self, found: Bools, by_day: bool, cursor: tuple[int, int] | None, limit: int) -> list[int]:
        """Ids of the incidents found, the newest first, after a cursor (day of the event, id)."""
        order = self.by_day if by_day else np.arange(len(found) - 1, -1, -1, dtype=np.int32)
        rows = order[found[order]]
        if cursor is not None:
            day, number = cursor
            first = np.maximum(self.c.i_first[rows], 0)
            later = self.c.id[rows] < number
            rows = rows[(first < day) | ((first == day) & later)] if by_day else rows[later]
        return [int(number) for number in self.c.id[rows[:limit]]]


def _with_incidents(old: Columns, rows: Sequence[IncidentRow]) -> Columns:
    told = np.array(
        [
            (row.id, _TYPE.get(row.type, -1), _day(row.first), _day(row.last), _told(row.killed_low),
             _told(row.killed_high), _STATE.get(row.state, -1), row.live)
            for row in rows
        ],
        np.int64,
    ).reshape(-1, 8)  # fmt: skip
    known = np.isin(told[:, 0], old.id)
    new: dict[str, Any] = {"id": np.concatenate([old.id, told[~known, 0]])}
    at = np.searchsorted(new["id"], told[:, 0])
    for n, name in enumerate(("i_type", "i_first", "i_last", "i_low", "i_high", "i_state", "live"), start=1):
        before = getattr(old, name)
        column = np.concatenate([before, np.zeros((~known).sum(), before.dtype)])
        column[at] = told[:, n]
        new[name] = column
    return msgspec.structs.replace(old, **new)


def _plain(spot: Spot) -> Spot:
    """A place without how it was told to lie: "near" counts as the place."""
    return spot if spot.relation == "in" else msgspec.structs.replace(spot, relation="in")


def _day(day: int | None) -> int:
    return -1 if day is None else day


def _told(number: int | None) -> int:
    return -1 if number is None else min(number, 2**31 - 1)


def _within(first: Ints, last: Ints, filters: Filters) -> Bools:
    kept = np.ones(len(first), np.bool_)
    if filters.since:
        kept &= last >= (day_of(filters.since) or 0)
    if filters.until:
        kept &= (first <= (day_of(filters.until) or 0)) & (first >= 0)
    return kept


def _having(chosen: Bools, values: Ints, rows: Ints, size: int) -> Bools:
    found = np.zeros(size, np.bool_)
    if len(chosen):
        found[rows[chosen[values]]] = True
    return found


def _meant(filters: Filters) -> Callable[[Spot], bool]:
    """Whether a place is the one asked for, or inside it, and inside the box and the circle."""
    name, place, query = fold(filters.place), filters.place, filters.query()
    box, near = query.box, query.near
    east = _KM * math.cos(math.radians(near.lat)) if near else 0.0

    def meant(spot: Spot) -> bool:
        if place and name not in (spot.name, spot.admin1, spot.admin2) and place not in (spot.place_id, spot.country):
            return False
        if box is None and near is None:
            return True
        if spot.lat is None or spot.lon is None:
            return False
        if box and not (box.south <= spot.lat <= box.north and box.west <= spot.lon <= box.east):
            return False
        if near:
            return ((spot.lat - near.lat) * _KM) ** 2 + ((spot.lon - near.lon) * east) ** 2 <= near.km**2
        return True

    return meant
