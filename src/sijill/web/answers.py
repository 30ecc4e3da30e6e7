"""How the API hears and answers: queries to the letter, answers with their ETag."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from litestar import Response

from sijill.errors import OptionError
from sijill.web.filters import NAMES
from sijill.web.render import Ask

MOST = 200
"""Items of a list in one answer."""
LIST = (*NAMES, "limit", "after", "as_of")
"""What every list takes."""


def strict(request: Ask, *names: str) -> dict[str, str]:
    """The query of an address: every name known, told once, and with a value. Raises `OptionError`."""
    told: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in names:
            raise OptionError(f"{name[:40]}: no such parameter; one of {', '.join(names) or 'none'}")
        if name in told:
            raise OptionError(f"{name}: told twice")
        if not str(value).strip():
            raise OptionError(f"{name}: without a value; leave it out")
        told[name] = str(value)
    return told


def limit_of(told: dict[str, str], usual: int = 50, most: int = MOST) -> int:
    """How many items are asked for."""
    limit = told.get("limit", str(usual))
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 8 and 0 < int(limit) <= most):
        raise OptionError(f"limit: {limit[:20]} is not a number from 1 to {most}")
    return int(limit)


def answer(request: Ask, told: Any, media_type: str = "application/json") -> Response[bytes]:
    """An answer with its ETag; 304 where the asker has it."""
    data = told if isinstance(told, bytes) else msgspec.json.encode(told)
    tag = tag_of(data)
    if is_held(request, tag):
        return Response(b"", status_code=304, headers={"etag": tag})
    return Response(data, media_type=media_type, headers={"etag": tag})


def tag_of(data: bytes) -> str:
    """The ETag that names this very answer, or what it is made of alone."""
    return f'"{hashlib.sha256(data).hexdigest()[:24]}"'


def is_held(request: Ask, tag: str) -> bool:
    """Whether the asker has the answer of this ETag."""
    held = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return tag in held or "*" in held
