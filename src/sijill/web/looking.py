"""Looking into a record for one viewer: lists of incidents, one incident, one claim.

This is the only way from the record to pages, API and feeds, and the one place where the public view begins: for a
viewer from outside everything passes `release`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, select

from sijill.errors import OptionError
from sijill.incidents.derive import RULES, Rule, derive
from sijill.incidents.spelled import spelled_sides
from sijill.model import Report
from sijill.record import Record, spelling
from sijill.record.adding import in_chunks
from sijill.record.fact import Fact, decode, iso_of
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
from sijill.search.find import find_reports
from sijill.search.query import Term, terms
from sijill.web import release
from sijill.web.board import Board
from sijill.web.boarding import board_of, board_of_shown
from sijill.web.columns import Bools, Longs
from sijill.web.filters import Filters
from sijill.web.hearing import claims_with
from sijill.web.marks import sentence, shortened
from sijill.web.names import party_of, place_of, unlisted
from sijill.web.roles import LARGEST, MissingError, Safety, Viewer, known
from sijill.web.shapes import ClaimShown, IncidentShown, Opening, Slice
from sijill.web.then import board_at, facts_at, states_at

_HANDFUL = 200
_OPENING, _EVIDENCE, _NAME = 400, 5_000, 200
"""So many letters of a claim's words are shown in a list, and beside its values; the report has them all."""


class Look:
    """One viewer's eyes on a record."""

    def __init__(self, record: Record, viewer: Viewer, as_of: str = "") -> None:
        """Eyes on the record now, or as it stood at the end of a day or at a time. Raises `ReviewError` for none."""
        self.record, self.viewer = record, viewer
        at = moment(as_of) if as_of else ""
        # What has not passed yet is now.
        self.at = at if at and at < record.clock() else None
        self.then = bool(as_of)

    def board(self) -> Board:
        """The columns of what the viewer may see."""
        now = version(self.record)
        if self.viewer.inside:
            board = board_of(self.record, now)
            return board_at(self.record, board, self.at) if self.at else board
        return _public_board(self.record, now, self.viewer.safety)

    def find(self, filters: Filters) -> tuple[Board, Bools]:
        """A board, and which of its incidents a view is narrowed to."""
        board = self.board()
        if not self.viewer.inside and (
            self.then or filters.q or filters.source or filters.kind or filters.state not in ("", "final")
        ):
            # The public is not told by a filter what no page tells it.
            return board, np.zeros(len(board.c.id), np.bool_)
        return board, board.find(filters, self._spoken(filters))

    def _spoken(self, filters: Filters) -> Longs | None:
        """The claims that have the words asked for; None where no words are asked for."""
        if not filters.q:
            return None
        said = _terms(filters.q)
        if all(term.without for term in said):
            return np.zeros(0, np.int64)
        return claims_with(self.record, version(self.record), tuple(said))

    def incidents(self, filters: Filters, *, after: str = "", limit: int = 50) -> Slice:
        """Incidents that a view is narrowed to, the newest first; `after` is `Slice.next` of the slice before."""
        board, found = self.find(filters)
        page = board.page(found, filters.order == "day", _cursor(after), limit + 1)
        items = self._items([number for _, number in page[:limit]])
        return Slice(items, "{}.{}".format(*page[limit - 1]) if len(page) > limit else None)

    def walk(self, filters: Filters, *, after: str = "", limit: int = 50) -> tuple[Iterator[IncidentShown], str | None]:
        """As `incidents`, for very many: they are looked up a handful at a time as they are taken. Which they are is
        settled at once."""
        board, found = self.find(filters)
        page = board.page(found, filters.order == "day", _cursor(after), limit + 1)
        ids = [number for _, number in page[:limit]]

        def told() -> Iterator[IncidentShown]:
            for start in range(0, len(ids), _HANDFUL):
                yield from self._items(ids[start : start + _HANDFUL], kept=False)

        return told(), "{}.{}".format(*page[limit - 1]) if len(page) > limit else None

    def _items(self, ids: Sequence[int], kept: bool = True) -> tuple[IncidentShown, ...]:
        """Incidents by number, those that are there; `kept` for who asks next."""
        if self.at:
            with self.record.reading() as connection:
                held = facts_at(connection, self.board(), ids, self.at)
                return tuple(_told(connection, {n: held[n] for n in ids if held.get(n)}, at=self.at))
        if self.viewer.inside and not kept:
            with self.record.reading() as connection:
                return tuple(_shown(connection, ids))
        if self.viewer.inside:
            return _slice(self.record, version(self.record), tuple(ids))
        shown = released(self.record, version(self.record), self.viewer.safety)
        return tuple(shown[number] for number in ids if number in shown)

    def among(self, filters: Filters, numbers: set[int], most: int) -> list[IncidentShown]:
        """Those of the incidents with these numbers that a view is narrowed to, at most so many, the newest first."""
        board, found = self.find(filters)
        found = found & np.isin(board.c.id, list(numbers))
        with self.record.reading() as connection:
            ids = [number for _, number in board.page(found, False, None, most)]
            return list(_shown(connection, ids)) if self.viewer.inside else []

    def openings(self, found: Slice) -> dict[str, Opening]:
        """For each incident of a list the words it was first told in, where the viewer may see words of reports."""
        if not self.viewer.inside and self.viewer.safety.words:
            return {}
        told = _openings(self.record, version(self.record), tuple(int(one.id[1:]) for one in found.items))
        if self.viewer.inside or not (self.viewer.safety.sources or self.viewer.safety.outlets):
            return told
        return {key: Opening("", opening.words) for key, opening in told.items()}

    def incident(self, number: int, rule: str = "range") -> tuple[IncidentShown, list[ClaimShown]]:
        """One incident under a rule and its claims. Raises `MissingError`."""
        if rule not in RULES:
            raise OptionError(f"rule: {rule} is not one of {', '.join(RULES)}")
        known(number, "i")
        with self.record.reading() as connection:
            if not self.viewer.inside and (not _is_final(connection, number) or self.then):
                raise MissingError(f"i{number}: there is no such incident")
            facts = facts_as_of(connection, self.at, [number]).get(number, [])
            if not facts:
                raise MissingError(f"i{number}: there is no such incident")
            shown = next(_told(connection, {number: facts}, rule, self.at))
            held = {fact.claim: number for fact in facts}
            told = _claims_shown(self.record, connection, facts, held, shown, self.at)
        if self.viewer.inside:
            return shown, told
        safety = self.viewer.safety
        return release.incident(shown, safety), [release.claim(claim, safety) for claim in told]

    def history(self, number: int) -> list[Said]:
        """What people said of an incident; nothing of it is for the public."""
        return history(self.record, f"i{number}") if self.viewer.inside else []

    def claims(self, ids: Sequence[int]) -> list[ClaimShown]:
        """Claims by number, in this order; for viewers from inside."""
        ids = [number for number in ids if 0 < number <= LARGEST]
        with self.record.reading() as connection:
            rows = in_chunks(connection, select(claims.c.id, claims.c.fact), claims.c.id, ids)
            facts = {row.id: decode(row.fact) for row in rows}
            kept = [facts[number] for number in ids if number in facts]
            if self.at:
                held = self.board().incidents_of(ids)
            else:
                now = select(members.c.claim_id, members.c.incident_id)
                held = {row[0]: row[1] for row in in_chunks(connection, now, members.c.claim_id, ids)}
            return _claims_shown(self.record, connection, kept, held, None, self.at)

    def reports(self, words: str, *, limit: int) -> list[tuple[int, str]]:
        """Reports whose text has words: number and first line; for viewers from inside."""
        if not self.viewer.inside or not any(not term.without for term in _terms(words)):
            return []
        return find_reports(self.record, words, limit=limit)

    def claim_ids(self, filters: Filters, *, after: str = "", limit: int = 20) -> tuple[list[int], str | None]:
        """The numbers of the claims that a view is narrowed to, the newest day first, and where the next part begins;
        for viewers from inside."""
        board, spoken = self.board(), self._spoken(filters)
        found = board.newest_claims(filters, spoken, _cursor(after), limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return [claim for _, claim in found[:limit]], f"{last[0]}.{last[1]}" if last else None


def _terms(words: str) -> list[Term]:
    try:
        return terms(words)
    except OptionError:  # signs alone: nothing has them
        return []


def version(record: Record) -> int:
    """A number that grows with every change of the record."""
    with record.reading() as connection:
        return int(connection.execute(select(func.max(ledger.c.seq))).scalar() or 0)


@lru_cache(maxsize=128)
def _slice(record: Record, _version: int, numbers: tuple[int, ...]) -> tuple[IncidentShown, ...]:
    """Incidents for viewers from inside, kept for one state of the record: many read the same front page."""
    with record.reading() as connection:
        return tuple(_shown(connection, numbers))


@lru_cache(maxsize=64)
def _openings(record: Record, _version: int, numbers: tuple[int, ...]) -> dict[str, Opening]:
    first = (
        select(members.c.incident_id, func.min(members.c.claim_id).label("claim"))
        .join(claims, claims.c.id == members.c.claim_id)
        .where(claims.c.current)
        .group_by(members.c.incident_id)
    )
    with record.reading() as connection:
        heads = {row[1]: row[0] for row in in_chunks(connection, first, members.c.incident_id, list(numbers))}
        wanted = (
            select(claims.c.id, claims.c.key, claims.c.reading_id)
            .join(readings, readings.c.id == claims.c.reading_id)
            .where(readings.c.capture_id.not_in(select(withheld.c.capture_id)))
        )
        found = {}
        for row in in_chunks(connection, wanted, claims.c.id, list(heads)):
            report = record.report(connection, row.reading_id)
            source = next((claim.source.name for claim in report.claims if claim.id == row.key), None)
            found[f"i{heads[row.id]}"] = Opening(
                (source or report.outlet or "")[:_NAME], shortened(sentence(report, row.key, row.id), _OPENING)
            )
        return found


@lru_cache(maxsize=4)
def released(record: Record, _version: int, safety: Safety) -> dict[int, IncidentShown]:
    """All incidents of the public view by number, at one state of the record."""
    final = select(states.c.target).where(states.c.state == "final", states.c.target.like("i%"))
    with record.reading() as connection:
        ids = [int(target[1:]) for target in connection.execute(final).scalars()]
        return {int(shown.id[1:]): release.incident(shown, safety) for shown in _shown(connection, ids)}


@lru_cache(maxsize=4)
def _public_board(record: Record, version: int, safety: Safety) -> Board:
    return board_of_shown(released(record, version, safety).values())


def _is_final(connection: Connection, number: int) -> bool:
    wanted = select(states.c.state).where(states.c.target == f"i{number}")
    return connection.execute(wanted).scalar() == "final"


def _cursor(after: str) -> tuple[int, int] | None:
    if not after:
        return None
    parts = after.split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in parts):
        raise OptionError(f"after: {after} is not a cursor that was given before")
    return int(parts[0]), int(parts[1])


def _shown(connection: Connection, ids: Sequence[int]) -> Iterator[IncidentShown]:
    """Incidents as they stand, in the order of their numbers given."""
    held = facts_as_of(connection, None, ids)
    return _told(connection, {number: held[number] for number in ids if number in held})


def _told(
    connection: Connection, held: dict[int, list[Fact]], rule: Rule = "range", at: str | None = None
) -> Iterator[IncidentShown]:
    rows = {
        row.id: row for row in in_chunks(connection, select(incidents.c.id, incidents.c.at), incidents.c.id, list(held))
    }
    decided = _decided(connection, [f"i{number}" for number in held], at)
    every = [fact for facts in held.values() for fact in facts]
    changed = _changed(connection, [fact.claim for fact in every], at)
    names = spelling.in_claims(connection, (fact.claim for fact in every if unlisted(fact)))
    for number, facts in held.items():
        told = derive(facts, rule)
        state, assignee = decided.get(f"i{number}", ("machine-read", None))
        yield IncidentShown(
            id=f"i{number}",
            type=told.type,
            first=told.first,
            last=told.last,
            added=rows[number].at,
            changed=max((changed.get(fact.claim, "") for fact in facts), default="") or rows[number].at,
            places=tuple(place_of(spot, names.get(spot.name)) for spot in told.places),
            initiators=tuple(party_of(key, tellers, names.get(key)) for key, tellers in told.initiators),
            targets=tuple(party_of(key, tellers, names.get(key)) for key, tellers in told.targets),
            harm=told.harm,
            rule=told.rule,
            claims=len(told.claims),
            independent=told.independent,
            grades=told.grades,
            contradictions=spelled_sides(told.contradictions, names),
            state=state,
            assignee=assignee,
        )


def _decided(connection: Connection, targets: list[str], at: str | None) -> dict[str, tuple[str, str | None]]:
    """State and assignee of what anybody decided about, now or at a time."""
    if at:
        return states_at(connection, targets, at)
    rows = in_chunks(connection, select(states), states.c.target, targets)
    return {row.target: (row.state, row.assignee) for row in rows}


def _changed(connection: Connection, ids: Sequence[int], at: str | None) -> dict[int, str]:
    """When each claim was last put into an incident."""
    wanted = select(member_log.c.claim_id, func.max(member_log.c.at)).group_by(member_log.c.claim_id)
    if at:
        wanted = wanted.where(member_log.c.at <= at)
    return {row[0]: row[1] for row in in_chunks(connection, wanted, member_log.c.claim_id, ids)}


def _claims_shown(
    record: Record,
    connection: Connection,
    facts: Sequence[Fact],
    incident_of: dict[int, int],
    shown: IncidentShown | None,
    at: str | None = None,
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
    if at:
        copied = copied.where(readings.c.at <= at)
    origins = list({row.capture_id for row in rows.values()})
    copies = {row[0]: row[1] for row in in_chunks(connection, copied, readings.c.copy_of, origins)}
    threads = [f"c{row.thread}" for row in keys.values()]
    decided = _decided(connection, threads, at)
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
            ()
            if rows[fact.reading].held
            else shortened(sentence(reports[fact.reading], keys[fact.claim].key, fact.claim), _EVIDENCE),
            incident=f"i{incident_of.get(fact.claim, 0)}",
            copies=copies.get(rows[fact.reading].capture_id, 0),
            disputed=tuple(disputed.get(fact.claim, ())),
            voice=voices.get(fact.claim, 0),
            state=decided.get(f"c{keys[fact.claim].thread}", ("machine-read", None))[0],
        )
        for fact in facts
    ]


def _claim(fact: Fact, row: Any, report: Report, key: str, evidence: Any, **told: Any) -> ClaimShown:
    # Facts are folded for comparing; people are shown names as they were written.
    written = next((claim.source.name for claim in report.claims if claim.id == key), None)
    names = spelling.written(report, key)
    return ClaimShown(
        id=f"c{fact.claim}",
        type=fact.type,
        modality=fact.modality,
        first=iso_of(fact.first),
        last=iso_of(fact.last),
        date_precision=fact.date_precision,
        basis=fact.basis,
        places=tuple(place_of(spot, names.get(spot.name)) for spot in fact.spots),
        initiators=tuple(party_of(side.key, 1, names.get(side.key)) for side in fact.initiators),
        targets=tuple(party_of(side.key, 1, names.get(side.key)) for side in fact.targets),
        harm=tuple((harm.outcome, harm.low, harm.high, harm.who) for harm in fact.harm),
        source_kind=fact.source_kind,
        source=(written or fact.source or "")[:_NAME] or None,
        source_key=fact.source,
        outlet=(report.outlet or fact.outlet or "")[:_NAME] or None,
        published=row.published,
        capture=f"r{row.capture_id}",
        sha256=bytes(row.sha256).hex(),
        evidence=evidence,
        text=fact.origin,
        **told,
    )
