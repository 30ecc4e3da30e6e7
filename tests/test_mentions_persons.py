"""Personal names: what may be one, and what never is."""

from __future__ import annotations

import pytest

from sijill.arabic.words import Tokens
from sijill.lexicon import default_lexicon
from sijill.mentions.persons import Names


@pytest.mark.parametrize(
    ("text", "first", "name"),
    [
        ("مقتل سالم الراوي برصاص مجهولين", 1, "سالم الراوي"),
        ('مقتل "سالم الراوي" في البلدة', 1, "سالم الراوي"),
        ("مقتل سالم الراوي في البلدة", 1, "سالم الراوي"),
        ("مقتل في البلدة", 1, ""),
        ("مقتل من كان هناك", 1, ""),
        ("مقتل ثلاثة جنود", 1, ""),
    ],
)
def test_a_name_is_words_unknown_to_the_lexicon(text: str, first: int, name: str) -> None:
    tokens, lexicon = Tokens(text), default_lexicon()
    names = Names(tokens, lexicon.scan(tokens), lexicon.grammar)
    begin, end = names.after(first - 1)
    assert (tokens.quote(begin, end - 1) if end > begin else "") == name
