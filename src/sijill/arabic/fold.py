"""Folding: one spelling for the many ways a word is written.

Arabic news writes hamza, taa marbuta and alef maqsura as it pleases, adds or drops vowel signs, stretches words with
tatweel, and carries Persian letters, presentation forms and invisible controls from its sources. `fold` brings all
of that to one form; `fold_with_offsets` also says where each folded character stood.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MARKS: Final = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
CONTROLS: Final = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
TATWEEL: Final = "\u0640"
PRESENTATION: Final = "\ufb50-\ufdff\ufe70-\ufefc"
LETTERS: Final = f"\u0621-\u063a\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff{PRESENTATION}"

_SAME: Final = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا",
    "ى": "ي", "ئ": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ۍ": "ي", "ێ": "ي",
    "ؤ": "و", "ۆ": "و", "ۇ": "و", "ۋ": "و", "ۊ": "و",
    "ة": "ه", "ہ": "ه", "ە": "ه", "ۀ": "ه", "ۃ": "ه", "ھ": "ه",
    "ک": "ك", "ڪ": "ك", "گ": "ك", "ڭ": "ك",
    "پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف", "ڥ": "ف", "ڕ": "ر", "ڵ": "ل",
}  # fmt: skip
_DIGITS: Final = {chr(base + n): str(n) for base in (0x0660, 0x06F0) for n in range(10)}
_DROPPED: Final = re.compile(f"[{MARKS}{CONTROLS}{TATWEEL}]")
_PRESENTATION: Final = re.compile(f"[{PRESENTATION}]")
_TABLE: Final = str.maketrans(_SAME | _DIGITS)


def fold(text: str) -> str:
    """Return `text` in folded spelling: without vowel signs, tatweel and controls, letters and digits unified."""
    if has_presentation(text):
        text = unicodedata.normalize("NFKC", text)
    return _DROPPED.sub("", text).translate(_TABLE)


def has_presentation(text: str) -> bool:
    """Whether letters stand in `text` as they were cut for printing; one may be a whole word, or several."""
    return _PRESENTATION.search(text) is not None


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, the offset in `text` that it came from.

    The list has one entry more than the folded text: the length of `text`.
    """
    folded: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        for out in fold(char):
            folded.append(out)
            offsets.append(offset)
    offsets.append(len(text))
    return "".join(folded), offsets
