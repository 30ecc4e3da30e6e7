"""What a page is once its parts are told apart."""

from __future__ import annotations

from typing import Literal

import msgspec

from sijill.model import Span, Warning

BlockKind = Literal[
    "title",
    "section",
    "dateline",
    "caption",
    "credit",
    "byline",
    "body",
    "furniture",
    "related",
]


class Block(msgspec.Struct, frozen=True):
    """One line of the page and what it is: `text[start:end]` is the line without the white space around it.

    `title` also marks a headline repeated above the body and a heading between paragraphs; `related` marks headlines
    and teasers of other reports; `furniture` everything else that is no part of the report.
    """

    kind: BlockKind
    start: int
    end: int


class Page(msgspec.Struct, frozen=True):
    """A report's text with its parts told apart. All offsets are code points into `text`."""

    text: str
    """Of a plain text its decoded content unchanged; of HTML title, dateline, captions and body, a line each."""
    media_type: str
    title: Span | None
    section: Span | None
    dateline: Span | None
    outlet: str | None
    published: str | None
    """ISO 8601; with an offset where a place or zone is told, a bare day where no time is told."""
    blocks: tuple[Block, ...]
    """In order; between them lies only white space."""
    language: str
    """`ar`, another ISO 639 code, or `und` where the text does not tell."""
    warnings: tuple[Warning, ...] = ()
