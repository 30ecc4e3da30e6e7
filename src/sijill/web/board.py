"""The board: the columns of a record and what is asked of them, so that a view over very many is found at once.

A board is never changed once it is made; `grown` makes the next one. What people decided is laid over what was read
(`boarding` sees to that).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sijill.arabic.fold import fold
from sijill.record.fact import Fact, day_of
from sijill.web import columns
from sijill.web.atlas import Atlas
from sijill.web.columns import HARM, KIND, STATE, TYPE, Bools, Columns, IncidentRow, Ints, Longs, Registers
from sijill.web.filters import Filters


class Board:
    """Columns with what is asked of them again and again: the order by day, and which places an incident has."""

    def __init__(self, columns: Columns, known: Registers, atlas: Atlas | None = None) -> None:
        self.c, self.known = columns, known
        self.atlas = (atlas or Atlas(known.places)).grown()
        # Undated incidents come last; of one day the one added last comes first.
        day = columns.i_first.astype(np.int64) << 32
        self.by_day = np.argsort(day + np.arange(len(day)))[::-1].astype(np.int32)
        self.killed = self.least("killed")
        size = max(1, len(self.atlas.head))
        held = columns.held[columns.place_of]
        pairs = np.sort((held.astype(np.int64) * size + self.atlas.group[columns.place])[held >= 0])
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # each once; many times faster here than `unique`
        self.at_incident: Ints = (pairs // size).astype(np.int32)
        """The row of an incident that is told at the group of places in the same row of `at_group`."""
        self.at_group: Ints = (pairs % size).astype(np.int32)

    def least(self, outcome: str, who: str = "all") -> Ints:
        """The least number told of an outcome by incidents that are no background, row by row; 0 where none is told."""
        found = np.zeros(len(self.c.id), np.int32)
        told = self.c.harm == HARM[outcome, who]
        found[self.c.harm_of[told]] = self.c.harm_low[told]
        found[self.c.background] = 0
        return found

    @classmethod
    def empty(cls) -> Board:
        """A board with nothing on it."""
        return cls(Columns.empty(), Registers())

    def grown(
        self, incidents: Iterable[IncidentRow], facts: Iterable[tuple[Fact, int]], gone: Iterable[int] = ()
    ) -> Board:
        """A board with these incidents and claims (each with its incident's id) new or told anew, and claims `gone`.

        Of an incident told anew every claim must stand or be told.
        """
        return Board(columns.grown(self.c, incidents, facts, gone, self.known), self.known, self.atlas)

    def claims_of(self, incidents: Iterable[int]) -> dict[int, list[int]]:
        """The claims of incidents by their ids, in the order of their numbers."""
        rows = columns.rows_of(self.c.id, incidents)
        chosen = np.zeros(len(self.c.id) + 1, np.bool_)
        chosen[rows] = True
        chosen[-1] = False  # the row of claims that are in none
        found: dict[int, list[int]] = {}
        for row in np.flatnonzero(chosen[self.c.held]):
            found.setdefault(int(self.c.id[self.c.held[row]]), []).append(int(self.c.claim[row]))
        return found

    def incidents_of(self, claims: Iterable[int]) -> dict[int, int]:
        """The incident of each of these claims that is in one."""
        rows = columns.rows_of(self.c.claim, claims)
        rows = rows[self.c.held[rows] >= 0]
        pairs = zip(self.c.claim[rows], self.c.id[self.c.held[rows]], strict=True)
        return {int(claim): int(number) for claim, number in pairs}

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
                found &= c.i_type == TYPE[filters.type]
            found &= _within(c.i_first, c.i_last, filters)
        if filters.killed is not None:
            found &= np.maximum(c.i_low, c.i_high) >= filters.killed
        if filters.state:
            found &= c.i_state == STATE[filters.state]
        return found

    def _claims(self, filters: Filters, spoken: Longs | None) -> Bools:
        """Which claims a view is narrowed to, row by row."""
        c = self.c
        kept = c.held >= 0
        if filters.since or filters.until:
            kept &= _within(c.first, c.last, filters)
        if filters.type:
            kept &= c.type == TYPE[filters.type]
        if filters.kind:
            kept &= c.kind == KIND[filters.kind]
        if filters.source:
            kept &= self._told_by(filters.source)
        query = filters.query()
        if filters.place or query.box or query.near:
            chosen = self.atlas.meant(filters.place, query.box, query.near)
            kept &= _having(chosen, c.place, c.place_of, len(c.claim))
        if filters.party:
            name, values = fold(filters.party), self.known.parties.values
            chosen = np.fromiter((filters.party == a or name == n for a, n in list(values)), np.bool_)
            kept &= _having(chosen, c.party, c.party_of, len(c.claim))
        if spoken is not None:
            said = np.zeros(len(kept), np.bool_)
            said[columns.rows_of(c.claim, spoken)] = True
            kept &= said
        return kept

    def _told_by(self, name: str) -> Bools:
        """Which claims a source tells, or stand in a report of the outlet of that name."""
        found = np.zeros(len(self.c.claim), np.bool_)
        for one in {name, fold(name)}:
            number = self.known.sources.numbers.get(one)
            if number is not None:
                found |= (self.c.source == number) | (self.c.outlet == number)
        return found

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

    def page(self, found: Bools, by_day: bool, cursor: tuple[int, int] | None, limit: int) -> list[tuple[int, int]]:
        """The incidents found, the newest first, after a cursor: of each the day of the event (0 where the order is by
        when they were added), and its id. The last of a page is the cursor of the next."""
        order = self.by_day if by_day else np.arange(len(found) - 1, -1, -1, dtype=np.int32)
        rows = order[found[order]]
        first = np.maximum(self.c.i_first[rows], 0) if by_day else np.zeros(len(rows), np.int32)
        ids = self.c.id[rows]
        if cursor is not None:
            day, number = cursor
            after = ids < number if not by_day else (first < day) | ((first == day) & (ids < number))
            first, ids = first[after], ids[after]
        return [(int(day), int(number)) for day, number in zip(first[:limit], ids[:limit], strict=True)]


def _within(first: Ints, last: Ints, filters: Filters) -> Bools:
    kept = np.ones(len(first), np.bool_)
    if filters.since:
        kept &= last >= (day_of(filters.since) or 0)
    if filters.until:
        kept &= (first <= (day_of(filters.until) or 0)) & (first >= 0)
    return kept


def _having(chosen: Bools, values: Ints, rows: Ints, size: int) -> Any:
    found = np.zeros(size, np.bool_)
    if len(chosen):
        found[rows[chosen[values]]] = True
    return found
