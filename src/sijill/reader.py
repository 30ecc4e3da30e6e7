"""The way of a report: from its bytes to claims with evidence, one line a step."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sijill.arabic.words import Tokens
from sijill.claims.assemble import read_claims
from sijill.claims.decide import decide_claims, default_weights
from sijill.claims.explain import Mark, explain_claims
from sijill.claims.scene import Scene
from sijill.claims.weigh import Weights
from sijill.lexicon import Lexicon, default_lexicon
from sijill.lexicon.load import lexicon_with
from sijill.model import Report, SourceFile
from sijill.page import Page, read_page
from sijill.page.outlets import regions_of
from sijill.page.words import built_in


class Prepared(NamedTuple):
    """A report with all that was found in it, before the claims are chosen."""

    page: Page
    scene: Scene
    data: bytes
    lexicon: Lexicon


class Explanation(NamedTuple):
    """A report read, and the marks that say why: every span that counts, and the rule in words."""

    report: Report
    marks: tuple[Mark, ...]


def prepare(
    source: str | bytes,
    *,
    name: str = "text",
    media_type: str | None = None,
    url: str | None = None,
    published: str | datetime | None = None,
    outlet: str | None = None,
    title: str | None = None,
    lexicon: Path | None = None,
    html: bool | None = None,
) -> Prepared:
    """Everything before the claims: page, tokens, mentions with their times and places."""
    stamp = published.isoformat() if isinstance(published, datetime) else published
    if html is not None:
        media_type = "text/html" if html else "text/plain"
    words = lexicon_with(lexicon) if lexicon else default_lexicon()
    page = read_page(source, name=name, media_type=media_type, published=stamp, outlet=outlet, url=url, title=title)
    tokens = Tokens(page.text)
    regions = regions_of(page.outlet, built_in())
    scene = Scene(tokens, words, page.published, [(b.kind, b.start, b.end) for b in page.blocks], regions)
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    return Prepared(page, scene, data, words)


def read(
    source: str | bytes,
    *,
    name: str = "text",
    media_type: str | None = None,
    url: str | None = None,
    published: str | datetime | None = None,
    outlet: str | None = None,
    title: str | None = None,
    lexicon: Path | None = None,
    html: bool | None = None,
    weights: Weights | None = None,
) -> Report:
    """Read one report.

    `source` is the report's text or its bytes as they came. `published`, `outlet`, `url` and `title` override what the
    page says; `lexicon` is a folder laid over the built-in language data. Raises `InputError` for bytes that are no
    text, `OptionError` for a `published` that is no ISO 8601 time, `LexiconError` for faulty language data.
    """
    with _garbage_left():
        return _report(
            prepare(
                source, name=name, media_type=media_type, url=url, published=published, outlet=outlet, title=title,
                lexicon=lexicon, html=html,
            ),
            name, url, weights or default_weights(),
        )  # fmt: skip


def _report(prepared: Prepared, name: str, url: str | None, weights: Weights) -> Report:
    """The report of what was prepared; the last to hold that."""
    page, scene, data, lexicon = prepared
    report_id = hashlib.sha256(data).hexdigest()
    return Report(
        id=report_id,
        source=SourceFile(name, page.media_type, len(data), url),
        text=page.text,
        title=page.title,
        published=page.published,
        claims=read_claims(scene, report_id, weights, lexicon),
        warnings=(*page.warnings, *scene.warnings),
        outlet=page.outlet,
        section=page.section,
        dateline=page.dateline,
        language=page.language,
    )


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Look for no garbage while a report is read: it holds so many small things that to look among them takes a third
    of the time of a long one, and it makes next to none. All that was found must be gone at the end, or it is looked
    at then."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def explain(
    source: str | bytes,
    *,
    name: str = "text",
    media_type: str | None = None,
    url: str | None = None,
    published: str | datetime | None = None,
    outlet: str | None = None,
    title: str | None = None,
    lexicon: Path | None = None,
    html: bool | None = None,
) -> Explanation:
    """Read one report as `read` does, and say which rule read what. Raises what `read` raises."""
    report = read(
        source, name=name, media_type=media_type, url=url, published=published, outlet=outlet, title=title,
        lexicon=lexicon, html=html,
    )  # fmt: skip
    _, scene, _, words = prepare(
        source, name=name, media_type=media_type, url=url, published=published, outlet=outlet, title=title,
        lexicon=lexicon, html=html,
    )  # fmt: skip
    weights = default_weights()
    return Explanation(report, explain_claims(scene, decide_claims(scene, weights, words.senses), weights))
