"""A report as lines for a terminal.

Terminals turn Arabic around by themselves where they can; what they need are isolates (FSI ... PDI) around the words
of the report, so that a date or an English label beside them stays in its place.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Protocol

import click

from sijill.model import Report, Warning
from sijill.resolve.place_features import meanings
from sijill.show.words import Words, isolate, one_line

_LABEL_WIDTH = 10
_COLOURS = {
    "initiator": "blue",
    "target": "magenta",
    "place": "green",
    "time": "yellow",
    "source": "cyan",
    "killed": "bright_red",
    "injured": "bright_red",
    "captured": "bright_red",
    "missing": "bright_red",
    "displaced": "bright_red",
}
_TRIGGER_COLOUR = "red"
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _colour(label: str) -> str:
    """The colour of a label: that of its role, else it is a type of event."""
    return _COLOURS.get(label, _TRIGGER_COLOUR)


class Marked(Protocol):
    """A span that was read: what as, and by which rule."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def score(self) -> float | None: ...


class Terminal:
    """How to print: in which language, how wide (columns), and whether in colours."""

    def __init__(self, words: Words, *, width: int = 100, colour: bool = False) -> None:
        self._words = words
        self._width = max(40, width)
        self._colour = colour

    def report(self, report: Report) -> Iterator[str]:
        """A report as a person wants to see it: title, outlet and date, then each claim with its evidence."""
        words = self._words
        title = one_line(report.title.quote) if report.title else words["no-title"]
        yield self._style(isolate(title), bold=True)
        about = [report.outlet and isolate(report.outlet), report.published or words["no-date"], report.source.name]
        yield " · ".join(part for part in about if part)
        for warning in report.warnings:
            yield self._warning(warning)
        if not report.claims:
            yield self._style(words["no-claims"], dim=True)
        for number, claim in enumerate(report.claims, start=1):
            yield ""
            modality = "" if claim.modality == "reported" else f" · {words[claim.modality]}"
            head = self._style(f"{number}. {words.type(claim.type)}{modality}", fg="red", bold=True)
            yield f"{head}  {self._style(isolate(one_line(claim.trigger.quote)), bold=True)}"
            for label, value in words.fields(claim):
                yield self._field(label, value)
            for label, spans in ((words["evidence"], claim.evidence), (words["mentions"], claim.mentions)):
                for span in spans:
                    yield from self._quote(label, span.quote)
            for warning in claim.warnings:
                yield "   " + self._warning(warning)

    def explanation(self, report: Report, marks: Sequence[Marked]) -> Iterator[str]:
        """The text with each span read in brackets and numbered, then the rule that read each."""
        ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
        yield from self._marked_text(report.text, ordered).split("\n")
        yield ""
        for number, mark in enumerate(ordered, start=1):
            quote = isolate(one_line(report.text[mark.start : mark.end]))
            score = f"  {mark.score:+.2f}" if mark.score is not None else ""
            label = self._style(f"{self._words.label(mark.label):12}", fg=_colour(mark.label))
            yield f"{number:4} {label} {quote} — {isolate(mark.rule + score)}"
        yield from self._legend([mark.rule for mark in ordered if mark.label == "place"])

    def _legend(self, rules: list[str]) -> Iterator[str]:
        """What the weights mean that stand in the rules of places."""
        named = {part.split(" ")[0] for rule in rules for part in re.split("[,;:] ", rule)}
        says = meanings(self._words.language)
        used = [feature for feature in says if feature in named]
        if used:
            yield ""
        for feature in used:
            yield f"     {feature:18} {isolate(says[feature])}"

    def _marked_text(self, text: str, marks: Sequence[Marked]) -> str:
        """The text with `⟦` before and `⟧` and the number after each span; spans may lie in each other."""
        opening: dict[int, list[str]] = {}
        closing: dict[int, list[tuple[int, str]]] = {}
        for number, mark in enumerate(marks, start=1):
            colour = _colour(mark.label)
            opening.setdefault(mark.start, []).append(self._style("⟦", fg=colour))
            end = self._style("⟧" + str(number).translate(_SUPERSCRIPT), fg=colour)
            closing.setdefault(mark.end, []).append((-mark.start, end))
        pieces, at = [], 0
        for offset in sorted(opening.keys() | closing.keys()):
            pieces.append(text[at:offset])
            pieces += [mark for _, mark in sorted(closing.get(offset, ()))]
            pieces += opening.get(offset, ())
            at = offset
        return "".join([*pieces, text[at:]])

    def _field(self, label: str, value: str) -> str:
        return f"   {self._style(label.ljust(_LABEL_WIDTH), dim=True)} {value}"

    def _quote(self, label: str, quote: str) -> Iterator[str]:
        lines = textwrap.wrap(one_line(quote), self._width - _LABEL_WIDTH - 6, break_long_words=False)
        for number, line in enumerate(lines):
            yield self._field("" if number else label, isolate(line))

    def _warning(self, warning: Warning) -> str:
        quote = f" {isolate(one_line(warning.span.quote))}" if warning.span else ""
        return (
            self._style(f"! {self._words['warnings']} [{warning.code}] ", fg="yellow")
            + isolate(warning.message)
            + quote
        )

    def _style(self, words: str, *, fg: str | None = None, bold: bool = False, dim: bool = False) -> str:
        return click.style(words, fg=fg, bold=bold or None, dim=dim or None) if self._colour else words
