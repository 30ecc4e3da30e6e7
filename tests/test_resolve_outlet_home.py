"""Where an outlet is at home: by the table, or by the place in its name."""

from __future__ import annotations

import pytest

from sijill.gazetteer import PlaceKind, default_gazetteer
from sijill.page.outlets import regions_of
from sijill.page.words import built_in
from sijill.resolve.outlet_home import NO_HOME, home_of


def home(outlet: str) -> tuple[set[str], set[str]]:
    gazetteer = default_gazetteer()
    found = home_of(gazetteer, regions_of(outlet, built_in()))
    return set(found.countries), {gazetteer.place(row).english for row in found.governorates}


@pytest.mark.parametrize(
    ("outlet", "countries", "governorates"),
    [
        ("دير الزور 24", {"SY"}, {"Deir-ez-Zor"}),
        ("deirezzor24.net", {"SY"}, {"Deir-ez-Zor"}),
        ("عدن الغد", {"YE"}, {"Aden"}),
        ("عنب بلدي", {"SY"}, set()),
        ("شفق نيوز", {"IQ"}, set()),
        ("رويترز", set(), set()),
        ("القدس العربي", set(), set()),
    ],
)
def test_the_table_tells_where_known_outlets_write_about(
    outlet: str, countries: set[str], governorates: set[str]
) -> None:
    assert home(outlet) == (countries, governorates)


@pytest.mark.parametrize(
    ("outlet", "countries", "governorates"),
    [
        ("منبر تعز الإخباري", {"YE"}, {"Ta'iz"}),
        ("عين سراقب", {"SY"}, {"Idleb"}),
        ("أصداء حوران", {"SY"}, {"Dar'a"}),
        ("شبكة عدسة جنوب لبنان", {"LB"}, {"South Lebanon"}),
        ("مجلة الجزيرة", set(), set()),
        ("الدفاع المدني", set(), set()),
        ("أخبار اليوم", set(), set()),
        ("almadina", set(), set()),
    ],
)
def test_an_unknown_outlet_is_at_home_in_the_place_of_its_name(
    outlet: str, countries: set[str], governorates: set[str]
) -> None:
    assert home(outlet) == (countries, governorates)


def test_no_outlet_has_no_home() -> None:
    assert regions_of(None, built_in()) == ()
    assert home_of(default_gazetteer(), ()) == NO_HOME


def test_every_governorate_of_the_table_is_one_of_its_country() -> None:
    gazetteer = default_gazetteer()
    for regions in set(built_in().regions.values()):
        country, *governorates = regions
        for name in governorates:
            assert any(e.kind is PlaceKind.GOVERNORATE and e.country == country for e in gazetteer.search(name)), name
