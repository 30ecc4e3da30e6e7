"""Adding: items to captures, readings, claims and incidents, a batch in one transaction.

A batch is whole or absent. What a batch needs to know about the record it asks inside its own transaction, as the
only writer, so that two programs may add at once, and an add cut short goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
from sqlalchemy import Connection, Select, insert, select, update

from sijill.capture.item import Failure, Item, plain
from sijill.model import Report
from sijill.record import blobs, copies, index, packed
from sijill.record.engine import next_id
from sijill.record.errors import RecordError
from sijill.record.fact import Fact, encode, numbered
from sijill.record.ledger import Entry, append, digest_of
from sijill.record.prepare import Prepared, anchor_of, named
from sijill.record.schema import arrivals, bands, captures, claim_parties, claim_places, claims, readings, withheld
from sijill.record.schema import blobs as blob_rows

JOIN = "sijill.incidents.join:join"
"""What brings new claims into incidents, named and not imported: incidents are made from records."""

_CHUNK = 400
_report = msgspec.json.Decoder(Report)


class Joined(NamedTuple):
    """What joining gave: how many incidents are new, and lines for the ledger."""

    new: int
    entries: list[Entry]


Join = Callable[[Connection, str, Sequence[Fact], Mapping[int, int]], Joined]
"""Given the new claims, and which of them take the place of which old ones, in whose incident they stay."""


class Summary(msgspec.Struct):
    """What an add did.

    `already` counts what was there before, `copies` the texts that tell nothing new, `passed` the files of kinds that
    hold no reports.
    """

    read: int = 0
    claims: int = 0
    incidents: int = 0
    copies: int = 0
    already: int = 0
    passed: int = 0
    failures: list[Failure] = []


class Batch:
    """One batch on its way into the record. `reader` names who read it."""

    def __init__(self, connection: Connection, folder: Path | None, at: str, reader: str) -> None:
        self.connection, self.folder, self.at, self.reader = connection, folder, at, reader
        self.entries: list[Entry] = []
        self.facts: list[Fact] = []
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.replaces: dict[int, int] = {}
        """New claim to the old one it takes the place of."""
        self.fresh: set[int] = set()
        """Captures that were not in the record before."""
        self.words: list[tuple[int, str]] = []
        self.next = {table.name: next_id(connection, table) for table in (captures, arrivals, readings, claims)}
        self.next["claim_places"] = next_id(connection, claim_places)

    def number(self, table: str) -> int:
        """The next free id of a table."""
        given = self.next[table]
        self.next[table] = given + 1
        return given

    def row(self, table: str, **values: Any) -> None:
        """Note a row to insert at the end."""
        self.rows.setdefault(table, []).append(values)


def write(batch: Batch, work: Sequence[tuple[Item, Prepared]], summary: Summary, join: str) -> None:
    """Put a batch into the record: captures and arrivals, readings, claims, incidents, ledger."""
    known = _known_captures(batch, [prepared.sha256 for _, prepared in work])
    been = _known_arrivals(batch.connection, list(known.values()))
    read_before = _known_readings(batch, list(known.values()))
    texts = _Texts(batch.connection, [prepared for _, prepared in work])
    gone = _removed(batch.connection)
    for item, prepared in work:
        if before := gone.get(prepared.sha256) or gone.get(prepared.text_digest):
            summary.failures.append(Failure(item.name, f"r{before} was removed for somebody's safety: not taken again"))
            continue
        capture = known.get(prepared.sha256)
        if capture is None:
            capture = known[prepared.sha256] = batch.number("captures")
            batch.fresh.add(capture)
            _keep(batch, capture, item, prepared)
        if (capture, item.address) not in been:
            been.add((capture, item.address))
            _arrive(batch, capture, item, prepared)
        elif capture in read_before:
            summary.already += 1
            continue
        if prepared.report is None:
            summary.failures.append(Failure(item.name, prepared.reason or "not read"))
        elif capture in read_before:
            summary.copies += 1
        else:
            read_before.add(capture)
            _read(batch, capture, prepared, texts, summary)
    _finish(batch, summary, join)


def arrival_digest(sha256: bytes, address: str, at: str, detail: str) -> bytes:
    """What the ledger holds of an arrival: it binds the capture's bytes to where they came from."""
    return digest_of(sha256, address, at, detail)


def _keep(batch: Batch, capture: int, item: Item, prepared: Prepared) -> None:
    codec = blobs.codec(batch.folder, prepared.squeezed)
    batch.row("captures", id=capture, sha256=prepared.sha256, size=len(item.data), codec=codec, at=batch.at)
    if codec == blobs.FILE:
        assert batch.folder is not None
        blobs.write(batch.folder, prepared.sha256, prepared.squeezed)
    else:
        batch.row("blobs", capture_id=capture, data=prepared.squeezed)


def _arrive(batch: Batch, capture: int, item: Item, prepared: Prepared) -> None:
    told = {
        name: plain(value) if isinstance(value := getattr(item, name), str) else value
        for name in ("name", "how", "url", "media_type", "published", "outlet", "title", "headers", "container", "text")
        if getattr(item, name)
    }
    if item.headers:
        told["headers"] = [(plain(name), plain(value)) for name, value in item.headers]
    detail = msgspec.json.encode(told).decode()
    arrival = batch.number("arrivals")
    batch.row("arrivals", id=arrival, capture_id=capture, at=batch.at, address=item.address, detail=detail)
    digest = arrival_digest(prepared.sha256, item.address, batch.at, detail)
    batch.entries.append(Entry("arrival", arrival, digest))


def _read(batch: Batch, capture: int, prepared: Prepared, texts: _Texts, summary: Summary) -> None:
    copy_of, origin, fresh = texts.place(capture, prepared)
    reading = batch.number("readings")
    batch.row(
        "readings",
        id=reading,
        capture_id=capture,
        at=batch.at,
        reader=batch.reader,
        outlet=prepared.outlet,
        published=prepared.published,
        copy_of=copy_of,
        origin=origin,
        text_digest=prepared.text_digest,
        signature=prepared.signature,
        digest=prepared.digest,
        data=prepared.report,
    )
    batch.entries.append(Entry("reading", reading, prepared.digest))
    summary.read += 1
    if copy_of is not None:
        summary.copies += 1
        return
    if fresh:
        for key in copies.bands(prepared.signature):
            batch.row("bands", key=key, capture_id=capture)
    batch.words.append((index.report_doc(reading), prepared.report_words))
    summary.claims += len(prepared.facts)
    old = {} if capture in batch.fresh else _old_claims(batch.connection, capture, batch.reader)
    for n, fact in enumerate(prepared.facts):
        claim = thread = batch.number("claims")
        if before := old.get(prepared.anchors[n]):
            batch.replaces[claim], thread = before.pop(0)
        _claim(batch, numbered(fact, claim, reading, origin), prepared.keys[n], thread)
        batch.words.append((index.claim_doc(claim), prepared.claim_words[n]))


def claim_row(fact: Fact, key: str, thread: int) -> dict[str, Any]:
    """The row of a claim: the columns people search by, and the whole fact."""
    return {
        "id": fact.claim,
        "thread": thread,
        "reading_id": fact.reading,
        "key": key,
        "type": fact.type,
        "modality": fact.modality,
        "first": fact.first,
        "last": fact.last,
        "source_kind": fact.source_kind,
        "source": fact.source if fact.source_kind != "outlet" else fact.outlet,
        "killed": _least(fact, "killed"),
        "injured": _least(fact, "injured"),
        "current": True,
        "fact": encode(fact),
    }


def _least(fact: Fact, outcome: str) -> int | None:
    told = [harm.low for harm in fact.harm if harm.outcome == outcome and harm.low is not None]
    return sum(told) if told else None


def _claim(batch: Batch, fact: Fact, key: str, thread: int) -> None:
    batch.facts.append(fact)
    batch.row("claims", **claim_row(fact, key, thread))
    for told in place_rows(fact):
        place = batch.number("claim_places")
        batch.row("claim_places", id=place, claim_id=fact.claim, **told)
        if told["lat"] is not None:
            batch.row("boxes", id=place, lat=told["lat"], lon=told["lon"])
    for told in party_rows(fact):
        batch.row("claim_parties", claim_id=fact.claim, **told)


def place_rows(fact: Fact) -> list[dict[str, Any]]:
    """The rows of a claim's places, without their ids."""
    names = ("name", "place_id", "lat", "lon", "precision", "country", "admin1", "admin2")
    return [{name: getattr(spot, name) for name in names} for spot in fact.spots]


def party_rows(fact: Fact) -> list[dict[str, Any]]:
    """The rows of a claim's parties."""
    sides = [("initiator", side) for side in fact.initiators] + [("target", side) for side in fact.targets]
    return [{"n": n, "role": role, "actor": side.actor, "name": side.name} for n, (role, side) in enumerate(sides)]


def _finish(batch: Batch, summary: Summary, join: str) -> None:
    connection = batch.connection
    for table in (captures, blob_rows, arrivals, readings, bands, claims, claim_places, claim_parties):
        if rows := batch.rows.get(table.name):
            connection.execute(insert(table), rows)
    index.put(connection, batch.words, batch.rows.get("boxes", []))
    joined = cast(Join, named(join))(connection, batch.at, batch.facts, batch.replaces)
    summary.incidents += joined.new
    append(connection, batch.at, batch.entries + joined.entries)


def _old_claims(connection: Connection, capture: int, reader: str) -> dict[str, list[tuple[int, int]]]:
    """Claims (id, thread) that earlier readings of a capture gave, by the words they stand on.

    Their rows are current no more: a reading replaces the readings before it, all of them, and deletes none.
    """
    wanted = (
        select(claims.c.id, claims.c.thread, claims.c.key, readings.c.data)
        .join(readings, readings.c.id == claims.c.reading_id)
        .where(readings.c.capture_id == capture, readings.c.reader != reader, claims.c.current)
        .order_by(claims.c.id)
    )
    found: dict[str, list[tuple[int, int]]] = {}
    rows = connection.execute(wanted).all()
    if rows:
        connection.execute(update(claims).where(claims.c.id.in_([row.id for row in rows])).values(current=False))
    for row in rows:
        anchor = next(anchor_of(claim) for claim in report_of(row.data).claims if claim.id == row.key)
        found.setdefault(anchor, []).append((row.id, row.thread))
    return found


def report_of(data: bytes) -> Report:
    """A report from the bytes of its reading. Raises `RecordError` where it was removed for safety."""
    if not data:
        raise RecordError("the report was removed for somebody's safety")
    return _report.decode(packed.unpack(data))


def _removed(connection: Connection) -> dict[bytes, int]:
    """The captures that were removed, by the hash of their bytes and by that of their words: they stay away."""
    wanted = (
        select(captures.c.id, captures.c.sha256, readings.c.text_digest)
        .join(withheld, withheld.c.capture_id == captures.c.id)
        .outerjoin(readings, readings.c.capture_id == captures.c.id)
        .where(withheld.c.removed)
    )
    rows = connection.execute(wanted).all()
    return {bytes(digest): row.id for row in rows for digest in (row.sha256, row.text_digest) if digest}


def _known_captures(batch: Batch, digests: list[bytes]) -> dict[bytes, int]:
    wanted = select(captures.c.sha256, captures.c.id)
    return {bytes(row[0]): row[1] for row in in_chunks(batch.connection, wanted, captures.c.sha256, digests)}


def _known_arrivals(connection: Connection, ids: list[int]) -> set[tuple[int, str]]:
    wanted = select(arrivals.c.capture_id, arrivals.c.address)
    return {(row[0], row[1]) for row in in_chunks(connection, wanted, arrivals.c.capture_id, ids)}


def _known_readings(batch: Batch, ids: list[int]) -> set[int]:
    wanted = select(readings.c.capture_id).where(readings.c.reader == batch.reader)
    return {row[0] for row in in_chunks(batch.connection, wanted, readings.c.capture_id, ids)}


def in_chunks(connection: Connection, wanted: Select[Any], column: Any, values: Sequence[Any]) -> list[Any]:
    """Rows where a column is one of many values, asked a few hundred at a time."""
    found: list[Any] = []
    for start in range(0, len(values), _CHUNK):
        found += connection.execute(wanted.where(column.in_(values[start : start + _CHUNK]))).all()
    return found


class _Texts:
    """Which texts of a batch are copies, of each other or of what the record has."""

    def __init__(self, connection: Connection, work: Sequence[Prepared]) -> None:
        texts = [prepared.text_digest for prepared in work if prepared.report is not None]
        keys = [key for prepared in work for key in copies.bands(prepared.signature)]
        same = select(readings.c.text_digest, readings.c.capture_id, readings.c.origin).order_by(readings.c.id.desc())
        self.same: dict[bytes, tuple[int, int]] = {
            bytes(row[0]): (row[1], row[2]) for row in in_chunks(connection, same, readings.c.text_digest, texts)
        }
        self.bands: dict[int, list[int]] = {}
        near: set[int] = set()
        for row in in_chunks(connection, select(bands.c.key, bands.c.capture_id), bands.c.key, keys):
            self.bands.setdefault(row[0], []).append(row[1])
            near.add(row[1])
        signed = select(readings.c.capture_id, readings.c.signature, readings.c.origin)
        rows = in_chunks(connection, signed, readings.c.capture_id, sorted(near))
        self.signed: dict[int, tuple[bytes, int]] = {row[0]: (bytes(row[1]), row[2]) for row in rows}

    def place(self, capture: int, prepared: Prepared) -> tuple[int | None, int, bool]:
        """The capture whose text this one repeats (None: its text is new), its origin, and whether it was unknown."""
        same = self.same.get(prepared.text_digest)
        if same and same[0] != capture:
            return same[0], same[1], False
        origin = same[1] if same else self._near(prepared) or capture
        self.same[prepared.text_digest] = (capture, origin)
        self.signed[capture] = (prepared.signature, origin)
        fresh = True
        for key in copies.bands(prepared.signature):
            known = self.bands.setdefault(key, [])
            fresh = fresh and capture not in known
            known.append(capture)
        return None, origin, fresh

    def _near(self, prepared: Prepared) -> int | None:
        met = {capture for key in copies.bands(prepared.signature) for capture in self.bands.get(key, ())}
        best = max(met, key=lambda capture: (self._likeness(prepared, capture), -capture), default=None)
        if best is None or self._likeness(prepared, best) < copies.NEAR:
            return None
        return self.signed[best][1]

    def _likeness(self, prepared: Prepared, capture: int) -> float:
        return copies.likeness(prepared.signature, self.signed[capture][0]) if capture in self.signed else 0.0
