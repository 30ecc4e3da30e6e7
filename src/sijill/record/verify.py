"""Verifying: does the record still hold what was put in it, all of it, unchanged?

Every line of the ledger is chained again; every capture, arrival, reading, decision and placing is hashed again and
compared with its line; and rows that repeat a reading are compared with it. Faults are named, never repaired.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, exists, func, select

from sijill.record import blobs, ledger, packed, verify_index, verify_rows
from sijill.record.adding import arrival_digest
from sijill.record.decisions import decision_digest
from sijill.record.errors import RecordError
from sijill.record.record import Record
from sijill.record.removal import decided_ids, leftovers, remains_digest, removals
from sijill.record.schema import arrivals, captures, claims, decisions, member_log, members, readings, stamps, withheld
from sijill.record.schema import ledger as lines
from sijill.record.stamps import digest, fault_of

_PAGE = 500


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong: where, and what."""

    where: str
    what: str


class Verdict(msgspec.Struct, frozen=True):
    """What verifying found. Note `head`: given to a later `verify`, it proves that nothing before it was exchanged."""

    lines: int
    head: str
    captures: int
    readings: int
    claims: int
    faults: tuple[Fault, ...]
    removed: tuple[Fault, ...] = ()
    """Captures that people removed for somebody's safety, with who did and when: no faults."""


def verify(record: Record, *, head: str | None = None, progress: Callable[[str], None] | None = None) -> Verdict:
    """Check a whole record. `head` is a hash of the ledger noted before, which must still stand in it."""
    with record.reading() as connection:
        faults = []
        for step in (
            _chain, _captures, _arrivals, _readings, _decisions, _placings, _stamps, _removals, _indexes,
        ):  # fmt: skip
            if progress:
                progress(step.__name__.removeprefix("_"))
            faults += list(step(record, connection))
        if head is not None and not _stands(connection, head):
            faults.append(Fault("ledger", f"the noted line {head[:16]} is not in it: lines were exchanged or cut off"))
        newest, hashed = ledger.head(connection)
        kept, read, told = (_count(connection, table) for table in (captures, readings, claims))
        gone = tuple(Fault(f"capture {number}", str(found)) for number, found in removals(connection).items())
    return Verdict(newest, hashed.hex(), kept, read, told, tuple(faults), gone)


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _stands(connection: Connection, head: str) -> bool:
    try:
        hashed = bytes.fromhex(head)
    except ValueError as error:
        raise RecordError(f"{head}: not a hash of the ledger (64 hex digits)") from error
    return connection.execute(select(lines.c.seq).where(lines.c.hash == hashed)).first() is not None


def _pages(connection: Connection, table: Table) -> Iterator[Any]:
    """The rows of a table in the order of their ids, a page at a time."""
    column = next(iter(table.primary_key.columns))
    last = -1
    while True:
        rows = connection.execute(select(table).where(column > last).order_by(column).limit(_PAGE)).all()
        if not rows:
            return
        yield from rows
        last = getattr(rows[-1], column.name)


def _chain(_record: Record, connection: Connection) -> Iterator[Fault]:
    before, expected = ledger.GENESIS, 1
    for row in _pages(connection, lines):
        if row.seq != expected:
            yield Fault(f"ledger line {expected}", f"missing; the next is {row.seq}")
        if bytes(row.hash) != ledger.link(before, row.seq, row.at, row.kind, row.ref, bytes(row.digest)):
            yield Fault(f"ledger line {row.seq}", "does not follow from the line before: one of the two was changed")
        before, expected = bytes(row.hash), row.seq + 1
    if expected == 1:
        yield Fault("ledger", "empty: a record begins with a line of its own")


def _held(connection: Connection, kind: str) -> dict[int, bytes]:
    """The digest the ledger holds for every row of a kind."""
    wanted = select(lines.c.ref, lines.c.digest).where(lines.c.kind == kind)
    return {row[0]: bytes(row[1]) for row in connection.execute(wanted)}


def _against(kind: str, held: dict[int, bytes], ref: int, digest: bytes) -> Iterator[Fault]:
    line = held.pop(ref, None)
    if line is None:
        yield Fault(f"{kind} {ref}", "is not in the ledger: it was put in from outside")
    elif line != digest:
        yield Fault(f"{kind} {ref}", "was changed after it was kept")


def _lost(kind: str, held: dict[int, bytes]) -> Iterator[Fault]:
    for ref in held:
        yield Fault(f"{kind} {ref}", "is in the ledger but lost from the record")


def _captures(record: Record, connection: Connection) -> Iterator[Fault]:
    removed = set(connection.execute(select(withheld.c.capture_id).where(withheld.c.removed)).scalars())
    for row in _pages(connection, captures):
        if row.id not in removed:
            try:
                data = blobs.get(connection, record.folder, row.id)
                if len(data) != row.size:
                    yield Fault(f"capture {row.id}", "its size was changed")
            except RecordError as error:
                yield Fault(f"capture {row.id}", str(error).split(": ", 1)[1])
        if not connection.execute(select(exists().where(arrivals.c.capture_id == row.id))).scalar():
            yield Fault(f"capture {row.id}", "nothing tells where it came from: its arrival is lost")


def _arrivals(_record: Record, connection: Connection) -> Iterator[Fault]:
    held, gone = _held(connection, "arrival"), removals(connection)
    for row in _pages(connection, arrivals):
        if row.capture_id in gone and row.id in held:
            held.pop(row.id)  # bound by the line of the removal
            continue
        found = connection.execute(select(captures.c.sha256).where(captures.c.id == row.capture_id)).scalar()
        if found is None:
            yield Fault(f"arrival {row.id}", f"its capture {row.capture_id} is lost")
            held.pop(row.id, None)
            continue
        yield from _against("arrival", held, row.id, arrival_digest(bytes(found), row.address, row.at, row.detail))
    yield from _lost("arrival", held)


def _readings(_record: Record, connection: Connection) -> Iterator[Fault]:
    held, gone = _held(connection, "reading"), removals(connection)
    for row in _pages(connection, readings):
        if row.capture_id in gone and row.id in held:
            if held.pop(row.id) != bytes(row.digest):
                yield Fault(f"reading {row.id}", "was changed after it was kept")
            continue
        try:
            digest = hashlib.sha256(packed.unpack(row.data)).digest()
        except zlib.error:
            yield Fault(f"reading {row.id}", "is damaged")
            held.pop(row.id, None)
            continue
        faults = list(_against("reading", held, row.id, digest))
        yield from faults
        if not faults:
            yield from (Fault(*found) for found in verify_rows.claims_of(connection, row))
    yield from _lost("reading", held)


def _decisions(_record: Record, connection: Connection) -> Iterator[Fault]:
    held = _held(connection, "decision")
    emptied = {number for capture in removals(connection) for number in decided_ids(connection, capture)}
    for row in _pages(connection, decisions):
        if row.id in emptied and row.id in held:
            held.pop(row.id)
            continue
        yield from _against("decision", held, row.id, decision_digest(row))
    yield from _lost("decision", held)
    for found in (*verify_rows.states_of(connection), *verify_rows.withheld_of(connection)):
        yield Fault(*found)


def _placings(_record: Record, connection: Connection) -> Iterator[Fault]:
    """The log of placings, in the runs in which it was written, and the place of every claim against the log."""
    held = _held(connection, "placing")
    starts = sorted(held)
    run: list[Any] = []
    newest: dict[int, int] = {}
    for row in _pages(connection, member_log):
        newest[row.claim_id] = row.incident_id
        if row.id in held and run:
            yield from _against("placing", held, run[0].id, placing_digest(run))
            run = []
        run.append(row)
    if run:
        yield from _against("placing", held, run[0].id, placing_digest(run))
    yield from _lost("placing", {start: held[start] for start in starts if start in held})
    for row in _pages(connection, members):
        if newest.get(row.claim_id) != row.incident_id:
            yield Fault(f"claim {row.claim_id}", f"stands in incident {row.incident_id}; the log says otherwise")


def _stamps(_record: Record, connection: Connection) -> Iterator[Fault]:
    held = _held(connection, "stamp")
    for row in _pages(connection, stamps):
        yield from _against("stamp", held, row.id, digest(row))
        if fault := fault_of(connection, row):
            yield Fault(f"stamp {row.id}", fault)
    yield from _lost("stamp", held)


def _removals(_record: Record, connection: Connection) -> Iterator[Fault]:
    """What is left of removed captures, against the lines of their removals; and that nothing else is left."""
    held = _held(connection, "removal")
    for capture in removals(connection):
        yield from _against("removal", held, capture, remains_digest(connection, capture))
        for what in leftovers(connection, capture):
            yield Fault(f"capture {capture}", f"was removed, but {what}")
    yield from _lost("removal", held)


def _indexes(_record: Record, connection: Connection) -> Iterator[Fault]:
    yield from (Fault(*found) for found in verify_index.words_of(connection))
    yield from (Fault(*found) for found in verify_index.boxes_of(connection))


def placing_digest(rows: list[Any]) -> bytes:
    """What the ledger holds of one run of the log."""
    names = ("id", "claim_id", "incident_id", "score", "why", "decision_id")
    return ledger.digest_of(*[getattr(row, name) for row in rows for name in names])
