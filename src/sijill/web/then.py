"""The record as it stood at an earlier time: its board, told from the one of now by taking back what came later.

Only what was told otherwise then is read again: the incidents that claims came into or left since, or that people
decided about since. What came whole after that time is left out unread.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, or_, select

from sijill.errors import OptionError
from sijill.incidents.outline import outline
from sijill.incidents.summary import second_person, summary
from sijill.record import Record
from sijill.record.adding import in_chunks
from sijill.record.decided import effective, standing, state_after
from sijill.record.fact import Fact, decode
from sijill.record.schema import claims, decisions, ledger, member_log, readings
from sijill.review.history import facts_as_of
from sijill.web.board import Board
from sijill.web.columns import IncidentRow
from sijill.web.once import Once

MOST = 200_000
"""Claims that were told otherwise then; more would hold up everybody."""
_CHUNK = 20_000


def board_at(record: Record, board: Board, at: str) -> Board:
    """The board as of a time of the record that has passed, from a board of now. Raises `OptionError` where too much
    was told otherwise then."""
    with record.reading() as connection:
        # What people removed for somebody's safety is gone from what has passed, too.
        removed = connection.execute(select(func.max(ledger.c.seq)).where(ledger.c.kind == "removal")).scalar()
    return _boards.get((record, at, removed), lambda: _taken_back(record, board, at))


# What has passed does not change otherwise: a board of then serves for as long as it is kept.
_boards: Once[Board] = Once(4)


def facts_at(connection: Connection, board: Board, incidents: Iterable[int], at: str) -> dict[int, list[Fact]]:
    """The claims of incidents as of a time, from the board of then."""
    held = board.claims_of(incidents)
    ids = [claim for own in held.values() for claim in own]
    read = [decode(row[0]) for row in in_chunks(connection, select(claims.c.fact), claims.c.id, ids)]
    facts = {fact.claim: fact for fact in effective(connection, read, second_person(connection), at)}
    return {number: [facts[claim] for claim in own if claim in facts] for number, own in held.items()}


def states_at(connection: Connection, targets: Iterable[str], at: str) -> dict[str, tuple[str, str | None]]:
    """State and assignee of claims (`c` and the thread) and incidents as of a time, where anybody had set them."""
    by_target: dict[str, list[Any]] = {}
    for row in standing(connection, targets, at):
        if row.kind in ("state", "assign"):
            by_target.setdefault(row.target, []).append(row)
    return {target: state_after(rows) for target, rows in by_target.items()}


def _taken_back(record: Record, board: Board, at: str) -> Board:
    with record.reading() as connection:
        return board.grown(*_told_otherwise(connection, board, at))


def _told_otherwise(
    connection: Connection, board: Board, at: str
) -> tuple[list[IncidentRow], list[tuple[Fact, int]], set[int]]:
    """Incidents and claims as they were told then, and the claims that were not."""
    touched = _claims_since(connection, at)
    numbers = set(board.incidents_of(touched).values()) | _incidents_since(connection, at)
    placed = select(member_log.c.incident_id, member_log.c.claim_id).where(member_log.c.at <= at)
    before = {(row[0], row[1]) for row in connection.execute(placed) if row[0] in numbers}
    if len(before) > MOST:
        raise OptionError(f"as_of: more than {MOST} claims were told otherwise then; use `sijill export --as-of`")
    held: dict[int, list[Fact]] = {}
    standing_then = sorted({incident for incident, _ in before})
    for start in range(0, len(standing_then), _CHUNK):
        held |= facts_as_of(connection, at, standing_then[start : start + _CHUNK])
    states = states_at(connection, (f"i{number}" for number in sorted(numbers)), at)
    rows = [_row(number, held.get(number, []), states) for number in sorted(numbers)]
    facts = [(fact, number) for number, own in held.items() for fact in own]
    gone = touched.union(*board.claims_of(numbers).values())
    return rows, facts, gone - {fact.claim for fact, _ in facts}


def _row(number: int, facts: list[Fact], states: dict[str, tuple[str, str | None]]) -> IncidentRow:
    if not facts:
        return IncidentRow(number, "", None, None, None, None, live=False)
    derived = summary(facts)
    told = {name: derived[name] for name in ("type", "first", "last", "killed_low", "killed_high")}
    state, _ = states.get(f"i{number}", ("machine-read", None))
    return IncidentRow(number, **told, state=state, outline=outline(facts))


def _claims_since(connection: Connection, at: str) -> set[int]:
    """Claims that were placed, read or decided about since."""
    placed = select(member_log.c.claim_id).where(member_log.c.at > at).distinct()
    touched = set(connection.execute(placed).scalars())
    # A reading takes the place of the readings before it of the same capture.
    captures = select(readings.c.capture_id).where(readings.c.at > at)
    of_captures = (
        select(claims.c.id)
        .join(readings, readings.c.id == claims.c.reading_id)
        .where(readings.c.capture_id.in_(captures))
    )
    touched |= set(connection.execute(of_captures).scalars())
    threads = [number for kind, number in _targets_since(connection, at) if kind == "c"]
    return touched | {row[0] for row in in_chunks(connection, select(claims.c.id), claims.c.thread, threads)}


def _incidents_since(connection: Connection, at: str) -> set[int]:
    """Incidents that somebody decided about since, and those that claims placed since ever were in."""
    placed = select(member_log.c.claim_id).where(member_log.c.at > at)
    ever = select(member_log.c.incident_id).where(member_log.c.claim_id.in_(placed)).distinct()
    named = {number for kind, number in _targets_since(connection, at) if kind == "i"}
    return named | set(connection.execute(ever).scalars())


def _targets_since(connection: Connection, at: str) -> list[tuple[str, int]]:
    """What was decided about since, what was undone too: `c` and a thread, or `i` and an incident."""
    undone = select(decisions.c.replaces).where(decisions.c.at > at, decisions.c.replaces.is_not(None))
    wanted = select(decisions.c.target).where(or_(decisions.c.at > at, decisions.c.id.in_(undone))).distinct()
    told = connection.execute(wanted).scalars()
    return [(target[:1], int(target[1:])) for target in told if target[:1] in ("c", "i")]
