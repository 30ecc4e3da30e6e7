"""The body of a pasted page: what between and below its paragraphs is no part of the report.

The rule of doubt: a line is body unless its words, or its place, its length and its ending together, say otherwise.
"""

from __future__ import annotations

from statistics import median
from typing import Final

from sijill.page.known import Known
from sijill.page.lines import (
    HEADLINE,
    PROSE,
    ending,
    is_bullet,
    is_prose,
    opens_list,
    opens_sentence,
    same_line,
    word_count,
)
from sijill.page.model import BlockKind

HEADLINE_WORDS: Final = 4
"""A line of fewer words at the end is a tag or a name rather than a headline."""
LIST_ITEMS: Final = 2
"""Bullets or lines ending in a colon that make the body a list, such as a digest by province."""
LISTED: Final = 4
"""Lines after "read also" within the body that may belong to its list."""
HEADLINES_ONLY: Final = 6
"""So many lines without a single full stop under title and dateline are headlines of other reports."""


def read_body(known: Known, first: int, *, titled: bool, dated: bool, title: str | None) -> dict[int, BlockKind]:
    """Return the kind of each line from `first` on. `titled` and `dated` say whether the page has a header: posts
    and notes have none, and are not searched for headlines of other reports unless they announce them."""
    body = _Body(known, first, title)
    end = body.tail(titled=titled, dated=dated)
    body.interior(end, titled=titled)
    return body.kinds


class _Body:
    def __init__(self, known: Known, first: int, title: str | None) -> None:
        self.known = known
        self.lines = known.lines
        self.first = first
        self.words = known.words
        self.title = same_line(title) if title else None
        self.kinds: dict[int, BlockKind] = {}

    def own(self, at: int) -> BlockKind | None:
        """What line `at` is by its words alone, date lines included."""
        return "dateline" if self.known.date(at) else self.known.kind(at)

    def tail(self, *, titled: bool, dated: bool) -> int:
        """Judge the run of lines below the last sentence; return the index where it begins."""
        end = self._run_start()
        run = range(end, len(self.lines))
        strangers = [at for at in run if self.own(at) is None]
        if end == self.first and titled and dated and self._only_headlines(strangers):
            self._mark_run(run, "related")
            return end
        self._sign()
        marker = next((at for at in run if opens_list(self.lines[at].text, self.words)), len(self.lines))
        before = [at for at in strangers if at < marker]
        kind = self._trailing_kind(before, end, run) if (titled or dated) and end > self.first else None
        if kind is None and before:
            # In doubt the lines above the marker are body, and the tail begins below the last of them.
            end = before[-1] + 1
        listed = any(at >= end for at in strangers)
        self._mark_run(range(end, len(self.lines)), kind or ("related" if listed else "furniture"))
        return end

    def interior(self, end: int, *, titled: bool) -> None:
        """Judge the short lines between paragraphs."""
        closed = [len(line.text) for line in self.lines[self.first : end] if line.ending == "closed" and line.prose]
        listed = sum(is_bullet(line.text) or line.ending == "goes-on" for line in self.lines[self.first : end])
        # In a list of events short open lines are events, too.
        limit = 0.75 * median(closed) if len(closed) >= 3 and listed < LIST_ITEMS else 0.0
        at = self.first
        while at < end:
            line = self.lines[at]
            if line.prose:
                at += 1
                continue
            own = self.own(at)
            if own in {"furniture", "related", "caption"}:
                self.kinds[at] = own
                at += 1
                if own == "related" and opens_list(line.text, self.words):
                    at = self._listed(at, end)
                continue
            run = self._headline_run(at, end, limit) if titled and own is None and at > self.first else 0
            if run > 1:
                self._mark_run(range(at, at + run), "related")
            elif run == 1 or (own is None and self.title and same_line(line.text) == self.title):
                self.kinds[at] = "title"
            at += max(1, run)

    def _run_start(self) -> int:
        """Where the run of lines begins that may stand below the last sentence."""
        end = len(self.lines)
        while end > self.first:
            if self._may_trail(end - 1):
                end -= 1
            elif (
                # One headline that opens like a sentence, with others above and below, does not end the run.
                end - 2 >= self.first
                and sum(self._is_headline(at) for at in range(end, min(end + 9, len(self.lines)))) >= 2
                and len(self.lines[end - 1].text) <= HEADLINE
                and self.lines[end - 1].ending not in {"closed", "goes-on"}
                and not is_bullet(self.lines[end - 1].text)
                and self._may_trail(end - 2)
            ):
                end -= 2
            else:
                break
        return end

    def _is_headline(self, at: int) -> bool:
        return self.own(at) is None and word_count(self.lines[at].text) >= HEADLINE_WORDS

    def _may_trail(self, at: int) -> bool:
        """Whether line `at` may stand below the body: known furniture, or an open or cut short line of no sentence."""
        text = self.lines[at].text
        if self.own(at) is not None:
            return True
        if len(text) > HEADLINE or is_bullet(text) or ending(text) in {"closed", "goes-on"}:
            return False
        return not opens_sentence(text, self.words)

    def _trailing_kind(self, strangers: list[int], end: int, run: range) -> BlockKind | None:
        """What the lines of no known kind below the last sentence are, or None where that is in doubt."""
        texts = [self.lines[at].text for at in strangers]
        if not texts or self.lines[end - 1].ending == "goes-on" or not self._is_punctuated(end):
            return None
        headlines = sum(word_count(text) >= HEADLINE_WORDS for text in texts)
        if headlines >= 2:
            return "related"
        if headlines == 1:
            told = any(self.own(at) == "related" for at in run) or any(ending(text) == "cut" for text in texts)
            return "related" if told or len(texts) > 1 else None
        return "furniture"

    def _is_punctuated(self, end: int) -> bool:
        """Whether the body's sentences end in full stops, so that lines without one mean something."""
        closings = [line.ending == "closed" for line in self.lines[self.first : end] if len(line.text) >= PROSE]
        return bool(closings) and 2 * sum(closings) > len(closings)

    def _only_headlines(self, strangers: list[int]) -> bool:
        texts = [self.lines[at].text for at in strangers]
        openers = sum(opens_sentence(text, self.words) for text in texts)
        return len(texts) >= HEADLINES_ONLY and openers * 5 < len(texts)

    def _sign(self) -> None:
        """A last line of a dash and a name, below a closed paragraph, is the writer's."""
        if len(self.lines) - self.first < 2:
            return
        last, above = self.lines[-1].text, self.lines[-2].text
        named = is_bullet(last) and word_count(last) <= 6 and not any(char.isdigit() for char in last)
        if named and ending(last) == "open" and ending(above) == "closed" and not is_bullet(above):
            self.kinds[len(self.lines) - 1] = "byline"

    def _headline_run(self, at: int, end: int, limit: float) -> int:
        """How many lines from `at` on are headlines set between two closed paragraphs; 0 where there is any doubt."""
        if self.lines[at - 1].ending != "closed" and (at - 1) not in self.kinds:
            return 0
        size = 0
        while at + size < end and size <= LISTED:
            text = self.lines[at + size].text
            if is_prose(text):
                return size
            if (
                len(text) > limit
                or word_count(text) < HEADLINE_WORDS
                or ending(text) in {"closed", "goes-on"}
                or is_bullet(text)
                or opens_sentence(text, self.words)
                or self.own(at + size) is not None
            ):
                return 0
            size += 1
        return 0

    def _listed(self, at: int, end: int) -> int:
        """Mark the headlines listed below "read also" within the body; return the index below them."""
        stop = min(at + LISTED, end)
        while at < stop and self._may_trail(at):
            self.kinds[at] = self.own(at) or "related"
            at += 1
        return at

    def _mark_run(self, run: range, kind: BlockKind) -> None:
        for at in run:
            own = self.own(at)
            if own == "dateline" and kind == "related":
                own = "related"
            self.kinds[at] = own if own and own != "section" else kind if own is None else "furniture"
