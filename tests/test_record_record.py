"""The record keeps what it is given, once, and finds it again."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from claims_builder import READ, Maker, item
from sijill.capture.item import Failure, Item
from sijill.model import Source
from sijill.record import Record, RecordError
from sijill.record.blobs import get
from sijill.record.record import handfuls
from sijill.record.schema import arrivals, captures, claims, readings
from sijill.record.verify import verify
from sijill.search.find import find
from sijill.search.query import Query

pytest_plugins = ("record_fixtures",)

ONE = Maker().claim(
    "قصف الطيران الحربي مدينة سراقب يوم الأحد ما أدى إلى مقتل خمسة مدنيين بينهم أطفال في السوق الشعبي", killed=5
)


def fill(record: Record, *reports: Maker, **told: str) -> None:
    record.add([item(maker.report(), name=f"{n}.json") for n, maker in enumerate(reports)], read=READ, **told)


def test_a_report_added_is_a_capture_a_reading_and_claims(record: Record) -> None:
    summary = record.add([item(ONE.report())], read=READ)
    assert (summary.read, summary.claims, summary.incidents, summary.copies) == (1, 1, 1, 0)
    assert record.counts() == {"captures": 1, "readings": 1, "claims": 1, "decisions": 0}


def test_the_bytes_of_a_capture_come_back_as_they_came(record: Record) -> None:
    data = ONE.report().to_json()
    record.add([item(ONE.report())], read=READ)
    with record.reading() as connection:
        assert get(connection, record.folder, 1) == data


def test_large_captures_come_back_as_well(record: Record) -> None:
    import random

    noise = random.Random(1).randbytes(400_000)
    record.add([Item(data=noise, name="noise.bin", how="file")], read=READ)
    with record.reading() as connection:
        assert get(connection, record.folder, 1) == noise


def test_adding_again_adds_nothing(record: Record) -> None:
    record.add([item(ONE.report())], read=READ)
    summary = record.add([item(ONE.report())], read=READ)
    assert (summary.read, summary.already) == (0, 1)
    assert record.counts()["captures"] == 1


def test_the_same_bytes_twice_in_one_batch_are_one_capture(record: Record) -> None:
    summary = record.add([item(ONE.report()), item(ONE.report())], read=READ)
    assert (summary.read, summary.already, record.counts()["captures"]) == (1, 1, 1)


def test_the_same_bytes_from_another_address_are_a_copy(record: Record) -> None:
    summary = record.add(
        [item(ONE.report(), url="http://a.example/1"), item(ONE.report(), url="http://b.example/2")], read=READ
    )
    assert (summary.read, summary.copies, record.counts()["captures"]) == (1, 1, 1)
    with record.reading() as connection:
        assert len(connection.execute(select(arrivals)).all()) == 2


def test_the_same_text_in_other_bytes_counts_its_claims_once(record: Record) -> None:
    other = Maker(outlet="شبكة أخرى", published="2018-03-06")
    other.text, other.claims = ONE.text, ONE.claims
    summary = record.add([item(ONE.report()), item(other.report())], read=READ)
    assert (summary.read, summary.copies, summary.claims) == (2, 1, 1)
    with record.reading() as connection:
        assert connection.execute(select(readings.c.copy_of).order_by(readings.c.id)).scalars().all() == [None, 1]


def test_a_text_hardly_changed_shares_the_origin(record: Record) -> None:
    sentence = ONE.claims[0].evidence[0].quote + " وفق ما نقل مراسلنا في المنطقة عن مصادر محلية وطبية متطابقة هناك"
    fill(record, Maker().claim(sentence), Maker(outlet="وكالة").claim(sentence.replace("خمسة", "ستة")))
    with record.reading() as connection:
        assert connection.execute(select(readings.c.origin)).scalars().all() == [1, 1]


def test_what_cannot_be_read_is_kept_and_told(record: Record) -> None:
    summary = record.add(
        [Item(data=b"\xff not a report", name="odd.bin", how="file"), Failure("x.zip", "too large")], read=READ
    )
    assert [failure.name for failure in summary.failures] == ["x.zip", "odd.bin"]
    assert record.counts()["captures"] == 1
    again = record.add([Item(data=b"\xff not a report", name="odd.bin", how="file")], read=READ)
    assert len(again.failures) == 1


def test_workers_read_as_one_program_does(record: Record) -> None:
    makers = [Maker().claim(f"غارة على سراقب رقم {n}", killed=n) for n in range(1, 40)]
    summary = record.add([item(maker.report(), name=f"{n}") for n, maker in enumerate(makers)], read=READ, jobs=2)
    assert (summary.read, summary.claims) == (39, 39)


def test_a_number_larger_than_mankind_is_no_number(record: Record) -> None:
    record.add([item(Maker().claim("قتلى بلا عدد", killed=10**17).report())], read=READ)
    with record.reading() as connection:
        assert connection.execute(select(claims.c.killed)).scalars().all() == [None]


def test_a_reader_that_fails_stops_nothing(record: Record) -> None:
    summary = record.add([item(ONE.report()), item(Maker().report(), name="b")], read="test_record_record:broken")
    assert [failure.reason for failure in summary.failures] == ["the reader failed: ZeroDivisionError: odd"] * 2
    assert record.counts()["captures"] == 2


def broken(*_: object, **__: object) -> None:
    raise ZeroDivisionError("odd")


def test_a_file_whose_name_is_not_utf8_is_kept(record: Record) -> None:
    record.add([Item(data=ONE.report().to_json(), name="odd-\udcff.txt", how="file")], read=READ)
    assert record.counts()["claims"] == 1


def test_reading_again_keeps_the_old_reading_and_the_incident(record: Record) -> None:
    fill(record, ONE, reader="first")
    summary = record.reread(read=READ, reader="second")
    assert (summary.read, summary.claims, summary.incidents) == (1, 1, 0)
    with record.reading() as connection:
        rows = connection.execute(select(claims.c.id, claims.c.thread, claims.c.current).order_by(claims.c.id)).all()
        assert [tuple(row) for row in rows] == [(1, 1, False), (2, 1, True)]
        assert len(connection.execute(select(readings)).all()) == 2
    assert record.reread(read=READ, reader="second").read == 0


def test_evidence_cannot_be_altered_or_deleted(record: Record) -> None:
    record.add([item(ONE.report())], read=READ)
    for statement in ("UPDATE captures SET size = 1", "DELETE FROM readings", "UPDATE ledger SET at = ''"):
        with pytest.raises(RecordError, match="never altered"), record.writing() as connection:
            connection.execute(text(statement))


def test_there_must_be_a_record_to_open(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="sijill init"):
        Record.open(tmp_path)


def test_a_record_is_made_once(record: Record) -> None:
    with pytest.raises(RecordError, match="already"):
        Record.init(record.where)


def test_a_newer_record_is_refused(record: Record) -> None:
    with record.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordError, match="newer"):
        Record.open(record.where)


def test_captures_have_an_id_each(record: Record) -> None:
    fill(record, ONE, Maker().claim("اشتباكات في منبج", places=("منبج",), type="armed-clash"))
    with record.reading() as connection:
        assert connection.execute(select(captures.c.id)).scalars().all() == [1, 2]


HOSTILE = ["'); DROP TABLE claims; --", '" OR ""="', "%_\\", "a\0b", "\ud800", "{}[]", "\x1b[31m\r\n", "long " * 4000]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_stands_in_a_field_is_kept_as_words(record: Record, words: str) -> None:
    plain = words.encode("utf-8", "replace").decode()  # a report as JSON holds no half characters
    actor = plain.replace("\0", "")  # ids are the lexicon's own, never the report's
    maker = Maker(outlet=plain, title=plain[:50]).claim(
        f"غارة على سراقب {plain}", type=plain, places=(plain,), initiators=((plain, actor), plain), targets=(plain,),
        source=Source("party", plain, actor), means=(plain,), damage=(plain,), killed=3,
    )  # fmt: skip
    made = item(maker.report())
    hostile = msgspec.structs.replace(
        made, name=words, url=f"http://x/{words}", outlet=words, title=words, headers=((words, words),)
    )
    summary = record.add([hostile], read=READ)
    assert (summary.read, summary.claims, summary.failures) == (1, 1, [])
    assert record.counts()["claims"] == 1
    assert verify(record).faults == ()
    for query in (Query(f"غارة {words}"), Query(party=words), Query(place=words), Query(source=words)):
        assert {hit.claim for hit in find(record, query).hits} <= {1}
    assert [hit.claim for hit in find(record, Query("غارة")).hits] == [1]


@given(st.lists(st.integers(0, 100)), st.integers(1, 10), st.integers(0, 200))
def test_handfuls_hold_everything_in_order_and_never_too_much(sizes: list[int], most: int, most_bytes: int) -> None:
    found = list(handfuls(sizes, most, lambda size: size, most_bytes))
    assert [size for handful in found for size in handful] == sizes
    assert all(0 < len(handful) <= most and sum(handful[:-1]) <= most_bytes for handful in found)
