"""Listings: the pages that a feed or a sitemap names, with the times it tells."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from urllib.parse import urljoin

import feedparser  # type: ignore[import-untyped]
import msgspec
from lxml import etree

from sijill.errors import InputError

_MOST = 5_000


class Page(msgspec.Struct, frozen=True):
    """A page named in a listing."""

    url: str
    published: str | None = None


class Listing(msgspec.Struct, frozen=True):
    """Pages, and further sitemaps that an index names."""

    pages: tuple[Page, ...]
    indexes: tuple[str, ...] = ()


def of_feed(data: bytes, base: str) -> Listing:
    """The entries of an RSS or Atom feed. Raises `InputError` for what is none."""
    found = feedparser.parse(data)
    if not found.entries and not found.version:
        raise InputError(f"{base}: no RSS or Atom feed")
    pages = [Page(urljoin(base, entry.link), _time(entry)) for entry in found.entries[:_MOST] if entry.get("link")]
    return Listing(tuple({page.url: page for page in pages}.values()))


def _time(entry: dict[str, object]) -> str | None:
    told = entry.get("published_parsed") or entry.get("updated_parsed")
    if not told:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(told), UTC).isoformat()  # type: ignore[arg-type]
    except (ValueError, OverflowError, TypeError):
        return None


def of_sitemap(data: bytes, base: str) -> Listing:
    """The pages of a sitemap or a news sitemap, or the sitemaps of an index. Raises `InputError` for what is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"{base}: no sitemap: {error.msg}") from error
    name = etree.QName(root).localname
    if name not in ("urlset", "sitemapindex"):
        raise InputError(f"{base}: no sitemap, but <{name}>")
    pages, indexes = [], []
    for entry in list(root)[:_MOST]:
        told = {etree.QName(part).localname: (part.text or "").strip() for part in entry.iter() if _named(part)}
        if not told.get("loc"):
            continue
        if name == "sitemapindex":
            indexes.append(urljoin(base, told["loc"]))
        else:
            pages.append(Page(urljoin(base, told["loc"]), told.get("publication_date")))
    return Listing(tuple(pages), tuple(indexes))


def _named(part: etree._Element) -> bool:
    return isinstance(part.tag, str)
