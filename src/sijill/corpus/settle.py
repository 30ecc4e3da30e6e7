"""Settling a cluster: claims that likely pairs tie, one by the next, are placed by the rule of the record's joining.

A chain of near misses ties claims that do not tell one event. So the claims of a cluster come in the order of their
publication, and each joins the incident of its best pair if the mean of its pairs there does not speak against it.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from sijill.incidents.blocks import sought, written
from sijill.incidents.derive import independent_voices
from sijill.incidents.join import JOIN_AT, MEAN_AT, MERGE_AT, MOST_CANDIDATES, MOST_MEMBERS, told_apart
from sijill.incidents.pair import score
from sijill.record.fact import Fact, decode, numbered

SETTLED = pa.schema(
    [
        ("cluster", pa.string()), ("incident", pa.string()), ("claim", pa.string()), ("voice", pa.int32()),
        ("report", pa.string()), ("origin", pa.string()),
    ]
)  # fmt: skip


def settled(claims: pa.Table) -> pa.Table:
    """The claims of one cluster (`cluster`, `claim`, `report`, `origin`, `fact`) as rows of `SETTLED`, by incident."""
    rows = sorted(claims.to_pylist(), key=lambda row: row["claim"])
    numbers: dict[str, int] = {}
    for row in rows:
        for name in (row["report"], row["origin"]):
            numbers.setdefault(name, len(numbers))
    facts = [
        numbered(decode(row["fact"]), n, numbers[row["report"]], numbers[row["origin"]]) for n, row in enumerate(rows)
    ]
    made = []
    for members in _incidents(facts):
        voices = independent_voices([facts[n] for n in members])
        voice = {claim: number for number, said in enumerate(voices, start=1) for claim in said}
        name = f"k-{rows[members[0]]['claim']}"
        told = ("cluster", "claim", "report", "origin")
        made += [{"incident": name, "voice": voice[n], **{key: rows[n][key] for key in told}} for n in members]
    return pa.Table.from_pylist(made, schema=SETTLED)


def _incidents(facts: list[Fact]) -> list[list[int]]:
    """The numbers of the claims of every incident, the least first."""
    if len(facts) == 1:
        return [[0]]
    placing = _Placing()
    for fact in sorted(facts, key=lambda fact: (fact.published or 0, fact.claim)):
        placing.place(fact)
    return sorted(sorted(fact.claim for fact in members) for members in placing.held.values())


class _Placing:
    def __init__(self) -> None:
        self.held: dict[int, list[Fact]] = {}
        self.of: dict[int, int] = {}
        self.found: dict[tuple[int, int], list[Fact]] = {}
        """The claims placed before, by the blocks under which they are found."""

    def place(self, fact: Fact) -> None:
        """Join the incident that fits best, or open one; draw together what the claim ties."""
        pairs = {other.claim: score(fact, other) for other in self._met(fact)}
        likely = {self.of[claim] for claim, points in pairs.items() if points >= JOIN_AT}
        fits = [fit for incident in likely if (fit := self._fit(fact, incident, pairs)) is not None]
        incident = max(fits)[1] if fits else fact.claim
        self.held.setdefault(incident, []).append(fact)
        self.of[fact.claim] = incident
        for at in written(fact):
            self.found.setdefault(at, []).append(fact)
        for _, other in sorted(fits, reverse=True)[1:]:
            self._draw_together(self.of[fact.claim], other)

    def _met(self, fact: Fact) -> list[Fact]:
        look = sought(fact)
        if look is None:
            return []
        keys, first, last = look
        blocks = (self.found.get((key, day), ()) for key in keys for day in range(first, last + 1))
        met = {other.claim: other for block in blocks for other in block}
        return list(met.values())[:MOST_CANDIDATES]

    def _fit(self, fact: Fact, incident: int, pairs: dict[int, float]) -> tuple[float, int] | None:
        others = self.held[incident][:MOST_MEMBERS]
        if any(told_apart(fact, other) for other in others):
            return None
        points = [pairs[other.claim] if other.claim in pairs else score(fact, other) for other in others]
        return (max(points), incident) if _mean(points) >= MEAN_AT else None

    def _draw_together(self, one: int, other: int) -> None:
        if one == other:
            return
        ours, theirs = self.held[one][:MOST_MEMBERS], self.held[other][:MOST_MEMBERS]
        pairs = [(a, b) for a in ours for b in theirs]
        if any(told_apart(a, b) for a, b in pairs) or _mean([score(a, b) for a, b in pairs]) < MERGE_AT:
            return
        for fact in self.held.pop(other):
            self.held[one].append(fact)
            self.of[fact.claim] = one


def _mean(points: Iterable[float]) -> float:
    told = list(points)
    return sum(told) / len(told)
