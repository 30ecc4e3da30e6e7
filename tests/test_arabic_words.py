"""Tokens, clitics and sentences."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.arabic.words import Cut, Kind, Memo, Tokens, cuts, sentences

MIXED = st.text(alphabet='قصفوالبم ـ\u064e.،:"()\n12٣aB-«»', max_size=80) | st.text(max_size=60)


def cut_into(text: str) -> list[str]:
    tokens = Tokens(text)
    return [tokens.quote(first, end - 1) for first, end in sentences(tokens)]


def test_kinds_and_forms() -> None:
    tokens = Tokens("قُصفت 1,200 قذيفة (RPG)\n")
    assert list(zip(tokens.form, tokens.kind, strict=True)) == [
        ("قصفت", Kind.WORD),
        ("1200", Kind.NUMBER),
        ("قذيفه", Kind.WORD),
        ("(", Kind.PUNCT),
        ("rpg", Kind.LATIN),
        (")", Kind.PUNCT),
        ("\n", Kind.BREAK),
    ]


@pytest.mark.parametrize("written", ["قصـ.ـف", "ق.ص.ف", "قصـــف", "قَصْف"])
def test_words_split_to_pass_filters_are_whole(written: str) -> None:
    tokens = Tokens(f"جرى {written} البلدة")
    assert tokens.form == ["جري", "قصف", "البلده"]
    assert tokens.quote(1, 1) == written


@pytest.mark.parametrize(
    ("form", "cut"),
    [
        ("وبالقصف", Cut("وب", True, "قصف", "")),
        ("للتحالف", Cut("ل", True, "تحالف", "")),
        ("للواء", Cut("ل", True, "لواء", "")),
        ("غارته", Cut("", False, "غاره", "ه")),
        ("قراها", Cut("", False, "قري", "ها")),
        ("سيقصف", Cut("س", False, "يقصف", "")),
    ],
)
def test_clitics(form: str, cut: Cut) -> None:
    assert cut in cuts(form)


def test_the_whole_word_is_the_first_cut() -> None:
    assert cuts("وصول")[0] == Cut("", False, "وصول", "")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("قصف الجيش البلدة. وانسحب المسلحون.", 2),
        ("قصف الجيش البلدة.وانسحب المسلحون", 2),
        ("قال د. سامر إن البلدة قصفت", 1),
        ("قالت أ. ف. ب إن البلدة قصفت", 1),
        ("بلغ العدد 3.5 مليون", 1),
        ("نشر example.com الخبر", 1),
        ("عنوان\nنص", 2),
        ("هل قصفت؟ نعم!", 2),
        ("", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(cut_into(text)) == count


def test_a_text_without_full_stops_is_cut() -> None:
    tokens = Tokens("قصف الجيش البلدة، " * 500)
    lengths = [end - first for first, end in sentences(tokens)]
    assert max(lengths) <= 251
    assert sum(lengths) == len(tokens)
    assert max(end - first for first, end in sentences(Tokens("كلمة " * 1000))) <= 251


@given(MIXED)
def test_tokens_stand_in_the_text_in_order(text: str) -> None:
    tokens = Tokens(text)
    spans = list(zip(tokens.start, tokens.end, strict=True))
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert len(tokens.form) == len(tokens.kind) == len(spans)


@given(MIXED)
def test_sentences_do_not_overlap(text: str) -> None:
    found = sentences(Tokens(text))
    assert all(first < end for first, end in found)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))


@given(st.text(alphabet="والبلسكفهمنيتقصد", min_size=1, max_size=12))
def test_a_cut_gives_the_word_back_or_names_what_is_hidden(form: str) -> None:
    for cut in cuts(form):
        assert len(cut.core) >= 2 or cut.article
        if not cut.tail and not cut.article:
            assert cut.lead + cut.core == form


def test_a_memo_reads_each_text_once_and_forgets_when_it_is_full() -> None:
    asked: list[str] = []

    def read(text: str) -> int:
        asked.append(text)
        return len(text)

    memo = Memo(read, most=2)
    assert [memo[text] for text in ("ا", "بب", "ا")] == [1, 2, 1]
    assert asked == ["ا", "بب"]
    assert memo["ججج"] == 3
    assert len(memo) == 1
