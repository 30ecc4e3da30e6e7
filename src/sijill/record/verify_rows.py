"""Rows that repeat the evidence, compared with it: those of claims with readings, those of review with decisions.

Search, maps and the public view go by these rows; one that was changed or taken away would mislead without a trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, exists, select

from sijill.record.adding import claim_row, in_chunks, party_rows, place_rows, report_of
from sijill.record.decided import state_after
from sijill.record.fact import fact_of, numbered
from sijill.record.schema import claim_parties, claim_places, claims, decisions, members, states, withheld

Faulty = tuple[str, str]
"""Where, and what."""


def claims_of(connection: Connection, reading: Any) -> Iterator[Faulty]:
    """Compare the rows of claims with the reading that they repeat."""
    rows = connection.execute(select(claims).where(claims.c.reading_id == reading.id).order_by(claims.c.id)).all()
    report = report_of(reading.data)
    if len(rows) != (len(report.claims) if reading.copy_of is None else 0):
        yield f"reading {reading.id}", f"tells {len(report.claims)} claims; the record has {len(rows)}"
        return
    facts = []
    for row, claim in zip(rows, report.claims, strict=False):
        fact = numbered(fact_of(claim, report), row.id, reading.id, reading.origin)
        facts.append(fact)
        told = claim_row(fact, claim.id, row.thread)
        for name, value in told.items():
            if name != "current" and getattr(row, name) != value:
                yield f"claim {row.id}", f"its {name} is not what reading {reading.id} says"
        if row.current and not connection.execute(select(exists().where(members.c.claim_id == row.id))).scalar():
            yield f"claim {row.id}", "is in no incident"
    yield from _parts(connection, claim_places, "places", {fact.claim: place_rows(fact) for fact in facts}, "id")
    yield from _parts(connection, claim_parties, "parties", {fact.claim: party_rows(fact) for fact in facts}, "n")


def _parts(
    connection: Connection, table: Table, what: str, told: dict[int, list[dict[str, Any]]], order: str
) -> Iterator[Faulty]:
    kept: dict[int, list[Any]] = {claim: [] for claim in told}
    rows = in_chunks(connection, select(table), table.c.claim_id, list(told))
    for row in sorted(rows, key=lambda row: int(getattr(row, order))):
        kept[row.claim_id].append(row)
    for claim, expected in told.items():
        found = [{name: getattr(row, name) for name in one} for row, one in zip(kept[claim], expected, strict=False)]
        if len(kept[claim]) != len(expected) or found != expected:
            yield f"claim {claim}", f"its {what} are not what its reading says"


def states_of(connection: Connection) -> Iterator[Faulty]:
    """Compare states and assignments with the decisions that made them."""
    by_target: dict[str, list[Any]] = {}
    for row in _standing(connection, ("state", "assign")):
        by_target.setdefault(row.target, []).append(row)
    expected = {target: state_after(rows) for target, rows in by_target.items()}
    kept = {row.target: (row.state, row.assignee) for row in connection.execute(select(states))}
    nothing = ("machine-read", None)
    for target in sorted(expected.keys() | kept.keys()):
        if kept.get(target, nothing) != expected.get(target, nothing):
            yield f"state of {target}", "is not what people decided"


def withheld_of(connection: Connection) -> Iterator[Faulty]:
    """Compare what is withheld and what was removed with the decisions that say so."""
    expected: dict[int, tuple[int, bool]] = {}
    for row in _standing(connection, ("withhold",)):
        told = msgspec.json.decode(row.value)
        for capture in (int(row.target[1:]), *told.get("also", ())):
            remove = bool(told.get("remove"))
            expected[capture] = (row.id, remove or expected.get(capture, (0, False))[1])
    kept = {row.capture_id: (row.decision_id, row.removed) for row in connection.execute(select(withheld))}
    for capture in sorted(expected.keys() | kept.keys()):
        if kept.get(capture) != expected.get(capture):
            yield f"capture {capture}", "is withheld, removed or shown otherwise than people decided"


def _standing(connection: Connection, kinds: tuple[str, ...]) -> list[Any]:
    """Decisions of some kinds in order, without those undone."""
    undone = select(decisions.c.replaces).where(decisions.c.kind == "undo")
    wanted = select(decisions).where(decisions.c.kind.in_(kinds), decisions.c.id.not_in(undone))
    return list(connection.execute(wanted.order_by(decisions.c.id)))
