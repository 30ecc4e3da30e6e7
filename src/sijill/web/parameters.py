"""What the API is asked by: every parameter with its schema, as the OpenAPI document names them."""

from __future__ import annotations

from typing import Any

from sijill.codebook import SOURCE_KINDS, TYPES
from sijill.export import FORMATS
from sijill.incidents.derive import RULES
from sijill.review.desk import STATES
from sijill.web.answers import MOST
from sijill.web.filters import BOX, LONGEST, NAMES, NEAR, POINT
from sijill.web.roles import LARGEST
from sijill.web.streams import MOST as MOST_STREAMED

_DAY = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
LETTER = r"[^\s\x1c-\x1f\x85]"
_WORDS = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": LETTER}
ASKED: dict[str, tuple[dict[str, Any], str]] = {
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
    "many": (
        {"type": "integer", "minimum": 1, "maximum": MOST_STREAMED, "default": MOST_STREAMED},
        "Items in one answer.",
    ),
    "after": (
        {"type": "string", "pattern": r"^[0-9]{1,9}\.[0-9]{1,15}$"},
        "The `next` of the answer before.",
    ),
    "rule": ({"type": "string", "enum": list(RULES), "default": "range"}, "How numbers are derived from claims."),
    "as_of": (_DAY, "As the record stood at the end of this day; not on the public view."),
}
"""Schemas and meanings by name; `many` is the `limit` of lists that are sent as they are looked up."""
STREAMED = (*NAMES, "many", "after", "as_of")


def parameters() -> dict[str, dict[str, Any]]:
    """The parameters of the document by the name under which operations refer to them."""
    found: dict[str, dict[str, Any]] = {
        name: {"name": name, "in": "query", "description": told, "schema": schema}
        for name, (schema, told) in ASKED.items()
    }
    found["many"]["name"] = "limit"
    found["number"] = {
        "name": "number", "in": "path", "required": True, "description": "The number.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST},
    }  # fmt: skip
    found["format"] = {
        "name": "format", "in": "path", "required": True, "description": "The format.",
        "schema": {"type": "string", "enum": list(FORMATS)},
    }  # fmt: skip
    found["withhold"] = {
        "name": "withhold", "in": "query", "description": "`1`: without what may harm somebody.",
        "schema": {"type": "string", "enum": ["0", "1"]},
    }  # fmt: skip
    found["place_name"] = {
        "name": "q",
        "in": "query",
        "description": "A name.",
        "schema": {**_WORDS, "maxLength": 100},
    }
    found["point"] = {
        "name": "near", "in": "query", "description": "Latitude and longitude.",
        "schema": {"type": "string", "pattern": f"^{','.join(POINT)}$"},
    }  # fmt: skip
    return found
