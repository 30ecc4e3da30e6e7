"""The row of an incident: its main values under the rule `range`, kept for lists and told anew whenever it changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from sijill.incidents.derive import derive
from sijill.record.adding import in_chunks
from sijill.record.decided import effective
from sijill.record.fact import Fact, day_of, decode
from sijill.record.schema import claims, incidents, members, meta
from sijill.record.settings import parse


def facts_of(connection: Connection, ids: Iterable[int]) -> dict[int, list[Fact]]:
    """The facts of the current claims of incidents, as read."""
    wanted = (
        select(members.c.incident_id, claims.c.fact)
        .join(claims, claims.c.id == members.c.claim_id)
        .where(claims.c.current)
    )
    found: dict[int, list[Fact]] = {}
    for row in in_chunks(connection, wanted, members.c.incident_id, sorted(ids)):
        found.setdefault(row[0], []).append(decode(row[1]))
    return found


def second_person(connection: Connection) -> tuple[str, ...]:
    """The fields for which a second person is asked."""
    told = connection.execute(select(meta.c.value).where(meta.c.key == "settings")).scalar_one()
    return parse(told).second_person


def summarise(connection: Connection, ids: Iterable[int]) -> None:
    """Tell incidents anew from their claims and the decisions on them."""
    held = facts_of(connection, ids)
    everything = [fact for facts in held.values() for fact in facts]
    decided = {fact.claim: fact for fact in effective(connection, everything, second_person(connection))}
    rows = [
        {"incident": incident}
        | summary([decided[fact.claim] for fact in held.get(incident, []) if fact.claim in decided])
        for incident in ids
    ]
    if rows:
        names = [name for name in rows[0] if name != "incident"]
        change = update(incidents).where(incidents.c.id == bindparam("incident"))
        connection.execute(change.values({name: bindparam(name) for name in names}), rows)


def summary(facts: list[Fact]) -> dict[str, Any]:
    """The main values of an incident of these claims, by column of its row."""
    empty = dict.fromkeys(("first", "last", "place", "lat", "lon", "killed_low", "killed_high"))
    if not facts:
        return {"type": "", **empty, "claims": 0, "independent": 0, "occurrence": "rejected"}
    told = derive(facts)
    spot = told.places[0] if told.places else None
    killed = next((harm for harm in told.harm if (harm.outcome, harm.who) == ("killed", "all")), None)
    return {
        "type": told.type,
        "first": day_of(told.first),
        "last": day_of(told.last),
        "place": spot.name if spot else None,
        "lat": spot.lat if spot else None,
        "lon": spot.lon if spot else None,
        "killed_low": killed.low if killed else None,
        "killed_high": killed.high if killed else None,
        "claims": len(told.claims),
        "independent": told.independent,
        "occurrence": told.grades.occurrence,
    }
