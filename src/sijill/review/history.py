"""What was said when: the history of any value, and claims and incidents as they stood on a day.

A time is one of the record (`2026-03-01T12:00:00Z`) or a day (`2026-03-01`, its end).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Text, cast, exists, func, literal, select

from sijill.incidents.derive import Derived, Rule, derive
from sijill.incidents.summary import second_person
from sijill.record import Record
from sijill.record.adding import in_chunks
from sijill.record.decided import VALUES, effective, value_of
from sijill.record.fact import Fact, decode
from sijill.record.schema import claims, decisions, member_log, members, readings, states
from sijill.review.acts import number_of
from sijill.review.errors import ReviewError


class Said(msgspec.Struct, frozen=True):
    """One step in the history of a value: read by a machine, or decided by a person."""

    at: str
    who: str
    kind: str
    field: str | None
    value: Any
    why: str
    decision: int | None = None
    undone: bool = False


def moment(told: str) -> str:
    """A time to compare with: a day means its end. Raises `ReviewError` for something else."""
    try:
        when = datetime.fromisoformat(told)
    except ValueError as error:
        raise ReviewError(f"{told}: not a day (2026-03-01) or a time (2026-03-01T12:00:00Z)") from error
    if len(told) == 10:
        return f"{told}T23:59:59.999999Z"
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return when.isoformat(timespec="microseconds").replace("+00:00", "Z")


def history(record: Record, target: str, field: str | None = None) -> list[Said]:
    """Everything said of a claim (`c12`) or an incident (`i7`), of one field or of all, oldest first."""
    with record.reading() as connection:
        found: list[Said] = []
        if target.startswith("c"):
            number = number_of(target, "c")
            thread = connection.execute(select(claims.c.thread).where(claims.c.id == number)).scalar()
            if thread is None:
                raise ReviewError(f"{target}: there is no such claim")
            target = f"c{thread}"
            if field is not None:
                found += _read(connection, thread, field)
        rows = connection.execute(select(decisions).where(decisions.c.target == target).order_by(decisions.c.id)).all()
    undone = {row.replaces for row in rows if row.kind == "undo"}
    for row in rows:
        if field is None or row.field in (field, None):
            value = None if row.value is None else msgspec.json.decode(row.value)
            found.append(Said(row.at, row.who, row.kind, row.field, value, row.why, row.id, row.id in undone))
    return sorted(found, key=lambda said: said.at)


def _read(connection: Connection, thread: int, field: str) -> list[Said]:
    wanted = (
        select(readings.c.at, readings.c.reader, claims.c.fact)
        .join(claims, claims.c.reading_id == readings.c.id)
        .where(claims.c.thread == thread, claims.c.type != "")  # without a type it is what a removal left
    )
    return [
        Said(row.at, row.reader, "read", field, value_of(decode(row.fact), field), "")
        for row in connection.execute(wanted)
    ]


def facts_as_of(
    connection: Connection, as_of: str | None = None, incidents: Iterable[int] | None = None
) -> dict[int, list[Fact]]:
    """The claims of incidents (of all, where none are named), as people left them, now or at a time."""
    placed = _placed(connection, as_of, incidents)
    found: dict[int, list[Fact]] = {}
    facts = {
        fact.claim: fact
        for fact in effective(connection, [fact for fact, _ in placed], second_person(connection), as_of)
    }
    for fact, incident in placed:
        if fact.claim in facts:
            found.setdefault(incident, []).append(facts[fact.claim])
    return found


def _placed(connection: Connection, as_of: str | None, incidents: Iterable[int] | None) -> list[tuple[Fact, int]]:
    if as_of is None:
        now = (
            select(claims.c.fact, members.c.incident_id)
            .join(members, members.c.claim_id == claims.c.id)
            .where(claims.c.current)
            .order_by(claims.c.id)
        )
        rows = (
            connection.execute(now)
            if incidents is None
            else in_chunks(connection, now, members.c.incident_id, list(incidents))
        )
        return [(decode(row[0]), row[1]) for row in rows]
    asked = None if incidents is None else set(incidents)
    newest = select(func.max(member_log.c.id)).where(member_log.c.at <= as_of).group_by(member_log.c.claim_id)
    if asked is not None:
        ever = select(member_log.c.claim_id).where(member_log.c.incident_id.in_(asked))
        newest = newest.where(member_log.c.claim_id.in_(ever))
    last_read = select(func.max(readings.c.id)).where(readings.c.at <= as_of).group_by(readings.c.capture_id)
    then = (
        select(claims.c.fact, member_log.c.incident_id)
        .join(member_log, member_log.c.claim_id == claims.c.id)
        .where(member_log.c.id.in_(newest), claims.c.reading_id.in_(last_read), claims.c.type != "")
        .order_by(claims.c.id)
    )
    rows = connection.execute(then)
    return [(decode(row[0]), row[1]) for row in rows if asked is None or row[1] in asked]


def incident(record: Record, target: str, rule: Rule = "range", as_of: str | None = None) -> Derived:
    """An incident under a rule, now or at a time. Raises `ReviewError` where there is (or was) none."""
    number = number_of(target, "i")
    with record.reading() as connection:
        facts = facts_as_of(connection, moment(as_of) if as_of else None, [number]).get(number)
    if not facts:
        raise ReviewError(f"{target}: there is no such incident" + (f" as of {as_of}" if as_of else ""))
    return derive(facts, rule)


def state_of(connection: Connection, target: str) -> tuple[str, str | None]:
    """State and assignee of a claim or incident."""
    row = connection.execute(select(states).where(states.c.target == target)).first()
    return (row.state, row.assignee) if row else ("machine-read", None)


def to_look_at(record: Record) -> list[Said]:
    """Decisions on claims whose words no longer stand in the newest reading: they ask for a new look."""
    removed = exists().where(
        decisions.c.target == literal("c").op("||")(cast(claims.c.thread, Text)), claims.c.type == ""
    )
    with record.reading() as connection:
        rows = connection.execute(select(decisions).where(decisions.c.kind.in_(VALUES), ~removed))
        kept = [row for row in rows if not _stands(connection, int(row.target[1:]))]
    return [Said(row.at, row.who, row.kind, row.field, row.target, row.anchor or "", row.id) for row in kept]


def _stands(connection: Connection, thread: int) -> bool:
    return (
        connection.execute(select(claims.c.id).where(claims.c.thread == thread, claims.c.current)).first() is not None
    )
