"""One report as its page shows it: the text with its marks, its claims, where it came from."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select

from sijill.errors import SijillError
from sijill.model import Report
from sijill.page import read_page
from sijill.page.model import Block
from sijill.record import Record
from sijill.record.schema import arrivals, captures, claims, readings, withheld
from sijill.web.marks import cut, spans
from sijill.web.roles import MissingError, known
from sijill.web.shapes import Piece

PART = 120_000
"""So many letters of a text are shown at once."""


class ReportShown(msgspec.Struct, frozen=True):
    """A report. `pieces` is one part of its text; without a text where it is withheld."""

    id: str
    sha256: str
    size: int
    at: str
    arrivals: tuple[tuple[str, str], ...]
    """When it came, and from where."""
    withheld: bool
    report: Report | None = None
    reader: str = ""
    claims: tuple[int, ...] = ()
    copies: tuple[int, ...] = ()
    pieces: tuple[Piece, ...] = ()
    part: int = 1
    parts: int = 1


def report_of(record: Record, number: int, part: int = 1) -> ReportShown:
    """The report of a capture. Raises `MissingError`."""
    known(number, "r")
    with record.reading() as connection:
        row = connection.execute(select(captures).where(captures.c.id == number)).first()
        if row is None:
            raise MissingError(f"r{number}: there is no such report")
        came = connection.execute(select(arrivals).where(arrivals.c.capture_id == number).order_by(arrivals.c.id)).all()
        held = connection.execute(select(withheld).where(withheld.c.capture_id == number)).first() is not None
        newest = select(readings).where(readings.c.capture_id == number).order_by(readings.c.id.desc()).limit(1)
        read = connection.execute(newest).first()
        head: dict[str, Any] = {
            "id": f"r{number}",
            "sha256": bytes(row.sha256).hex(),
            "size": row.size,
            "at": row.at,
            "arrivals": () if held else tuple((arrival.at, arrival.address) for arrival in came),
            "withheld": held,
        }
        if held or read is None:
            return ReportShown(**head)
        report = record.report(connection, read.id)
        told = select(claims.c.id, claims.c.key).where(claims.c.reading_id == read.id).order_by(claims.c.id)
        ids = {key: claim for claim, key in connection.execute(told).all()}
        copied = select(readings.c.capture_id).where(readings.c.copy_of == number).distinct()
        copies = tuple(connection.execute(copied).scalars())
        blocks = _blocks(record, connection, number, report)
    return _with_text(head, report, read.reader, ids, copies, blocks, part)


def _with_text(
    head: dict[str, Any],
    report: Report,
    reader: str,
    ids: dict[str, int],
    copies: tuple[int, ...],
    blocks: tuple[Block, ...],
    part: int,
) -> ReportShown:
    parts = max(1, -(-len(report.text) // PART))
    part = min(max(1, part), parts)
    start, end = (part - 1) * PART, min(part * PART, len(report.text))
    marked = [
        (span.start, span.end, role, ids[claim.id])
        for claim in report.claims
        if claim.id in ids
        for role, span in spans(claim)
    ]
    return ReportShown(
        **head,
        report=report,
        reader=reader,
        claims=tuple(ids.values()),
        copies=copies,
        pieces=tuple(cut(report.text, start, end, marked, blocks)),
        part=part,
        parts=parts,
    )


def _blocks(record: Record, connection: Any, number: int, report: Report) -> tuple[Block, ...]:
    """What is furniture, told anew from the bytes; nothing where the page is read otherwise by now."""
    try:
        item = record.item(connection, number)
        page = read_page(item.text or item.data, name=item.name, media_type=item.media_type, url=item.url)
    except SijillError:
        return ()
    return page.blocks if page.text == report.text else ()


def original(record: Record, number: int) -> tuple[bytes, str]:
    """The bytes of a report as they came, and a name for the file. Raises `MissingError` where they are kept back."""
    shown = report_of(record, number)
    if shown.withheld:
        raise MissingError(f"r{number}: the report is withheld")
    with record.reading() as connection:
        return record.item(connection, number).data, f"{shown.sha256[:16]}.bin"
