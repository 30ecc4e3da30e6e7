"""The top of a pasted page: section, title, dateline, outlet, credit, byline and caption, before the body begins."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from sijill.page.dateline import Dateline
from sijill.page.known import Known
from sijill.page.lines import (
    HEADLINE,
    ending,
    is_bullet,
    is_prose,
    opens_list,
    opens_sentence,
    same_line,
    word_count,
)
from sijill.page.model import BlockKind
from sijill.page.outlets import byline_of, is_domain, looks_like_outlet, outlet_of
from sijill.page.words import plain

DEPTH: Final = 40
"""Lines from the top in which a header may lie (menus pasted along are long)."""
STRANGERS: Final = 3
"""Lines of no known kind that may stand above the dateline: a kicker, the title, a standfirst."""
TITLE_WORDS: Final = 4
"""A line of fewer words is a section or a name rather than a title, where there is a choice."""
MENU: Final = 3
"""So many short lines above the title are a menu."""
CAPTIONS: Final = 3
"""Lines of no known kind that may stand between dateline and body: captions, a subtitle."""

_POST_OPENING: Final = re.compile(r"[#@\U0001f300-\U0001faff\u2600-\u27bf\u25a0-\u25ff\u2b00-\u2bff]")


class Header(msgspec.Struct):
    """What was found at the top. Indices are into the page's lines."""

    body: int = 0
    """Index of the first line that is no header."""
    kinds: dict[int, BlockKind] = {}
    title: int | None = None
    section: int | None = None
    dateline: int | None = None
    date: Dateline | None = None
    outlet: str | None = None


def read_header(known: Known, title: str | None = None) -> Header:
    """Tell the header's lines apart. `title` is the page's title where it is known from elsewhere."""
    top = _Top(known, title)
    at = top.find_dateline()
    if at is None:
        return top.without_dateline()
    return top.with_dateline(at)


class _Top:
    """The first lines of a page while they are told apart."""

    def __init__(self, known: Known, title: str | None) -> None:
        self.known = known
        self.lines = known.lines
        self.words = known.words
        self.given_title = same_line(title) if title else None
        self.header = Header(kinds={})
        self.dates: dict[int, Dateline] = {}
        self.own: dict[int, BlockKind | None] = {}

    def find_dateline(self) -> int | None:
        """The index of the header's dateline, or None. A date below the body's beginning is none."""
        strangers = prose = 0
        found: int | None = None
        for at, line in enumerate(self.lines[:DEPTH]):
            date = self.known.date(at)
            if date:
                self.dates[at] = date
                if date.published and (found is None or (date.labelled and not self.dates[found].labelled)):
                    found = at
                continue
            if found is not None and at > found + 2:
                break
            if line.prose:
                prose += 1
                if found is not None or prose > 1:
                    break
                continue
            self.own[at] = self._of_header(at)
            if self.own[at] in {None, "caption"} and word_count(line.text) >= TITLE_WORDS:
                strangers += 1
                if strangers > STRANGERS and found is None:
                    break
        return found

    def kind(self, at: int) -> BlockKind | None:
        """What line `at` is by itself: a date line, or what its words tell."""
        if at in self.dates:
            return "dateline"
        if at not in self.own:
            date = self.known.date(at)
            if date:
                self.dates[at] = date
                return "dateline"
            self.own[at] = self._of_header(at)
        return self.own[at]

    def _of_header(self, at: int) -> BlockKind | None:
        """What a line is by its words at the top of a page, where an unknown outlet with a place is a byline."""
        own, text = self.known.kind(at), self.lines[at].text
        if own in {None, "caption"} and self.lines[at].ending == "open" and byline_of(text, self.words):
            return "byline"
        return "credit" if own is None and is_domain(text) else own

    def with_dateline(self, at: int) -> Header:
        header = self.header
        header.dateline, header.date = at, self.dates[at]
        header.outlet = self.dates[at].outlet
        self._above(at)
        header.kinds[at] = "dateline"
        header.body = at + 1
        self._outlet_beside(at)
        self._below()
        return header

    def without_dateline(self) -> Header:
        """Furniture and sections on top, a title where the first line stands apart as one, captions."""
        header = self.header
        end = 0
        while end < len(self.lines) and self.kind(end) in {"furniture", "section", "dateline", "byline", "credit"}:
            end += 1
        if end == len(self.lines):
            end = 0  # Nothing but furniture: a page of names or buttons; leave it to the body.
        for at in range(end):
            self._mark(at, self.kind(at) or "furniture")
        if end < len(self.lines) and self._is_lone_title(end):
            self._set_title(end)
            end += 1
        header.body = end
        if header.title is not None or end > 0:
            self._below()
        return header

    def _is_lone_title(self, at: int) -> bool:
        """Whether line `at` is a title though no dateline says so: short, open, no post's opening, prose below."""
        line = self.lines[at]
        if self.given_title:
            return same_line(line.text) == self.given_title
        if (
            at + 1 >= len(self.lines)
            or len(line.text) > HEADLINE
            or word_count(line.text) < 3
            or line.ending in {"closed", "goes-on"}
            or is_bullet(line.text)
            or _POST_OPENING.match(line.text)
            or plain(line.text).startswith(("عاجل", "خبر عاجل"))
        ):
            return False
        if self.kind(at + 1) == "dateline":
            return True  # "Two hours ago": a dateline all the same, though of no known day.
        for below in self.lines[at + 1 : at + 4]:
            if below.prose:
                return len(below.text) > len(line.text)
            if below.ending == "goes-on" or is_bullet(below.text):
                return False
        return False

    def _above(self, dateline: int) -> None:
        """Title, section, standfirst and furniture above the dateline."""
        candidates = [
            at for at in range(dateline) if self.kind(at) in {None, "caption", "related"} and not self.lines[at].prose
        ]
        candidates = [at for at in candidates if not opens_list(self.lines[at].text, self.words)]
        titles = [at for at in candidates if word_count(self.lines[at].text) >= TITLE_WORDS] or candidates[:1]
        if self.given_title:
            titles = [at for at in candidates if same_line(self.lines[at].text) == self.given_title] or titles
        title = titles[0] if titles else None
        if title is not None and word_count(self.lines[title].text) < TITLE_WORDS and self._is_poster(title):
            self.own[title] = "credit"
            self.header.outlet = self.header.outlet or self.lines[title].text
            title = None
        if title is None and dateline == 1 and self.lines[0].prose:
            title = 0  # A title of the length of a paragraph, as pages print it twice over.
        if title is None:
            for at in range(dateline):
                self._mark(at, self.kind(at) or "body")
            return
        before = [at for at in range(title) if self.kind(at) in {None, "section"}]
        menu = len(before) > MENU
        for at in range(title):
            own = self.kind(at)
            self._mark(at, "furniture" if menu and at in before else own or "section")
        self._set_title(title)
        for at in range(title + 1, dateline):
            text = self.lines[at].text
            self._mark(at, "body" if is_prose(text) else self.kind(at) or "title")

    def _is_poster(self, at: int) -> bool:
        """Whether line `at` names the page or account of a post: an outlet's name, or with its handle below."""
        below = self.lines[at + 1].text if at + 1 < len(self.lines) else ""
        return looks_like_outlet(self.lines[at].text, self.words) or below.startswith("@")

    def _outlet_beside(self, dateline: int) -> None:
        """The outlet on the line after the dateline: known as one, or set apart together with it."""
        lines, header = self.lines, self.header
        at = dateline + 1
        if at >= len(lines):
            return
        line = lines[at]
        own = self.kind(at)
        alone = not line.gap and (at + 1 >= len(lines) or lines[at + 1].gap) and word_count(line.text) <= 5
        name = outlet_of(line.text, self.words) if own in {"credit", "byline"} else None
        if name is None and own is None and line.ending in {"open", "asked"}:
            apart = alone and header.outlet is None
            name = line.text if looks_like_outlet(line.text, self.words) or apart else None
        if name:
            header.kinds[at] = own or "credit"
            header.outlet = self.dates[dateline].outlet or name
            header.body = at + 1

    def _below(self) -> None:
        """Lines between title or dateline and the body."""
        header, lines, words = self.header, self.lines, self.words
        title = same_line(lines[header.title].text) if header.title is not None else self.given_title
        at = header.body
        while at < len(lines) and at < header.body + DEPTH:
            line = lines[at]
            if len(line.text) > 2 * HEADLINE:
                break
            own = self.kind(at)
            if own in {"dateline", "furniture", "credit", "byline", "caption", "section"}:
                self._mark(at, own)
            elif title and _repeats(line.text, title):
                header.kinds[at] = "title"
            elif title is None and header.dateline is not None and self._heads(at):
                self._set_title(at)
                title = same_line(line.text)
            elif own is None and self._heads(at) and not opens_sentence(line.text, words):
                header.kinds[at] = "caption"
            else:
                break
            at += 1
        header.body = at

    def _heads(self, at: int) -> bool:
        """Whether line `at` is short and open and prose follows within a few lines."""
        text = self.lines[at].text
        if len(text) > HEADLINE or ending(text) in {"closed", "goes-on"} or is_bullet(text):
            return False
        return any(line.prose for line in self.lines[at + 1 : at + 1 + CAPTIONS])

    def _set_title(self, at: int) -> None:
        self.header.title = at
        self.header.kinds[at] = "title"

    def _mark(self, at: int, kind: BlockKind) -> None:
        header, text = self.header, self.lines[at].text
        header.kinds[at] = kind
        if kind == "section":
            header.section = at
        if kind in {"credit", "byline"} and header.outlet is None:
            header.outlet = outlet_of(text, self.words)


def _repeats(line: str, title: str) -> bool:
    """Whether a line is the title again, or the part of it that a page printed more than once."""
    if ending(line) == "closed":
        return False  # A sentence from which the title was taken is the body's own.
    again = same_line(line)
    return again == title or (word_count(line) >= TITLE_WORDS and title.startswith(again))
