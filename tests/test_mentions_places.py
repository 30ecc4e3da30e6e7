"""Places as words: which words name a place, and what the text says of it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sijill.arabic.words import Tokens, sentences
from sijill.gazetteer import default_gazetteer
from sijill.mentions.places import PlaceMention, find_places
from sijill.resolve.places import resolve_places

ROWS = list(csv.DictReader((Path(__file__).parent / "corpus" / "places.csv").open(encoding="utf-8", newline="")))


def found(text: str, taken: list[tuple[int, int]] | None = None) -> tuple[list[PlaceMention], Tokens]:
    tokens = Tokens(text)
    return find_places(tokens, sentences(tokens), taken or [], default_gazetteer()), tokens


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"])
def test_a_text_and_its_places(row: dict[str, str]) -> None:
    mentions, tokens = found(row["text"])
    told = ";".join(f"{row['text'][m.start : m.end]}={m.relation}" for m in mentions)
    assert told == row["mentions"]
    if row["first_place"]:
        assert resolve_places(mentions, tokens, default_gazetteer())[0].place_id == row["first_place"]


def test_what_lies_in_another_place_says_so() -> None:
    mentions, _ = found("انفجار في بلدة البحرة شرق دير الزور وقصف على هجين")
    assert [m.within for m in mentions] == [1, None, None]


def test_all_of_a_list_lie_in_the_area_after_it() -> None:
    mentions, _ = found("قصف بلدات كنصفرة والبارة والفطيرة في ريف إدلب الجنوبي")
    assert [m.within for m in mentions] == [3, 3, 3, None]
    assert mentions[3].area


def test_a_second_name_in_brackets_is_the_same_place() -> None:
    mentions, _ = found("في عين العرب (كوباني) أمس")
    assert [m.within for m in mentions] == [None, 0]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("دمشق - وكالات\nقال المصدر إن الهدوء عاد", "speaker"),
        ("2018.11.07 | 13:31 دمشق\nنص", "speaker"),
        ("قال مراسلنا في حلب إن القصف توقف", "speaker"),
        ("وصلت قوات من حمص إلى الجبهة", "origin"),
        ("قتل شاب من مدينة طفس", "origin"),
        ("نقل الجرحى إلى مدينة إدلب للعلاج", "hospital"),
        ("اتهمت روسيا الفصائل بخرق الهدنة", "party"),
        ("دمشق تتهم الفصائل", "party"),
        ("قصفت الطائرات مدينة إدلب", None),
        ("قتل ثلاثة في تركيا", None),
    ],
)
def test_what_else_a_place_may_be(text: str, hint: str | None) -> None:
    mentions, _ = found(text)
    assert mentions[0].role_hint == hint


def test_no_place_inside_a_partys_name() -> None:
    text = "أعلنت قوات سوريا الديمقراطية انسحابها"
    tokens = Tokens(text)
    mentions, _ = found(text, [(1, 3)])
    assert tokens.quote(1, 3) == "قوات سوريا الديمقراطية"
    assert mentions == []


def test_a_state_after_a_preposition_is_a_place_though_a_party_is_named_so() -> None:
    mentions, tokens = found("انتهى اللقاء في موسكو أمس", [(3, 3)])
    assert [tokens.quote(m.first, m.last) for m in mentions] == ["موسكو"]
    assert found("اتهمت موسكو خصومها", [(1, 1)])[0] == []


def test_a_hamlet_of_another_country_needs_a_word_that_makes_it_a_place() -> None:
    about_yemen = "قصف على صنعاء وتعز ومأرب في اليمن. "
    assert "الخضر" not in told_names(about_yemen + "قال الخضر لصور إن القصف توقف")
    assert "الخضر" in told_names(about_yemen + "قصف على بلدة الخضر")


def told_names(text: str) -> list[str]:
    mentions, _ = found(text)
    return [text[m.start : m.end] for m in mentions]


def test_the_span_leaves_clitics_out_and_keeps_the_article() -> None:
    text = "قصف ببلدة الشعفة، وبالسوسة، ولهجين"
    mentions, _ = found(text)
    assert [text[m.start : m.end] for m in mentions] == ["الشعفة", "السوسة", "هجين"]


def test_a_stretched_and_vowelled_name_is_found_whole() -> None:
    text = "غارة على هـجـين وعلى دِرعا"
    mentions, _ = found(text)
    assert [text[m.start : m.end] for m in mentions] == ["هـجـين", "دِرعا"]


WORDS = re.findall(
    r"\S+",
    """قصف غارة على في من شرق ريف بلدة مدينة قرية دير الزور هجين حلب إدلب و ، . # _ ( ) - كوباني الحدود السورية
العراقية الشمالي 12 M5 وحلب بريف لبلدة ريفها ـ""",
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "\n"]), max_size=25))
def test_spans_slice_back_and_order_holds(words: list[str]) -> None:
    text = " ".join(words)
    mentions, tokens = found(text)
    places = resolve_places(mentions, tokens, default_gazetteer())
    assert len(places) == len(mentions)
    assert [m.first for m in mentions] == sorted(m.first for m in mentions)
    for n, (mention, place) in enumerate(zip(mentions, places, strict=True)):
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[place.span.start : place.span.end] == place.span.quote
        assert mention.within is None or (0 <= mention.within < len(mentions) and mention.within != n)
        assert mention.within is None or mentions[mention.within].within != n
        assert (place.lat is None) == (place.lon is None)
        assert 0 <= place.confidence <= 1


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_no_text_stops_it(text: str) -> None:
    mentions, tokens = found(text)
    resolve_places(mentions, tokens, default_gazetteer())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("دخلت قرى زعفرانوس، الشمخية، كمونة و قرفينة، ونهبت السيارات", ["زعفرانوس", "الشمخية", "كمونة", "قرفينة"]),
        ("القرى المستهدفة: زعفرانوس، كمونة وقرفينة.", ["زعفرانوس", "كمونة", "قرفينة"]),
        ("قصف على قرى زعفرانوس وكمونة، صباح اليوم", ["زعفرانوس"]),
        ("قصف على قرية زعفرانوس، ونهبت السيارات", ["زعفرانوس"]),
        ("قصف على منطقة آل الزعفراني أمس", ["آل الزعفراني"]),
    ],
)
def test_a_list_after_a_noun_in_the_plural(text: str, names: list[str]) -> None:
    mentions, _ = found(text)
    told = [text[m.start : m.end] for m in mentions]
    assert told[: len(names)] == names
    assert not any(word in told for word in ("نهبت", "ونهبت", "السيارات", "صباح", "اليوم"))


def test_the_bank_of_a_river_is_not_the_west_bank() -> None:
    mentions, _ = found("سيطرت على الضفة الجنوبية لنهر دجلة في مدينة الموصل")
    assert len(mentions) == 2
