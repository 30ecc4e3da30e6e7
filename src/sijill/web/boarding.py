"""Boards of a record: the one for viewers from inside, kept in step with the record, and the public's."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Connection, Row, func, select

from sijill.arabic.fold import fold
from sijill.errors import SijillError
from sijill.incidents.outline import Outline, is_background, outline
from sijill.record import Record
from sijill.record.adding import in_chunks
from sijill.record.decided import VALUES
from sijill.record.fact import Fact, Side, Spot, day_of, decode
from sijill.record.schema import claims, decisions, incidents, ledger, member_log, members, meta, readings, states
from sijill.review.history import facts_as_of
from sijill.web import columns
from sijill.web.board import Board
from sijill.web.columns import Columns, IncidentRow, Registers
from sijill.web.shapes import IncidentShown, PartyShown, least
from sijill.web.shelf import Shelf

_log = logging.getLogger("sijill.web")
_BATCH = 20_000
_PATIENCE = 1.5
"""Seconds that somebody who asks waits for the first board before they are told how far it is."""
_KEPT_EVERY = 120.0
"""Seconds between two times that a growing board is kept in its file."""
_WORTH_KEEPING = 2_000
"""Claims; fewer are read again as fast."""


class NotReadyError(SijillError):
    """The record is still being read; `done` of `all` claims are."""

    def __init__(self, done: int, whole: int) -> None:
        super().__init__(f"the record is being read: {done} of {whole} claims; ask again soon")
        self.done, self.whole = done, whole


class EndedError(SijillError):
    """Nobody waits any more for the board that was being read."""


class Keeper:
    """Keeps the board of one record in step with it. Safe to use from threads."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.shelf = Shelf(record)
        self._lock = threading.Lock()
        self._board = Board.empty()
        self._seq = 0
        self._settings = ""
        self._kept, self._kept_at = 0, 0.0
        self._first: threading.Thread | None = None
        self._fault: Exception | None = None
        self._ended, self._clean = False, True
        self.done, self.whole = 0, 0

    def board(self, seq: int) -> Board:
        """The board at ledger line `seq` or later. Raises `NotReadyError` while a large record is first read."""
        if self._seq == 0:
            self._wait()
        if seq > self._seq:
            with self._lock:
                if seq > self._seq:
                    self._grow()
        return self._board

    def begin(self) -> threading.Thread:
        """Begin to read the first board, unless that was done."""
        with self._lock:
            if self._first is None:
                self._ended, self.done = False, 0
                self._first = threading.Thread(target=self._read, name="board", daemon=True)
                self._first.start()
            return self._first

    def keep(self) -> None:
        """Put the board in its file, where it has grown since."""
        with self._lock:
            board, seq = self._board, self._seq
            if seq == self._kept or len(board.c.claim) < _WORTH_KEEPING or not self._clean:
                return
            self._kept, self._kept_at = seq, time.monotonic()
        with self.record.reading() as connection:
            self.shelf.save(connection, board, seq)

    def end(self) -> None:
        """Read no more of a first board, or keep the one that was read."""
        self._ended = True
        self.keep()

    def _wait(self) -> None:
        first = self.begin()
        first.join(_PATIENCE)
        if first.is_alive():
            raise NotReadyError(self.done, self.whole)
        if self._seq == 0:
            with self._lock:
                if self._first is first:
                    self._first = None  # who asks next begins again
            assert self._fault is not None
            raise self._fault

    def _read(self) -> None:
        try:
            with self.record.reading() as connection:
                self._settings = _settings(connection)
                kept = self.shelf.load(connection)
                if kept is None:
                    newest = _newest(connection)
                    self.whole = int(connection.execute(select(func.count()).select_from(members)).scalar_one())
                    board = _whole(connection, self._count)
                else:
                    board, newest = kept
                    self._kept = newest
            with self._lock:
                self._board, self._seq = board, newest
                self._grow()
            self.keep()
        except EndedError as error:
            self._fault = error
        except Exception as error:  # who asks is told what is wrong
            _log.error("the record could not be read: %s", error)
            self._fault = error

    def _count(self, done: int) -> None:
        self.done += done
        if self._ended:
            raise EndedError("the server ends; the record was not read whole")

    def _grow(self) -> None:
        with self.record.reading() as connection:
            newest = _newest(connection)
            settings = _settings(connection)
            if settings != self._settings:
                # What a decision counts may be another by now, for any claim.
                self._board, self._settings = _whole(connection), settings
            elif newest > self._seq:
                lines = connection.execute(
                    select(ledger.c.kind, ledger.c.ref).where(ledger.c.seq > self._seq, ledger.c.seq <= newest)
                ).all()
                self._board = _grown(connection, self._board, lines)
                if any(line.kind == "removal" for line in lines):
                    # Names out of the report may still stand in the registers: they go to no file.
                    self._clean = False
                    self.shelf.forget(connection)
        self._seq = newest
        if self._kept and time.monotonic() - self._kept_at > _KEPT_EVERY:
            self._kept_at = time.monotonic()
            threading.Thread(target=self.keep, name="board kept", daemon=True).start()


_keepers: WeakKeyDictionary[Record, Keeper] = WeakKeyDictionary()
_keepers_lock = threading.Lock()


def keeper_of(record: Record) -> Keeper:
    """The one keeper of a record."""
    with _keepers_lock:
        keeper = _keepers.get(record)
        if keeper is None:
            keeper = _keepers[record] = Keeper(record)
    return keeper


def board_of(record: Record, seq: int) -> Board:
    """The board of a record for viewers from inside, at ledger line `seq`. Raises `NotReadyError`."""
    return keeper_of(record).board(seq)


def board_of_shown(shown: Iterable[IncidentShown]) -> Board:
    """A board of what the public is shown, and of nothing else: each incident stands as one claim."""
    rows, facts = [], []
    for one in shown:
        number = int(one.id[1:])
        killed = next((harm for harm in one.harm if (harm.outcome, harm.who) == ("killed", "all")), None)
        days = day_of(one.first), day_of(one.last)
        harmed = max(least(one, "killed"), least(one, "injured"))
        told = Outline(
            harm=tuple((harm.outcome, harm.who, harm.low, harm.high) for harm in one.harm if harm.who != "unknown"),
            background=is_background(*days, (place.precision for place in one.places), harmed),
            doers=tuple(side.key for side in _sides(one.initiators)),
            disputes=tuple(found.value for found in one.contradictions),
        )
        low, high = (killed.low, killed.high) if killed else (None, None)
        rows.append(IncidentRow(number, one.type, *days, low, high, one.state, outline=told))
        facts.append((_fact(number, one), number))
    return Board.empty().grown(rows, facts)


def _sides(parties: Iterable[PartyShown]) -> tuple[Side, ...]:
    return tuple(Side(party.actor, fold(party.ar)) for party in parties)


def _fact(number: int, one: IncidentShown) -> Fact:
    spots = tuple(
        Spot(fold(p.told or p.ar), p.id, p.lat, p.lon, p.precision, "in", p.country, fold(p.admin1 or "") or None)
        for p in one.places
    )
    return Fact(
        number, 0, 0, None, None, one.type, "reported", "", None, day_of(one.first), day_of(one.last), None, None,
        spots, _sides(one.initiators), _sides(one.targets), (), (), (), None, b"",
    )  # fmt: skip


# -- reading the record --------------------------------------------------------------------------------------------


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.max(ledger.c.seq))).scalar() or 0)


def _settings(connection: Connection) -> str:
    return str(connection.execute(select(meta.c.value).where(meta.c.key == "settings")).scalar() or "")


def _whole(connection: Connection, count: Any = None) -> Board:
    """The board of a record, read from its first claim to its last."""
    known, parts = Registers(), list[Columns]()
    wanted = (
        select(members.c.incident_id, claims.c.fact)
        .join(claims, members.c.claim_id == claims.c.id)
        .where(claims.c.current)
        .order_by(members.c.incident_id, members.c.claim_id)
        .execution_options(yield_per=_BATCH)
    )
    rows = _incident_rows(connection, None)
    waiting: list[IncidentRow] = []
    facts: list[tuple[Fact, int]] = []

    def put() -> None:
        parts.append(columns.grown(Columns.empty(), waiting, facts, (), known))
        if count:
            count(len(facts))
        waiting.clear()
        facts.clear()

    for number, told in groupby(connection.execute(wanted), key=lambda row: row[0]):
        own = [decode(row[1]) for row in told]
        for row in rows:
            waiting.append(row if row.id < number else msgspec.structs.replace(row, outline=outline(own)))
            if row.id >= number:
                break
        facts += [(fact, number) for fact in own]
        if len(facts) >= _BATCH:
            put()
    waiting += rows
    put()
    return _retold(connection, Board(columns.joined(parts), known), _decided(connection), set())


def _decided(connection: Connection) -> set[int]:
    """Claims that people decided about."""
    named = select(decisions.c.target).where(decisions.c.kind.in_(VALUES)).distinct()
    threads = [int(target[1:]) for target in connection.execute(named).scalars() if target.startswith("c")]
    return {row[0] for row in in_chunks(connection, select(claims.c.id), claims.c.thread, threads)}


def _grown(connection: Connection, board: Board, lines: Sequence[Any]) -> Board:
    """The board after these lines of the ledger."""
    refs: dict[str, list[int]] = {}
    for line in lines:
        refs.setdefault(line.kind, []).append(line.ref)
    return _retold(connection, board, *_claims_touched(connection, refs))


def _retold(connection: Connection, board: Board, touched: set[int], named: set[int]) -> Board:
    """The board with claims and incidents told anew as people left them, and all that they are together with."""
    if not touched and not named:
        return board
    before = set(board.incidents_of(touched).values())
    now = in_chunks(connection, select(members.c.incident_id), members.c.claim_id, sorted(touched))
    numbers = sorted(named | before | {row[0] for row in now})
    held = facts_as_of(connection, None, numbers)
    told = (
        msgspec.structs.replace(row, outline=outline(held[row.id])) if row.id in held else row
        for row in _incident_rows(connection, numbers)
    )
    facts = [(fact, number) for number, own in held.items() for fact in own if fact.claim in touched]
    return board.grown(told, facts, touched - {fact.claim for fact, _ in facts})


def _claims_touched(connection: Connection, refs: dict[str, list[int]]) -> tuple[set[int], set[int]]:
    """The claims that lines of the ledger are about, and the incidents that decisions name."""
    touched: set[int] = set()
    # A reading takes the place of the readings before it of the same capture.
    read = in_chunks(connection, select(readings.c.capture_id), readings.c.id, refs.get("reading", []))
    captures = [*(row[0] for row in read), *refs.get("removal", [])]
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
    """Rows of the incidents with these numbers, or of all, in the order of their numbers."""
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
