"""What the lines of one page are by their words alone, worked out once: header, body and trailing date all ask."""

from __future__ import annotations

from sijill.page.dateline import Dateline, read_dateline
from sijill.page.lines import Line, of_itself
from sijill.page.model import BlockKind
from sijill.page.words import PageWords


class Known:
    """The lines of a page by index, each read when it is first asked for."""

    def __init__(self, lines: list[Line], words: PageWords) -> None:
        self.lines = lines
        self.words = words
        self._dates: dict[int, Dateline | None] = {}
        self._kinds: dict[int, BlockKind | None] = {}

    def date(self, at: int) -> Dateline | None:
        """Line `at` as a dateline, or None."""
        if at not in self._dates:
            self._dates[at] = read_dateline(self.lines[at].text, self.words)
        return self._dates[at]

    def kind(self, at: int) -> BlockKind | None:
        """What line `at` is by its words, datelines left aside; None where they do not tell."""
        if at not in self._kinds:
            self._kinds[at] = of_itself(self.lines[at].text, self.words)
        return self._kinds[at]
