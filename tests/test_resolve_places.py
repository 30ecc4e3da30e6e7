"""From words to coordinates, with a precision, a reason, and the rivals."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sijill.arabic.words import Tokens, sentences
from sijill.cli.place import ranked
from sijill.gazetteer import (
    Gazetteer,
    GazetteerPlace,
    PlaceKind,
    built_in_files,
    default_gazetteer,
    make_gazetteer,
    read_places,
)
from sijill.gazetteer.outlines import Outlines, distance_km
from sijill.mentions.places import find_places
from sijill.model import Place
from sijill.reader import explain, prepare
from sijill.resolve.place_features import sum_of, weights
from sijill.resolve.places import PlaceContext, explain_places, resolve_places


def resolved(text: str, gazetteer: Gazetteer | None = None, context: PlaceContext | None = None) -> list[Place]:
    gazetteer = gazetteer or default_gazetteer()
    tokens = Tokens(text)
    return resolve_places(find_places(tokens, sentences(tokens), [], gazetteer), tokens, gazetteer, context=context)


@pytest.mark.parametrize(
    ("text", "governorate"),
    [
        ("قصف بلدة الصالحية قرب البوكمال", "Deir-ez-Zor"),
        ("انفجار في بلدة المنصورة غربي الرقة", "Ar-Raqqa"),
        ("اشتباكات في بلدة المنصورة في سهل الغاب", "Hama"),
        ("انفجار في حي الزهراء بمدينة حمص", "Homs"),
        ("قصف على بلدات نبل والزهراء", "Aleppo"),
        ("انفجار في حي صلاح الدين بمدينة حلب", "Aleppo"),
        ("انفجار في قضاء طوزخورماتو بمحافظة صلاح الدين", "Salah al-Din"),
        ("قصف على مدينة طرابلس الليبية ثم على مصراتة وترهونة", "Tripoli"),
        ("احتجاج في طرابلس ثم في عكار وصيدا وبيروت", "North Lebanon"),
    ],
)
def test_context_decides_among_namesakes(text: str, governorate: str) -> None:
    assert resolved(text)[0].admin1 == governorate


def test_the_digests_heading_and_the_outlets_region_decide() -> None:
    text = "اشتباكات في مدينة صوران"
    assert resolved(text, context=PlaceContext(headings=((0, "حلب"),)))[0].admin1 == "Aleppo"
    assert resolved(text, context=PlaceContext(headings=((0, "حماة"),)))[0].admin1 == "Hama"
    text = "احتجاج في مدينة طرابلس"
    assert resolved(text, context=PlaceContext(regions=("LB",)))[0].country == "LB"
    assert resolved(text, context=PlaceContext(regions=("LY",)))[0].country == "LY"


def test_the_outlet_settles_namesakes_and_the_explanation_says_so() -> None:
    text = "انفجار لغم في قرية الصالحية"
    for outlet, governorate in (
        ("دير الزور 24", "Deir-ez-Zor"),
        ("مركز حلب الإعلامي", "Aleppo"),
        ("عين منبج", "Aleppo"),
    ):
        place = prepare(text, outlet=outlet).scene.resolved_places[0]
        assert place.admin1 == governorate
        told = [mark.rule for mark in explain(f"{text} وقتل مدني", outlet=outlet).marks if mark.label == "place"]
        assert told and all("region-of-outlet 2×1.00=+2.00" in rule for rule in told)
    assert not any("region-of-outlet" in mark.rule for mark in explain(f"{text} وقتل مدني", outlet="رويترز").marks)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("مقتل ثلاثة مدنيين بقصف روسي على مدينة أريحا", "SY"),
        ("قصفت قوات النظام مدينة أريحا", "SY"),
        ("اقتحمت قوات الاحتلال مدينة أريحا واعتقلت شابين", "PS"),
        ("قصفت قوات النظام مدينة أريحا قرب أريحا مساء", "SY"),
    ],
)
def test_who_fights_tells_between_namesakes_where_no_other_place_does(text: str, country: str) -> None:
    assert {place.country for place in prepare(text).scene.resolved_places} == {country}


def test_a_name_is_no_witness_for_itself() -> None:
    place = resolved("انفجرت عبوة ناسفة في مدينة أريحا، ثم احترقت أريحا")[0]
    assert "country-of-report" not in place.reason and place.confidence < 0.7


def test_all_that_speaks_for_a_place_stands_in_the_explanation() -> None:
    marks = [mark for mark in explain("قصف الحوثيون قرية مزهر وقتل مدنيان").marks if mark.label == "place"]
    assert marks and "country-of-party 1.2×1.00=+1.20" in marks[0].rule


@pytest.mark.parametrize(
    ("asked", "first"),
    [("تلالحصى", "b"), ("تل حصى", "a"), ("بئر الحصى", "d"), ("بير الحصى", "c"), ("الزعفران", "f"), ("زعفران", "e")],
)
def test_the_spelling_nearest_to_the_text_wins(asked: str, first: str) -> None:
    named = {"a": "تل حصى", "b": "تل الحصى", "c": "بير الحصى", "d": "بئر الحصى", "e": "زعفران", "f": "الزعفران"}
    places = [
        GazetteerPlace(key, PlaceKind.VILLAGE, name, "SY", 35 + n / 5, 38)
        for n, (key, name) in enumerate(named.items())
    ]
    assert ranked(make_gazetteer(places), asked)[0].entry.id == first


def test_a_quarter_is_meant_with_the_word_quarter_rather_than_without() -> None:
    places = [
        GazetteerPlace("q", PlaceKind.NEIGHBOURHOOD, "الزعفران", "SY", 35, 38, source="sijill"),
        GazetteerPlace("v", PlaceKind.VILLAGE, "الزعفران", "SY", 36, 38, source="sijill"),
    ]
    assert ranked(make_gazetteer(places), "الزعفران")[0].entry.id == "v"
    assert ranked(make_gazetteer(places), "الزعفران", cue="حي")[0].entry.id == "q"


def test_an_article_written_twice_and_one_that_is_none_are_found() -> None:
    places = [
        GazetteerPlace("a", PlaceKind.VILLAGE, "الطف", "SY", 35, 38),
        GazetteerPlace("b", PlaceKind.VILLAGE, "آل كان", "SY", 36, 38),
    ]
    gazetteer = make_gazetteer(places)
    assert [entry.id for entry in gazetteer.search("ألالطف")] == ["a"]
    assert [entry.id for entry in gazetteer.search("آلكان")] == ["b"]


def test_a_direction_gives_a_point_on_that_side() -> None:
    place = resolved("غارة شرق تدمر")[0]
    assert place.precision == "region" and place.relation == "east"
    assert place.lat == pytest.approx(34.56, abs=0.02)
    assert place.lon is not None and 38.3 < place.lon < 38.5


def test_a_told_distance_is_kept() -> None:
    place = resolved("انفجار على بعد 20 كم شمال تدمر")[0]
    assert place.lat is not None and place.lon is not None
    assert distance_km(place.lat, place.lon, 34.56, 38.28) == pytest.approx(20, abs=1)


@pytest.mark.parametrize(
    ("text", "precision", "told"),
    [
        ("قصف مدينة هجين", "town", True),
        ("قصف محافظة إدلب", "governorate", True),
        ("قصف ريف إدلب الجنوبي", "region", True),
        ("تفجير في حي الجورة بدير الزور", "site", True),
        ("قصف على سوريا", "country", False),
        ("قصف قرية فلفلانة", "unknown", False),
        ("هجوم على الأراضي السورية", "country", False),
    ],
)
def test_precision_and_no_country_middle(text: str, precision: str, told: bool) -> None:
    place = resolved(text)[0]
    assert place.precision == precision
    assert (place.lat is not None) is told
    assert place.reason


def test_an_unlisted_site_stands_at_the_town_it_lies_in_and_says_so() -> None:
    place = resolved("انفجار في مسجد الفلفلاني في مدينة منبج")[0]
    assert place.place_id is None and place.lat == pytest.approx(36.528, abs=0.01)
    assert place.reason is not None and "منبج" in place.reason


def test_an_unlisted_village_of_a_governorate_stays_open() -> None:
    place = resolved("قصف قرية فلفلانة في محافظة حلب")[0]
    assert place.lat is None and place.admin1 == "Aleppo"


def test_a_misspelt_name_is_found_where_cue_and_context_agree() -> None:
    assert resolved("قصف بلدة كنصفره وبلدة الباره وبلدة احسمم في ريف إدلب الجنوبي")[2].place_id == "sy:village-ihsim"
    assert resolved("مر احسمم بالبيت") == []


def test_the_countryside_without_its_town_belongs_to_the_town_before_it() -> None:
    places = resolved("اشتباكات في مدينة حلب وفي الريف الشمالي")
    assert places[1].admin1 == "Aleppo" and places[1].lat is not None and places[1].lat > 36.3


def test_rivals_and_features_are_shown() -> None:
    text = "قصف بلدة الصالحية"
    tokens = Tokens(text)
    mentions = find_places(tokens, sentences(tokens), [], default_gazetteer())
    choices = explain_places(mentions, tokens, default_gazetteer())[0]
    assert len(choices) > 2
    assert [c.score for c in choices] == sorted((c.score for c in choices), reverse=True)
    for choice in choices:
        assert choice.score == pytest.approx(sum(weights()[name] * value for name, value in choice.features))
    told = sum_of(choices)
    assert all(f"{name} {weights()[name]:g}×" in told for name, _ in choices[0].features)
    assert f"{choices[1].entry.id} {choices[1].score:.2f}" in told
    place = resolved(text)[0]
    assert place.alternatives and place.alternatives[0].place_id == choices[1].entry.id


def test_capitals_and_states_are_meant_though_a_hamlet_nearby_is_named_so() -> None:
    places = resolved("قالت أنقرة إن قواتها قصفت رأس العين وتل تمر في الحسكة")
    assert places[0].place_id == "tr:city-ankara"


def test_a_part_of_a_country_is_placed_by_its_own_row() -> None:
    places = resolved("قتل ثلاثة في تركيا. وقع الهجوم في جنوب شرق البلاد")
    assert places[1].country == "TR" and places[1].precision == "region"
    assert places[1].lat is not None and 36.5 < places[1].lat < 39


def test_a_town_that_bears_its_governorates_name_holds_the_governorates_villages() -> None:
    places = resolved("معارك في بلدة المزرق في حجة")
    assert places[0].lat is not None and places[0].admin1 == "Hajjah"


SYRIA = next(file for file in built_in_files() if file.stem == "SY")
GOVERNORATES = [place for place in read_places(SYRIA) if place.kind is PlaceKind.GOVERNORATE]


def _shared() -> list[str]:
    """The names that villages of more than one governorate bear."""
    borne: dict[str, set[str]] = {}
    for place in read_places(SYRIA):
        if place.kind in (PlaceKind.TOWN, PlaceKind.VILLAGE):
            borne.setdefault(place.name, set()).add(place.governorate)
    return sorted(name for name, governorates in borne.items() if len(governorates) > 1)


VILLAGES = ["هجين", "تلفيتا", "دوما", *_shared()]


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(VILLAGES), st.sampled_from(GOVERNORATES), st.sampled_from(["في", "شمال", "شرقي"]))
def test_no_coordinates_outside_the_named_governorate(village: str, governorate: GazetteerPlace, word: str) -> None:
    place = resolved(f"قصف بلدة {village} في محافظة {governorate.name}")[0]
    area = resolved(f"قصف ريف {governorate.name} {word.replace('في', '')}".strip())[0]
    own = next((other for other in GOVERNORATES if other.name == f"ريف {governorate.name}"), governorate)
    for found, named in ((place, governorate), (area, own)):
        outline = Outlines.load().of("SY", "governorate", named.english)
        assert outline is not None
        if found.lat is None or found.lon is None:
            continue
        borders = [ring for rings in outline.polygons for ring in rings]  # That of an enclave is one too.
        off = min(distance_km(found.lat, found.lon, lat, lon) for ring in borders for lon, lat in ring)
        assert outline.contains(found.lat, found.lon) or off < 10.5


def test_a_governorates_point_stands_by_the_middle_of_its_outline() -> None:
    for governorate in GOVERNORATES:
        place = resolved(f"قصف في محافظة {governorate.name}")[0]
        outline = Outlines.load().of("SY", "governorate", governorate.english)
        assert outline is not None and place.lat is not None and place.lon is not None
        assert place.precision == "governorate" and outline.contains(place.lat, place.lon)
        assert distance_km(place.lat, place.lon, *outline.middle()) <= 40


BASE = [
    GazetteerPlace("g", PlaceKind.GOVERNORATE, "المحافظة الأولى", "SY", 35.0, 36.0, english="First"),
    GazetteerPlace("t", PlaceKind.TOWN, "كفر النهر", "SY", 35.1, 36.1, governorate="المحافظة الأولى", population=9000),
    GazetteerPlace("v", PlaceKind.VILLAGE, "كفر النهر", "SY", 36.9, 38.9),
    GazetteerPlace("w", PlaceKind.VILLAGE, "تل الحصى", "SY", 35.12, 36.12, governorate="المحافظة الأولى"),
]


@settings(max_examples=60, deadline=None)
@given(
    st.floats(34, 37),
    st.floats(36, 41),
    st.sampled_from([PlaceKind.CITY, PlaceKind.VILLAGE, PlaceKind.REGION]),
    st.integers(0, 10**6),
)
def test_adding_a_place_changes_nothing_that_does_not_mention_it(
    lat: float, lon: float, kind: PlaceKind, people: int
) -> None:
    text = "قصف بلدة كفر النهر وقرية تل الحصى في المحافظة الأولى، ثم هدوء"
    added = GazetteerPlace("n", kind, "الضيعة الزرقاء", "SY", lat, lon, population=people)
    assert resolved(text, make_gazetteer([*BASE, added])) == resolved(text, make_gazetteer(BASE))
    assert resolved(text, make_gazetteer([added, *BASE])) == resolved(text, make_gazetteer(BASE))


OURS = [place for place in read_places(SYRIA) if place.source == "sijill"]
TEXTS = [
    "قصف بلدات كنصفرة والبارة في ريف إدلب الجنوبي، واشتباكات شرق دير الزور وفي محيط قرية تل الزعفران",
    "انفجار في حي الزهراء بمدينة حمص ثم احتجاج في الطيبة والبويضة، وغارة على بلدة كنصفره قرب سراقب",
]


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(TEXTS),
    st.sampled_from(["ضيعة", "قلعة", "مزار"]),
    st.sampled_from(["الزبرجد", "الياسمينة", "السنجاب", "الفيروز"]),
    st.sampled_from(OURS),
    st.sampled_from(list(PlaceKind)),
    st.integers(0, 10**7),
)
def test_adding_a_place_beside_another_changes_nothing_that_does_not_mention_it(
    text: str, head: str, name: str, beside: GazetteerPlace, kind: PlaceKind, people: int
) -> None:
    added = GazetteerPlace("n", kind, f"{head} {name}", "SY", beside.lat, beside.lon, population=people)
    assert resolved(text, make_gazetteer([added, *OURS])) == resolved(text, WITHOUT)


WITHOUT = make_gazetteer(OURS)


def test_reading_twice_gives_the_same() -> None:
    text = "قصف بلدات كنصفرة والبارة في ريف إدلب الجنوبي، واشتباكات شرق دير الزور"
    assert resolved(text) == resolved(text)


def test_the_airport_is_the_one_named_last_or_that_of_the_town_named_last() -> None:
    places = resolved("قصف على مدينة الحديدة. ودارت معارك في المطار")
    assert places[1].place_id == "ye:airport-hodeidah-airport" and "named before" in (places[1].reason or "")
    assert resolved("دارت معارك في المطار")[0].lat is None


def test_an_unlisted_province_is_not_placed_at_the_town_before_it() -> None:
    places = resolved("قال مسؤول في كابل إن هجوما وقع في ولاية زرنكاب")
    assert places[1].place_id is None and places[1].lat is None


def test_the_country_in_which_a_party_fights_settles_a_namesake() -> None:
    of_houthis = prepare("قصف الحوثيون قرية مزهر").scene.resolved_places
    of_nobody = prepare("قصف مجهولون قرية مزهر").scene.resolved_places
    assert [(a.country, b.country) for a, b in zip(of_houthis, of_nobody, strict=True)] == [("YE", "LB")]


@pytest.mark.parametrize(
    "text",
    [
        "قصف مدفعي على قرية الصياد في ريف حماة ثم على السلمية ومصياف",
        "دخلت الدورية قرية زردنا بريف القنيطرة وعادت إلى مدينة القنيطرة",
        "انفجار في الموصل ثم في قرية زردنا قرب الموصل وفي تلعفر",
    ],
)
def test_a_little_known_namesake_far_from_the_rest_stays_open(text: str) -> None:
    places = resolved(text)
    far = [place for place in places if "left open" in (place.reason or "")]
    assert far and all(place.place_id is None for place in far)
    assert "km from" in (far[0].reason or "") and far[0].alternatives
    for place in places:
        assert place.country in (None, "SY" if "حماة" in text or "القنيطرة" in text else "IQ")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("قصف على حماة وحلب، وفي ليبيا اشتباكات قرب قرية الصياد", "LY"),
        ("اشتباكات في حماة وحلب، ثم احتجاج في طرابلس وبنغازي", "LY"),
    ],
)
def test_what_the_text_names_or_everybody_knows_is_taken_however_far(text: str, country: str) -> None:
    assert country in {place.country for place in resolved(text) if place.lat is not None}


def test_the_distance_and_the_country_are_told_with_their_weights() -> None:
    text = "قصف على قرية الصياد في ريف حماة ثم على السلمية"
    tokens = Tokens(text)
    mentions = find_places(tokens, sentences(tokens), [], default_gazetteer())
    choices = explain_places(mentions, tokens, default_gazetteer())
    told = sum_of(
        next(choice for choice, m in zip(choices, mentions, strict=True) if text[m.start : m.end] == "الصياد")
    )
    assert "far-from-report" in told and "country-not-named" in told
    assert {"far-from-report", "country-not-named"} <= weights().keys()


@pytest.mark.parametrize(
    ("text", "precision", "says"),
    [
        ("سقطت قذائف على حي الرمانوسة شرق تعز", "region", "in the east of"),
        ("قصف على سوق الزعفران، وسط مخيم عين الحلوة", "town", "placed at"),
        ("أصيب رجل في مستشفى الزعفران بمدينة تعز", "town", "placed at"),
        ("قصف على قرية آل زعفران بمديرية سحار", "district", "placed at"),
    ],
)
def test_what_the_gazetteer_lacks_stands_where_it_is_said_to_lie_and_says_so(
    text: str, precision: str, says: str
) -> None:
    place = resolved(text)[0]
    assert place.place_id is None and place.lat is not None
    assert place.precision == precision and says in (place.reason or "") and place.confidence <= 0.3


@pytest.mark.parametrize(
    "text",
    [
        "قصف على قرية زعفرانوسة في محافظة إدلب",
        "قصف على قرية زعفرانوس جنوب غرب مدينة حلب",
        "أصيب رجل في مستشفى الزعفران. وفي مدينة تعز اشتباكات وفي مدينة إب هدوء",
    ],
)
def test_an_area_or_a_side_of_a_city_or_a_new_sentence_gives_no_point(text: str) -> None:
    place = resolved(text)[0]
    assert place.place_id is None and place.lat is None


def test_an_unknown_name_stands_amid_a_list_whose_members_lie_together() -> None:
    places = resolved("قصف على قرى كنصفرة، زعفرانوس، البارة والفطيرة")
    unknown = places[1]
    assert unknown.precision == "region" and unknown.confidence <= 0.2 and "listed with" in (unknown.reason or "")
    assert unknown.lat is not None and unknown.lon is not None
    for other in (places[0], places[2]):
        assert other.lat is not None and other.lon is not None
        assert distance_km(unknown.lat, unknown.lon, other.lat, other.lon) < 25
    apart = resolved("قصف على بلدات كنصفرة، زعفرانوس، والشحيل")
    assert apart[1].lat is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("قصفت المدفعية بلدة الباغوز وقرية زلفوطة وانفجر لغم قرب السوسة", "named before and after it"),
        ("اشتباكات في الباغوز والسوسة. وقصف الطيران قرية زلفوطة. وسقطت قذائف في الشعفة", "named around it"),
        ("قصف على حي الشعار وحي الصاخور. وانفجرت قذيفة في حي الزلفوطة", "named around it"),
    ],
)
def test_an_unknown_name_stands_amid_certain_places_that_lie_close(text: str, says: str) -> None:
    places = resolved(text)
    unknown = next(place for place in places if "زلفوطة" in place.span.quote)
    assert unknown.place_id is None and unknown.precision == "region" and unknown.confidence <= 0.2
    assert says in (unknown.reason or "") and unknown.lat is not None and unknown.lon is not None
    for other in places:
        assert other.lat is not None and other.lon is not None
        assert distance_km(unknown.lat, unknown.lon, other.lat, other.lon) < 20


@pytest.mark.parametrize(
    "text",
    [
        "قصفت المدفعية بلدة الباغوز وقرية زلفوطة وانفجر لغم قرب الميادين",
        "اشتباكات في الباغوز. وقصف الطيران قرية زلفوطة",
        "اشتباكات في الباغوز والسوسة والشعفة. وهدأت الجبهات. وسكت القصف. وقصف الطيران قرية زلفوطة",
        "قال الناشط من الباغوز والسوسة والشعفة إن الطيران قصف قرية زلفوطة",
        "قصف على حي الشعار وحي الصاخور. وقصف في قرية زلفوطة في محافظة إدلب",
    ],
)
def test_places_that_lie_apart_or_elsewhere_give_an_unknown_name_no_point(text: str) -> None:
    unknown = next(place for place in resolved(text) if place.span.quote == "زلفوطة")
    assert unknown.place_id is None and unknown.lat is None


def test_of_namesakes_in_a_governorate_the_nearer_to_what_holds_them_is_meant() -> None:
    in_kitaf, in_sahar = resolved("غارة على قرية العشاش بمديرية كتاف"), resolved("غارة على قرية العشاش بمديرية سحار")
    assert in_kitaf[0].lat is not None and in_sahar[0].lat is not None
    assert in_kitaf[0].place_id != in_sahar[0].place_id
    for place, holder in (in_kitaf, in_sahar):
        assert place.lat is not None and place.lon is not None and holder.lat is not None and holder.lon is not None
        assert distance_km(place.lat, place.lon, holder.lat, holder.lon) < 20


def test_a_name_spelt_alike_in_a_wide_area_is_not_taken_for_a_misspelt_one() -> None:
    place = resolved("أغارت طائرات على قرية سركلوا في جبل متين شمالي إقليم كردستان")[0]
    assert place.lat is None or place.lon is None or distance_km(place.lat, place.lon, 35.87, 45.16) > 100


def test_a_quarter_of_one_name_alone_may_be_far_but_a_village_is_not_a_quarter_far_away() -> None:
    far = resolved("وصل مهجرو الوعر إلى مدينة جرابلس")
    assert far[0].place_id == "sy:neighbourhood-al-waer"
    village = resolved("هجوم على قرية بانت ثم على الحصاحيصا ورفاعة")[0]
    assert village.place_id != "sd:neighbourhood-banat"


def test_a_site_called_by_an_ordinary_word_is_known_in_its_town_alone() -> None:
    assert resolved("انفجار في درعا ثم قرب معمل السكر وفي إزرع")[1].place_id is None
    assert resolved("انفجار في دير الزور ثم قرب معمل السكر")[1].place_id == "sy:site-sugar-factory-dz"


def test_a_quarter_called_by_an_ordinary_word_is_known_in_its_town_alone() -> None:
    far = resolved("وصل وفد إلى الأبيض ثم قصفت طائرة حي الثورة في الأبيض والرهد")
    assert all(place.place_id != "sd:neighbourhood-al-thawra" for place in far)
    near = resolved("وصل وفد إلى أم درمان ثم قصفت طائرة حي الثورة")
    assert near[1].place_id == "sd:neighbourhood-al-thawra"


def test_a_facility_stands_at_the_village_near_by_that_it_is_called_after() -> None:
    place = resolved("رمت الدبابات بلدة تلدو وبلدة كفرلاها من حاجز قرمص")[2]
    assert place.place_id is None and place.precision == "region" and place.confidence <= 0.3
    assert "called after" in (place.reason or "") and place.lat is not None and place.lon is not None
    assert distance_km(place.lat, place.lon, 34.91, 36.455) < 5
    far = resolved("دخلت الدورية مدينة عدن ثم حاجز قرمص")[1]
    assert far.lat is None


def test_a_namesake_nearby_is_meant_though_only_the_far_one_has_the_article() -> None:
    places = resolved("قصفت المدفعية قرى صيدا والمشيرفة والهوشان قرب عين عيسى")
    place = next(place for place in places if place.span.quote == "المشيرفة")
    assert place.lat is not None and place.lon is not None
    assert distance_km(place.lat, place.lon, 36.41, 38.89) < 15


def test_of_two_things_in_the_dual_an_ordinary_word_is_a_place_too() -> None:
    names = [place.span.quote for place in resolved("انسحبت الفصائل من منطقتي الشريعة والتوينة في سهل الغاب")]
    assert names[:2] == ["الشريعة", "التوينة"]
    assert "الشريعة" not in [place.span.quote for place in resolved("تحدث عن منطقة الشريعة والقانون")]


@pytest.mark.parametrize(
    ("text", "place_id"),
    [
        ("قصف على محيط مشفى كمال عدوان في بيت لاهيا", "ps:site-kamal-adwan-hospital"),
        ("أغلق منفذ نصيب بين سوريا والأردن", "sy:crossing-nasib-crossing"),
        ("قصف على جبل النوبة في السودان وعلى كادوقلي", "sd:area-nuba-mountains"),
    ],
)
def test_a_noun_used_in_another_ones_stead_names_the_same_place(text: str, place_id: str) -> None:
    assert resolved(text)[0].place_id == place_id


def test_a_river_or_region_that_a_party_is_named_for_is_a_place_after_a_preposition() -> None:
    assert prepare("قصفت الطائرات مواقع في إقليم كردستان أمس.", name="t").scene.resolved_places[0].place_id == (
        "iq:area-kurdistan-region"
    )
    assert not prepare("قالت حكومة إقليم كردستان إن الوضع هادئ.", name="t").scene.resolved_places


def test_a_name_that_is_told_where_it_lies_once_means_that_place_throughout() -> None:
    text = "حلب نيوز\nتفجير في الحويجة أمس\nوقع التفجير في قضاء الحويجة بجنوب غرب محافظة كركوك."
    named = [place for place in resolved(text) if place.span.quote == "الحويجة"]
    assert len(named) == 2 and {place.place_id for place in named} == {"iq:town-hawija"}
