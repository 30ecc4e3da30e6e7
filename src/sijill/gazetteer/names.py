"""One key for the many ways a place name is written.

Reports write a name's words together or apart (خان يونس، خانيونس), with the article or without, with any hamza. A
name is indexed under each of these, so that a text needs one look-up for the words as they stand. Keys are folded,
without articles and hamza, words parted by one space.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import Final

from sijill.arabic.fold import fold
from sijill.arabic.words import Memo, folded_word

_DIRECTIONS: Final = frozenset({"شمال", "جنوب", "شرق", "غرب"})
MAX_WORDS: Final = 6
"""No name is looked up over more words than this."""

_PARTS: Final = re.compile(r"[^\s\-_/،,.'\"«»()]+")
_LONE_ARTICLE: Final = re.compile(r"(?<!\S)([اأ]ل)[\s\-]+(?=\S)")
_BRACKETS: Final = re.compile(r"[(\[«].*?[)\]»]")
_NOT_PLAIN: Final = re.compile(r"[^0-9a-z]")
_LATIN: Final = re.compile(r"[a-z]+")
_SAME: Final = {
    "ابي": "ابو", "ابا": "ابو", "بني": "بنو", "ذي": "ذو",
    "مشفي": "مستشفي", "منفذ": "معبر", "مرفا": "مينا", "جبال": "جبل",
}  # fmt: skip
"""Words that stand for another in names: a case of it, or a noun used in its stead (مشفى and مستشفى)."""
_WEAK: Final = re.compile(r"(?<!^)[اويه]")
_DOUBLED: Final = re.compile(r"(.)\1")
_ALIKE: Final = str.maketrans("ظثذصط", "ضتدست")

HEADS: Final = (
    "كفر", "تل", "تله", "دير", "عين", "ابو", "ام", "خان", "معر", "معره", "راس", "جب",
    "بير", "برج", "قصر", "حصن", "وادي", "جبل", "خربه", "بيت", "رسم", "حوش", "مزرعه", "تلول",
    "باب", "شيخ", "قلعه", "نبع", "مرج", "خراب", "سد", "عرب", "بنو", "بو", "جسر", "دار", "حمام",
)  # fmt: skip
"""First words of compound names, which scribes write together with the next."""


@lru_cache(maxsize=50_000)
def bare(form: str) -> tuple[str, bool]:
    """A folded word without article and hamza, and whether it had the article."""
    word = form.replace("ء", "")
    article = len(word) > 3 and word.startswith("ال")
    if article:
        word = word[2:]
    return _SAME.get(word, word), article


BARE: Final[Memo[str]] = Memo(lambda form: bare(form)[0])
"""Every form met, without article and hamza."""


def name_words(name: str) -> list[str]:
    """The folded words of a name, without what stands in brackets."""
    parts = _PARTS.findall(_BRACKETS.sub(" ", name))
    words = (folded_word(part) or _NOT_PLAIN.sub("", fold(part).lower()) for part in parts)
    return [word for word in words if word]


def name_key(name: str) -> str:
    """The key of a name as it stands."""
    return " ".join(bare(word)[0] for word in name_words(name))


def joined_article(name: str) -> str:
    """The name with an article that stands apart from its word ("ال حماة") written to it."""
    return _LONE_ARTICLE.sub(r"\1", name)


def has_article(name: str) -> bool:
    """Whether the name's first word has the article."""
    words = name_words(name)
    return bool(words) and bare(words[0])[1]


def spellings(name: str) -> set[str]:
    """All keys under which a name is found."""
    words = name_words(name)[:MAX_WORDS]
    keys: set[str] = set()
    if words:
        _add_joined(keys, words)
        _add_directions(keys, words)
        for i, word in enumerate(words):
            for head, rest in _split(bare(word)[0]):
                _add_joined(keys, [*words[:i], head, rest, *words[i + 1 :]])
    return {key for key in keys if len(key) > 1}


def _add_joined(keys: set[str], words: list[str]) -> None:
    """Add the key of the words apart, of each two neighbours together, and of all together."""
    bared = [bare(word)[0] for word in words]
    keys.add(" ".join(bared))
    if len(words) == 1:
        return
    for i in range(len(words) - 1):
        for second in {bared[i + 1], words[i + 1].replace("ء", "")}:
            keys.add(" ".join([*bared[:i], bared[i] + second, *bared[i + 2 :]]))
    keys.add("".join(bared))
    keys.add(bared[0] + "".join(word.replace("ء", "") for word in words[1:]))
    if bared[0] == "ابو":
        # البوكمال for أبو كمال: the first letter falls after the article.
        keys.add(" ".join(["".join(["بو", bared[1]]), *bared[2:]]))


def _add_directions(keys: set[str], words: list[str]) -> None:
    """Add "شمالي غربي سوريا" and the like for "شمال غرب سوريا"."""
    count = 0
    while count < min(2, len(words) - 1) and words[count].removesuffix("ي") in _DIRECTIONS:
        count += 1
    if count:
        rest = [bare(word)[0] for word in words[count:]]
        for endings in product(("", "ي"), repeat=count):
            pointing = [words[n].removesuffix("ي") + ending for n, ending in enumerate(endings)]
            keys.add(" ".join([*pointing, *rest]))


def _split(word: str) -> list[tuple[str, str]]:
    return [
        (head, word[len(head) :])
        for head in HEADS
        if word.startswith(head) and len(word) - len(head) >= 3 and len(word) > 5
    ]


def latin_key(name: str) -> str:
    """The key of a name in Latin letters: letters only, lower case, without articles."""
    words = _LATIN.findall(fold(name).lower().replace("'", "").replace("`", ""))
    return "@" + "".join(word for word in words if word not in {"al", "ar", "as", "ad", "at", "an", "az", "ash", "el"})


def skeleton_key(key: str) -> str:
    """What is left of a key when weak and doubled letters go and like-sounding ones become one: for misspelt names."""
    return "~" + _DOUBLED.sub(r"\1", _WEAK.sub("", key.replace(" ", "")).translate(_ALIKE))


def within_one_edit(a: str, b: str) -> bool:
    """Whether one letter added, dropped, changed, or two neighbours swapped turn `a` into `b`."""
    if abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    i = 0
    while i < len(a) and a[i] == b[i]:
        i += 1
    if len(a) < len(b):
        return a[i:] == b[i + 1 :]
    return a[i + 1 :] == b[i + 1 :] or (a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :])
