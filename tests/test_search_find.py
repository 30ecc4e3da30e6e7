"""Claims are found by any form of their words, and by everything they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text as sql

from claims_builder import READ, Maker, item
from sijill.errors import OptionError
from sijill.model import Source
from sijill.record import Record
from sijill.record.postgres import has_index
from sijill.record.words import stem, stems
from sijill.review.desk import Desk
from sijill.search import narrow
from sijill.search.find import facets, find, find_reports
from sijill.search.narrow import ids_of
from sijill.search.query import Box, Near, Query
from stores import STORES, debian_postgis, empty_place

pytest_plugins = ("record_fixtures",)


@pytest.fixture(params=[*STORES, *(["postgis"] if debian_postgis() else [])], ids=str)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where Debian's PostgreSQL has PostGIS, all of this is asked of it as well."""
    yield from empty_place(request, tmp_path)


STRIKE = "قامت الطائرات بقصف سوق سراقب وبالغارات العنيفة على أحيائها قُتل خمسةُ مدنيين"


@pytest.fixture
def filled(record: Record) -> Iterator[Record]:
    makers = [
        Maker("شبكة أ", title="قتلى في سراقب").claim(STRIKE, killed=5, initiators=(("الطيران الروسي", "russia"),)),
        Maker("شبكة ب").claim("قصفت المدفعية أطراف دومـــا", type="shelling", places=("دوما",), date="2018-03-10"),
        Maker("شبكة ج").claim("غارة واحدة على السوق الشعبي في بنش", places=("بنش",), killed=2, date="2018-02-01"),
        Maker("شبكة د").claim(
            "أعلن التحالف نيته مهاجمة هجين", modality="planned", type="attack", places=("هجين",), date=None,
            source=Source("party", "التحالف", "coalition"), initiators=(("التحالف", "coalition"),),
        ),
        Maker("شبكة ه"),
    ]  # fmt: skip
    makers[-1].text = "افتتح معرض الكتاب في مدينة حلب بحضور كتاب وناشرين"
    record.add([item(maker.report(), name=f"{n}") for n, maker in enumerate(makers)], read=READ)
    yield record


def claims(record: Record, text: str = "", **told: object) -> list[int]:
    return sorted(hit.claim for hit in find(record, Query(text, **told)).hits)  # type: ignore[arg-type]


WORDS = [
    ("غارات", [1]),
    ("الغارات", [1]),
    ("وبالغارات", [1]),
    ("قتل", [1]),
    ("دوما", [2]),
    ("المدفعيه", [2]),
    ("سوق", [1, 3]),
    ('"سوق شعبي"', [3]),
    ('"شعبي سوق"', []),
    ("سوق -بنش", [1]),
    ("سوق بنش", [3]),
    ("معرض", []),
    ("الطيران الروسي", [1]),
    ("'; DROP TABLE claims; --", []),
    ('"" OR ۱', []),
]
NARROWED: list[tuple[dict[str, object], list[int]]] = [
    ({}, [1, 2, 3, 4]),
    ({"types": ("air-strike",)}, [1, 3]),
    ({"party": "russia"}, [1]),
    ({"party": "التحالف"}, [4]),
    ({"place": "سراقب"}, [1]),
    ({"place": "إدلب"}, [1, 3]),
    ({"place": "SY"}, [1, 2, 3, 4]),
    ({"place": "Idlib"}, [1, 3]),
    ({"place": "sy:gov-idleb"}, [1, 3]),
    ({"place": "Syria"}, [1, 2, 3, 4]),
    ({"place": "سوريا"}, [1, 2, 3, 4]),
    ({"place": "t:douma"}, [2]),
    ({"near": Near(35.864, 36.806, 5)}, [1]),
    ({"near": Near(35.864, 36.806, 20)}, [1, 3]),
    ({"box": Box(33, 36, 34, 37)}, [2]),
    ({"since": "2018-03-01"}, [1, 2]),
    ({"until": "2018-03-04"}, [1, 3]),
    ({"since": "2018-03-05", "until": "2018-03-31"}, [2]),
    ({"since": "2018-03-31", "until": "2018-03-05"}, []),
    ({"killed": 3}, [1]),
    ({"source": "coalition"}, [4]),
    ({"source": "شبكة ب"}, [2]),
    ({"source": "شبكه د"}, [4]),  # that quotes the coalition
    ({"source": "شبكة"}, []),
    ({"modality": "planned"}, [4]),
    ({"state": "machine-read"}, [1, 2, 3, 4]),
    ({"state": "final"}, []),
    ({"incident": 2}, [2]),
    ({"place": "إدلب", "text": "سوق", "killed": 1, "types": ("air-strike",)}, [1, 3]),
]


def test_words_are_found_through_letters_marks_and_clitics(filled: Record) -> None:
    for text, found in WORDS:
        assert claims(filled, text) == found, text


@pytest.mark.parametrize("few", [4_000, 1], ids=["few first", "many in order"])
def test_everything_narrows(filled: Record, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrow, "_FEW", few)
    for told, found in NARROWED:
        assert claims(filled, **told) == found, told  # type: ignore[arg-type]


def test_states_are_those_people_set(filled: Record) -> None:
    Desk(filled, "سلمى").state("i2", "reviewed")
    Desk(filled, "سلمى").state("c3", "final")
    assert claims(filled, state="reviewed") == [2]
    assert claims(filled, state="final") == [3]
    assert claims(filled, state="machine-read") == [1, 4]


def test_a_hit_tells_where_it_comes_from(filled: Record) -> None:
    hit = find(filled, Query("غارات")).hits[0]
    assert (hit.claim, hit.incident, hit.type, hit.first, hit.killed, hit.capture) == (
        1,
        1,
        "air-strike",
        "2018-03-04",
        5,
        1,
    )
    assert hit.words == STRIKE and hit.places == ("سراقب",) and hit.outlet == "شبكة أ"


def test_circles_are_round_wherever_they_are_asked_for(filled: Record) -> None:
    with filled.reading() as connection:
        asked = str(ids_of(connection, Query(near=Near(35.864, 36.806, 5))))
        used = connection.dialect.name == "postgresql" and has_index(connection)
    assert ("ST_DWithin" in asked) is used
    for km, found in ((0.1, [1]), (13.1, [1]), (13.5, [1, 3])):  # the next town lies 13.2 km away
        assert claims(filled, near=Near(35.864, 36.806, km)) == found
    for wrong in (Near(91, 0, 1), Near(0, 181, 1), Near(0, 0, -1), Near(0, 0, 1e9)):
        with pytest.raises(OptionError, match="not a point"):
            find(filled, Query(near=wrong))


def test_postgres_knows_how_many_documents_are_claims(filled: Record) -> None:
    with filled.writing() as connection:
        if connection.dialect.name != "postgresql":
            return
        many = "INSERT INTO words SELECT n, ARRAY[7] FROM generate_series(1000, 20000) n"
        connection.execute(sql(many))
        connection.execute(sql("ANALYZE words"))
        plan = connection.execute(sql("EXPLAIN (FORMAT JSON) SELECT id FROM words WHERE id % 2 = 0")).scalar_one()
        assert 8_000 < plan[0]["Plan"]["Plan Rows"] < 12_000


def test_pages_follow_each_other(filled: Record) -> None:
    first = find(filled, Query(), limit=3)
    second = find(filled, Query(), limit=3, offset=3)
    assert first.more and not second.more
    assert len({hit.claim for hit in first.hits + second.hits}) == 4


def test_reports_without_claims_are_found_by_their_text(filled: Record) -> None:
    assert find_reports(filled, "معرض كتاب") == [(5, "افتتح معرض الكتاب في مدينة حلب بحضور كتاب وناشرين")]
    assert find_reports(filled, "غارات") == [(1, "قتلى في سراقب")]


def test_facets_count_claims(filled: Record) -> None:
    Desk(filled, "سلمى").state("i1", "final")
    found = facets(filled, Query())
    assert found.counted == 4 and found.complete
    assert found.types == {"air-strike": 2, "attack": 1, "shelling": 1}
    assert found.areas["إدلب"] == 2
    assert found.parties == {"coalition": 1, "russia": 1}
    assert found.states == {"machine-read": 3, "final": 1}


def test_a_query_of_no_words_is_refused(filled: Record) -> None:
    for text in ("...", "-سوق", "؟"):
        with pytest.raises(OptionError, match="no word"):
            find(filled, Query(text))
    with pytest.raises(OptionError, match="not a day"):
        find(filled, Query(since="أمس"))
    with pytest.raises(OptionError, match="not south"):
        find(filled, Query(box=Box(40, 0, 30, 10)))


def test_claims_of_older_readings_are_not_found(filled: Record) -> None:
    filled.reread(read=READ, reader="newer")
    assert len(claims(filled)) == 4 and min(claims(filled)) == 5
    assert claims(filled, "غارات") == [5]


@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=3, max_size=9))
def test_a_clitic_before_a_word_never_hides_it(word: str) -> None:
    for lead in ("و", "ف", "ب", "ل", "ال", "وال", "بال", "وبال", "فال"):
        assert stem(lead + word) == stem(word)


@given(st.text())
def test_any_text_gives_stems(text: str) -> None:
    assert all(stems(text))


def test_withheld_captures_say_nothing(filled: Record) -> None:
    Desk(filled, "سلمى").withhold("r5", "names a witness")
    Desk(filled, "سلمى").withhold("r1", "names a witness")
    assert find_reports(filled, "معرض كتاب") == []
    assert [hit.words for hit in find(filled, Query("قصف سوق سراقب")).hits if hit.capture == 1] == [""]
