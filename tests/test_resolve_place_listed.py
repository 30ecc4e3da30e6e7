"""Lists of villages close together: a little known name among them is no namesake far off."""

from __future__ import annotations

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


def test_a_village_listed_among_villages_lies_amid_them() -> None:
    place = resolved("غارات على قرى تلمنس والصالحية وتقانة ومعرشورين ومعرشمشة بريف إدلب الجنوبي")["الصالحية"]
    assert place.place_id is None and place.lat is not None and place.lon is not None
    assert distance_km(place.lat, place.lon, 35.61, 36.73) < 15


def test_a_list_that_goes_over_the_country_keeps_its_places() -> None:
    places = resolved("غارات على بلدات الباغوز وتلمنس وصوران وسلقين")
    assert all(place.place_id for place in places.values())


def test_two_neighbours_are_too_few_to_tell() -> None:
    assert resolved("غارات على قرى تلمنس وتقانة والباغوز")["الباغوز"].place_id == "sy:town-baghuz"


def test_a_quarter_listed_far_from_every_certain_place_is_a_namesake() -> None:
    places = resolved("اشتباكات في مدينة الفلوجة. وطال القصف أحياء المعتصم ونزال غرب المدينة")
    assert places["المعتصم"].place_id is None


def test_quarters_of_great_cities_keep_the_cities() -> None:
    places = resolved("هدوء في مدينة دمشق. وطال القصف أحياء حلب وحمص")
    assert all(places[name].lat is not None for name in ("حلب", "حمص"))
