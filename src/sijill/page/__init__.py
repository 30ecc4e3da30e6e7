"""From bytes to page: decoding, and telling a report from what surrounds it on its page."""

from __future__ import annotations

import re

from sijill.errors import InputError
from sijill.model import Warning
from sijill.page.dateline import normalise_published
from sijill.page.decode import Decoded, decode
from sijill.page.language import guess
from sijill.page.model import Block, BlockKind, Page
from sijill.page.outlets import monitor_of
from sijill.page.pasted import lay_out
from sijill.page.words import built_in

__all__ = ["Block", "BlockKind", "Decoded", "Page", "decode", "read_page"]

_HTML_OPENING = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_TAG = re.compile(
    r"</?(?:p|div|span|br|h[1-6]|article|section|meta|title|a|img|ul|li|figure|table)\b[^<>]{0,300}>", re.I
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_page(
    data: bytes | str,
    *,
    name: str,
    media_type: str | None = None,
    published: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    title: str | None = None,
) -> Page:
    """Read a report's page from its bytes, or from text already decoded.

    `name` is the file name or address, for telling HTML by its ending and for error messages. `published` (ISO 8601),
    `outlet`, `url` and `title` are what is known from elsewhere; they go before what the page says. A `title` that
    does not stand in a plain text gives no `Page.title`, as the text stays what it is.

    Raises InputError where the bytes are no text, OptionError where `published` is no date.
    """
    stamp = normalise_published(published) if published else None
    try:
        decoded = decode(data, media_type) if isinstance(data, bytes) else _given(data)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
    if is_html(decoded.text, name, media_type):
        from sijill.page.html import read_html  # The extraction library takes half a second to import.

        page = read_html(decoded.text, built_in(), url=url, title=title)
    else:
        page = _read_text(decoded.text, title)
    return Page(
        text=page.text,
        media_type=page.media_type,
        title=page.title,
        section=page.section,
        dateline=page.dateline,
        outlet=outlet or page.outlet or _monitor(page),
        published=stamp or page.published,
        blocks=page.blocks,
        language=page.language,
        warnings=(*decoded.warnings, *page.warnings),
    )


def is_html(text: str, name: str = "", media_type: str | None = None) -> bool:
    """Whether `text` is HTML: by its media type, by how it opens, or by its name where tags bear it out."""
    if media_type:
        kind = media_type.partition(";")[0].strip().lower()
        if kind in {"text/html", "application/xhtml+xml"}:
            return True
        if kind == "text/plain":
            return False
    head = text[:4096]
    if "<" not in head:
        return False
    if _HTML_OPENING.match(head):
        return True
    tags = len(_HTML_TAG.findall(head))
    return tags >= (1 if name.lower().endswith((".html", ".htm", ".xhtml")) else 6)


def _given(text: str) -> Decoded:
    """Text that came decoded: without a byte order mark, and without the surrogates that no encoding can hold."""
    text = text.removeprefix("\ufeff")
    if not text.isascii() and _SURROGATE.search(text):
        lost = Warning("encoding-lossy", "lone surrogates stand as U+FFFD")
        return Decoded(_SURROGATE.sub("\ufffd", text), "utf-8", (lost,))
    return Decoded(text, "utf-8")


def _monitor(page: Page) -> str | None:
    """The monitor that publishes a page which names no outlet, by the title it opens with its own name."""
    return monitor_of(page.title.quote, built_in()) if page.title and page.published else None


def _read_text(text: str, title: str | None) -> Page:
    words = built_in()
    layout = lay_out(text, words, title=title)
    start = layout.blocks[0].start if layout.blocks else 0
    body = next((block.start for block in layout.blocks if block.kind == "body"), start)
    language = guess(text[body:] if body else text, words)
    warnings = layout.warnings
    if language not in {"ar", "und"}:
        warnings = (*warnings, Warning("language-not-arabic", f"the text seems to be {language}, not Arabic"))
    return Page(
        text=text,
        media_type="text/plain",
        title=layout.title,
        section=layout.section,
        dateline=layout.dateline,
        outlet=layout.outlet,
        published=layout.published,
        blocks=layout.blocks,
        language=language,
        warnings=warnings,
    )
