"""The documents that the index of words holds: every claim, and every report that is no copy, by number."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from sijill.model import Report
from sijill.record import index
from sijill.record.adding import report_of
from sijill.record.prepare import claim_words
from sijill.record.schema import claims, readings
from sijill.record.words import stems

_PAGE = 200


def documents(connection: Connection) -> Iterator[list[tuple[int, str]]]:
    """What should be indexed: documents by number with their words, some readings' at a time."""
    last = 0
    while True:
        wanted = select(readings.c.id, readings.c.data, readings.c.copy_of).where(readings.c.id > last)
        rows = connection.execute(wanted.order_by(readings.c.id).limit(_PAGE)).all()
        if not rows:
            return
        last = rows[-1].id
        told: dict[int, list[int]] = {}
        its = select(claims.c.reading_id, claims.c.id).where(claims.c.reading_id.in_([row.id for row in rows]))
        for reading, claim in connection.execute(its.order_by(claims.c.id)):
            told.setdefault(reading, []).append(claim)
        page = []
        for row in rows:
            if row.copy_of is None and (report := _report(row.data)):
                pairs = zip(told.get(row.id, ()), report.claims, strict=False)
                page += [(index.claim_doc(claim), " ".join(claim_words(said))) for claim, said in pairs]
                page.append((index.report_doc(row.id), " ".join(stems(report.text))))
        yield page


def _report(data: bytes) -> Report | None:
    """A report, or None where it was removed, or exchanged for none: its reading's own check says so."""
    try:
        return report_of(data) if data else None
    except (msgspec.DecodeError, zlib.error):
        return None
