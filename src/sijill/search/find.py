"""Finding: the claims that a query asks for, and how they spread over types, places, parties, sources and states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BindParameter, ColumnElement, Connection, FromClause, bindparam, func, select

from sijill.incidents.pair import total
from sijill.record import Record, spelling
from sijill.record.adding import report_of
from sijill.record.fact import decode, iso_of
from sijill.record.schema import claim_parties, claim_places, claims, members, readings, states, withheld
from sijill.search.narrow import ids_of, incident_name, spoken
from sijill.search.query import Query, terms

_MOST = 5_000
"""Facets are counted over so many of the newest claims found."""
_MOST_VALUES = 30


class Hit(msgspec.Struct, frozen=True):
    """A claim that was found. `words` is the sentence it was read from, empty where its capture is withheld."""

    claim: int
    incident: int
    type: str
    modality: str
    first: str | None
    last: str | None
    places: tuple[str, ...]
    initiators: tuple[str, ...]
    killed: int | None
    source: str | None
    outlet: str | None
    words: str
    capture: int


class Found(msgspec.Struct, frozen=True):
    """A page of a search. `more`: there is another page."""

    hits: tuple[Hit, ...]
    more: bool


class Facets(msgspec.Struct, frozen=True):
    """How the claims found spread: value to number, most first. Not `complete`: only the newest 5,000 are counted."""

    counted: int
    complete: bool
    types: dict[str, int]
    places: dict[str, int]
    areas: dict[str, int]
    parties: dict[str, int]
    sources: dict[str, int]
    states: dict[str, int]


def find(record: Record, query: Query, *, limit: int = 20, offset: int = 0) -> Found:
    """The claims that a query asks for, newest first."""
    with record.reading() as connection:
        ids = list(connection.execute(ids_of(connection, query).limit(limit + 1).offset(offset)).scalars())
        hits = _hits(connection, ids[:limit])
    return Found(tuple(hits), len(ids) > limit)


def find_reports(record: Record, words: str, *, limit: int = 20) -> list[tuple[int, str]]:
    """Reports whose text has the words, claims or none: capture number and first line, newest first.

    Withheld captures are not among them.
    """
    with record.reading() as connection:
        docs = spoken(connection, terms(words), reports=True)
        newest = docs.order_by(docs.selected_columns.doc.desc()).limit(limit)
        ids = [doc // 2 for doc in connection.execute(newest).scalars()]
        wanted = select(readings.c.id, readings.c.capture_id, readings.c.data).where(readings.c.id.in_(ids))
        rows = {row.id: row for row in connection.execute(wanted)}
        hidden = set(connection.execute(select(withheld.c.capture_id)).scalars())
    shown = [rows[number] for number in ids if rows[number].capture_id not in hidden]
    found = [(row.capture_id, report_of(row.data)) for row in shown]
    return [(capture, (report.title.quote if report.title else report.text)[:120].strip()) for capture, report in found]


def facets(record: Record, query: Query) -> Facets:
    """How the claims that a query asks for spread."""
    with record.reading() as connection:
        ids = list(connection.execute(ids_of(connection, query).limit(_MOST + 1)).scalars())
        mine: BindParameter[int] = bindparam("mine", ids[:_MOST], expanding=True, literal_execute=True)

        def count(value: ColumnElement[Any], key: ColumnElement[Any], rows: FromClause) -> dict[str, int]:
            number = func.count(func.distinct(key))
            wanted = select(value, number).select_from(rows).where(key.in_(mine), value.is_not(None))
            wanted = wanted.group_by(value).order_by(number.desc(), value).limit(_MOST_VALUES)
            return {row[0]: row[1] for row in connection.execute(wanted)}

        def named(value: ColumnElement[Any], key: ColumnElement[Any], rows: FromClause, told: Any) -> dict[str, int]:
            counts = count(value, key, rows)
            names = spelling.of(connection, told, key, list(counts))
            return {names.get(name, name): number for name, number in counts.items()}

        with_state = members.outerjoin(states, states.c.target == incident_name())
        party = func.coalesce(claim_parties.c.actor, claim_parties.c.name)
        return Facets(
            counted=min(len(ids), _MOST),
            complete=len(ids) <= _MOST,
            types=count(claims.c.type, claims.c.id, claims),
            places=named(claim_places.c.name, claim_places.c.claim_id, claim_places, claim_places.c.name),
            areas=named(claim_places.c.admin1, claim_places.c.claim_id, claim_places, claim_places.c.admin1),
            parties=named(party, claim_parties.c.claim_id, claim_parties, claim_parties.c.name),
            sources=named(claims.c.source, claims.c.id, claims, claims.c.source),
            states=count(func.coalesce(states.c.state, "machine-read"), members.c.claim_id, with_state),
        )


def _hits(connection: Connection, ids: Sequence[int]) -> list[Hit]:
    wanted = (
        select(claims.c.id, claims.c.key, claims.c.fact, members.c.incident_id, readings.c.capture_id, readings.c.data)
        .join(members, members.c.claim_id == claims.c.id)
        .join(readings, readings.c.id == claims.c.reading_id)
        .where(claims.c.id.in_(ids))
    )
    rows = {row.id: row for row in connection.execute(wanted)}
    hidden = set(connection.execute(select(withheld.c.capture_id)).scalars())
    return [_hit(rows[number], hide=rows[number].capture_id in hidden) for number in ids]


def _hit(row: Any, *, hide: bool) -> Hit:
    fact = decode(row.fact)
    report = report_of(row.data)
    claim = next(claim for claim in report.claims if claim.id == row.key)
    killed = total(fact, "killed")
    return Hit(
        claim=row.id,
        incident=row.incident_id,
        type=fact.type,
        modality=fact.modality,
        first=iso_of(fact.first),
        last=iso_of(fact.last),
        places=tuple(place.name for place in claim.places),
        initiators=tuple(party.name for party in claim.initiators),
        killed=killed[0] if killed else None,
        source=claim.source.name or claim.source.kind,
        outlet=report.outlet or fact.outlet,
        words="" if hide else claim.evidence[0].quote,
        capture=row.capture_id,
    )
