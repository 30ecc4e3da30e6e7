"""Words as search and comparison see them: folded, and cut free of the clitics that stand before them.

The cut is the same for every word wherever it stands, in a text or in a query, so that "وبالغارات", "بالغارات" and
"غارات" meet. It is deliberately blunt: it may cut a letter of the word itself (وزير), always in the same way.
"""

from __future__ import annotations

import zlib
from functools import lru_cache

from sijill.arabic.words import Kind, Memo, pieces, said_as

_LEADS = ("و", "ف", "ب", "ك", "ل")
_TAILS = ("هما", "هم", "هن", "ها")
_LEAST = 3
"""No cut leaves fewer letters than this: what is shorter is no word any more."""


@lru_cache(maxsize=200_000)
def stem(form: str) -> str:
    """A folded word without its leading clitics and article, and without a pronoun at its end."""
    while True:
        if form.startswith(("ال", "لل")) and len(form) >= 2 + _LEAST:
            form = form[2:]
        elif form.startswith(_LEADS) and len(form) >= 1 + _LEAST:
            form = form[1:]
        else:
            break
    for tail in _TAILS:
        if form.endswith(tail) and len(form) >= len(tail) + _LEAST:
            return form[: -len(tail)]
    return form


def stems(text: str) -> list[str]:
    """The words and numbers of a text in order, as stems."""
    return [said for said in map(_STEMS.__getitem__, pieces(text)) if said]


def _stem_of(token: str) -> str:
    """The stem of a token; nothing for a mark or the end of a line."""
    kind, form = said_as(token)
    if kind is Kind.WORD:
        return stem(form) if form else ""
    return form if kind in (Kind.NUMBER, Kind.LATIN) else ""


_STEMS: Memo[str] = Memo(_stem_of)
CODES: Memo[int] = Memo(lambda word: zlib.crc32(word.encode()))
"""A stem as 32 bits, for keeping and comparing very many."""
