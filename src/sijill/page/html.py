"""A page as HTML: the extraction library finds the body; title, dateline, captions and outlet are read around it.

The text of the page is put together once, a line each: title, dateline, captions, body; all spans refer to it. The
library's own reading of dates is not used, as it takes dates from the sidebar where the page's are in Arabic words.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import lxml.etree
import lxml.html
import msgspec

from sijill.errors import InputError, OptionError
from sijill.model import Span, Warning
from sijill.page.dateline import normalise_published, read_dateline
from sijill.page.language import guess
from sijill.page.lines import HEADLINE, is_prose, same_line, word_count
from sijill.page.model import Block, BlockKind, Page
from sijill.page.pasted import lay_out
from sijill.page.words import PageWords

MAX_CHARACTERS = 20_000_000
"""Longer HTML is refused."""
MAX_EXTRACTED = 3_000_000
"""Of longer HTML the text is taken whole, without looking for the body: that may take minutes."""
MAX_ELEMENTS = 60_000
"""The same for HTML of more elements."""
MAX_DEPTH = 400
"""The same for HTML nested deeper, which is broken."""
MAX_HELD = 500_000
"""Characters of HTML up to which its nodes are held while it is read."""
NEAR_TITLE = 25
"""Lines after the title in which its dateline may stand."""
CAPTION = 300
"""Characters: what is longer is no caption, whatever its element says."""
CAPTIONS = 12

_HIDDEN = frozenset(("script", "style", "noscript", "template", "svg", "head", "iframe", "select", "object", "math"))
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "label", "mark", "q", "s")
) | frozenset(("small", "span", "strong", "sub", "sup", "time", "tt", "u", "wbr"))
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)?[^<>]*>")
_ASIDE = frozenset(("aside", "nav", "footer"))
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,12})|([0-9]{1,12}));?")
_SPACES = re.compile(r"\s+")
_SEPARATOR = re.compile(r"\s+[-–—|:»«/]+\s+")
_CAPTION_XPATH = (
    "//figcaption | //*[not(self::figure or self::body or self::html) and (contains(@class, 'caption') "
    "or contains(@class, 'Caption')) and not(.//p[2])]"
)


class Meta(msgspec.Struct):
    """What a page's machine-readable parts say of it."""

    title: str | None = None
    outlet: str | None = None
    section: str | None = None
    published: str | None = None


def read_html(html: str, words: PageWords, *, url: str | None = None, title: str | None = None) -> Page:
    """Read the page of `html`. `url` and `title` are what is known from elsewhere.

    Raises InputError where `html` is longer than MAX_CHARACTERS.
    """
    if len(html) > MAX_CHARACTERS:
        raise InputError(f"HTML of {len(html):,} characters; at most {MAX_CHARACTERS:,} are read, cut it up")
    tree = _parse(html)
    if tree is None:
        return _assemble([], [], words, Meta(), None, url, ())
    # A node lives as long as it is held, and each walk makes it anew: they are held where they are not too many.
    nodes = list(tree.iter()) if len(html) <= MAX_HELD else []
    meta = _metadata(tree)
    shown, depth = _visible_lines(tree)
    heading = _title(tree, meta, title)
    dateline = _dateline(shown, heading, words)
    captions = _take_captions(tree)
    _open_layout_tables(tree)
    body, warnings = _body(tree, html, url, len(nodes) or sum(1 for _ in tree.iter()), depth)
    if not body:
        body = shown or _without_tags(html)
    known = {same_line(line) for line in (heading, dateline, *captions) if line}
    kept = [line for line in body if same_line(line) not in known]
    head: list[tuple[BlockKind, str]] = []
    if heading:
        head.append(("title", heading))
    if dateline:
        head.append(("dateline", dateline))
    head += [("caption", caption) for caption in captions]
    return _assemble(head, kept, words, meta, heading, url, warnings)


def _parse(html: str) -> lxml.html.HtmlElement | None:
    """The tree of `html`, or None where it holds no element at all. Broken markup is mended as browsers do."""
    clean = _CONTROLS.sub(" ", html)
    if "&#" in clean:
        clean = _REFERENCE.sub(_character, clean)
    data = clean.encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(data, parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return None
    return tree


def _character(reference: re.Match[str]) -> str:
    """A numeric character reference as it is, or a space where it stands for a control that no tree may hold."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    fits = 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return reference[0] if fits else " "


def _assemble(
    head: list[tuple[BlockKind, str]],
    body: list[str],
    words: PageWords,
    meta: Meta,
    heading: str | None,
    url: str | None,
    warnings: tuple[Warning, ...],
) -> Page:
    """Put the page's text together and tell its lines apart; what the markup told goes before what the lines tell."""
    known: dict[int, BlockKind] = {}
    text = ""
    for kind, line in head:
        known[len(text)] = kind
        text += line + "\n\n"
    text += "\n".join(body)
    layout = lay_out(text, words, title=heading)
    blocks = tuple(Block(known.get(block.start, block.kind), block.start, block.end) for block in layout.blocks)
    spans = {block.kind: _span(text, block) for block in reversed(blocks) if block.start in known}
    published, disagreement = _published(layout.published, meta.published)
    if disagreement:
        warnings = (*warnings, Warning("published-disagrees", disagreement, layout.dateline))
    start = next((block.start for block in blocks if block.kind == "body"), 0)
    language = guess(text[start:], words)
    if language not in {"ar", "und"}:
        warnings = (*warnings, Warning("language-not-arabic", f"the text seems to be {language}, not Arabic"))
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    return Page(
        text=text,
        media_type="text/html",
        title=spans.get("title") or layout.title,
        section=layout.section,
        dateline=spans.get("dateline") or layout.dateline,
        outlet=meta.outlet or layout.outlet or words.domains.get(host) or host or None,
        published=published,
        blocks=blocks,
        language=language,
        warnings=(*layout.warnings, *warnings),
    )


def _span(text: str, block: Block) -> Span:
    return Span(block.start, block.end, text[block.start : block.end])


def _published(told: str | None, meta: str | None) -> tuple[str | None, str | None]:
    """The time of publication from the visible dateline and the metadata, and how they disagree, if they do.

    A dateline with time and zone stands; without them the metadata completes it, where it is of the same day.
    """
    if told is None or meta is None:
        return told or meta, None
    here, there = datetime.fromisoformat(told), datetime.fromisoformat(meta)
    apart = abs(here.replace(tzinfo=None) - there.replace(tzinfo=None))
    if apart > timedelta(days=1, hours=14):
        return told, f"the dateline says {told}, the page's metadata {meta}"
    complete = "T" in told and here.tzinfo is not None
    return (told if complete or len(meta) <= len(told) else meta), None


def _visible_lines(tree: lxml.html.HtmlElement) -> tuple[list[str], int]:
    """The page's visible text, a line for each block of it, in the order of the markup, and how deep it is nested."""
    lines: list[str] = []
    run: list[str] = []
    hidden = depth = deepest = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        name = element.tag
        tag = name if isinstance(name, str) else ""
        if run and tag not in _INLINE:
            _end_line(lines, run)
        if event == "start":
            depth += 1
            deepest = max(deepest, depth)
            hidden += tag in _HIDDEN
            text = None if hidden else element.text
        else:
            depth -= 1
            hidden -= tag in _HIDDEN
            text = None if hidden else element.tail
        if text:
            run.append(text)
    _end_line(lines, run)
    return lines, deepest


def _end_line(lines: list[str], run: list[str]) -> None:
    """Make a line of the pieces of text met, where there are any."""
    line = " ".join("".join(run).split())
    if line:
        lines.append(line)
    run.clear()


def _without_tags(html: str) -> list[str]:
    """The text of HTML that the parser gave up on (thousands of levels deep), a line for each block of it."""
    pieces: list[str] = []
    hidden: str | None = None
    at = 0
    for tag in _TAG.finditer(html):
        if hidden is None:
            pieces.append(html[at : tag.start()])
        at = tag.end()
        name = (tag[2] or "").lower()
        if name not in _INLINE:
            pieces.append("\n")
        if name in {"script", "style"}:
            hidden = name if not tag[1] else None
    if hidden is None:
        pieces.append(html[at:])
    lines = (_SPACES.sub(" ", line).strip() for line in unescape("".join(pieces)).splitlines())
    return [line for line in lines if line]


def _inner_text(element: lxml.html.HtmlElement) -> str:
    return _SPACES.sub(" ", "".join(element.itertext())).strip()


def _title(tree: lxml.html.HtmlElement, meta: Meta, given: str | None) -> str | None:
    """The report's title: given, else the heading that the metadata's title begins with, else the metadata's."""
    if given:
        return _SPACES.sub(" ", given).strip() or None
    headings = [_inner_text(heading) for heading in tree.xpath("//h1 | //h2")[:40]]
    headings = [heading for heading in headings if heading and len(heading) <= 2 * HEADLINE]
    named = meta.title or _SPACES.sub(" ", tree.findtext(".//title") or "").strip()
    if named:
        key = same_line(named)
        for heading in headings:
            if word_count(heading) >= 3 and key.startswith(same_line(heading)):
                return heading
        return _without_outlet(named, meta.outlet)
    first = [_inner_text(heading) for heading in tree.xpath("//h1")[:5]]
    return max(first, key=len, default=None) or None


def _without_outlet(title: str, outlet: str | None) -> str:
    """A page title without the outlet's name behind it."""
    parts = list(_SEPARATOR.finditer(title))
    if parts:
        last = parts[-1]
        tail = title[last.end() :]
        if (outlet and same_line(outlet) in same_line(tail)) or (word_count(tail) <= 3 and word_count(title) >= 7):
            return title[: last.start()].strip()
    return title


def _dateline(shown: list[str], title: str | None, words: PageWords) -> str | None:
    """The first dateline that stands by the title: below it before the second paragraph, else right above it."""
    key = same_line(title) if title else ""
    at = next((index for index, line in enumerate(shown) if key and same_line(line) == key), None)
    if at is None:
        return None
    below: list[str] = []
    paragraphs = 0
    for line in shown[at + 1 : at + 1 + NEAR_TITLE]:
        paragraphs += is_prose(line) and not read_dateline(line, words)
        if paragraphs > 1:
            break
        below.append(line)
    above = shown[max(0, at - 4) : at][::-1]
    return next((line for line in below + above if _dates(line, words)), None)


def _dates(line: str, words: PageWords) -> bool:
    date = read_dateline(line, words)
    return date is not None and date.published is not None


def _take_captions(tree: lxml.html.HtmlElement) -> list[str]:
    """The captions of the report's pictures, each once; they are taken out of the tree, so that the body has none."""
    captions: list[str] = []
    for element in tree.xpath(_CAPTION_XPATH)[:200]:
        if any(ancestor.tag in _ASIDE for ancestor in element.iterancestors()):
            continue
        text = _inner_text(element)
        if not text or len(text) > CAPTION:
            continue
        if text not in captions and len(captions) < CAPTIONS and word_count(text) >= 2:
            captions.append(text)
        if element.getparent() is not None:
            element.drop_tree()
    return captions


def _open_layout_tables(tree: lxml.html.HtmlElement) -> None:
    """Turn tables that lay out a page into plain blocks: the extraction library would run their cells together."""
    for table in tree.xpath("//table[.//p or .//br or .//div or .//table or .//h1 or .//h2]"):
        for element in table.xpath("self::* | ./tr | ./tr/td | ./*/tr | ./*/tr/td | ./tbody"):
            element.tag = "div"


def _body(
    tree: lxml.html.HtmlElement, html: str, url: str | None, most: int, deepest: int
) -> tuple[list[str], tuple[Warning, ...]]:
    """The lines of the report's body, empty where none was found. `most`: how many elements the tree had, and
    `deepest`: how deep they were nested, before its captions were taken out."""
    if len(html) <= MAX_EXTRACTED and most <= MAX_ELEMENTS and deepest <= MAX_DEPTH:
        return _extracted(tree, url)
    elements = sum(1 for _ in tree.iter())
    if len(html) <= MAX_EXTRACTED and elements <= MAX_ELEMENTS and _depth(tree) <= MAX_DEPTH:
        return _extracted(tree, url)
    message = f"HTML of {len(html):,} characters and {elements:,} elements, too long or deep; its text is taken whole"
    return [], (Warning("html-too-large", message),)


def _extracted(tree: lxml.html.HtmlElement, url: str | None) -> tuple[list[str], tuple[Warning, ...]]:
    """The lines of the body as the extraction library finds it."""
    import trafilatura  # Half a second to import: only for HTML.

    try:
        found = trafilatura.bare_extraction(tree, url=url, include_comments=False, with_metadata=False)
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError, lxml.etree.LxmlError) as error:
        message = f"no body found ({type(error).__name__}); the page's text is taken whole"
        return [], (Warning("html-not-extracted", message),)
    text = getattr(found, "text", None) or ""
    return [line for line in (_SPACES.sub(" ", raw).strip() for raw in text.splitlines()) if line], ()


def _depth(tree: lxml.html.HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in lxml.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _metadata(tree: lxml.html.HtmlElement) -> Meta:
    """Title, outlet, section and time of publication as the page's metadata give them; JSON-LD after meta elements."""
    values: dict[str, str] = {}
    for element in tree.xpath("//meta[@content]")[:300]:
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        values.setdefault(name, _SPACES.sub(" ", element.get("content")).strip())
    linked = _json_ld(tree)
    publisher = linked.get("publisher")
    stamps = [values.get(name) for name in ("article:published_time", "datepublished", "publishdate", "pubdate")]
    stamps += [linked.get("datePublished")]
    stamps += [element.get("datetime") for element in tree.xpath("//time[@itemprop='datePublished'][@datetime]")[:1]]
    return Meta(
        title=values.get("og:title") or _text(linked.get("headline")),
        outlet=values.get("og:site_name") or _text(publisher.get("name") if isinstance(publisher, dict) else publisher),
        section=values.get("article:section") or _text(linked.get("articleSection")),
        published=next((stamp for stamp in map(_stamp, stamps) if stamp), None),
    )


def _stamp(value: object) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        return normalise_published(value)
    except OptionError:
        return None


def _text(value: object) -> str | None:
    return _SPACES.sub(" ", value).strip() or None if isinstance(value, str) else None


def _json_ld(tree: lxml.html.HtmlElement) -> dict[str, Any]:
    """The first object of the page's JSON-LD that has a date of publication, or an empty one."""
    for script in tree.xpath("//script[@type='application/ld+json']")[:10]:
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(2_000):
            if not waiting:
                break
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                if "datePublished" in value:
                    return value
                waiting += [inner for inner in value.values() if isinstance(inner, dict | list)]
    return {}
