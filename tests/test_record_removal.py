"""A report that is removed for somebody's safety leaves none of its words, and the record is whole without it."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import text, update

from claims_builder import READ, Maker, item
from sijill.capture.item import Item
from sijill.cli.record_keep import verify as verify_command
from sijill.cli.record_review import decide
from sijill.cli.record_show import show
from sijill.model import Place, Source, Span
from sijill.record import Record, RecordError
from sijill.record.backup import backup
from sijill.record.packed import unpack
from sijill.record.removal import near_copies, removals
from sijill.record.schema import arrivals, decisions, readings
from sijill.record.verify import verify
from sijill.review.agreement import agreement
from sijill.review.desk import Desk
from sijill.review.errors import ReviewError
from sijill.review.history import facts_as_of, history, to_look_at
from sijill.search.find import facets, find, find_reports
from sijill.search.query import Query
from sijill.watch.state import FILE, Change, Seen, State

pytest_plugins = ("record_fixtures",)

MARK, LATIN = "زعفرانستان", "zaafaran"
URL = f"http://{LATIN}.example/1"


def marked(*, title: str = "", url: str = URL) -> Item:
    """A report that has the marked word wherever a report can have it."""
    maker = Maker(outlet=f"شبكة {MARK}", title=title or f"أخبار {MARK}")
    spot = Place(MARK, Span(0, 0, ""), f"x:{LATIN}", 35.5, 36.5, "town", country="SY", admin1=f"محافظة {MARK}")
    maker.claim(
        f"غارة جوية على {MARK} قتلت ثلاثة من أهلها بحسب شاهد من الحي القديم في المدينة", places=(spot,), killed=3,
        initiators=(f"كتيبة {MARK}",), source=Source("witness", name=f"أبو {MARK}"), means=(f"صاروخ {MARK}",),
    )  # fmt: skip
    made = item(maker.report(), url=url, name=f"{LATIN}.json")
    headers = (("x-from", LATIN),)
    return msgspec.structs.replace(made, headers=headers, title=MARK, outlet=MARK)


@pytest.fixture
def filled(record: Record) -> Record:
    """A record with the marked report, a copy of it, another report, decisions, and the state of a watch."""
    other = item(
        Maker(outlet="الراصد").claim("غارة جوية على سراقب قتلت اثنين", killed=2).report(), url="http://b.example/2"
    )
    copied = msgspec.structs.replace(marked(url=f"http://copy.{LATIN}.example/"), name="copy")
    copied = msgspec.structs.replace(copied, data=copied.data + b" ")
    record.add([marked(), other, copied], read=READ)
    desk = Desk(record, "سلمى")
    desk.correct("c1", "targets", [[None, f"أهل {MARK}"]], why=f"رأيت {MARK}")
    Desk(record, "عمر").correct("c1", "targets", [[None, f"سكان {MARK}"]])
    desk.comment("c1", f"عن {MARK}")
    desk.comment("r1", f"من {MARK}")
    desk.assign("c1", "عمر")
    desk.accept("c2", "killed")
    desk.merge("i1", "i2")
    if record.folder:
        state = State(record.folder / FILE)
        state.put(Seen(URL, "feed", text=MARK, digest=b"1"))
        state.tell(Change("2026", URL, "changed", f"+{MARK}"))
        state.put(Seen("http://b.example/2", "feed", text="سراقب"))
        state.close()
    return record


def everything(record: Record) -> Iterator[bytes]:
    """Every value of every table, also unpacked, and every file of the record."""
    with record.reading() as connection:
        lite = connection.dialect.name == "sqlite"
        if lite:  # its index of words keeps them in pieces: the vocabulary has them whole
            connection.execute(text("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)"))
            yield from (term.encode() for term in connection.execute(text("SELECT term FROM vocabulary")).scalars())
            connection.execute(text("DROP TABLE temp.vocabulary"))
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'words'"
            if lite
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        for table in connection.execute(text(names)).scalars().all():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    kept = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                    yield kept
                    try:
                        yield unpack(kept)
                    except zlib.error:
                        continue
    for path in record.folder.rglob("*") if record.folder else ():
        if path.is_file():
            yield path.read_bytes()


def left(record: Record) -> list[bytes]:
    """Whatever still has a marked word; an index keeps stems, in which the first letters may be cut."""
    marks = (MARK.encode(), MARK[1:].encode(), LATIN.encode())
    return [kept[:80] for kept in everything(record) if any(mark in kept for mark in marks)]


def test_no_word_of_a_removed_report_is_left_anywhere(filled: Record) -> None:
    assert len(left(filled)) > 10
    number = Desk(filled, "سلمى").withhold("r1", "خطر على الشاهد", remove=True, origin=True)
    assert left(filled) == []
    with filled.reading() as connection:
        assert {capture: found.decision for capture, found in removals(connection).items()} == {1: number, 3: number}
    verdict = verify(filled)
    assert verdict.faults == ()
    assert [fault.where for fault in verdict.removed] == ["capture 1", "capture 3"]
    assert "removed by سلمى on 20" in verdict.removed[0].what


def test_the_record_goes_on_without_a_removed_report(filled: Record, tmp_path: Path) -> None:
    before = filled.clock()
    Desk(filled, "سلمى").withhold("r1", "خطر", remove=True)
    assert find(filled, Query(MARK)).hits == () and find_reports(filled, MARK) == []
    assert [hit.claim for hit in find(filled, Query()).hits] == [2]
    assert facets(filled, Query()).counted == 1
    with filled.reading() as connection:
        for moment in (None, before):
            found = facts_as_of(connection, moment)
            assert [fact.claim for facts in found.values() for fact in facts] == [2]
        assert (
            URL in connection.execute(arrivals.select().with_only_columns(arrivals.c.address)).scalars().all()
        )  # its address was not asked for
    assert {said.kind for said in history(filled, "c1")} >= {"correct", "comment", "assign"}
    assert all(MARK not in f"{said.value}{said.why}" for said in history(filled, "c1", "targets"))
    assert to_look_at(filled) == [] and agreement(filled) == []
    assert filled.reread(read=READ, reader="newer").read == 1
    assert verify(filled).faults == ()
    with Record.open(backup(filled, tmp_path / "saved")) as saved:
        assert verify(saved).faults == ()
        assert find(saved, Query(MARK)).hits == ()
    with pytest.raises(ReviewError, match="removed for good"):
        Desk(filled, "سلمى").undo(8)


def test_a_removed_report_is_not_taken_again(filled: Record) -> None:
    Desk(filled, "سلمى").withhold("r1", "خطر", remove=True, origin=True)
    again = marked(url="http://third.example/")
    done = filled.add([marked(), msgspec.structs.replace(again, data=again.data + b"\n")], read=READ)
    assert (done.read, len(done.failures)) == (0, 2)
    assert "r1 was removed for somebody's safety" in done.failures[0].reason
    assert left(filled) == []


def test_nearly_the_same_text_is_told_of(record: Record) -> None:
    words = " ".join(
        random.Random(4).choices(
            ["سقط", "ثلاثة", "مدنيين", "جرحى", "في", "قصف", "على", "سوق", "المدينة", "صباح", "اليوم", "وسط"], k=80
        )
    )
    one, two = Maker(outlet="أ").claim(f"{words} اليوم"), Maker(outlet="ب").claim(f"{words} أمس")
    record.add([item(one.report(), url="http://a.example/"), item(two.report(), url="http://b.example/")], read=READ)
    with record.reading() as connection:
        assert near_copies(connection, [1]) == [2]
    found = CliRunner().invoke(decide, ["-r", str(record.where), "--who", "x", "withhold", "r1", '{"remove": true}'])
    assert "removed: r1" in found.output and "nearly the same text stands in r2" in found.output
    shown = CliRunner().invoke(show, ["-r", str(record.where), "r1"])
    assert "removed by x on" in shown.output
    assert "removed for somebody" in str(CliRunner().invoke(show, ["-r", str(record.where), "c1"]).exception)
    told = CliRunner().invoke(verify_command, ["-r", str(record.where)])
    assert told.exit_code == 0 and "capture 1: removed by x on" in told.output


def test_the_file_of_a_large_capture_goes_too(tmp_path: Path) -> None:
    record = Record.init(tmp_path / "record")
    record.add([Item(data=random.Random(2).randbytes(300_000), name="big", how="file")], read=READ)
    assert list((tmp_path / "record" / "captures").rglob("*.z"))
    Desk(record, "سلمى").withhold("r1", "خطر", remove=True)
    assert not list((tmp_path / "record" / "captures").rglob("*.z"))
    assert verify(record).faults == ()


def test_evidence_of_other_reports_stays_append_only(filled: Record) -> None:
    changes = (
        update(arrivals).where(arrivals.c.id == 2).values(detail="{}"),
        update(readings).where(readings.c.id == 2).values(data=b""),
        update(decisions).where(decisions.c.id == 6).values(why="x"),
    )
    Desk(filled, "سلمى").withhold("r2", "hidden only")
    Desk(filled, "سلمى").withhold("r1", "خطر", remove=True)
    removed = update(readings).where(readings.c.id == 1).values(text_digest=b"x")
    for change in (*changes, removed):
        with pytest.raises(RecordError, match="never altered"), filled.writing() as connection:
            connection.execute(change)


def test_what_is_put_back_after_a_removal_is_found(filled: Record) -> None:
    Desk(filled, "سلمى").withhold("r1", "خطر", remove=True)
    with filled.writing() as connection:
        connection.execute(update(arrivals).where(arrivals.c.id == 1).values(address="http://forged.example/"))
        connection.execute(text("UPDATE claims SET type = 'shelling' WHERE id = 1"))
    assert {fault.where for fault in verify(filled).faults} == {"removal 1", "capture 1"}


def test_an_address_goes_only_with_the_report(filled: Record) -> None:
    with pytest.raises(ReviewError, match="only with the report"):
        Desk(filled, "سلمى").withhold("r1", "خطر", origin=True)
