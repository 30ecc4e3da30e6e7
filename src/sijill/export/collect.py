"""Collecting incidents out of a record for export: which, as of when, under which rule, and what is withheld."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from sijill.arabic.fold import fold
from sijill.export import tables
from sijill.export.incident import Actor, Incident, Telling, Where
from sijill.gazetteer import Entry, default_gazetteer
from sijill.incidents.derive import Rule, derive
from sijill.incidents.spelled import spelled
from sijill.model import Claim, Report
from sijill.record import Record
from sijill.record.adding import in_chunks
from sijill.record.decided import threads_of
from sijill.record.fact import Fact, Spot
from sijill.record.schema import arrivals, captures, claims, decisions, member_log, readings, states, withheld
from sijill.review.history import facts_as_of, moment
from sijill.search.narrow import ids_of
from sijill.search.query import Query

_HARMLESS_TELLERS = frozenset({"outlet", "party", "official", "monitor", "organisation", "media"})
"""Kinds of teller that speak in public; the others may be persons."""
_ROUNDED = 2
"""Decimals of a coordinate that withholding leaves: about a kilometre."""


class Choice(msgspec.Struct, frozen=True):
    """What to export. `withhold` leaves out what may harm a person: words, titles, addresses, tellers who may be
    persons, parties without an id, and where exactly a site lies."""

    query: Query = Query()
    rule: Rule = "range"
    as_of: str | None = None
    withhold: bool = False
    only: tuple[int, ...] | None = None
    """The numbers of the incidents, where they were found before; `query` then only tells how."""


def collect(record: Record, choice: Choice) -> Iterator[Incident]:
    """The incidents asked for, in the order of their numbers. Raises `ReviewError` for an `as_of` that is no time."""
    at = moment(choice.as_of) if choice.as_of else None
    with record.reading() as connection:
        held = facts_as_of(connection, at, choice.only)
        every = [fact.claim for facts in held.values() for fact in facts]
        threads = threads_of(connection, every)
        if choice.only is None and choice.query != Query():
            found = set(connection.execute(ids_of(connection, choice.query)).scalars())
            wanted = set(threads_of(connection, list(found)).values())
            held = {n: facts for n, facts in held.items() if any(threads[fact.claim] in wanted for fact in facts)}
        teller = _Teller(record, connection, choice, threads, at)
        for number in sorted(held):
            yield teller.incident(number, held[number])


class _Teller:
    """Lays beside facts what people read: words, names, outlets, times."""

    def __init__(
        self, record: Record, connection: Connection, choice: Choice, threads: dict[int, int], at: str | None
    ) -> None:
        self.connection, self.choice, self.threads, self.at = connection, choice, threads, at
        self.hidden = set(connection.execute(select(withheld.c.capture_id)).scalars())
        # States are kept as they are now; of an earlier day only what the claims said is told.
        known = connection.execute(select(states.c.target, states.c.state)).all() if at is None else []
        self.states: dict[str, str] = {row.target: row.state for row in known}
        self.decided = _newest(connection, decisions.c.target, decisions.c.at, at)
        self.placed = _newest(connection, member_log.c.incident_id, member_log.c.at, at)
        self._report = lru_cache(maxsize=256)(lambda reading: record.report(connection, reading))

    def incident(self, number: int, facts: list[Fact]) -> Incident:
        told = derive(facts, self.choice.rule)
        rows = self._rows(facts)
        tellings = tuple(self._telling(fact, rows[fact.claim]) for fact in sorted(facts, key=lambda fact: fact.claim))
        names, places = self._names(facts, rows)
        initiators = tuple(self._actor(key, names) for key, _ in told.initiators)
        targets = tuple(self._actor(key, names) for key, _ in told.targets)
        targets_of_threads = [f"c{telling.thread}" for telling in tellings] + [f"i{number}"]
        times = [rows[fact.claim].read for fact in facts] + [self.placed.get(number, "")]
        times += [self.decided.get(target, "") for target in targets_of_threads]
        return Incident(
            number=number,
            told=spelled(told, names | {key: place[0] for key, place in places.items()}),
            places=tuple(self._where(spot, places) for spot in told.places),
            initiators=initiators,
            targets=targets,
            tellings=tellings,
            state=self.states.get(f"i{number}", "machine-read"),
            changed=max(times),
        )

    def _rows(self, facts: list[Fact]) -> dict[int, Any]:
        wanted = (
            select(
                claims.c.id, claims.c.key, readings.c.id.label("reading"), readings.c.capture_id, captures.c.sha256,
                captures.c.at, readings.c.at.label("read"), readings.c.reader,
                select(arrivals.c.detail).where(arrivals.c.capture_id == captures.c.id).order_by(arrivals.c.id)
                .limit(1).scalar_subquery().label("detail"),
            )
            .join(readings, readings.c.id == claims.c.reading_id)
            .join(captures, captures.c.id == readings.c.capture_id)
        )  # fmt: skip
        found = in_chunks(self.connection, wanted, claims.c.id, [fact.claim for fact in facts])
        return {row.id: row for row in found}

    def _claim(self, row: Any) -> tuple[Report, Claim]:
        report = self._report(row.reading)
        return report, next(claim for claim in report.claims if claim.id == row.key)

    def _telling(self, fact: Fact, row: Any) -> Telling:
        report, claim = self._claim(row)
        shown = not self.choice.withhold and row.capture_id not in self.hidden
        named = not self.choice.withhold or fact.source_kind in _HARMLESS_TELLERS
        url = msgspec.json.decode(row.detail).get("url") or report.source.url or ""
        return Telling(
            fact=fact,
            thread=self.threads[fact.claim],
            words=" … ".join(span.quote for span in claim.evidence) if shown else "",
            trigger=claim.trigger.quote if shown else "",
            teller=(claim.source.name or claim.source.kind) if named else claim.source.kind,
            outlet=report.outlet or fact.outlet or "",
            title=report.title.quote if report.title and shown else "",
            url=url if shown else "",
            published=report.published or "",
            captured=row.at,
            sha256=bytes(row.sha256).hex(),
            reader=row.reader,
            casualties=claim.casualties,
        )

    def _names(self, facts: list[Fact], rows: dict[int, Any]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
        """Parties and places as the reports write them, by the folded form that facts keep."""
        names: dict[str, str] = {}
        places: dict[str, tuple[str, ...]] = {}
        for fact in facts:
            claim = self._claim(rows[fact.claim])[1]
            names |= {fold(party.name): party.name for party in claim.initiators + claim.targets}
            places |= {fold(place.name): (place.name, place.admin1 or "", place.admin2 or "") for place in claim.places}
        return names, places

    def _actor(self, key: str, names: dict[str, str]) -> Actor:
        listed = tables.actor_names(key)
        if listed:
            return Actor(key, *listed, True)
        name = "" if self.choice.withhold else names.get(key, key)
        return Actor(key if name else "", name, name, False)

    def _where(self, spot: Spot, places: dict[str, tuple[str, ...]]) -> Where:
        entry: Entry | None = default_gazetteer().by_id(spot.place_id) if spot.place_id else None
        told = places.get(spot.name, (spot.name, spot.admin1 or "", spot.admin2 or ""))
        admin1 = (entry.admin1 if entry else None) or told[1] or None
        admin2 = (entry.admin2 if entry else None) or told[2] or None
        lat, lon, name, english = spot.lat, spot.lon, told[0], entry.english if entry else ""
        place_id = spot.place_id
        if self.choice.withhold and spot.precision == "site":
            lat, lon = (None if at is None else round(at, _ROUNDED) for at in (lat, lon))
            name, english, place_id = "", "", None
        code = spot.country or ""
        return Where(
            name=name,
            english=english,
            place_id=place_id,
            lat=lat,
            lon=lon,
            precision=spot.precision,
            relation=spot.relation,
            country=spot.country,
            admin1=admin1,
            admin1_code=tables.pcodes().get((code, "admin1", admin1 or "")),
            admin2=admin2,
            admin2_code=tables.pcodes().get((code, "admin2", admin2 or "")),
        )


def _newest(connection: Connection, key: Any, at: Any, until: str | None) -> dict[Any, str]:
    wanted = select(key, func.max(at)).group_by(key)
    if until:
        wanted = wanted.where(at <= until)
    return {row[0]: row[1] for row in connection.execute(wanted)}
