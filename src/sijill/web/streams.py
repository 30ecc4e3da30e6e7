"""Long lists for maps and spreadsheets: GeoJSON and CSV of every incident of a view, sent as they are looked up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.response import Stream

from sijill.web import maps
from sijill.web.answers import LIST, is_held, limit_of, strict, tag_of
from sijill.web.filters import filters_of
from sijill.web.looking import version
from sijill.web.pages import look_of
from sijill.web.render import PROGRAM, Ask
from sijill.web.shapes import IncidentShown, least

MOST = 100_000
"""Incidents in one answer; `after` goes on behind them."""
_COLUMNS = (
    "id", "type", "first", "last", "places", "initiators", "killed_least", "injured_least", "claims", "independent",
    "occurrence", "disagree_on", "state",
)  # fmt: skip
_HANDFUL = 100


@get("/incidents.geojson", role="public", sync_to_thread=True)
def geojson(request: Ask) -> Response[Any]:
    """Incidents as GeoJSON: each an area as wide as its place is vague. `next` stands in it, and in the head `link`."""

    def told(found: Iterator[IncidentShown], following: str | None) -> Iterator[bytes]:
        yield b'{"type":"FeatureCollection","features":['
        before = b""
        for one in found:
            for feature in _features(one):
                yield before + msgspec.json.encode(feature)
                before = b","
        yield b'],"next":' + msgspec.json.encode(following) + b"}"

    return _streamed(request, "application/geo+json", told)


@get("/incidents.csv", role="public", sync_to_thread=True)
def table(request: Ask) -> Response[Any]:
    """Incidents as CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe. The address of
    what follows stands in the head `link`."""

    def told(found: Iterator[IncidentShown], _following: str | None) -> Iterator[bytes]:
        yield _line(_COLUMNS).encode("utf-8-sig")
        for one in found:
            yield _line([_safe(cell) for cell in _cells(one)]).encode()

    return _streamed(request, "text/csv; charset=utf-8", told)


def _streamed(request: Ask, media_type: str, told: Any) -> Response[Any]:
    asked = strict(request, *LIST)
    look = look_of(request, asked.get("as_of", ""))
    limit = limit_of(asked, MOST, MOST)
    found, following = look.walk(filters_of(asked), after=asked.get("after", ""), limit=limit)
    # At one state of the record the same asker is told the same.
    eyes = (look.viewer.inside, look.viewer.safety)
    state = [PROGRAM, version(look.record), look.at, media_type, sorted(asked.items()), eyes]
    headers = {"etag": tag_of(msgspec.json.encode(state))}
    if is_held(request, headers["etag"]):
        return Response(b"", status_code=304, headers=headers)
    if following:
        headers["link"] = f'<{request.url.path}?{urlencode({**asked, "after": following})}>; rel="next"'
    return Stream(_gathered(told(found, following)), media_type=media_type, headers=headers)


def _gathered(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Small parts put together: each one that is sent costs a turn of the server."""
    waiting: list[bytes] = []
    for part in parts:
        waiting.append(part)
        if len(waiting) == _HANDFUL:
            yield b"".join(waiting)
            waiting = []
    if waiting:
        yield b"".join(waiting)


def _features(one: IncidentShown) -> Iterator[dict[str, Any]]:
    told = {"incident": one.id, "type": one.type, "first": one.first}
    for feature in maps.drawn((place, 1, least(one, "killed")) for place in one.places)["features"]:
        yield {**feature, "properties": {**feature["properties"], **told}}


def _cells(one: IncidentShown) -> list[Any]:
    return [
        one.id, one.type, one.first, one.last, "|".join(place.ar for place in one.places),
        "|".join(party.actor or party.ar for party in one.initiators), least(one, "killed"), least(one, "injured"),
        one.claims, one.independent, one.grades.occurrence, "|".join(c.value for c in one.contradictions), one.state,
    ]  # fmt: skip


def _line(cells: Any) -> str:
    file = io.StringIO()
    csv.writer(file).writerow(cells)
    return file.getvalue()


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


STREAMS: list[Any] = [geojson, table]
