"""Names of outlets: known ones, and unknown ones by the nouns that they begin with ("صحيفة", "وكالة", "مرصد")."""

from __future__ import annotations

import re
from typing import Final

from sijill.page.words import PageWords, plain

LONGEST_NAME: Final = 5
"""Words of the longest unknown name ("المركز السوري للإعلام وحرية التعبير")."""
FULL_NAME: Final = 3
"""Words from which on a monitor's name is written out: others' headlines quote it by a shorter one."""
PLACE_WORDS: Final = 3
"""Words of the longest place or person that stands beside an outlet's name."""
BYLINE: Final = 90
"""Characters: a longer line is no byline."""

_MARK: Final = re.compile(r"\s*(?:[,،()\[\]]|(?<![A-Za-z\d])-|-(?![A-Za-z\d])|(?<!\d)[–—/|]|[–—/|](?!\d))\s*|\s+ـ+\s+")
"""What parts the names of a line: dashes (drawn out letters, too), strokes, commas and brackets, but none within a
date, and no hyphen within a domain."""
_DIGIT: Final = re.compile(r"\d")
_WORD: Final = re.compile(r"\w+")
_DOMAIN: Final = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_LATIN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.&'-]*(?: [A-Za-z0-9.&'-]+){0,3}")


def parts_of(line: str) -> list[str]:
    """What stands between the dashes, strokes, commas and brackets of a line."""
    return [part for part in _MARK.split(line.strip(" :")) if part]


def is_unknown_outlet(key: str, words: PageWords) -> bool:
    """Whether folded words are made like an outlet's name: a head noun first, or a word such as "نيوز" among them."""
    tokens = key.split(" ")
    if not 2 <= len(tokens) <= LONGEST_NAME or any(token in words.glue for token in tokens):
        return False
    if tokens[0] in words.outlet_heads or any(token in words.outlet_words for token in tokens):
        return True
    return tokens[0] in words.body_heads and any(token in words.body_aims for token in tokens[1:])


def is_credited(key: str, words: PageWords) -> bool:
    """Whether a folded part of a line is an outlet, an agency or a word such as "archive"."""
    return key in words.outlets or key in words.credits or is_unknown_outlet(key, words)


def looks_like_outlet(line: str, words: PageWords) -> bool:
    """Whether a short line is the name of an outlet: known, a domain or Latin name, or made like one."""
    if len(line) > 60:
        return False
    key = plain(line)
    return key in words.outlets or _is_latin_name(line) or is_unknown_outlet(key, words)


def _is_latin_name(line: str) -> bool:
    """Whether a line is a domain, or up to four Latin words."""
    return is_domain(line) or _LATIN_NAME.fullmatch(line) is not None


def is_domain(line: str) -> bool:
    return _DOMAIN.fullmatch(line) is not None


def outlet_among(parts: list[str], words: PageWords) -> str | None:
    """The outlet among the parts of a line, as written: a name that is also a place or a credit only for want of
    another."""
    keys = [plain(part) for part in parts]
    own = [key not in words.credits and key not in words.dateline for key in keys]
    for part, key, alone in zip(parts, keys, own, strict=True):
        if alone and key in words.outlets:
            return part
    for part, alone in zip(parts, own, strict=True):
        if alone and looks_like_outlet(part, words):
            return part
    return next((part for part, key in zip(parts, keys, strict=True) if key in words.outlets), None)


def outlet_of(line: str, words: PageWords) -> str | None:
    """The outlet that a credit line, byline or line of its own names, as written; None where it names none."""
    return outlet_among(parts_of(line), words)


def regions_of(outlet: str | None, words: PageWords) -> tuple[str, ...]:
    """The country an outlet writes about and the governorates it is at home in, as the table tells them.

    Of an outlet that the table lacks, its name: local ones are mostly called after their place.
    """
    if not outlet:
        return ()
    key = plain(outlet)
    return words.regions.get(key, () if key in words.outlets or key in words.domains else (outlet,))


def byline_of(line: str, words: PageWords) -> str | None:
    """The outlet on a line of an outlet and a place or person ("صحيفة الوادي - بيروت", "جازان/ وكالة الوادي"), or None.

    What stands before the outlet must be a place of the datelines or a single word, as captions are credited that way,
    too.
    """
    if len(line) > BYLINE or _DIGIT.search(line.replace("24", "")):
        return None
    parts = parts_of(line)
    if not 2 <= len(parts) <= 4:
        return None
    outlet = outlet_among(parts, words)
    if outlet is None:
        return None
    at = parts.index(outlet)
    others = parts[:at] + parts[at + 1 :]
    people = [part for part in others if not _is_place(part, words)]
    if any(len(part.split()) > PLACE_WORDS or _is_furniture(plain(part), words) for part in people):
        return None
    return None if any(" " in part for part in people if part in parts[:at]) else outlet


def _is_place(part: str, words: PageWords) -> bool:
    """Whether a part of a line is a place that datelines name."""
    known = words.dateline.get(plain(part))
    return known is not None and known.role == "zone"


def part_outlet(line: str, words: PageWords) -> tuple[str, str | None]:
    """Part a dateline from the outlet it names: the line without the outlet and a place beside it that tells no time
    zone, and the outlet, None where there is none ("جازان - وكالة الوادي - 3 أيار 2021")."""
    spans: list[tuple[int, int]] = []
    at = 0
    for mark in (*_MARK.finditer(line), None):
        end = mark.start() if mark else len(line)
        if line[at:end].strip(" :"):
            spans.append((at, end))
        at = mark.end() if mark else end
    free = [span for span in spans if _may_name(plain(line[slice(*span)]), words)]
    outlet = outlet_among([line[slice(*span)] for span in free], words)
    if outlet is None:
        return line, None
    rest = line
    for start, end in reversed(free):
        rest = rest[:start] + rest[end:]
    return rest, outlet.strip(" :")


def monitor_of(title: str, words: PageWords) -> str | None:
    """The monitor whose full name opens a title, before a colon ("مرصد الوادي لحقوق الإنسان: ..."), or None."""
    name, colon, told = title.partition(":")
    tokens = plain(name).split(" ")
    if not colon or not told.strip() or not FULL_NAME <= len(tokens) <= LONGEST_NAME:
        return None
    heads = words.outlet_heads | words.body_heads
    watches = tokens[0] in words.monitor_heads or (
        tokens[0] in heads and any(token in words.monitor_aims for token in tokens[1:])
    )
    return name.strip() if watches else None


def _may_name(key: str, words: PageWords) -> bool:
    """Whether a folded part of a dateline is an outlet, a place or a person: no date, label, button or caption."""
    if key in words.dateline or _is_furniture(key, words):
        return False
    if key in words.outlets or is_unknown_outlet(key, words):
        return True
    tokens = _WORD.findall(key)
    return len(tokens) <= PLACE_WORDS and not any(_DIGIT.search(token) or token in words.dateline for token in tokens)


def _is_furniture(key: str, words: PageWords) -> bool:
    """Whether a folded part of a line has a meaning of its own in a page."""
    first = key.split(" ", 1)[0]
    tables = (words.lines, words.prefixes, words.labels)
    return key in words.buttons or any(key in table or first in table for table in tables)
