"""Trusted timestamps (RFC 3161): an authority outside says that a line of the ledger stood at a time.

Each line's hash covers all lines before it, so that one stamp speaks for everything up to its line. What the authority
answered is kept whole, with the certificates it leads to, as evidence: it can be checked without asking anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, insert, select

from sijill.capture.fetch import request
from sijill.capture.item import Limits
from sijill.errors import InputError
from sijill.record import ledger
from sijill.record.engine import next_id
from sijill.record.errors import RecordError
from sijill.record.schema import ledger as lines
from sijill.record.schema import stamps
from sijill.record.settings import Timestamps

if TYPE_CHECKING:
    from sijill.record.record import Record

_ASK = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class Stamp(msgspec.Struct, frozen=True):
    """That an authority saw a line of the ledger. `time` is the authority's, in ISO 8601."""

    line: int
    hash: str
    time: str
    authority: str


def stamp(record: Record) -> Stamp | None:
    """Ask the record's authority for a timestamp of the newest line, and keep it; None where nothing is new since.

    Raises `RecordError` where no authority is set, it cannot be reached, or its answer does not hold.
    """
    settings = record.settings
    if settings.timestamps is None:
        raise RecordError(f"{record.name}: no authority is set; name one (--authority URL --roots FILE)")
    with record.reading() as connection:
        line, hashed = ledger.head(connection)
        kind = connection.execute(select(lines.c.kind).where(lines.c.seq == line)).scalar()
    if kind == "stamp":
        return None
    authority = settings.timestamps
    answer, time = _ask(authority, hashed, settings.limits)
    with record.writing() as connection:
        number, at = next_id(connection, stamps), record.clock()
        told = {"authority": authority.authority, "roots": authority.roots, "answer": answer}
        row = {"id": number, "at": at, "line": line, **told}
        connection.execute(insert(stamps).values(row))
        ledger.append(connection, at, [ledger.Entry("stamp", number, digest(row))])
    return Stamp(line, hashed.hex(), time, authority.authority)


def set_authority(record: Record, authority: Timestamps) -> None:
    """Name the authority from now on. Raises `RecordError` for certificates that are none."""
    _roots(authority.roots)
    record.set_settings(msgspec.structs.replace(record.settings, timestamps=authority))


def digest(row: Any) -> bytes:
    """What the ledger holds of a stamp."""
    told = row if isinstance(row, dict) else row._mapping
    return ledger.digest_of(*[told[name] for name in ("id", "at", "line", "authority", "roots", "answer")])


def fault_of(connection: Connection, row: Any) -> str | None:
    """What is wrong with a stamp that was kept: the hash that it bears, or its signatures up to the roots."""
    hashed = connection.execute(select(lines.c.hash).where(lines.c.seq == row.line)).scalar()
    if hashed is None:
        return f"its line {row.line} is lost"
    client = _client()
    try:
        found = client.decode_timestamp_response(bytes(row.answer))
        _verifier(client.VerifierBuilder(), row.roots).verify_message(found, bytes(hashed))
    except (client.VerificationError, ValueError, RecordError) as error:
        return f"does not hold: {error}"
    return None


def _ask(authority: Timestamps, hashed: bytes, limits: Limits) -> tuple[bytes, str]:
    """The authority's answer for a hash, checked, and the time it tells."""
    client = _client()
    asked = client.TimestampRequestBuilder().data(hashed).hash_algorithm(client.HashAlgorithm.SHA256).build()
    try:
        answer = request(authority.authority, limits, _ASK, asked.as_bytes())
        if answer.status != 200:
            raise InputError(f"{answer.url}: answered {answer.status} {answer.reason}")
        found = client.decode_timestamp_response(answer.data)
        _verifier(client.VerifierBuilder.from_request(asked), authority.roots).verify_message(found, hashed)
    except (InputError, client.VerificationError, ValueError) as error:
        raise RecordError(f"no timestamp from {authority.authority}: {error}") from error
    return answer.data, found.tst_info.gen_time.isoformat()


def _verifier(builder: Any, roots: str) -> Any:
    for certificate in _roots(roots):
        builder = builder.add_root_certificate(certificate)
    return builder.build()


def _roots(pem: str) -> list[Any]:
    _client()
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return list(load_pem_x509_certificates(pem.encode()))
    except ValueError as error:
        raise RecordError(f"the roots of the authority: no certificates in PEM: {error}") from error


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError as error:
        raise RecordError("timestamps need an extra: pip install 'sijill[timestamps]'") from error
    return rfc3161_client
