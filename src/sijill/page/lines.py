"""The lines of a page, and what a line tells of itself wherever it stands."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from sijill.page.model import BlockKind
from sijill.page.outlets import is_credited, parts_of
from sijill.page.words import MARKS_AFTER, PageWords, plain

HEADLINE: Final = 150
"""Characters: a headline or teaser is seldom longer."""
PROSE: Final = 60
"""Characters: a closed line of that length is a sentence of the body."""
LONG: Final = 170
"""Characters: a line of that length is body whether it ends in a full stop or not."""
CAPTION: Final = 220

End = Literal["closed", "asked", "cut", "goes-on", "open"]

_TRAILING: Final = " \t\u00a0\u200e\u200f\"'»”’)]"
_BULLET: Final = re.compile(r"\s*(?:[-–—•*▪▫◾◽■●○◆➖✅🔴🔵🔻📍]|\d{1,3}\s?[-.)/–])\s*\S")
_LAST_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]{2,60})[)\]]\s*$")
_LAST_DASH: Final = re.compile(r"\s[-–—|/]\s*([^-–—|/]{2,40})$")
_ADDRESS: Final = re.compile(
    r"\S+@\S+\.\w+|(?:https?://|www\.|t\.me/|pic\.twitter\.com/)\S+|[+(]?\d[\d\s()+-]{5,}|\d+(?:[.,]\d+)?[KMkm]?"
)
_LABEL_MARK: Final = re.compile(r"[:|]|\.\.|…|\s[-–—/]\s")
_COUNT: Final = re.compile(r"\d+[km]?")
_CRUMBS: Final = re.compile(r"\s*[>›»/|\\]+\s*")
_DIGIT: Final = re.compile(r"\d")
_WORD: Final = re.compile(r"\w+")
_HANDLE: Final = re.compile(r"@[A-Za-z0-9_]{2,30}")


class Line(NamedTuple):
    """A line without the white space around it: `page[start:end] == text`."""

    start: int
    end: int
    text: str
    gap: bool
    """Whether a blank line stands before it."""
    ending: End
    prose: bool
    """Whether it is a sentence or paragraph of the body, as `is_prose` says."""


def split_lines(text: str) -> list[Line]:
    """The lines of `text` that hold more than white space, in order."""
    lines: list[Line] = []
    at, gap = 0, False
    for raw in text.splitlines(keepends=True):
        content = raw.strip()
        if content:
            start = at + raw.index(content[0])
            end = ending(content)
            lines.append(Line(start, start + len(content), content, gap, end, _is_prose(content, end)))
            gap = False
        else:
            gap = True
        at += len(raw)
    return lines


def ending(line: str) -> End:
    """How a line ends: with a full stop, a question or exclamation, cut short by dots, going on (colon, comma), or
    open. Quotation marks and brackets after the mark do not count."""
    core = line.rstrip(_TRAILING)
    last = core[-1:]
    if last == "…" or core.endswith("..."):
        return "cut"
    if last in ".۔":
        return "open" if core.endswith("..") else "closed"
    if last in "؟?!":
        return "asked"
    if last in ":،,؛;":
        return "goes-on"
    return "open"


def is_prose(line: str) -> bool:
    """Whether a line is a sentence or paragraph of the body by its length and its full stop."""
    return _is_prose(line, ending(line))


def _is_prose(line: str, end: End) -> bool:
    return len(line) >= LONG or (len(line) >= PROSE and end == "closed")


def is_bullet(line: str) -> bool:
    """Whether a line is an item of a list (a dash, a dot, "1-", a sign), which belongs to the text."""
    return _BULLET.match(line) is not None


def word_count(line: str) -> int:
    return len(line.split())


def same_line(line: str) -> str:
    """Fold a line for comparing it with another: headlines are repeated with other quotation marks."""
    return " ".join(_WORD.findall(plain(line)))


def opens_sentence(line: str, words: PageWords) -> bool:
    """Whether a line opens as a sentence of prose does: with a verb, or with "and" and a word that is no noun in و.

    Headlines open with a noun or a verbal noun.
    """
    tokens = plain(line).split(" ", 2)[:2]
    if not tokens:
        return False
    first = tokens[0]
    if len(first) < 2 or first in words.opener_nouns:
        return False
    if first in words.openers or " ".join(tokens[:2]) in words.openers:
        return True
    if first[0] == "و" and len(first) > 3:
        return True
    # The feminine perfect: "she struck". Plurals end in ات.
    return len(first) > 3 and first[-1] == "ت" and first[-2] != "ا" and not first.startswith("ال")


def of_itself(line: str, words: PageWords) -> BlockKind | None:
    """What a line is by its words alone, or None where they do not tell. Never `title`, `dateline` or `body`."""
    if len(line) > CAPTION:
        return _first_words(plain(line[:100]), words.notices, words)
    key = plain(line)
    if not _WORD.search(key) and not _WORD.search(line):
        return "furniture"
    kind = words.lines.get(key)
    if kind:
        return kind
    if _ADDRESS.fullmatch(line) or _COUNT.fullmatch(key):
        return "furniture"
    if _HANDLE.fullmatch(line):
        return "byline"
    tokens = _WORD.findall(key)
    if len(tokens) <= 12 and _is_buttons(tokens, words):
        return "furniture"
    if ending(line) == "closed":
        return _first_words(key, words.notices, words) or _breadcrumbs(line, words)
    return (
        _first_words(key, words.notices, words)
        or _by_prefix(line, key, words)
        or _breadcrumbs(line, words)
        or _credit(line, words)
        or _caption(line, words)
    )


def opens_list(line: str, words: PageWords) -> bool:
    """Whether the whole line says that other reports follow ("read also", "most read")."""
    key = plain(line)
    return key in words.headings or words.prefixes.get(key) == "related" or words.labels.get(key) == "related"


def _first_words(key: str, table: dict[str, BlockKind], words: PageWords) -> BlockKind | None:
    """The kind that the first one to five words of a folded line have in `table`, which is one of `words`."""
    if key.partition(" ")[0].rstrip(MARKS_AFTER) not in words.first_words:
        return None
    tokens = key.split(" ", 5)[:5]
    for size in range(min(5, len(tokens)), 0, -1):
        kind = table.get(" ".join(tokens[:size]).rstrip(MARKS_AFTER))
        if kind:
            return kind
    return None


def _breadcrumbs(line: str, words: PageWords) -> BlockKind | None:
    """`section` for the path of a page within its site ("home › news › Yemen")."""
    parts = _CRUMBS.split(line)
    if len(parts) < 2 or any(not part or word_count(part) > 3 for part in parts):
        return None
    return "section" if any(plain(part) in words.lines for part in parts) else None


def _by_prefix(line: str, key: str, words: PageWords) -> BlockKind | None:
    """The kind that the first words of a line that ends in no full stop tell."""
    if len(line) > HEADLINE:
        return None
    kind = _first_words(key, words.prefixes, words)
    if kind:
        return kind
    if key in words.headings:
        return "related"
    mark = _LABEL_MARK.search(line)
    if mark is None:
        return None
    label = plain(line[: mark.start()])
    return "related" if label in words.headings else words.labels.get(label)


def _is_buttons(tokens: list[str], words: PageWords) -> bool:
    return any(token in words.buttons for token in tokens) and all(
        token in words.buttons or token in words.glue or _COUNT.fullmatch(token) for token in tokens
    )


def _credit(line: str, words: PageWords) -> BlockKind | None:
    """`credit` for names of outlets and agencies alone, `byline` for an outlet with a place or a person, of a line
    that ends in no full stop."""
    if len(line) > 90 or _DIGIT.search(line.replace("24", "")):
        return None
    parts = parts_of(line)
    if not parts:
        return None
    first, last = plain(parts[0]), plain(parts[-1])
    if not (is_credited(first, words) or is_credited(last, words)):
        return None
    if all(is_credited(plain(part), words) for part in parts):
        return "credit"
    bracketed = line.endswith((")", "]"))  # An outlet in brackets at the end is a picture's credit.
    if first not in words.outlets and (bracketed or last not in words.outlets):
        return None
    short = all(word_count(part) <= 4 for part in parts) and word_count(line) <= 9
    return "byline" if short and len(parts) > 1 else None


def _caption(line: str, words: PageWords) -> BlockKind | None:
    last = _LAST_BRACKETS.search(line) or _LAST_DASH.search(line)
    if last is None or line[: last.start()].rstrip().endswith("."):
        return None
    named = any(is_credited(plain(part), words) for part in parts_of(last[1]))
    return "caption" if named else None
