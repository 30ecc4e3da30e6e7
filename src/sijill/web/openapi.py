"""The OpenAPI document of the API, at `/api/v1/openapi.json`; its schemas are taken from the types."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec
from litestar import Response, get

from sijill.review.desk import KINDS
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
from sijill.web.operations import paths
from sijill.web.parameters import ASKED, LETTER, parameters
from sijill.web.roles import LARGEST
from sijill.web.shapes import ClaimShown, Slice

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


def _components() -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components(
        [Slice, IncidentOut, ClaimsOut, ClaimShown, PlaceOut, ReportIn, DecisionIn, DecisionOut, SearchIn, HookIn,
         HookOut, Search, Hook, Delivery, VersionOut],
        ref_template="#/components/schemas/{name}",
    )  # fmt: skip
    schemas["DecisionIn"]["properties"]["kind"]["enum"] = list(KINDS)
    schemas["DecisionIn"]["properties"]["target"]["pattern"] = "^[cir][1-9][0-9]{0,8}$"
    schemas["SearchIn"]["properties"]["name"] |= {"minLength": 1, "maxLength": 100, "pattern": LETTER}
    filters: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: ASKED[name][0] for name in NAMES if name != "killed"},
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
    return {
        "schemas": schemas,
        "parameters": parameters(),
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
            "paths": paths(),
            "components": _components(),
        }
    )


@get("/openapi.json", role="nobody", sync_to_thread=False)
def document() -> Response[bytes]:
    """The document."""
    return Response(described(), media_type="application/json")
