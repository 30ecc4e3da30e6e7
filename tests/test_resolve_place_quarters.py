"""Lists of quarters: whose name quarters bear lies in their town, not in a town far off."""

from __future__ import annotations

import pytest

from sijill.arabic.words import Tokens, sentences
from sijill.gazetteer import default_gazetteer
from sijill.gazetteer.outlines import distance_km
from sijill.mentions.places import find_places
from sijill.model import Place
from sijill.resolve.places import resolve_places


def resolved(text: str) -> dict[str, Place]:
    tokens, gazetteer = Tokens(text), default_gazetteer()
    places = resolve_places(find_places(tokens, sentences(tokens), [], gazetteer), tokens, gazetteer)
    return {place.span.quote: place for place in places}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("قصف أحياء الحميدية والرصافة والعرضي والحويقة", "الرصافة"),
        ("اشتباكات في أحياء الحميدية والرشدية والعرضي والرصافة", "الرصافة"),
    ],
)
def test_a_quarters_name_among_quarters_lies_amid_them(text: str, name: str) -> None:
    place = resolved(text)[name]
    assert place.lat is not None and place.lon is not None
    assert distance_km(place.lat, place.lon, 35.335, 40.14) < 8
    assert place.place_id is None  # The town of that name, 130 km off, is not taken for it.


def test_alone_the_town_is_meant() -> None:
    assert resolved("قصفت الطائرات بلدة الرصافة جنوب الرقة")["الرصافة"].place_id == "sy:town-al-rusafa"


def test_a_town_that_no_quarter_is_called_like_stays_a_town() -> None:
    places = resolved("قصف أحياء الحميدية والعرضي والحويقة ومدينة الميادين")
    assert places["الميادين"].name == "الميادين"


def test_a_quarter_lies_in_the_town_that_is_said_to_hold_it() -> None:
    place = resolved("سقطت قذيفة في حي الصناعة في مدينة البوكمال شرقي مدينة دير الزور")["الصناعة"]
    assert place.lat is not None and place.lon is not None
    assert distance_km(place.lat, place.lon, 34.45, 40.92) < 15


def test_a_quarter_is_no_governorate_of_its_name() -> None:
    place = resolved("سيطرت القوات على حي القادسية في الجهة الغربية من مدينة الرقة")["القادسية"]
    assert place.place_id == "sy:neighbourhood-al-qadisiyah-raqqa"


def test_a_governorate_named_as_part_of_a_region_is_no_village_of_its_name() -> None:
    place = resolved("لم ينقطع القصف عن مناطق الحديدة بالساحل الغربي")["الحديدة"]
    assert place.place_id in ("ye:gov-al-hodeidah", "ye:city-hodeidah")


def test_a_mountain_on_a_border_does_not_tell_the_country() -> None:
    place = resolved("قصفت المدفعية المنحدرات الغربية لجبل الشيخ وأطراف بلدة الجبين وبلدة الضهيرة في جنوب لبنان")[
        "الجبين"
    ]
    assert place.country == "LB"
