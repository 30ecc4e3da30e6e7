"""Boards of a record: the one for viewers from inside, kept in step with the record, and the public's."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Connection, Row, Select, func, select

from sijill.arabic.fold import fold
from sijill.incidents.summary import second_person
from sijill.record import Record
from sijill.record.adding import in_chunks
from sijill.record.decided import effective
from sijill.record.fact import Fact, Head, Side, Spot, day_of, decode
from sijill.record.schema import claims, decisions, incidents, ledger, member_log, members, readings, states
from sijill.web.board import Board, Builder, IncidentRow, Told
from sijill.web.shapes import IncidentShown

_log = logging.getLogger("sijill.web")
_BATCH = 20_000
_heads = msgspec.msgpack.Decoder(Head)
_PATIENCE = 20
"""A board is brought in step again when so many times the last effort has passed: many writes cannot stop reading."""
_NEVER_LATE = 0.05
"""Seconds of effort that are always made at once."""


class Keeper:
    """Keeps the board of one record in step with it. Safe to use from threads."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._lock = threading.Lock()
        self._board = Board.empty()
        self._seq = 0
        self._effort, self._done = 0.0, 0.0

    def board(self, seq: int) -> Board:
        """The board at ledger line `seq` or later; of a very large record it may lag a few seconds behind."""
        if seq == self._seq or self._resting():
            return self._board
        with self._lock:
            if seq > self._seq and not self._resting():
                start = time.monotonic()
                self._grow()
                self._done = time.monotonic()
                self._effort = self._done - start if len(self._board.c.claim) > _BATCH else 0.0
        return self._board

    def _resting(self) -> bool:
        late = self._effort > _NEVER_LATE and self._seq > 0
        return late and time.monotonic() - self._done < min(5.0, self._effort * _PATIENCE)

    def _grow(self) -> None:
        with self.record.reading() as connection:
            newest = int(connection.execute(select(func.max(ledger.c.seq))).scalar() or 0)
            if self._seq == 0:
                self._board = _whole(connection)
            else:
                lines = connection.execute(
                    select(ledger.c.kind, ledger.c.ref).where(ledger.c.seq > self._seq, ledger.c.seq <= newest)
                ).all()
                self._board = _grown(connection, self._board, lines)
        self._seq = newest


_keepers: WeakKeyDictionary[Record, Keeper] = WeakKeyDictionary()
_keepers_lock = threading.Lock()


def warm(record: Record) -> None:
    """Begin to read the board, so that whoever comes first need not wait for all of it."""

    def read() -> None:
        try:
            board_of(record, 1)
        except Exception as error:  # who comes first is told what is wrong
            _log.error("the record could not be read ahead: %s", error)

    threading.Thread(target=read, name="board", daemon=True).start()


def board_of(record: Record, seq: int) -> Board:
    """The board of a record for viewers from inside, at ledger line `seq`."""
    with _keepers_lock:
        keeper = _keepers.get(record)
        if keeper is None:
            keeper = _keepers[record] = Keeper(record)
    return keeper.board(seq)


def board_of_shown(shown: Iterable[IncidentShown]) -> Board:
    """A board of what the public is shown, and of nothing else: each incident stands as one claim."""
    rows, facts = [], []
    for one in shown:
        number = int(one.id[1:])
        low = next((h.low for h in one.harm if (h.outcome, h.who) == ("killed", "all")), None)
        high = next((h.high for h in one.harm if (h.outcome, h.who) == ("killed", "all")), None)
        rows.append(IncidentRow(number, one.type, day_of(one.first), day_of(one.last), low, high, one.state))
        facts.append((_fact(number, one), number))
    return Board.empty().grown(rows, facts)


def _fact(number: int, one: IncidentShown) -> Fact:
    spots = tuple(
        Spot(fold(p.told or p.ar), p.id, p.lat, p.lon, p.precision, "in", p.country, fold(p.admin1 or "") or None)
        for p in one.places
    )

    def sides(parties: Sequence[object]) -> tuple[Side, ...]:
        return tuple(Side(getattr(p, "actor", None), fold(str(getattr(p, "ar", "")))) for p in parties)

    return Fact(
        number, 0, 0, None, None, one.type, "reported", "", None, day_of(one.first), day_of(one.last), None, None,
        spots, sides(one.initiators), sides(one.targets), (), (), (), None, b"",
    )  # fmt: skip


# -- reading the record --------------------------------------------------------------------------------------------


def _whole(connection: Connection) -> Board:
    decided = _decided(connection)
    wanted = (
        select(claims.c.fact, members.c.incident_id)
        .join(members, members.c.claim_id == claims.c.id)
        .where(claims.c.current)
        .order_by(claims.c.id)
        .execution_options(yield_per=_BATCH)
    )
    builder = Builder(_incident_rows(connection, None))
    for rows in connection.execute(wanted).partitions():
        heads: list[tuple[Told, int]] = [(_heads.decode(row[0]), row[1]) for row in rows]
        builder.add(heads)
    board = builder.board()
    if decided:
        found = in_chunks(connection, _placed_facts(), claims.c.id, sorted(decided))
        facts = [(decode(row.fact), row.incident_id) for row in found]
        laid = _as_decided(connection, facts, decided)
        standing = {fact.claim for fact, _ in laid}
        board = board.grown((), laid, [fact.claim for fact, _ in facts if fact.claim not in standing])
    return board


def _placed_facts() -> Select[Any]:
    placed = select(claims.c.id, claims.c.fact, members.c.incident_id)
    return placed.join(members, members.c.claim_id == claims.c.id).where(claims.c.current)


def _decided(connection: Connection) -> set[int]:
    """Claims that people decided about."""
    named = select(decisions.c.target).where(decisions.c.kind.in_(("correct", "reject", "accept"))).distinct()
    threads = [int(target[1:]) for target in connection.execute(named).scalars() if target.startswith("c")]
    return {row[0] for row in in_chunks(connection, select(claims.c.id), claims.c.thread, threads)}


def _as_decided(connection: Connection, facts: list[tuple[Fact, int]], decided: set[int]) -> list[tuple[Fact, int]]:
    """Facts with what people decided laid over; rejected claims are left out."""
    touched = [fact for fact, _ in facts if fact.claim in decided]
    laid = {fact.claim: fact for fact in effective(connection, touched, second_person(connection))}
    return [
        (laid.get(fact.claim, fact), incident)
        for fact, incident in facts
        if fact.claim not in decided or fact.claim in laid
    ]


def _grown(connection: Connection, board: Board, lines: Sequence[Any]) -> Board:
    """The board after these lines of the ledger."""
    refs: dict[str, list[int]] = {}
    for line in lines:
        refs.setdefault(line.kind, []).append(line.ref)
    touched, named = _claims_touched(connection, refs)
    found = in_chunks(connection, _placed_facts(), claims.c.id, sorted(touched))
    facts = [(decode(row.fact), row.incident_id) for row in found]
    laid = _as_decided(connection, facts, {fact.claim for fact, _ in facts})
    standing = {fact.claim for fact, _ in laid}
    before = board.c.id[board.c.held[_rows_of(board, touched)]] if touched else ()
    numbers = named | {int(number) for number in before} | {incident for _, incident in facts}
    return board.grown(_incident_rows(connection, sorted(numbers)), laid, [c for c in touched if c not in standing])


def _rows_of(board: Board, touched: set[int]) -> list[int]:
    rows = board.c.claim.searchsorted(sorted(touched))
    pairs = zip(rows, sorted(touched), strict=True)
    return [
        int(row) for row, claim in pairs
        if row < len(board.c.claim) and board.c.claim[row] == claim and board.c.held[row] >= 0
    ]  # fmt: skip


def _claims_touched(connection: Connection, refs: dict[str, list[int]]) -> tuple[set[int], set[int]]:
    """The claims that lines of the ledger are about, and the incidents that decisions name."""
    touched: set[int] = set()
    # A reading takes the place of the readings before it of the same capture.
    captures = [row[0] for row in in_chunks(
        connection, select(readings.c.capture_id), readings.c.id, refs.get("reading", [])
    )]  # fmt: skip
    of_captures = select(claims.c.id).join(readings, readings.c.id == claims.c.reading_id)
    touched |= {row[0] for row in in_chunks(connection, of_captures, readings.c.capture_id, captures)}
    if placings := refs.get("placing"):
        # A line stands for all placings of its batch, from the one it names on.
        since = select(member_log.c.claim_id).where(member_log.c.id >= min(placings))
        touched |= set(connection.execute(since).scalars())
    of_decisions = select(decisions.c.target, decisions.c.replaces)
    said = in_chunks(connection, of_decisions, decisions.c.id, refs.get("decision", []))
    undone = [row.replaces for row in said if row.replaces is not None]
    targets = {row.target for row in (*said, *in_chunks(connection, of_decisions, decisions.c.id, undone))}
    threads = [int(target[1:]) for target in targets if target.startswith("c")]
    touched |= {row[0] for row in in_chunks(connection, select(claims.c.id), claims.c.thread, threads)}
    return touched, {int(target[1:]) for target in targets if target.startswith("i")}


def _incident_rows(connection: Connection, numbers: Sequence[int] | None) -> Iterator[IncidentRow]:
    """Rows of the incidents with these numbers, or of all."""
    wanted = select(
        incidents.c.id, incidents.c.type, incidents.c.first, incidents.c.last, incidents.c.killed_low,
        incidents.c.killed_high, incidents.c.claims, incidents.c.merged_into,
    ).order_by(incidents.c.id)  # fmt: skip
    said = select(states.c.target, states.c.state).where(states.c.target.like("i%"))
    if numbers is None:
        rows: Iterable[Row[Any]] = connection.execute(wanted.execution_options(yield_per=_BATCH))
        state = {row[0]: row[1] for row in connection.execute(said)}
    else:
        rows = in_chunks(connection, wanted, incidents.c.id, numbers)
        named = [f"i{number}" for number in numbers]
        state = {row[0]: row[1] for row in in_chunks(connection, said, states.c.target, named)}
    for row in rows:
        yield IncidentRow(
            row.id, row.type, row.first, row.last, row.killed_low, row.killed_high,
            state.get(f"i{row.id}", "machine-read"), row.merged_into is None and row.claims > 0,
        )  # fmt: skip
