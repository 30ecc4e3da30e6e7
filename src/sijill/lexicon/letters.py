"""Letters that look right and are wrong: Persian and presentation forms, invisible characters, spaces."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal, NamedTuple

from sijill.arabic.fold import CONTROLS, PRESENTATION

# Letters that keyboards and PDF files put in the place of plain Arabic ones.
_PLAIN: Final = str.maketrans("یېےۍکڪہەۀۃھ", "ييييككههةةه")
_NOT_PLAIN: Final = re.compile(rf"[\u0671-\u06d3\u06d5\u06ee-\u06ef\u06fa-\u06ff\u0750-\u077f{PRESENTATION}]")
_INVISIBLE: Final = re.compile(f"[{CONTROLS}]")
_ARABIC: Final = re.compile("[\u0621-\u063a\u0641-\u064a]")
# Letters that Arabic writers do use for foreign sounds; folding knows them.
_FOREIGN: Final = frozenset("پچژڤگڭ")

LetterFault = Literal["spaces", "invisible", "wrong-letter", "not-arabic"]


class BadLetters(NamedTuple):
    """What is wrong with a cell, and how it should be written."""

    fault: LetterFault
    mended: str


def spaces_of(words: str) -> BadLetters | None:
    """White space at the edges, or more of it than one plain space between words."""
    mended = " ".join(words.split())
    return BadLetters("spaces", mended) if mended != words else None


def letters_of(words: str) -> BadLetters | None:
    """The first fault in the letters of Arabic words, or None where they are plain."""
    strange = [letter for letter in _NOT_PLAIN.findall(words) if letter not in _FOREIGN]
    if strange:
        return BadLetters("wrong-letter", unicodedata.normalize("NFKC", words).translate(_PLAIN))
    if _INVISIBLE.search(words):
        return BadLetters("invisible", _INVISIBLE.sub("", words))
    if not _ARABIC.search(words):
        return BadLetters("not-arabic", words)
    return None
