"""The REST API under /api/v1: JSON, GeoJSON, CSV and feeds of what the pages show, for other programs."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec
from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath, JSONBody

from sijill.errors import OptionError
from sijill.gazetteer import default_gazetteer
from sijill.reader import read
from sijill.review.desk import Desk
from sijill.web import maps
from sijill.web.door import house_of, viewer_of
from sijill.web.figures import Spread, least
from sijill.web.filters import filters_of
from sijill.web.looking import Look, version
from sijill.web.pages import look_of
from sijill.web.render import PROGRAM, Ask
from sijill.web.roles import Role
from sijill.web.shapes import ClaimShown, IncidentShown
from sijill.web.words import Talk

_MOST = 200
_MOST_READ, _MOST_BYTES = 100, 5_000_000


class ReportIn(msgspec.Struct, forbid_unknown_fields=True):
    """A report to read: its text, and what is known of it."""

    text: str
    name: str = "text"
    published: str | None = None
    outlet: str | None = None


class DecisionIn(msgspec.Struct, forbid_unknown_fields=True):
    """A decision, as `sijill decide` takes it."""

    kind: str
    target: str
    field: str | None = None
    value: Any = None
    why: str = ""


def _limit(request: Ask) -> int:
    told = request.query_params.get("limit", "50")
    if not (told.isascii() and told.isdecimal() and 0 < int(told[:6]) <= _MOST):
        raise OptionError(f"limit: {told[:20]} is not a number from 1 to {_MOST}")
    return int(told)


def _answer(request: Ask, told: Any, media_type: str = "application/json") -> Response[bytes]:
    """An answer with its ETag; 304 where the asker has it."""
    data = told if isinstance(told, bytes) else msgspec.json.encode(told)
    tag = f'"{hashlib.sha256(data).hexdigest()[:24]}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers={"etag": tag})
    return Response(data, media_type=media_type, headers={"etag": tag})


@get("/incidents", role="public", sync_to_thread=True)
def incidents(request: Ask) -> Response[bytes]:
    """Incidents, newest first. Filters as on the pages; `limit`, `after` (the `next` of the answer before)."""
    filters = filters_of(request.query_params)
    found = look_of(request).incidents(filters, after=request.query_params.get("after", ""), limit=_limit(request))
    return _answer(request, found)


@get("/incidents/{number:int}", role="public", sync_to_thread=True)
def incident(request: Ask, number: FromPath[int]) -> Response[bytes]:
    """One incident with its claims. `rule` and `as_of` as on the command line."""
    told = request.query_params
    shown, claims = look_of(request).incident(number, told.get("rule", "range"), told.get("as_of", ""))
    return _answer(request, {"incident": shown, "claims": claims})


@get("/incidents.geojson", role="public", sync_to_thread=True)
def geojson(request: Ask) -> Response[bytes]:
    """Incidents as GeoJSON: each an area as wide as its place is vague."""
    features = []
    found = look_of(request).incidents(filters_of(request.query_params), limit=_limit(request))
    for one in found.items:
        drawn = maps.drawn(Spread(place, 1, least(one, "killed")) for place in one.places)["features"]
        features += [
            {
                **feature,
                "properties": {**feature["properties"], "incident": one.id, "type": one.type, "first": one.first},
            }
            for feature in drawn
        ]
    return _answer(
        request, msgspec.json.encode({"type": "FeatureCollection", "features": features}), "application/geo+json"
    )


@get("/incidents.csv", role="public", sync_to_thread=True)
def table(request: Ask) -> Response[bytes]:
    """Incidents as CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        ["id", "type", "first", "last", "places", "initiators", "killed_least", "injured_least", "claims",
         "independent", "occurrence", "disagree_on", "state"]
    )  # fmt: skip
    for one in look_of(request).incidents(filters_of(request.query_params), limit=_limit(request)).items:
        cells = [
            one.id, one.type, one.first, one.last, "|".join(place.ar for place in one.places),
            "|".join(party.actor or party.ar for party in one.initiators), least(one, "killed"), least(one, "injured"),
            one.claims, one.independent, one.grades.occurrence, "|".join(c.value for c in one.contradictions),
            one.state,
        ]  # fmt: skip
        writer.writerow([_safe(cell) for cell in cells])
    return _answer(request, file.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8")


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


@get("/claims", role="reader", sync_to_thread=True)
def claims(request: Ask) -> Response[bytes]:
    """Claims, newest first. Filters as on the pages; `after` is the `next` of the answer before."""
    after = request.query_params.get("after", "0")
    if not (after.isascii() and after.isdecimal() and len(after) < 9):
        raise OptionError(f"after: {after[:20]} is not a cursor that was given before")
    limit, look = _limit(request), look_of(request)
    ids = look.claim_ids(filters_of(request.query_params), limit=limit + 1, offset=int(after))
    following = str(int(after) + limit) if len(ids) > limit else None
    return _answer(request, {"items": look.claims(ids[:limit]), "next": following})


@get("/claims/{number:int}", role="reader", sync_to_thread=True)
def claim(request: Ask, number: FromPath[int]) -> Response[bytes]:
    """One claim."""
    found: list[ClaimShown] = look_of(request).claims([number])
    if not found:
        raise OptionError(f"c{number}: there is no such claim")
    return _answer(request, found[0])


@get("/places", role="reader", sync_to_thread=True)
def places(request: Ask) -> Response[bytes]:
    """Places of the gazetteer by name (`q`)."""
    name = request.query_params.get("q", "").strip()[:100]
    found = sorted(default_gazetteer().search(name), key=lambda entry: -entry.weight)[:10] if name else []
    return _answer(
        request,
        [
            {"id": e.id, "ar": e.name, "en": e.english, "kind": e.kind.label, "country": e.country, "admin1": e.admin1,
             "lat": e.lat, "lon": e.lon}
            for e in found
        ],
    )  # fmt: skip


@post("/read", role="reader", stateless=True, status_code=200, sync_to_thread=True)
def read_reports(data: JSONBody[list[ReportIn]]) -> Response[bytes]:
    """Read reports, at most 100: for each the report by the contract, or a problem. Nothing is kept."""
    if len(data) > _MOST_READ:
        raise OptionError(f"at most {_MOST_READ} reports at once")
    answers: list[Any] = []
    for given in data:
        try:
            told = read(given.text, name=given.name[:200], published=given.published, outlet=given.outlet)
            answers.append(told.to_dict())
        except OptionError as error:
            answers.append({"type": "about:blank", "title": "Not read", "status": 422, "detail": str(error)})
    return Response(msgspec.json.encode(answers), media_type="application/json")


@post("/decisions", role="coder", scope="decide", stateless=True, status_code=201, sync_to_thread=True)
def decide(request: Ask, data: JSONBody[DecisionIn]) -> dict[str, int]:
    """Decide about a claim; about an incident or a capture only as reviewer."""
    viewer, record = viewer_of(request), house_of(request).record
    if viewer.role < Role.REVIEWER and (data.kind == "undo" or data.target[:1] != "c") and data.kind != "comment":
        raise PermissionDeniedException("this needs the role reviewer")
    with record.writing() as connection:
        number = Desk(record, viewer.name).decide(connection, data.kind, data.target, data.field, data.value, data.why)
    return {"decision": number}


def _feed(look: Look, request: Ask) -> tuple[tuple[IncidentShown, ...], Talk, str]:
    filters = msgspec.structs.replace(filters_of(request.query_params), order="added")
    return look.incidents(filters, limit=50).items, Talk(look.viewer), str(request.base_url).rstrip("/")


def _title(one: IncidentShown, t: Talk) -> str:
    where = "، ".join(t.place(place) for place in one.places) or t("no-place")
    return f"{t.type(one.type)} · {where} · {t.days(one.first, one.last)}"


@get("/feed.json", role="public", sync_to_thread=True)
def json_feed(request: Ask) -> Response[bytes]:
    """The newest incidents as JSON Feed 1.1."""
    items, t, base = _feed(look_of(request), request)
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
    return _answer(request, msgspec.json.encode(told), "application/feed+json")


@get("/feed.atom", role="public", sync_to_thread=True)
def atom_feed(request: Ask) -> Response[bytes]:
    """The newest incidents as Atom."""
    items, t, base = _feed(look_of(request), request)
    entries = "".join(
        f"<entry><id>{escape(f'{base}/incidents/{one.id[1:]}')}</id><title>{escape(_title(one, t))}</title>"
        f"<link href={quoteattr(f'{base}/incidents/{one.id[1:]}')}/><published>{one.added}</published>"
        f"<updated>{one.changed}</updated></entry>"
        for one in items
    )
    updated = max((one.changed for one in items), default="1970-01-01T00:00:00Z")
    told = (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>{escape(base)}/</id>'
        f"<title>{escape(t('name'))}</title><updated>{updated}</updated><author><name>{escape(PROGRAM)}</name></author>"
        f"{entries}</feed>"
    )
    return _answer(request, told.encode(), "application/atom+xml")


@get("/version", role="public", sync_to_thread=True)
def record_version(request: Ask) -> Response[bytes]:
    """A number that grows with every change of the record."""
    return _answer(request, {"version": version(house_of(request).record), "program": PROGRAM})


API: list[Any] = [
    incidents, incident, geojson, table, claims, claim, places, read_reports, decide, json_feed, atom_feed,
    record_version,
]  # fmt: skip
