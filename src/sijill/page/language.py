"""A guess at a text's language: enough to tell Arabic from everything Sijill does not read."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from sijill.page.words import PageWords

SAMPLE: Final = 400
WIDE_SAMPLE: Final = 20_000

_ARABIC: Final = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc]+")
_OTHER: Final = re.compile("[^\\W\\d_\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc]+")
_NOT_ARABIC: Final = re.compile("[پچژگٹڈڑےھۆێڵڕەہیک]")
_SCRIPTS: Final = (("he", "\u05d0-\u05ea"), ("ru", "\u0400-\u04ff"), ("el", "\u0370-\u03ff"), ("zh", "\u4e00-\u9fff"))


def guess(text: str, words: PageWords) -> str:
    """Return the ISO 639 code of `text`'s language: `ar` where Arabic script prevails and no sister language shows,
    else the best guess, `und` where there is none (no letters at all, an unknown tongue)."""
    for size in (SAMPLE, WIDE_SAMPLE):
        sample = text[:size]
        arabic = sum(map(len, _ARABIC.findall(sample)))
        other = sum(map(len, _OTHER.findall(sample)))
        if arabic > other:
            break
        if len(text) <= size:
            break
    if arabic > other:
        # A Farsi yeh or kaf may come from a keyboard; more than a few of these letters do not.
        if len(_NOT_ARABIC.findall(sample)) * 50 < arabic:
            return "ar"
        return _by_words(sample, words, ("fa", "ur", "ckb")) or "ar"
    if not other:
        return "und"
    for code, letters in _SCRIPTS:
        if len(re.findall(f"[{letters}]", sample)) * 2 > other:
            return code
    return _by_words(sample, words, ("en", "fr", "tr", "de", "es")) or "und"


def _by_words(sample: str, words: PageWords, among: tuple[str, ...]) -> str | None:
    """The language of `among` whose frequent words `sample` holds most, or None where it holds fewer than two."""
    found = Counter(words.languages.get(word) for word in re.findall(r"\w+", sample.lower()))
    best = max(among, key=lambda code: found[code])
    return best if found[best] >= 2 else None
