"""Looking into a record for one viewer: lists of incidents, one incident, one claim.

This is the only way from the record to pages, API and feeds, and the one place where the public view begins: for a
viewer from outside everything passes `release`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Text, cast, func, literal, select

from sijill.errors import OptionError
from sijill.incidents.derive import RULES, Rule, derive
from sijill.model import Report
from sijill.record import Record
from sijill.record.adding import in_chunks
from sijill.record.fact import Fact, day_of, decode, iso_of
from sijill.record.schema import (
    captures,
    claims,
    incidents,
    ledger,
    member_log,
    members,
    readings,
    states,
    withheld,
)
from sijill.review.history import Said, facts_as_of, history, moment
from sijill.search.narrow import ids_of
from sijill.web import release
from sijill.web.filters import Filters
from sijill.web.marks import sentence
from sijill.web.names import party_of, place_of
from sijill.web.roles import Viewer
from sijill.web.shapes import ClaimShown, IncidentShown, Slice

MOST_CLAIMS = 20_000
"""Filters on claims look at so many of the newest claims that match; what is older is reached by an earlier day."""


class MissingError(OptionError):
    """Something that is not in the record, or not for this viewer."""


class Look:
    """One viewer's eyes on a record."""

    def __init__(self, record: Record, viewer: Viewer) -> None:
        self.record, self.viewer = record, viewer

    def incidents(self, filters: Filters, *, after: str = "", limit: int = 50) -> Slice:
        """Incidents that a view is narrowed to, the newest first; `after` is `Slice.next` of the slice before."""
        cursor = _cursor(after)
        if not self.viewer.inside:
            return self._released(filters, cursor, limit)
        return _slice(self.record, version(self.record), filters, cursor, limit)

    def _released(self, filters: Filters, cursor: tuple[int, int] | None, limit: int) -> Slice:
        """The same of the public view, matched against what the public sees, so that no filter tells more."""
        found = [shown for shown in released(self.record, version(self.record)) if _matches(shown, filters)]
        by_day = filters.order == "day"
        keyed = sorted(((_key(shown, by_day), shown) for shown in found), key=lambda pair: pair[0], reverse=True)
        kept = [shown for key, shown in keyed if cursor is None or key < cursor]
        items = tuple(kept[:limit])
        return Slice(items, _next(items[-1], filters) if len(kept) > limit else None)

    def incident(self, number: int, rule: str = "range", as_of: str = "") -> tuple[IncidentShown, list[ClaimShown]]:
        """One incident under a rule, now or as of a day, and its claims. Raises `MissingError`."""
        if rule not in RULES:
            raise OptionError(f"rule: {rule} is not one of {', '.join(RULES)}")
        with self.record.reading() as connection:
            if not self.viewer.inside and (not _is_final(connection, number) or as_of):
                raise MissingError(f"i{number}: there is no such incident")
            facts = facts_as_of(connection, moment(as_of) if as_of else None, [number]).get(number, [])
            if not facts:
                raise MissingError(f"i{number}: there is no such incident")
            shown = next(_told(connection, {number: facts}, rule))
            told = _claims_shown(self.record, connection, facts, {fact.claim: number for fact in facts}, shown)
        if self.viewer.inside:
            return shown, told
        return release.incident(shown), [release.claim(claim) for claim in told]

    def history(self, number: int) -> list[Said]:
        """What people said of an incident; nothing of it is for the public."""
        return history(self.record, f"i{number}") if self.viewer.inside else []

    def claims(self, ids: Sequence[int]) -> list[ClaimShown]:
        """Claims by number, in this order; for viewers from inside."""
        with self.record.reading() as connection:
            rows = in_chunks(connection, select(claims.c.id, claims.c.fact), claims.c.id, list(ids))
            facts = {row.id: decode(row.fact) for row in rows}
            held = in_chunks(connection, select(members.c.claim_id, members.c.incident_id), members.c.claim_id, ids)
            kept = [facts[number] for number in ids if number in facts]
            return _claims_shown(self.record, connection, kept, {row[0]: row[1] for row in held}, None)

    def claim_ids(self, filters: Filters, *, limit: int = 20, offset: int = 0) -> list[int]:
        """The numbers of the claims that a view is narrowed to, the newest first; for viewers from inside."""
        with self.record.reading() as connection:
            wanted = _claim_ids(connection, filters).limit(limit).offset(offset)
            return list(connection.execute(wanted).scalars())


def version(record: Record) -> int:
    """A number that grows with every change of the record."""
    with record.reading() as connection:
        return int(connection.execute(select(func.max(ledger.c.seq))).scalar() or 0)


@lru_cache(maxsize=64)
def _slice(record: Record, _version: int, filters: Filters, cursor: tuple[int, int] | None, limit: int) -> Slice:
    """Incidents for viewers from inside, kept for one state of the record: many read the same front page."""
    with record.reading() as connection:
        ids = _ids(connection, filters, cursor, limit + 1)
        items = tuple(_shown(connection, ids[:limit]))
    return Slice(items, _next(items[-1], filters) if items and len(ids) > limit else None)


@lru_cache(maxsize=4)
def released(record: Record, _version: int) -> tuple[IncidentShown, ...]:
    """All incidents of the public view, at one state of the record."""
    final = select(states.c.target).where(states.c.state == "final", states.c.target.like("i%"))
    with record.reading() as connection:
        ids = [int(target[1:]) for target in connection.execute(final).scalars()]
        return tuple(release.incident(shown) for shown in _shown(connection, ids))


def _is_final(connection: Connection, number: int) -> bool:
    wanted = select(states.c.state).where(states.c.target == f"i{number}")
    return connection.execute(wanted).scalar() == "final"


def _matches(shown: IncidentShown, filters: Filters) -> bool:
    places = {name for p in shown.places for name in (p.ar, p.en, p.id, p.country, p.admin1) if name}
    parties = {name for p in (*shown.initiators, *shown.targets) for name in (p.actor, p.ar, p.en) if name}
    killed = max((harm.high or harm.low for harm in shown.harm if harm.outcome == "killed"), default=0)
    return not (
        any((filters.q, filters.source, filters.kind, filters.box, filters.near, filters.state not in ("", "final")))
        or (filters.type and shown.type != filters.type)
        or (filters.since and (shown.last or "") < filters.since)
        or (filters.until and (shown.first or "9999") > filters.until)
        or (filters.place and filters.place not in places)
        or (filters.party and filters.party not in parties)
        or (filters.killed is not None and killed < filters.killed)
    )


def _cursor(after: str) -> tuple[int, int] | None:
    if not after:
        return None
    parts = after.split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in parts):
        raise OptionError(f"after: {after} is not a cursor that was given before")
    return int(parts[0]), int(parts[1])


def _key(shown: IncidentShown, by_day: bool) -> tuple[int, int]:
    return (day_of(shown.first) or 0) if by_day else 0, int(shown.id[1:])


def _next(shown: IncidentShown, filters: Filters) -> str:
    day, number = _key(shown, filters.order == "day")
    return f"{day}.{number}"


def _ids(connection: Connection, filters: Filters, cursor: tuple[int, int] | None, limit: int) -> list[int]:
    table = incidents.c
    wanted = select(table.id).where(table.merged_into.is_(None), table.claims > 0)
    by_day = filters.order == "day"
    if filters.on_claims:
        if by_day and cursor and cursor[0]:
            earlier = min(filters.until or "9999-12-31", iso_of(cursor[0]) or "9999-12-31")
            filters = msgspec.structs.replace(filters, until=earlier)
        newest = _claim_ids(connection, filters).limit(MOST_CLAIMS)
        wanted = wanted.where(table.id.in_(select(members.c.incident_id).where(members.c.claim_id.in_(newest))))
    else:
        if filters.type:
            wanted = wanted.where(table.type == filters.type)
        if filters.since:
            wanted = wanted.where(table.last >= day_of(filters.since))
        if filters.until:
            wanted = wanted.where(table.first <= day_of(filters.until))
    if filters.killed is not None:
        wanted = wanted.where(func.coalesce(table.killed_high, table.killed_low) >= filters.killed)
    if filters.state:
        name = literal("i").op("||")(cast(table.id, Text))
        named = select(states.c.state).where(states.c.target == name).scalar_subquery()
        wanted = wanted.where(func.coalesce(named, "machine-read") == filters.state)
    if not by_day:
        if cursor:
            wanted = wanted.where(table.id < cursor[1])
        return list(connection.execute(wanted.order_by(table.id.desc()).limit(limit)).scalars())
    if cursor:
        day, number = cursor
        before = (table.first < day) | ((table.first == day) & (table.id < number)) | table.first.is_(None)
        wanted = wanted.where(before if day else table.first.is_(None) & (table.id < number))
    return list(
        connection.execute(wanted.order_by(table.first.desc().nulls_last(), table.id.desc()).limit(limit)).scalars()
    )


def _claim_ids(connection: Connection, filters: Filters) -> Any:
    wanted = ids_of(connection, filters.query())
    return wanted.where(claims.c.source_kind == filters.kind) if filters.kind else wanted


def _shown(connection: Connection, ids: Sequence[int]) -> Iterator[IncidentShown]:
    """Incidents as they stand, in the order of their numbers given."""
    held = facts_as_of(connection, None, ids)
    return _told(connection, {number: held[number] for number in ids if number in held})


def _told(connection: Connection, held: dict[int, list[Fact]], rule: Rule = "range") -> Iterator[IncidentShown]:
    rows = {
        row.id: row for row in in_chunks(connection, select(incidents.c.id, incidents.c.at), incidents.c.id, list(held))
    }
    named = [f"i{number}" for number in held]
    decided = {row.target: row for row in in_chunks(connection, select(states), states.c.target, named)}
    changed = _changed(connection, [fact.claim for facts in held.values() for fact in facts])
    for number, facts in held.items():
        told = derive(facts, rule)
        state = decided.get(f"i{number}")
        yield IncidentShown(
            id=f"i{number}",
            type=told.type,
            first=told.first,
            last=told.last,
            added=rows[number].at,
            changed=max((changed.get(fact.claim, "") for fact in facts), default="") or rows[number].at,
            places=tuple(place_of(spot) for spot in told.places),
            initiators=tuple(party_of(key, tellers) for key, tellers in told.initiators),
            targets=tuple(party_of(key, tellers) for key, tellers in told.targets),
            harm=told.harm,
            rule=told.rule,
            claims=len(told.claims),
            independent=told.independent,
            grades=told.grades,
            contradictions=told.contradictions,
            state=state.state if state else "machine-read",
            assignee=state.assignee if state else None,
        )


def _changed(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """When each claim was last put into an incident."""
    wanted = select(member_log.c.claim_id, func.max(member_log.c.at)).group_by(member_log.c.claim_id)
    return {row[0]: row[1] for row in in_chunks(connection, wanted, member_log.c.claim_id, ids)}


def _claims_shown(
    record: Record,
    connection: Connection,
    facts: Sequence[Fact],
    incident_of: dict[int, int],
    shown: IncidentShown | None,
) -> list[ClaimShown]:
    columns = (
        readings.c.id, readings.c.data, readings.c.capture_id, readings.c.published, captures.c.sha256,
        withheld.c.capture_id.label("held"),
    )  # fmt: skip
    wanted = (
        select(*columns)
        .join(captures, captures.c.id == readings.c.capture_id)
        .outerjoin(withheld, withheld.c.capture_id == captures.c.id)
    )
    rows = {row.id: row for row in in_chunks(connection, wanted, readings.c.id, list({f.reading for f in facts}))}
    keyed = in_chunks(
        connection, select(claims.c.id, claims.c.key, claims.c.thread), claims.c.id, [f.claim for f in facts]
    )
    keys = {row.id: row for row in keyed}
    copied = select(readings.c.copy_of, func.count(func.distinct(readings.c.capture_id))).group_by(readings.c.copy_of)
    origins = list({row.capture_id for row in rows.values()})
    copies = {row[0]: row[1] for row in in_chunks(connection, copied, readings.c.copy_of, origins)}
    threads = [f"c{row.thread}" for row in keys.values()]
    decided = {row.target: row.state for row in in_chunks(connection, select(states), states.c.target, threads)}
    voices = {claim: n for n, voice in enumerate(derive(facts).voices) for claim in voice} if facts else {}
    disputed: dict[int, list[str]] = {}
    for found in shown.contradictions if shown else ():
        for _, ids in found.sides:
            for number in ids:
                disputed.setdefault(number, []).append(found.value)
    reports = {number: record.report(connection, number) for number in rows}
    return [
        _claim(
            fact,
            rows[fact.reading],
            reports[fact.reading],
            keys[fact.claim].key,
            () if rows[fact.reading].held else sentence(reports[fact.reading], keys[fact.claim].key, fact.claim),
            incident=f"i{incident_of.get(fact.claim, 0)}",
            copies=copies.get(rows[fact.reading].capture_id, 0),
            disputed=tuple(disputed.get(fact.claim, ())),
            voice=voices.get(fact.claim, 0),
            state=decided.get(f"c{keys[fact.claim].thread}", "machine-read"),
        )
        for fact in facts
    ]


def _claim(fact: Fact, row: Any, report: Report, key: str, evidence: Any, **told: Any) -> ClaimShown:
    # Facts are folded for comparing; people are shown names as they were written.
    written = next((claim.source.name for claim in report.claims if claim.id == key), None)
    return ClaimShown(
        id=f"c{fact.claim}",
        type=fact.type,
        modality=fact.modality,
        first=iso_of(fact.first),
        last=iso_of(fact.last),
        date_precision=fact.date_precision,
        basis=fact.basis,
        places=tuple(place_of(spot) for spot in fact.spots),
        initiators=tuple(party_of(side.key) for side in fact.initiators),
        targets=tuple(party_of(side.key) for side in fact.targets),
        harm=tuple((harm.outcome, harm.low, harm.high, harm.who) for harm in fact.harm),
        source_kind=fact.source_kind,
        source=written or fact.source,
        source_key=fact.source,
        outlet=report.outlet or fact.outlet,
        published=row.published,
        capture=f"r{row.capture_id}",
        sha256=bytes(row.sha256).hex(),
        evidence=evidence,
        **told,
    )
