"""A page as text: pasted from a browser, saved as a plain report, or a post or note with no header at all."""

from __future__ import annotations

from typing import Final

import msgspec

from sijill.model import Span, Warning
from sijill.page.body import read_body
from sijill.page.header import Header, read_header
from sijill.page.known import Known
from sijill.page.lines import Line, split_lines
from sijill.page.model import Block
from sijill.page.outlets import outlet_of
from sijill.page.words import PageWords

TRAILING: Final = 5
"""Lines at the end among which a post's own time may stand."""


class Layout(msgspec.Struct, frozen=True):
    """A text's lines told apart, and what they say of the report as a whole."""

    blocks: tuple[Block, ...]
    title: Span | None = None
    section: Span | None = None
    dateline: Span | None = None
    outlet: str | None = None
    published: str | None = None
    warnings: tuple[Warning, ...] = ()


def lay_out(text: str, words: PageWords, *, title: str | None = None) -> Layout:
    """Tell the lines of `text` apart. `title` is the title where it is known from elsewhere."""
    lines = split_lines(text)
    known = Known(lines, words)
    header = read_header(known, title)
    title_text = lines[header.title].text if header.title is not None else title
    kinds = read_body(
        known,
        header.body,
        titled=title_text is not None,
        dated=header.dateline is not None,
        title=title_text,
    )
    kinds.update(header.kinds)
    blocks = tuple(Block(kinds.get(at, "body"), line.start, line.end) for at, line in enumerate(lines))
    published, dateline = _trailing_date(known, blocks, header)
    return Layout(
        blocks=blocks,
        title=_span(lines, header.title),
        section=_span(lines, header.section),
        dateline=_span(lines, dateline),
        outlet=header.outlet or _outlet_below(lines, blocks, words),
        published=published,
        warnings=_warnings(lines, header),
    )


def _trailing_date(known: Known, blocks: tuple[Block, ...], header: Header) -> tuple[str | None, int | None]:
    """The time of publication and the line that tells it.

    Posts bear their time below the text: it completes a header's date of the same day, or stands in for one where it
    is labelled or has a time of day. A bare date there is another report's.
    """
    told = header.date.published if header.date else None
    if told and "T" in told:
        return told, header.dateline
    count = len(known.lines)
    for at in range(count - 1, max(header.body, count - TRAILING) - 1, -1):
        if blocks[at].kind != "dateline":
            continue
        date = known.date(at)
        if date is None or date.published is None:
            continue
        if told and date.published.startswith(told + "T"):
            return date.published, header.dateline
        if told is None and (date.labelled or "T" in date.published):
            return date.published, at
    return told, header.dateline


def _span(lines: list[Line], at: int | None) -> Span | None:
    return None if at is None else Span(*lines[at][:3])


def _outlet_below(lines: list[Line], blocks: tuple[Block, ...], words: PageWords) -> str | None:
    """The outlet of a credit below the body, where the header names none."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 13), -1):
        if blocks[at].kind == "credit":
            return outlet_of(lines[at].text, words)
    return None


def _warnings(lines: list[Line], header: Header) -> tuple[Warning, ...]:
    if header.date is None or not header.date.weekday_disagrees:
        return ()
    message = f"the dateline's weekday is not that of {header.date.published}"
    return (Warning("dateline-weekday", message, _span(lines, header.dateline)),)
