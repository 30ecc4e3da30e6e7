"""A place is found by its name in either language and by its id, with everything inside it."""

from __future__ import annotations

import pytest

from sijill.arabic.fold import fold
from sijill.capture.item import Item
from sijill.record import Record
from sijill.search.areas import area_of, kept_as
from sijill.search.find import find
from sijill.search.query import Query
from sijill.web.filters import filters_of
from sijill.web.looking import Look
from sijill.web.roles import Role, Viewer

pytest_plugins = ("record_fixtures",)

ASKED = {
    "إدلب": "إدلب", "ادلب": "ادلب", "Idlib": "إدلب", "sy:gov-idleb": "إدلب",
    "Syria": "SY", "سورية": "SY", "SY": "SY", "country:sy": "SY", "نوى": "نوى",
    "قرية لا يعرفها أحد": "قرية لا يعرفها أحد",
}  # fmt: skip


@pytest.mark.parametrize("asked", ASKED)
def test_the_word_a_place_goes_by(asked: str) -> None:
    assert area_of(asked) == ASKED[asked]


@pytest.mark.parametrize("asked", ["إدلب", "ادلب", "Idlib", "sy:gov-idleb"])
def test_an_area_is_known_by_every_name_of_it(asked: str) -> None:
    assert {fold("إدلب"), "Idleb"} <= set(kept_as(asked))


def test_a_code_and_an_unknown_name_stand_for_themselves() -> None:
    assert kept_as("SY") == ("SY",)
    assert kept_as("قريةٌ لا يعرفها أحد") == (fold("قرية لا يعرفها أحد"),)


def test_the_command_and_the_site_find_the_same(record: Record) -> None:
    text = "قصف الطيران الحربي مدينة سراقب يوم الأحد 4 آذار 2018 وقتل خمسة مدنيين في السوق الشعبي."
    other = "قصف الطيران الحربي مدينة دوما بريف دمشق يوم الأحد 4 آذار 2018 وقتل ثلاثة مدنيين."
    items = [Item(data=words.encode(), name=f"{n}.txt", how="file") for n, words in enumerate((text, other))]
    record.add(items)
    look = Look(record, Viewer("سلمى", Role.READER))
    for place in ("إدلب", "Idlib", "sy:gov-idleb", "Syria", "سوريا", "ريف دمشق", "سراقب", "Saraqib"):
        hits = {hit.claim for hit in find(record, Query(place=place)).hits}
        shown = set(look.claim_ids(filters_of({"place": place}))[0])
        assert hits == shown and hits, place
    assert not {hit.claim for hit in find(record, Query(place="Idlib")).hits} & {
        hit.claim for hit in find(record, Query(place="ريف دمشق")).hits
    }
