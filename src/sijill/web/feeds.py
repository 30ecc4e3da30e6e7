"""Feeds of incidents, as Atom and as JSON Feed 1.1: of a view, or of a saved search."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from sijill.web.answers import answer, strict
from sijill.web.door import house_of, kept_of, viewer_of
from sijill.web.filters import NAMES, Filters, filters_of
from sijill.web.looking import Look
from sijill.web.render import PROGRAM, Ask
from sijill.web.shapes import IncidentShown
from sijill.web.words import Talk

_MOST = 50


def _title(one: IncidentShown, t: Talk) -> str:
    where = "، ".join(t.place(place) for place in one.places) or t("no-place")
    return f"{t.type(one.type)} · {where} · {t.days(one.first, one.last)}"


def _items(request: Ask, filters: Filters) -> tuple[tuple[IncidentShown, ...], Talk, str]:
    look = Look(house_of(request).record, viewer_of(request))
    found = look.incidents(msgspec.structs.replace(filters, order="added"), limit=_MOST)
    return found.items, Talk(look.viewer), str(request.base_url).rstrip("/")


def json_feed_of(request: Ask, filters: Filters) -> Response[bytes]:
    """The newest incidents of a view as JSON Feed 1.1."""
    items, t, base = _items(request, filters)
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": t("name"),
        "home_page_url": f"{base}/",
        "feed_url": str(request.url),
        "items": [
            {
                "id": f"{base}/incidents/{one.id[1:]}",
                "url": f"{base}/incidents/{one.id[1:]}",
                "title": _title(one, t),
                "content_text": _title(one, t),
                "date_published": one.added,
                "date_modified": one.changed,
            }
            for one in items
        ],
    }
    return answer(request, told, "application/feed+json")


def atom_feed_of(request: Ask, filters: Filters) -> Response[bytes]:
    """The newest incidents of a view as Atom."""
    items, t, base = _items(request, filters)
    entries = "".join(
        f"<entry><id>{escape(f'{base}/incidents/{one.id[1:]}')}</id><title>{escape(_title(one, t))}</title>"
        f"<link href={quoteattr(f'{base}/incidents/{one.id[1:]}')}/><published>{one.added}</published>"
        f"<updated>{one.changed}</updated></entry>"
        for one in items
    )
    updated = max((one.changed for one in items), default="1970-01-01T00:00:00Z")
    told = (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>{escape(base)}/</id>'
        f'<title>{escape(t("name"))}</title><link rel="self" href={quoteattr(str(request.url))}/>'
        f"<updated>{updated}</updated><author><name>{escape(PROGRAM)}</name></author>{entries}</feed>"
    )
    return answer(request, told.encode(), "application/atom+xml")


@get("/feed.json", role="public", sync_to_thread=True)
def json_feed(request: Ask) -> Response[bytes]:
    """The newest incidents of a view."""
    return json_feed_of(request, filters_of(strict(request, *NAMES)))


@get("/feed.atom", role="public", sync_to_thread=True)
def atom_feed(request: Ask) -> Response[bytes]:
    """The newest incidents of a view."""
    return atom_feed_of(request, filters_of(strict(request, *NAMES)))


@get("/searches/{number:int}/feed.json", role="reader", sync_to_thread=True)
def search_json_feed(request: Ask, number: FromPath[int]) -> Response[bytes]:
    """The newest incidents of a saved search."""
    strict(request)
    return json_feed_of(request, kept_of(request).search(number, viewer_of(request).name).filters)


@get("/searches/{number:int}/feed.atom", role="reader", sync_to_thread=True)
def search_atom_feed(request: Ask, number: FromPath[int]) -> Response[bytes]:
    """The newest incidents of a saved search."""
    strict(request)
    return atom_feed_of(request, kept_of(request).search(number, viewer_of(request).name).filters)


FEEDS: list[Any] = [json_feed, atom_feed, search_json_feed, search_atom_feed]
