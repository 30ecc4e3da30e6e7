"""The OpenAPI document of the API, at `/api/v1/openapi.json`: written down by hand, its schemas taken from the types.

A test holds that it names exactly the routes that there are.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec
from litestar import Response, get

from sijill.codebook import SOURCE_KINDS, TYPES
from sijill.export import FORMATS
from sijill.incidents.derive import RULES
from sijill.review.desk import STATES
from sijill.web.answers import MOST
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
from sijill.web.filters import BOX, LONGEST, NEAR, POINT
from sijill.web.kept import Delivery, Hook, Search
from sijill.web.roles import LARGEST
from sijill.web.shapes import ClaimShown, Slice

_DAY = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_LETTER = r"[^\s\x1c-\x1f\x85]"
_WORDS = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": _LETTER}
_PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "q": (_WORDS, 'Words of the claims, `"phrases"`, `-words`; not on the public view.'),
    "since": (_DAY, "From this day of the event on."),
    "until": (_DAY, "Up to this day of the event."),
    "place": (_WORDS, "In this place, by name or id, and in all inside it."),
    "party": (_WORDS, "A party, by actor id or name."),
    "type": ({"type": "string", "enum": list(TYPES)}, "Of this type."),
    "killed": ({"type": "integer", "minimum": 0, "maximum": 999_999}, "At least so many killed."),
    "source": (_WORDS, "Told by this source; not on the public view."),
    "kind": ({"type": "string", "enum": list(SOURCE_KINDS)}, "Told by this kind of source; not on the public view."),
    "state": ({"type": "string", "enum": list(STATES)}, "In this state of review."),
    "box": ({"type": "string", "pattern": f"^{','.join(BOX)}$"}, "South, west, north, east in degrees."),
    "near": ({"type": "string", "pattern": f"^{','.join(NEAR)}$"}, "Latitude, longitude, kilometres."),
    "order": ({"type": "string", "enum": ["day", "added"]}, "By the day of the event, or by when it was added."),
    "limit": ({"type": "integer", "minimum": 1, "maximum": MOST, "default": 50}, "Items in one answer."),
    "after": (
        {"type": "string", "pattern": r"^[0-9]{1,9}\.[0-9]{1,15}$"},
        "The `next` of the answer before.",
    ),
    "rule": ({"type": "string", "enum": list(RULES), "default": "range"}, "How numbers are derived from claims."),
    "as_of": (_DAY, "As the record stood at the end of this day; not on the public view."),
}
_FILTERS = tuple(name for name in _PARAMETERS if name not in ("limit", "after", "rule", "as_of"))
_LIST = (*_FILTERS, "limit", "after")
_PROBLEMS = {
    400: "The request makes no sense; `detail` says why.",
    401: "A token or session is needed.",
    403: "The role or the token's scopes do not allow it.",
    404: "It is not in the record, or not for this asker.",
    409: "The record does not let it be: it is not there, was undone already, or needs another person.",
    413: "More than 8 MB were sent.",
    429: "Too many requests within a minute; `retry-after` says when to go on.",
    503: "The record cannot be read now.",
}
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


def _paths() -> dict[str, Any]:
    text = {"type": "string"}
    features = {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {"type": "array", "items": {"type": "object"}},
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
                "incidents", "listIncidents", "Incidents, the newest first", _ok(_named(Slice)), *_LIST, public=True
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
                *_LIST,
                public=True,
            )
        },
        "/incidents.csv": {
            "get": _got(
                "incidents", "listIncidentsAsCsv", "Incidents as a table", _ok(text, "text/csv"), *_LIST, public=True
            )
        },
        "/feed.atom": {
            "get": _got(
                "feeds",
                "atomFeed",
                "The incidents of a view added last, as Atom",
                _ok(text, "application/atom+xml"),
                *_FILTERS,
                public=True,
            )
        },
        "/feed.json": {
            "get": _got(
                "feeds",
                "jsonFeed",
                "The incidents of a view added last, as JSON Feed",
                _ok(feed, "application/feed+json"),
                *_FILTERS,
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
                *(name for name in _FILTERS if name not in ("kind", "order")),
                "rule",
                "as_of",
                "withhold",
            )
        },
        "/claims": {
            "get": _got(
                "claims", "listClaims", "Claims with their words, the newest day first", _ok(_named(ClaimsOut)), *_LIST
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


def _components() -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components(
        [Slice, IncidentOut, ClaimsOut, ClaimShown, PlaceOut, ReportIn, DecisionIn, DecisionOut, SearchIn, HookIn,
         HookOut, Search, Hook, Delivery, VersionOut],
        ref_template="#/components/schemas/{name}",
    )  # fmt: skip
    schemas["DecisionIn"]["properties"]["kind"]["enum"] = _KINDS
    schemas["DecisionIn"]["properties"]["target"]["pattern"] = "^[cir][1-9][0-9]{0,8}$"
    schemas["SearchIn"]["properties"]["name"] |= {"minLength": 1, "maxLength": 100, "pattern": _LETTER}
    filters: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {**_PARAMETERS[name][0]} for name in _FILTERS if name != "killed"},
    }
    schemas["SearchIn"]["properties"]["filters"] = filters
    schemas["HookIn"]["properties"]["search"] |= {"minimum": 1, "maximum": LARGEST}
    schemas["HookIn"]["properties"]["url"] |= {"format": "uri", "pattern": "^https://", "maxLength": 500}
    schemas["Problem"] = {
        "type": "object",
        "description": "An error by RFC 9457.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
        },
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    parameters: dict[str, dict[str, Any]] = {
        name: {"name": name, "in": "query", "description": told, "schema": schema}
        for name, (schema, told) in _PARAMETERS.items()
    }
    parameters["number"] = {
        "name": "number", "in": "path", "required": True, "description": "The number.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST},
    }  # fmt: skip
    parameters["format"] = {
        "name": "format", "in": "path", "required": True, "description": "The format.",
        "schema": {"type": "string", "enum": list(FORMATS)},
    }  # fmt: skip
    parameters["withhold"] = {
        "name": "withhold", "in": "query", "description": "`1`: without what may harm somebody.",
        "schema": {"type": "string", "enum": ["0", "1"]},
    }  # fmt: skip
    parameters["place_name"] = {
        "name": "q",
        "in": "query",
        "description": "A name.",
        "schema": {**_WORDS, "maxLength": 100},
    }
    parameters["point"] = {
        "name": "near", "in": "query", "description": "Latitude and longitude.",
        "schema": {"type": "string", "pattern": f"^{','.join(POINT)}$"},
    }  # fmt: skip
    return {
        "schemas": schemas,
        "parameters": parameters,
        "headers": {"ETag": {"description": "Names this very answer.", "schema": {"type": "string"}}},
        "responses": {
            f"Problem{status}": {"description": told, "content": problem} for status, told in _PROBLEMS.items()
        },
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "A token made under Settings; its scopes are some of `read`, `decide`, `watch`.",
            }
        },
    }


_KINDS = ["accept", "correct", "reject", "comment", "assign", "state", "merge", "split", "move", "withhold", "undo"]
_TAGS = {
    "incidents": "Incidents: what claims tell of one event, put together.",
    "claims": "Claims: what one report says, with its words.",
    "feeds": "Feeds of what was added last.",
    "places": "The gazetteer.",
    "reading": "Reading reports of other programs.",
    "deciding": "Decisions of people.",
    "following": "Saved searches and webhooks.",
    "record": "The record as a whole.",
}


@cache
def described() -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Sijill",
                "version": version("sijill"),
                "summary": "The record of what is claimed of armed conflict, and by whom.",
                "description": "Who may see what is as on the pages. Errors are problems by RFC 9457.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/api/v1", "description": "The site that this document was got from."}],
            "tags": [{"name": name, "description": told} for name, told in _TAGS.items()],
            "paths": _paths(),
            "components": _components(),
        }
    )


@get("/openapi.json", role="nobody", sync_to_thread=False)
def document() -> Response[bytes]:
    """The document."""
    return Response(described(), media_type="application/json")
