"""Facts as people left them: the newest standing decision on each field laid over what was read.

A decision never changes a reading; undoing it, or asking for an earlier day, brings the older value back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from sijill.record.fact import Fact, Harm, Side, Spot, day_of, iso_of
from sijill.record.schema import claims, decisions

FIELDS = (
    "type",
    "modality",
    "date",
    "places",
    "initiators",
    "targets",
    "killed",
    "injured",
    "captured",
    "missing",
    "displaced",
)
VALUES = ("accept", "correct", "reject")
"""The decisions about what a claim says."""
_CHUNK = 400


def standing(connection: Connection, targets: Iterable[str], as_of: str | None = None) -> list[Row[Any]]:
    """Decisions on targets in order, without those undone; only those made by `as_of`, a time of the record."""
    found: list[Row[Any]] = []
    names = list(targets)
    for start in range(0, len(names), _CHUNK):
        wanted = select(decisions).where(decisions.c.target.in_(names[start : start + _CHUNK]))
        if as_of:
            wanted = wanted.where(decisions.c.at <= as_of)
        found += connection.execute(wanted).all()
    undone = {row.replaces for row in found if row.kind == "undo"}
    kept = [row for row in found if row.id not in undone and row.kind != "undo"]
    return sorted(kept, key=lambda row: row.id)


def effective(
    connection: Connection, facts: Sequence[Fact], second_person: Sequence[str] = (), as_of: str | None = None
) -> list[Fact]:
    """Facts with the standing decisions laid over; rejected claims are left out.

    For fields in `second_person` a decision counts when two people made the same one.
    """
    threads = threads_of(connection, [fact.claim for fact in facts])
    by_target: dict[str, list[Row[Any]]] = {}
    for row in standing(connection, {f"c{thread}" for thread in threads.values()}, as_of):
        if row.kind in VALUES:
            by_target.setdefault(row.target, []).append(row)
    found = []
    for fact in facts:
        laid = _laid(fact, by_target.get(f"c{threads[fact.claim]}", []), second_person)
        if laid is not None:
            found.append(laid)
    return found


def threads_of(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """The thread of each claim: the first row of the same claim, which decisions name."""
    found: dict[int, int] = {}
    for start in range(0, len(ids), _CHUNK):
        wanted = select(claims.c.id, claims.c.thread).where(claims.c.id.in_(ids[start : start + _CHUNK]))
        found |= {row[0]: row[1] for row in connection.execute(wanted)}
    return found


def state_after(rows: Iterable[Row[Any]]) -> tuple[str, str | None]:
    """State and assignee that standing decisions on one target leave, in their order."""
    state, assignee = "machine-read", None
    for row in rows:
        value = msgspec.json.decode(row.value)
        if row.kind == "assign":
            state, assignee = "assigned", value
        else:
            state = value
    return state, assignee


def winning(rows: Sequence[Row[Any]], needs_second: bool) -> Row[Any] | None:
    """The decision on one field that counts: the newest, or the newest that a second person made as well."""
    if not needs_second:
        return rows[-1] if rows else None
    newest: dict[str, Row[Any]] = {row.who: row for row in rows}
    for row in reversed(rows):
        agree = [who for who, other in newest.items() if (other.kind, other.value) == (row.kind, row.value)]
        if len(agree) > 1:
            chosen: Row[Any] = row
            return chosen
    return None


def _laid(fact: Fact, rows: Sequence[Row[Any]], second_person: Sequence[str]) -> Fact | None:
    for field in dict.fromkeys(row.field for row in rows):
        counts = winning([row for row in rows if row.field == field], (field or "claim") in second_person)
        if counts is None or counts.kind == "accept":
            continue
        if field is None:
            if counts.kind == "reject":
                return None
            continue
        value = msgspec.json.decode(counts.value) if counts.kind == "correct" and counts.value else None
        fact = changed(fact, field, value)
    return fact


def value_of(fact: Fact, field: str) -> Any:
    """The value of a field in the form that `changed` takes."""
    if field in ("type", "modality"):
        return getattr(fact, field)
    if field == "date":
        return None if fact.first is None else [iso_of(fact.first), iso_of(fact.last)]
    if field == "places":
        names = ("name", "place_id", "lat", "lon", "precision", "country", "admin1", "admin2")
        told = [{name: getattr(spot, name) for name in names} for spot in fact.spots]
        return [{name: value for name, value in spot.items() if value is not None} for spot in told]
    if field in ("initiators", "targets"):
        return [[side.actor, side.name] for side in getattr(fact, field)]
    return [[harm.low, harm.high, harm.who] for harm in fact.harm if harm.outcome == field]


def changed(fact: Fact, field: str, value: Any) -> Fact:
    """A fact with one field replaced; `value` None empties it. Raises `ValidationError` for a value of another form.

    type, modality: a word. date: [first, last] as ISO days. places: list of objects with `name` and optionally
    `place_id`, `lat`, `lon`, `precision`, `country`, `admin1`, `admin2`. initiators, targets: list of [actor, name].
    Outcomes (killed ...): list of [least, most, who].
    """
    if field in ("type", "modality"):
        word = msgspec.convert(value, str)
        return msgspec.structs.replace(fact, **{field: word})
    if field == "date":
        first, last = msgspec.convert(value, tuple[str, str]) if value else (None, None)
        return msgspec.structs.replace(fact, first=day_of(first), last=day_of(last), basis="stated")
    if field == "places":
        spots = tuple(Spot(**place) for place in msgspec.convert(value or [], list[dict[str, Any]]))
        return msgspec.structs.replace(fact, spots=spots)
    if field in ("initiators", "targets"):
        sides = msgspec.convert(value or [], tuple[Side, ...])
        return msgspec.structs.replace(fact, **{field: sides})
    numbers = msgspec.convert(value or [], list[tuple[int | None, int | None, str]])
    other = tuple(harm for harm in fact.harm if harm.outcome != field)
    return msgspec.structs.replace(fact, harm=other + tuple(Harm(field, *number) for number in numbers))
