"""The ledger: one line for every arrival, reading, decision, placing, stamp and removal, each chained to the last.

`hash = SHA-256(hash before | seq | at | kind | ref | digest)`. Whoever notes the newest hash can later prove that
nothing before it was changed, left out or put in. `digest` is the SHA-256 of what the line is about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, insert, select

from sijill.record.schema import ledger

Kind = Literal["begin", "arrival", "reading", "decision", "placing", "stamp", "removal"]
GENESIS = bytes(32)
Value = str | int | float | bool | bytes | None


class Entry(NamedTuple):
    """What happened: its kind, the id of its row, and the digest of the row's content."""

    kind: Kind
    ref: int
    digest: bytes


def digest_of(*values: Value) -> bytes:
    """SHA-256 over values in one unmistakable form."""
    plain = [value.hex() if isinstance(value, bytes) else value for value in values]
    return hashlib.sha256(msgspec.json.encode(plain)).digest()


def link(before: bytes, seq: int, at: str, kind: str, ref: int, digest: bytes) -> bytes:
    """The hash of one line."""
    return hashlib.sha256(before + f"|{seq}|{at}|{kind}|{ref}|".encode() + digest).digest()


def head(connection: Connection) -> tuple[int, bytes]:
    """Number and hash of the newest line; (0, zeros) when there is none."""
    row = connection.execute(select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1)).first()
    return (int(row[0]), bytes(row[1])) if row else (0, GENESIS)


def append(connection: Connection, at: str, entries: Sequence[Entry]) -> None:
    """Write lines, in order, in the transaction that writes what they are about."""
    if not entries:
        return
    seq, before = head(connection)
    rows = []
    for entry in entries:
        seq += 1
        before = link(before, seq, at, entry.kind, entry.ref, entry.digest)
        rows.append(
            {"seq": seq, "at": at, "kind": entry.kind, "ref": entry.ref, "digest": entry.digest, "hash": before}
        )
    connection.execute(insert(ledger), rows)
