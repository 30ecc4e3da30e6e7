"""The headings of a digest, and what they decide."""

from __future__ import annotations

from sijill.arabic.words import Tokens, sentences
from sijill.gazetteer import default_gazetteer
from sijill.mentions.places import find_places
from sijill.resolve.place_headings import headings
from sijill.resolve.places import resolve_places

DIGEST = """حصاد اليوم
حماة:
قصف على بلدة صوران
ريف حلب:
اشتباكات قرب بلدة صوران
"""


def test_governorates_at_the_heads_of_lines_are_headings() -> None:
    tokens = Tokens(DIGEST)
    mentions = find_places(tokens, sentences(tokens), [], default_gazetteer())
    found = headings(mentions, tokens, default_gazetteer())
    assert [name for _, name in found] == ["حماة", "حلب"]
    assert all(mention.role_hint is None for mention in mentions)


def test_a_name_under_a_heading_lies_in_its_governorate() -> None:
    tokens = Tokens(DIGEST)
    mentions = find_places(tokens, sentences(tokens), [], default_gazetteer())
    places = resolve_places(mentions, tokens, default_gazetteer())
    told = [place.admin1 for mention, place in zip(mentions, places, strict=True) if mention.cue == "بلده"]
    assert told == ["Hama", "Aleppo"]


def test_one_place_before_a_colon_is_a_dateline() -> None:
    tokens = Tokens("دمشق:\nقال المصدر إن الهدوء عاد إلى حلب")
    mentions = find_places(tokens, sentences(tokens), [], default_gazetteer())
    assert headings(mentions, tokens, default_gazetteer()) == ()
    assert mentions[0].role_hint == "speaker"
