"""One key for the many ways a name is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.gazetteer.names import bare, has_article, latin_key, name_key, name_words, spellings, within_one_edit


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("خان يونس", "خانيونس"),
        ("كفر نبل", "كفرنبل"),
        ("معر شورين", "معرشورين"),
        ("دير الزور", "ديرالزور"),
        ("أبو كمال", "البوكمال"),
        ("أبو كمال", "أبي كمال"),
        ("تل أبو الظهور", "تل ابوالظهور"),
        ("الرقة", "رقه"),
        ("إدلب", "ادلب"),
        ("بئر السبع", "بير سبع"),
        ("الزهراء", "الزهرا"),
        ("عين العرب (كوباني)", "عين العرب"),
        ("الطريق الدولي أم 4", "طريق دولي ام 4"),
    ],
)
def test_two_spellings_meet_in_one_key(a: str, b: str) -> None:
    assert spellings(a) & spellings(b)


@pytest.mark.parametrize(("a", "b"), [("الفوج 46", "الفوج 111"), ("حلب", "حلبجة"), ("دير الزور", "دير حافر")])
def test_different_names_do_not_meet(a: str, b: str) -> None:
    assert not spellings(a) & spellings(b)


def test_the_article_is_dropped_from_keys_and_remembered() -> None:
    assert bare("الباب") == ("باب", True)
    assert bare("باب") == ("باب", False)
    assert has_article("الباب") and not has_article("باب الهوى")
    assert name_key("باب الهوى") == "باب هوي"


def test_latin_names_lose_article_and_marks() -> None:
    assert latin_key("Al-Mayādīn".replace("ā", "a").replace("ī", "i")) == latin_key("al Mayadin")


@given(st.text(alphabet="ابتدرزسعفقكلمنهويةأإى ", min_size=1, max_size=25))
def test_a_name_is_among_its_own_spellings(name: str) -> None:
    key = name_key(name)
    if len(key) > 1 and len(name_words(name)) <= 6:
        assert key in spellings(name)


@given(st.text(alphabet="ابتث", max_size=6), st.text(alphabet="ابتث", max_size=6))
def test_one_edit_is_symmetric(a: str, b: str) -> None:
    assert within_one_edit(a, b) == within_one_edit(b, a)


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [("سراقب", "سرافب", True), ("سراقب", "سرقب", True), ("سراقب", "سارقب", True), ("سراقب", "سارفب", False)],
)
def test_one_edit(a: str, b: str, near: bool) -> None:
    assert within_one_edit(a, b) is near
