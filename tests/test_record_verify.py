"""Whatever is changed in a record behind its back is found, and named."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from claims_builder import READ, Maker, item
from sijill.capture.item import Item
from sijill.record import Record, RecordError
from sijill.record.schema import APPEND_ONLY
from sijill.record.verify import verify
from sijill.record.words import stems
from sijill.review.desk import Desk

pytest_plugins = ("record_fixtures",)


def filled(record: Record) -> Record:
    makers = [Maker(outlet=f"جهة {n}").claim(f"غارة جوية على سراقب تقتل {n}", killed=n) for n in range(1, 6)]
    record.add([item(maker.report(), name=f"{n}") for n, maker in enumerate(makers)], read=READ)
    return record


def test_a_record_left_alone_has_no_faults(record: Record) -> None:
    verdict = verify(filled(record))
    assert verdict.faults == ()
    assert (verdict.captures, verdict.readings, verdict.claims) == (5, 5, 5)
    assert verdict.lines == 1 + 5 + 5 + 1


def test_a_noted_head_still_stands_later(record: Record) -> None:
    head = verify(filled(record)).head
    record.add([item(Maker().claim("اشتباك في منبج", places=("منبج",)).report())], read=READ)
    assert verify(record, head=head).faults == ()
    assert [fault.where for fault in verify(record, head="ab" * 32).faults] == ["ledger"]
    with pytest.raises(RecordError, match="hex"):
        verify(record, head="zz")


def _run(*statements: str) -> Callable[[sqlite3.Connection], None]:
    return lambda connection: [connection.execute(statement) for statement in statements] and None


def _unindex(connection: sqlite3.Connection, doc: int, said: str) -> None:
    words = " ".join(stems(f"{said} \nسراقب"))
    connection.execute("INSERT INTO words (words, rowid, said) VALUES ('delete', ?, ?)", (doc, words))


TAMPERINGS: dict[str, tuple[Callable[[sqlite3.Connection], None], str]] = {
    "a capture's bytes are exchanged": (
        lambda c: c.execute("UPDATE blobs SET data = ? WHERE capture_id = 2", (zlib.compress(b"other"),)) and None,
        "capture 2",
    ),
    "a capture's bytes are lost": (_run("DELETE FROM blobs WHERE capture_id = 3"), "capture 3"),
    "a capture's bytes are garbled": (_run("UPDATE blobs SET data = x'00' WHERE capture_id = 3"), "capture 3"),
    "a capture's hash is exchanged": (_run("UPDATE captures SET sha256 = zeroblob(32) WHERE id = 1"), "capture 1"),
    "an address is exchanged": (_run("UPDATE arrivals SET address = 'http://x' WHERE id = 4"), "arrival 4"),
    "an arrival is backdated": (_run("UPDATE arrivals SET at = '2001' WHERE id = 4"), "arrival 4"),
    "an arrival is lost": (_run("DELETE FROM arrivals WHERE id = 4"), "arrival 4"),
    "a reading is exchanged": (
        lambda c: c.execute("UPDATE readings SET data = ? WHERE id = 2", (zlib.compress(b"{}"),)) and None,
        "reading 2",
    ),
    "a reading is damaged": (_run("UPDATE readings SET data = x'00' WHERE id = 2"), "reading 2"),
    "a claim says another number": (_run("UPDATE claims SET killed = 90 WHERE id = 3"), "claim 3"),
    "a claim's fact is exchanged": (_run("UPDATE claims SET fact = x'00' WHERE id = 3"), "claim 3"),
    "a claim's place is moved": (_run("UPDATE claim_places SET lat = 33 WHERE claim_id = 3"), "claim 3"),
    "a claim's place is lost": (_run("DELETE FROM claim_places WHERE claim_id = 3"), "claim 3"),
    "a claim gets a party": (_run("INSERT INTO claim_parties VALUES (3, 7, 'target', 'is', 'x')"), "claim 3"),
    "a state is set quietly": (_run("INSERT INTO states VALUES ('i1', 'final', NULL)"), "state of i1"),
    "a loss is made to look like a removal": (
        _run("DELETE FROM blobs WHERE capture_id = 3", "INSERT INTO withheld VALUES (3, 1, 1)"),
        "capture 3",
    ),
    "a claim is moved quietly": (_run("UPDATE members SET incident_id = 77 WHERE claim_id = 3"), "claim 3"),
    "a claim is taken out of its incident": (_run("DELETE FROM members WHERE claim_id = 3"), "claim 3"),
    "a placing is exchanged": (_run("UPDATE member_log SET incident_id = 9 WHERE id = 2"), "placing 1"),
    "a placing is lost": (_run("DELETE FROM member_log WHERE id = 5"), "placing 1"),
    "a decision is put in from outside": (
        _run("INSERT INTO decisions (id, at, who, kind, target, why) VALUES (1, '2020', 'x', 'reject', 'c1', '')"),
        "decision 1",
    ),
    "a line of the ledger is exchanged": (
        _run("UPDATE ledger SET digest = zeroblob(32) WHERE seq = 4"),
        "ledger line 4",
    ),
    "a line of the ledger is lost": (_run("DELETE FROM ledger WHERE seq = 4"), "ledger line 4"),
    "a claim's words are taken out of the index": (
        lambda c: _unindex(c, 2 * 3, "غارة جوية على سراقب تقتل 3"),
        "claim 3",
    ),
    "a claim is found by words it does not say": (
        _run("INSERT INTO words (rowid, said) VALUES (6, 'مستشفي')"),
        "claim 3",
    ),
    "a report is found by words in another order": (
        _run("INSERT INTO words (words) VALUES ('delete-all')", "INSERT INTO words (rowid, said) VALUES (3, 'x')"),
        "reading 1",
    ),
    "a document is indexed that no report says": (
        _run("INSERT INTO words (rowid, said) VALUES (900, 'x')"),
        "claim 450",
    ),
    "the index of words is damaged": (_run("UPDATE words_data SET block = x'00' WHERE id > 10"), "index of words"),
    "a box is lost": (_run("DELETE FROM boxes WHERE id = 3"), "claim 3"),
    "a box is moved": (_run("UPDATE boxes SET south = 20, north = 20 WHERE id = 3"), "claim 3"),
    "a box is made the world": (_run("UPDATE boxes SET south = -90, north = 90 WHERE id = 3"), "claim 3"),
    "a box is put in": (_run("INSERT INTO boxes VALUES (77, 1, 1, 1, 1)"), "index of boxes"),
    "the ledger's end is cut off": (_run("DELETE FROM ledger WHERE seq > 8"), "reading 4"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_named(name: str, tmp_path: Path) -> None:
    record = filled(Record.init(tmp_path / "record"))
    change, where = TAMPERINGS[name]
    connection = sqlite3.connect(tmp_path / "record" / "record.db")
    for table in APPEND_ONLY:
        for act in ("update", "delete"):
            connection.execute(f"DROP TRIGGER {table}_no_{act}")
    change(connection)
    connection.commit()
    connection.close()
    assert where in {fault.where for fault in verify(record).faults}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE words SET said = ARRAY[7] WHERE id = 6", "claim 3"),
        ("DELETE FROM words WHERE id = 7", "reading 3"),
        ("INSERT INTO words VALUES (900, ARRAY[7])", "claim 450"),
        ("DROP INDEX words_by_word", "index of words"),
        ("DROP INDEX claim_places_by_point", "index of boxes"),
    ],
)
@pytest.mark.parametrize("where", ["postgresql"], indirect=True)
def test_tampering_with_the_indexes_of_postgresql_is_found(change: str, named: str, record: Record) -> None:
    with filled(record).writing() as connection:
        connection.execute(text(change))
    assert named in {fault.where for fault in verify(record).faults}


def test_what_people_decided_is_no_fault_and_taking_it_back_quietly_is(record: Record) -> None:
    desk = Desk(filled(record), "سلمى")
    desk.withhold("r2", "names a witness")
    desk.withhold("r3", "names a witness", remove=True)
    desk.withhold("r3", "again")
    undone = desk.withhold("r4", "by mistake")
    desk.undo(undone)
    desk.assign("i1", "عمر")
    desk.state("i1", "reviewed")
    desk.undo(desk.state("i1", "final"))
    desk.state("c1", "machine-read")
    assert verify(record).faults == ()
    with record.writing() as connection:
        connection.execute(text("DELETE FROM withheld WHERE capture_id = 2"))
        connection.execute(text("DELETE FROM states"))
    assert {fault.where for fault in verify(record).faults} == {"capture 2", "state of i1"}


def test_a_lost_file_of_a_large_capture_is_found(tmp_path: Path) -> None:
    import random

    record = Record.init(tmp_path / "record")
    record.add([Item(data=random.Random(2).randbytes(300_000), name="big", how="file")], read=READ)
    assert verify(record).faults == ()
    next((tmp_path / "record" / "captures").rglob("*.z")).unlink()
    assert [fault.where for fault in verify(record).faults] == ["capture 1"]
