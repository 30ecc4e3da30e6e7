"""What the API does: the paths of the OpenAPI document, written down by hand.

A test holds that they are exactly the routes that there are.
"""

from __future__ import annotations

from typing import Any

from sijill.web.answers import LIST
from sijill.web.api import (
    ClaimsOut,
    DecisionIn,
    DecisionOut,
    HookIn,
    HookOut,
    IncidentOut,
    PlaceOut,
    ReportIn,
    SearchIn,
    VersionOut,
)
from sijill.web.filters import NAMES
from sijill.web.kept import Delivery, Hook, Search
from sijill.web.parameters import STREAMED
from sijill.web.shapes import ClaimShown, Slice

_READ, _DECIDE, _WATCH = ("read",), ("decide",), ("watch",)


def _ok(schema: Any, media: str = "application/json", told: str = "What was asked for.") -> dict[str, Any]:
    return {
        "description": told,
        "content": {media: {"schema": schema}},
        "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
    }


def _named(of: type) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{of.__name__}"}


def _many(of: type) -> dict[str, Any]:
    return {"type": "array", "items": _named(of)}


def _got(tag: str, name: str, told: str, answer: dict[str, Any], *parameters: str, number: bool = False,
         public: bool = False) -> dict[str, Any]:  # fmt: skip
    problems = [400, 401, 403, 429, 503] + ([404] if number else [])
    return {
        "operationId": name,
        "summary": told,
        "description": f"{told}. Every answer has an `ETag`; send it back as `If-None-Match`.",
        "tags": [tag],
        "parameters": _refs(*(("number",) if number else ()), *parameters),
        "responses": {
            "200": answer,
            "304": {"description": "Not changed since the `ETag` that was sent."},
            **_bad(problems),
        },
        "security": [{}, {"token": list(_READ)}] if public else [{"token": list(_READ)}],
    }


def _sent(tag: str, name: str, told: str, body: Any, status: int, answer: dict[str, Any],
          scope: tuple[str, ...], *problems: int) -> dict[str, Any]:  # fmt: skip
    return {
        "operationId": name,
        "summary": told,
        "description": f"{told}. The scope `{scope[0]}` is needed.",
        "tags": [tag],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {str(status): answer, **_bad([400, 401, 403, 413, 429, 503, *problems])},
        "security": [{"token": list(scope)}],
    }


def _removed(name: str, told: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": told,
        "description": f"{told}. The scope `watch` is needed.",
        "tags": ["following"],
        "parameters": _refs("number"),
        "responses": {"204": {"description": "It is gone."}, **_bad([400, 401, 403, 404, 429, 503])},
        "security": [{"token": list(_WATCH)}],
    }


def _refs(*names: str) -> list[dict[str, str]]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _bad(statuses: list[int]) -> dict[str, Any]:
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def paths() -> dict[str, Any]:
    """Every path with its operations."""
    text = {"type": "string"}
    features = {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {"type": "array", "items": {"type": "object"}},
            "next": {"type": ["string", "null"], "description": "Where the next part begins."},
        },
    }
    feed = {
        "type": "object",
        "required": ["version", "title", "items"],
        "properties": {
            "version": {"const": "https://jsonfeed.org/version/1.1"},
            "title": {"type": "string"},
            "items": {"type": "array", "items": {"type": "object"}},
        },
    }
    reports = {"type": "array", "maxItems": 100, "items": _named(ReportIn)}
    told = {"type": "array", "items": {"type": "object", "description": "A report by the contract, or a problem."}}
    saved = _ok(_named(Search), told="The search that was saved.")
    return {
        "/incidents": {
            "get": _got(
                "incidents", "listIncidents", "Incidents, the newest first", _ok(_named(Slice)), *LIST, public=True
            )
        },
        "/incidents/{number}": {
            "get": _got(
                "incidents",
                "getIncident",
                "One incident and its claims",
                _ok(_named(IncidentOut)),
                "rule",
                "as_of",
                number=True,
                public=True,
            )
        },
        "/incidents.geojson": {
            "get": _got(
                "incidents",
                "listIncidentsAsGeoJson",
                "Incidents as areas as wide as their places are vague",
                _ok(features, "application/geo+json"),
                *STREAMED,
                public=True,
            )
        },
        "/incidents.csv": {
            "get": _got(
                "incidents", "listIncidentsAsCsv", "Incidents as a table", _ok(text, "text/csv"), *STREAMED, public=True
            )
        },
        "/feed.atom": {
            "get": _got(
                "feeds",
                "atomFeed",
                "The incidents of a view added last, as Atom",
                _ok(text, "application/atom+xml"),
                *NAMES,
                public=True,
            )
        },
        "/feed.json": {
            "get": _got(
                "feeds",
                "jsonFeed",
                "The incidents of a view added last, as JSON Feed",
                _ok(feed, "application/feed+json"),
                *NAMES,
                public=True,
            )
        },
        "/export/{format}": {
            "get": _got(
                "incidents",
                "exportIncidents",
                "The data package that `sijill export` writes, as a ZIP",
                {
                    "description": "The package.",
                    "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
                },
                "format",
                *(name for name in NAMES if name != "order"),
                "rule",
                "as_of",
                "withhold",
            )
        },
        "/claims": {
            "get": _got(
                "claims", "listClaims", "Claims with their words, the newest day first", _ok(_named(ClaimsOut)), *LIST
            )
        },
        "/claims/{number}": {"get": _got("claims", "getClaim", "One claim", _ok(_named(ClaimShown)), number=True)},
        "/places": {
            "get": _got(
                "places",
                "findPlaces",
                "Places of the gazetteer by name, or the nearest to a point",
                _ok(_many(PlaceOut)),
                "place_name",
                "point",
            )
        },
        "/read": {
            "post": _sent(
                "reading",
                "readReports",
                "Read reports, at most 100; nothing is kept",
                reports,
                200,
                {"description": "For each a report, or a problem.", "content": {"application/json": {"schema": told}}},
                _READ,
            )
        },
        "/decisions": {
            "post": _sent(
                "deciding",
                "decide",
                "Decide about a claim, an incident or a capture",
                _named(DecisionIn),
                201,
                {
                    "description": "The decision's number.",
                    "content": {"application/json": {"schema": _named(DecisionOut)}},
                },
                _DECIDE,
                409,
            )
        },
        "/searches": {
            "get": _got("following", "listSearches", "One's saved searches", _ok(_many(Search))),
            "post": _sent("following", "saveSearch", "Save a search", _named(SearchIn), 201, saved, _WATCH),
        },
        "/searches/{number}": {"delete": _removed("removeSearch", "Remove a saved search and its webhooks")},
        "/searches/{number}/feed.atom": {
            "get": _got(
                "feeds",
                "searchAtomFeed",
                "The incidents of a saved search added last, as Atom",
                _ok(text, "application/atom+xml"),
                number=True,
            )
        },
        "/searches/{number}/feed.json": {
            "get": _got(
                "feeds",
                "searchJsonFeed",
                "The incidents of a saved search added last, as JSON Feed",
                _ok(feed, "application/feed+json"),
                number=True,
            )
        },
        "/webhooks": {
            "get": _got("following", "listWebhooks", "One's webhooks", _ok(_many(Hook))),
            "post": _sent(
                "following",
                "makeWebhook",
                "Make a webhook for a saved search",
                _named(HookIn),
                201,
                _ok(_named(HookOut), told="The webhook and its secret."),
                _WATCH,
                404,
                409,
            ),
        },
        "/webhooks/{number}": {"delete": _removed("removeWebhook", "Remove a webhook and the log of its messages")},
        "/webhooks/deliveries": {
            "get": _got("following", "listDeliveries", "What became of the newest messages", _ok(_many(Delivery)))
        },
        "/version": {
            "get": _got(
                "record",
                "getVersion",
                "A number that grows with every change of the record",
                _ok(_named(VersionOut)),
                public=True,
            )
        },
    }
