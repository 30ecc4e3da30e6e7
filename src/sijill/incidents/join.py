"""Joining: each new claim goes to the incident it fits best, or opens one. The record is never clustered again.

Candidates come from blocks. A claim joins an incident when its best pair there is likely and its pairs on average do
not speak against it, so that a chain of near misses does not grow into one incident. A claim that fits two incidents
draws them into one, unless people keep them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from sijill.incidents.blocks import sought, written
from sijill.incidents.pair import score
from sijill.incidents.summary import summarise
from sijill.record.adding import Joined, in_chunks
from sijill.record.engine import next_id
from sijill.record.fact import Fact, decode
from sijill.record.ledger import Entry, digest_of
from sijill.record.schema import bars, blocks, claims, incidents, member_log, members

JOIN_AT = 0.0
"""Log-odds of the best pair from which a claim may join."""
MEAN_AT = 0.0
"""Log-odds that the mean over the incident's claims must reach."""
MERGE_AT = 0.5
"""Mean log-odds over all pairs from which two incidents that one claim ties become one."""
MOST_CANDIDATES = 300
_AT_ONCE = 64
"""So many claims are looked up together: a question costs more than its answer."""
MOST_MEMBERS = 40
"""How many claims of a large incident a new claim is compared with."""


def join(connection: Connection, at: str, facts: Sequence[Fact], replaces: Mapping[int, int]) -> Joined:
    """Place new claims. `replaces` gives, for a claim read again, the claim whose incident it stays in."""
    rows = [{"key": key, "day": day, "claim_id": fact.claim} for fact in facts for key, day in written(fact)]
    if rows:
        connection.execute(insert(blocks), rows)
    work = _Work(connection, at, facts)
    for fact in facts:
        if fact.claim in replaces:
            work.stay(fact, replaces[fact.claim])
    new = [fact for fact in facts if fact.claim not in replaces]
    for start in range(0, len(new), _AT_ONCE):
        together = new[start : start + _AT_ONCE]
        met = work.meet(together)
        for fact in together:
            work.place(fact, met[fact.claim])
    return work.finish()


class Placing(NamedTuple):
    """A claim put in an incident, as the log keeps it."""

    claim: int
    incident: int
    score: float
    why: str


def log_placings(
    connection: Connection, at: str, placings: Sequence[Placing], decision: int | None = None
) -> list[Entry]:
    """Write placings to the log; returns the ledger's line for them."""
    if not placings:
        return []
    first = next_id(connection, member_log)
    rows = [
        {
            "id": first + n,
            "at": at,
            "claim_id": placing.claim,
            "incident_id": placing.incident,
            "score": round(placing.score, 3),
            "why": placing.why,
            "decision_id": decision,
        }
        for n, placing in enumerate(placings)
    ]
    connection.execute(insert(member_log), rows)
    told = [row[name] for row in rows for name in ("id", "claim_id", "incident_id", "score", "why", "decision_id")]
    return [Entry("placing", first, digest_of(*told))]


class _Work:
    """The placing of one batch."""

    def __init__(self, connection: Connection, at: str, facts: Sequence[Fact]) -> None:
        self.connection, self.at = connection, at
        self.facts = {fact.claim: fact for fact in facts}
        self.of: dict[int, int] = {}
        """The incident of every claim met in this batch."""
        self.held: dict[int, set[int]] = {}
        """The claims of every incident met in this batch."""
        self.whole: set[int] = set()
        """The older incidents of which all claims are loaded."""
        self.pinned: set[int] = set()
        self.new: dict[int, float] = {}
        self.moved: set[int] = set()
        self.opened: set[int] = set()
        self.merged: dict[int, int] = {}
        self.touched: set[int] = set()
        self.log: list[Placing] = []
        self.next = next_id(connection, incidents)
        self.bars = {(row[0], row[1]) for row in connection.execute(select(bars.c.low, bars.c.high))}

    def stay(self, fact: Fact, before: int) -> None:
        """Give a claim read again the place of its forerunner."""
        row = self.connection.execute(select(members).where(members.c.claim_id == before)).one()
        self.connection.execute(delete(members).where(members.c.claim_id == before))
        values = {"incident_id": row.incident_id, "score": row.score, "pinned": row.pinned}
        self.connection.execute(insert(members).values(claim_id=fact.claim, **values))
        self.log.append(Placing(fact.claim, row.incident_id, row.score, "read-again"))
        self.touched.add(row.incident_id)

    def meet(self, facts: Sequence[Fact]) -> dict[int, set[int]]:
        """The claims that share a block with each of some claims, with what is known of them loaded."""
        met = {fact.claim: self._met(fact) - {fact.claim} for fact in facts}
        self._know(set().union(*met.values()))
        return met

    def _met(self, fact: Fact) -> set[int]:
        look = sought(fact)
        if look is None:
            return set()
        keys, first, last = look
        mark = "?" if self.connection.dialect.paramstyle == "qmark" else "%s"
        # Said to the driver itself, as one is asked for every claim: building the question took longer than the answer.
        asked = _MEET.format(keys=", ".join([mark] * len(keys)), mark=mark)
        return {row[0] for row in self.connection.exec_driver_sql(asked, (*keys, first, last))}

    def place(self, fact: Fact, met: set[int]) -> None:
        """Find a claim its incident among those of the claims it meets that have one."""
        pairs = {other: score(fact, self.facts[other]) for other in met if other in self.of}
        likely = {self.of[other] for other, points in pairs.items() if points >= JOIN_AT}
        fits = sorted((self._fit(fact, incident, pairs) for incident in likely), reverse=True)
        fits = [fit for fit in fits if fit[1] >= MEAN_AT]
        if not fits:
            incident, points, why = self.next, 0.0, "opened"
            self.next += 1
            self.opened.add(incident)
            self.held[incident] = set()
        else:
            points, _, incident = fits[0]
            why = "joined"
        self.of[fact.claim] = incident
        self.held[incident].add(fact.claim)
        self.new[fact.claim] = points
        self.touched.add(incident)
        self.log.append(Placing(fact.claim, incident, points, why))
        for _, _, other in fits[1:]:
            self._draw_together(self.of[fact.claim], other)

    def _fit(self, fact: Fact, incident: int, pairs: dict[int, float]) -> tuple[float, float, int]:
        """Best and mean pair of a claim with an incident; an incident its own teller told apart never fits."""
        self._load(incident)
        others = self._members(incident)
        if any(told_apart(fact, other) for other in others):
            return (-99.0, -99.0, incident)
        points = [pairs[other.claim] if other.claim in pairs else score(fact, other) for other in others]
        return (max(points), sum(points) / len(points), incident)

    def _members(self, incident: int) -> list[Fact]:
        """The claims of an incident that others are compared with."""
        return [self.facts[claim] for claim in sorted(self.held[incident])[:MOST_MEMBERS]]

    def _draw_together(self, one: int, other: int) -> None:
        """Make two incidents that a claim ties one, when their claims fit and nobody keeps them apart."""
        keep, leave = min(one, other), max(one, other)
        if keep == leave or (keep, leave) in self.bars or self.pinned & (self.held[keep] | self.held[leave]):
            return
        ours, theirs = self._members(keep), self._members(leave)
        if any(told_apart(a, b) for a in ours for b in theirs):
            return
        points = [score(a, b) for a in ours for b in theirs]
        mean = sum(points) / len(points)
        if mean < MERGE_AT:
            return
        for claim in self.held.pop(leave):
            self.of[claim] = keep
            self.held[keep].add(claim)
            self.moved.add(claim)
            self.log.append(Placing(claim, keep, mean, "drawn-together"))
        self.merged[leave] = keep
        self.touched |= {keep, leave}

    def _know(self, ids: Iterable[int]) -> None:
        """Load the facts and places of claims not met before; claims of this batch not placed yet have none."""
        missing = [claim for claim in ids if claim not in self.facts]
        for row in in_chunks(self.connection, _KNOWN, claims.c.id, missing):
            self._take(row)

    def _load(self, incident: int) -> None:
        """Load all claims of an incident."""
        if incident not in self.opened and incident not in self.whole:
            for row in self.connection.execute(_KNOWN.where(members.c.incident_id == incident)):
                if row.id not in self.of:
                    self._take(row)
            self.whole.add(incident)

    def _take(self, row: Any) -> None:
        incident = self.merged.get(row.incident_id, row.incident_id)
        self.facts[row.id] = decode(row.fact)
        self.of[row.id] = incident
        self.held.setdefault(incident, set()).add(row.id)
        if row.pinned:
            self.pinned.add(row.id)

    def finish(self) -> Joined:
        """Write what was placed, and tell the incidents anew that were touched."""
        connection = self.connection
        kept = self.opened - set(self.merged)
        rows = [
            {"claim_id": claim, "incident_id": self.of[claim], "score": points, "pinned": False}
            for claim, points in self.new.items()
        ]
        if rows:
            connection.execute(insert(members), rows)
        old = [{"claim": claim, "incident": self.of[claim]} for claim in self.moved if claim not in self.new]
        if old:
            change = update(members).where(members.c.claim_id == bindparam("claim"))
            connection.execute(change.values(incident_id=bindparam("incident")), old)
        if self.opened:
            connection.execute(insert(incidents), [blank(incident, self.at) for incident in sorted(self.opened)])
        for leave, keep in self.merged.items():
            connection.execute(update(incidents).where(incidents.c.id == leave).values(merged_into=keep, claims=0))
        summarise(connection, self.touched - set(self.merged))
        return Joined(len(kept), log_placings(connection, self.at, self.log))


_MEET = (
    "SELECT DISTINCT claim_id FROM blocks WHERE key IN ({keys}) AND day BETWEEN {mark} AND {mark} "
    f"LIMIT {MOST_CANDIDATES}"
)
_KNOWN = (
    select(claims.c.id, claims.c.fact, members.c.incident_id, members.c.pinned)
    .join(members, members.c.claim_id == claims.c.id)
    .where(claims.c.current)
)


def blank(incident: int, at: str) -> dict[str, Any]:
    """The row of an incident made at a time, before its claims are told."""
    return {"id": incident, "at": at, "type": "", "claims": 0, "independent": 0, "occurrence": ""}


def told_apart(one: Fact, other: Fact) -> bool:
    """Whether one teller in one report tells the two as different events."""
    return one.reading == other.reading and (one.source_kind, one.source) == (other.source_kind, other.source)
