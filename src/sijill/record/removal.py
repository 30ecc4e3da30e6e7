"""Removal for somebody's safety: a capture's bytes and every working copy of its words go; hashes and story stay.

What goes: the bytes, the readings with their claims, the indexes of words and places, what arrivals tell beside the
address (the address too, where that was asked for), and the words of decisions about its claims. What stays: every
hash and line of the ledger, who decided what and when. What is left is bound by a line of the ledger of its own.

Deleted rows leave bytes behind in a database's files, so these are written anew after the transaction (`engine.wipe`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
from sqlalchemy import Connection, delete, or_, select, update

from sijill.record import blobs, index
from sijill.record.adding import in_chunks, report_of
from sijill.record.decided import VALUES
from sijill.record.engine import WIPE
from sijill.record.ledger import Entry, digest_of
from sijill.record.prepare import claim_words, named
from sijill.record.schema import (
    arrivals,
    bands,
    blocks,
    captures,
    claim_parties,
    claim_places,
    claims,
    decisions,
    members,
    readings,
    withheld,
)
from sijill.record.schema import blobs as blob_rows
from sijill.record.words import stems

_WATCH = "sijill.watch.state:forget"
"""What empties the state of a watch, named and not imported: feeds are watched into records."""
Forget = Callable[[Path, set[str], bool], None]
_EMPTY = {
    "key": "", "type": "", "modality": "", "first": None, "last": None, "source_kind": "", "source": None,
    "killed": None, "injured": None, "current": False, "fact": b"",
}  # fmt: skip
_WORDED = (*VALUES, "comment")
"""Kinds of decisions whose value may repeat words of the report."""
_NOWHERE = "removed"
COLUMNS = "board.npz"
"""What a site keeps of all claims, beside the record: names of places, parties and tellers among them."""


class Removal(NamedTuple):
    """Who removed a capture and when, by which decision."""

    who: str
    at: str
    decision: int

    def __str__(self) -> str:
        return f"removed by {self.who} on {self.at[:10]} (decision {self.decision})"


def removals(connection: Connection) -> dict[int, Removal]:
    """The captures that were removed."""
    wanted = (
        select(withheld.c.capture_id, decisions.c.who, decisions.c.at, decisions.c.id)
        .join(decisions, decisions.c.id == withheld.c.decision_id)
        .where(withheld.c.removed)
    )
    return {row[0]: Removal(row[1], row[2], row[3]) for row in connection.execute(wanted)}


def same_text(connection: Connection, capture: int) -> list[int]:
    """The captures whose text is the same, word for word; this one among them."""
    ours = select(readings.c.text_digest).where(readings.c.capture_id == capture)
    same = select(readings.c.capture_id).where(readings.c.text_digest.in_(ours)).distinct()
    return sorted({capture, *connection.execute(same).scalars()})


def near_copies(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Captures that stay and whose text is nearly that of some: whoever removes must look at them as well."""
    origins = select(readings.c.origin).where(readings.c.capture_id.in_(ids))
    near = select(readings.c.capture_id).where(readings.c.origin.in_(origins)).distinct()
    gone = select(withheld.c.capture_id).where(withheld.c.removed)
    others = near.where(readings.c.capture_id.not_in(ids), readings.c.capture_id.not_in(gone))
    return sorted(connection.execute(others).scalars())


def erase(
    connection: Connection, folder: Path | None, ids: Sequence[int], *, origin: bool
) -> tuple[set[int], list[Entry]]:
    """Empty everything that holds words of captures, which must stand as removed already.

    With `origin` their addresses go too. Returns the incidents that lost claims, and lines for the ledger.
    """
    files = connection.execute(select(captures.c.sha256).where(captures.c.id.in_(ids))).scalars().all()
    addresses = _addresses(connection, ids)
    touched = _erase_readings(connection, ids)
    connection.execute(delete(blob_rows).where(blob_rows.c.capture_id.in_(ids)))
    connection.execute(delete(bands).where(bands.c.capture_id.in_(ids)))
    _erase_arrivals(connection, ids, origin=origin)
    # Files last: what a transaction deletes comes back when it fails, and a file does not.
    if folder is not None:
        (folder / COLUMNS).unlink(missing_ok=True)
        cast(Forget, named(_WATCH))(folder, addresses, origin)
        for digest in files:
            blobs.path_of(folder, bytes(digest)).unlink(missing_ok=True)
    connection.info[WIPE] = True
    return touched, [Entry("removal", capture, remains_digest(connection, capture)) for capture in ids]


def remains_digest(connection: Connection, capture: int) -> bytes:
    """What the ledger holds of a removed capture: all that is left of it."""
    came = select(arrivals).where(arrivals.c.capture_id == capture).order_by(arrivals.c.id)
    read = select(readings).where(readings.c.capture_id == capture).order_by(readings.c.id)
    told: list[Any] = [value for row in connection.execute(came) for value in row]
    told += [value for row in connection.execute(read) for value in row]
    told += [value for row in _decided(connection, capture) for value in row]
    return digest_of(*told)


def leftovers(connection: Connection, capture: int) -> list[str]:
    """What is still there of a removed capture and should not be."""
    its = select(readings.c.id).where(readings.c.capture_id == capture)
    numbers = select(claims.c.id).where(claims.c.reading_id.in_(its))
    found = {
        "its bytes are there": select(blob_rows.c.capture_id).where(blob_rows.c.capture_id == capture),
        "its claims are there": select(claims.c.id).where(
            claims.c.id.in_(numbers), or_(claims.c.current, claims.c.type != "")
        ),
        "its places are there": select(claim_places.c.id).where(claim_places.c.claim_id.in_(numbers)),
        "its parties are there": select(claim_parties.c.n).where(claim_parties.c.claim_id.in_(numbers)),
    }
    return [what for what, rows in found.items() if connection.execute(rows.limit(1)).first()]


def decided_ids(connection: Connection, capture: int) -> set[int]:
    """The decisions on the claims of a removed capture, and the remarks on itself: their words are removed."""
    return {row.id for row in _decided(connection, capture)}


def _decided(connection: Connection, capture: int) -> list[Any]:
    """Decisions made before the removal on claims of a capture, and remarks on itself."""
    threads = select(claims.c.thread).join(readings, readings.c.id == claims.c.reading_id)
    found = connection.execute(threads.where(readings.c.capture_id == capture).distinct()).scalars()
    told = in_chunks(connection, select(decisions), decisions.c.target, [f"c{thread}" for thread in found])
    remarks = select(decisions).where(decisions.c.target == f"r{capture}", decisions.c.kind == "comment")
    removed = connection.execute(select(withheld.c.decision_id).where(withheld.c.capture_id == capture)).scalar_one()
    rows = [row for row in [*told, *connection.execute(remarks)] if row.id < removed]
    return sorted(rows, key=lambda row: row.id)


def _addresses(connection: Connection, ids: Sequence[int]) -> set[str]:
    """The addresses and names under which captures came."""
    came = connection.execute(select(arrivals.c.address, arrivals.c.detail).where(arrivals.c.capture_id.in_(ids))).all()
    names = {msgspec.json.decode(row.detail).get("name", row.address) for row in came}
    return names | {row.address for row in came}


def _erase_readings(connection: Connection, ids: Sequence[int]) -> set[int]:
    touched: set[int] = set()
    for reading in connection.execute(select(readings).where(readings.c.capture_id.in_(ids))).all():
        its = select(claims.c.id).where(claims.c.reading_id == reading.id).order_by(claims.c.id)
        numbers = list(connection.execute(its).scalars())
        if reading.data:
            _erase_index(connection, reading, numbers)
        held = in_chunks(connection, select(members.c.incident_id), members.c.claim_id, numbers)
        touched |= {row[0] for row in held}
        for table in (claim_places, claim_parties, members, blocks):
            connection.execute(delete(table).where(table.c.claim_id.in_(numbers)))
        connection.execute(update(claims).where(claims.c.id.in_(numbers)).values(_EMPTY))
    for capture in ids:
        _erase_decisions(connection, capture)
    emptied = {"outlet": None, "published": None, "signature": b"", "data": b""}
    connection.execute(update(readings).where(readings.c.capture_id.in_(ids)).values(emptied))
    return touched


def _erase_index(connection: Connection, reading: Any, numbers: Sequence[int]) -> None:
    report = report_of(reading.data)
    words: list[tuple[int, str]] = []
    if numbers:
        told = zip(numbers, report.claims, strict=True)
        words = [(index.claim_doc(number), " ".join(claim_words(claim))) for number, claim in told]
    if reading.copy_of is None:
        words.append((index.report_doc(reading.id), " ".join(stems(report.text))))
    spots = select(claim_places.c.id).where(claim_places.c.claim_id.in_(numbers))
    index.take(connection, words, list(connection.execute(spots).scalars()))


def _erase_decisions(connection: Connection, capture: int) -> None:
    for row in _decided(connection, capture):
        value = None if row.kind in _WORDED else row.value
        empty = update(decisions).where(decisions.c.id == row.id)
        connection.execute(empty.values(why="", anchor=None, value=value))


def _erase_arrivals(connection: Connection, ids: Sequence[int], *, origin: bool) -> None:
    for row in connection.execute(select(arrivals).where(arrivals.c.capture_id.in_(ids))).all():
        how = {"name": _NOWHERE, "how": msgspec.json.decode(row.detail).get("how", "file")}
        values = {"detail": msgspec.json.encode(how).decode()}
        if origin:
            values["address"] = f"{_NOWHERE} {row.id}"
        connection.execute(update(arrivals).where(arrivals.c.id == row.id).values(values))
