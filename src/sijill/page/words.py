"""The words by which a page's furniture, dateline and credits are known, read from CSV files.

The files lie in `lexicon/data/page/`; every row is one word or phrase, in any spelling: they are compared folded.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple, cast, get_args

import msgspec

from sijill.arabic.fold import fold, has_presentation
from sijill.arabic.words import Memo
from sijill.errors import LexiconError
from sijill.folders import PACKAGE
from sijill.page.model import BlockKind

BUILT_IN: Final = PACKAGE / "lexicon" / "data" / "page"

_MATCHES: Final = ("line", "prefix", "label", "notice", "heading")
_OUTLET_ROLES: Final = ("head", "word", "body", "aim", "watch", "watcher")
_EDGES: Final = " \t\u00a0.:;,،؛…|/\\*•·■▪◾-–—_=~«»<>›‹\"'“”()[]{}!؟?#"
MARKS_AFTER: Final = ".:،-|/ …"
"""What may stand after the first words of a line that tell its kind."""


def _plain_word(word: str) -> str:
    return fold(word).lower()


_WORDS: Final[Memo[str]] = Memo(_plain_word)


@lru_cache(maxsize=1024)  # A line is compared with many lists while its page is read.
def plain(line: str) -> str:
    """Return `line` folded, lower case, inner spaces single, without punctuation at its edges."""
    # A presentation form may stand for several words, and its line is folded as a whole.
    words = fold(line).lower().split() if has_presentation(line) else map(_WORDS.__getitem__, line.split())
    return " ".join(filter(None, words)).strip(_EDGES)


class DatelineWord(NamedTuple):
    """What a phrase means in a dateline: its role (weekday, month, zone ...) and the value for that role."""

    role: str
    value: str = ""


class PageWords(msgspec.Struct, frozen=True):
    """Everything the page step knows about words. All keys are as `plain` gives them."""

    lines: dict[str, BlockKind]
    """Whole lines -> furniture or section."""
    prefixes: dict[str, BlockKind]
    """First words of a short line that ends in no full stop -> its kind."""
    labels: dict[str, BlockKind]
    """First words of such a line, followed by a colon or dash -> its kind."""
    notices: dict[str, BlockKind]
    """First words of a line of any length (legal notices) -> its kind."""
    first_words: frozenset[str]
    """The first word of every prefix and notice, without marks behind it: most lines open with none of them."""
    headings: frozenset[str]
    """Words that open a list of other reports ("read also")."""
    buttons: frozenset[str]
    """Words of which whole lines of buttons and counters consist."""
    glue: frozenset[str]
    """Words that may stand between buttons."""
    credits: frozenset[str]
    outlets: dict[str, str]
    """Folded name -> name as written."""
    domains: dict[str, str]
    """Domain -> name of the outlet."""
    regions: dict[str, tuple[str, ...]]
    """Folded name or domain of an outlet -> the country it writes about, and the Arabic names of its governorates."""
    outlet_heads: frozenset[str]
    """Nouns that an outlet's name begins with (صحيفة, وكالة)."""
    outlet_words: frozenset[str]
    """Words anywhere in an outlet's name (نيوز, برس)."""
    body_heads: frozenset[str]
    """Nouns that the name of a body begins with (مركز, منظمة), which is an outlet where its name tells such an aim."""
    body_aims: frozenset[str]
    monitor_heads: frozenset[str]
    """Nouns that only a monitor's name begins with (مرصد)."""
    monitor_aims: frozenset[str]
    """Words that make an outlet's or body's name a monitor's (لحقوق, توثيق)."""
    openers: frozenset[str]
    """Words that open a sentence of prose."""
    opener_nouns: frozenset[str]
    """Nouns that look like a verb or like "and ..." but open headlines."""
    dateline: dict[str, DatelineWord]
    languages: dict[str, str]
    """Frequent word -> language, for texts that are not Arabic."""


def _rows(folder: Path, name: str, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a CSV file as tuples in the order of `columns`.

    Raises LexiconError where the file is missing, not UTF-8, or a row has too few or too many cells.
    """
    path = folder / name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = tuple(next(reader, ()))
            if header != columns:
                raise LexiconError(f"{path}:1: the header is {','.join(header)!r}; write {','.join(columns)!r}")
            for row in reader:
                if len(row) != len(columns):
                    raise LexiconError(
                        f"{path}:{reader.line_num}: {len(row)} cells where {len(columns)} are due; "
                        f"write {','.join(columns)}"
                    )
                yield tuple(cell.strip() for cell in row)
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({error.strerror}); restore the file") from error
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: not UTF-8; save it as UTF-8") from error


def _dateline_words(folder: Path) -> dict[str, DatelineWord]:
    words: dict[str, DatelineWord] = {}
    for role, value, text in _rows(folder, "dateline_words.csv", ("role", "value", "text")):
        words[plain(text)] = DatelineWord(role, value)
    for calendar, month, name in _rows(folder, "dateline_months.csv", ("calendar", "month", "name")):
        words[plain(name)] = DatelineWord(calendar, month)
    for name, zone in _rows(folder, "dateline_zones.csv", ("name", "zone")):
        words[plain(name)] = DatelineWord("zone", zone)
    return words


def load(folder: Path = BUILT_IN) -> PageWords:
    """Read all files of `folder`. Raises LexiconError with file, line, fault and repair."""
    furniture: dict[str, dict[str, BlockKind]] = {match: {} for match in _MATCHES}
    button_words: dict[str, set[str]] = {"furniture": set(), "glue": set()}
    for match, kind, text in _rows(folder, "furniture.csv", ("match", "kind", "text")):
        if match == "word" and kind in button_words:
            button_words[kind].add(plain(text))
        elif match in furniture and kind in get_args(BlockKind):
            furniture[match][plain(text) or text] = cast(BlockKind, kind)
        else:
            raise LexiconError(
                f"{folder / 'furniture.csv'}: {match},{kind},{text}: no such match or kind; write one of "
                f"{', '.join(_MATCHES)}, word and a kind of block"
            )
    openers: dict[str, set[str]] = {"sentence": set(), "noun": set()}
    for kind, text in _rows(folder, "sentence_openers.csv", ("kind", "text")):
        openers.setdefault(kind, set()).add(plain(text))
    outlets = list(_rows(folder, "outlets.csv", ("name", "domain", "country", "governorates")))
    made: dict[str, set[str]] = {role: set() for role in _OUTLET_ROLES}
    for role, text in _rows(folder, "outlet_words.csv", ("role", "text")):
        if role not in made:
            raise LexiconError(
                f"{folder / 'outlet_words.csv'}: {role},{text}: no such role; write one of {', '.join(made)}"
            )
        made[role].add(plain(text))
    return PageWords(
        lines=furniture["line"],
        prefixes=furniture["prefix"],
        labels=furniture["label"],
        notices=furniture["notice"],
        first_words=frozenset(
            text.partition(" ")[0].rstrip(MARKS_AFTER) for match in ("prefix", "notice") for text in furniture[match]
        ),
        headings=frozenset(furniture["heading"]),
        buttons=frozenset(button_words["furniture"]),
        glue=frozenset(button_words["glue"]),
        credits=frozenset(plain(text) for (text,) in _rows(folder, "credits.csv", ("text",))),
        outlets={plain(name): name for name, *_ in outlets},
        domains={domain: name for name, domain, *_ in outlets if domain},
        regions={
            key: tuple(part for part in (country, *governorates.split("|")) if part)
            for name, domain, country, governorates in outlets
            for key in (plain(name), domain)
            if country and key
        },
        outlet_heads=frozenset(made["head"]),
        outlet_words=frozenset(made["word"]),
        body_heads=frozenset(made["body"]),
        body_aims=frozenset(made["aim"] | made["watch"]),
        monitor_heads=frozenset(made["watcher"]),
        monitor_aims=frozenset(made["watch"]),
        openers=frozenset(openers["sentence"]),
        opener_nouns=frozenset(openers["noun"]),
        dateline=_dateline_words(folder),
        languages={word: tongue for tongue, word in _rows(folder, "languages.csv", ("language", "word"))},
    )


@cache
def built_in() -> PageWords:
    """The words that come with Sijill, read once."""
    return load()
