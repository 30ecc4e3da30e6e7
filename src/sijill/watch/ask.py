"""Asking: one conditional request, with what was answered told whole."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

import msgspec

from sijill.capture.fetch import AGENT as AGENT
from sijill.capture.fetch import request
from sijill.capture.item import Limits


class Answer(msgspec.Struct, frozen=True):
    """What a server answered. `retry_after` is in seconds, where it says so."""

    status: int
    url: str
    data: bytes = b""
    media_type: str | None = None
    etag: str | None = None
    modified: str | None = None
    retry_after: float | None = None
    headers: tuple[tuple[str, str], ...] = ()


def ask(url: str, limits: Limits, *, etag: str | None = None, modified: str | None = None) -> Answer:
    """Get an address if it changed since. Raises `InputError` where it may not, or cannot, be reached."""
    since = ({"If-None-Match": etag} if etag else {}) | ({"If-Modified-Since": modified} if modified else {})
    answer = request(url, limits, since)
    return Answer(
        status=answer.status,
        url=answer.url,
        data=answer.data,
        media_type=answer.header("Content-Type"),
        etag=answer.header("ETag"),
        modified=answer.header("Last-Modified"),
        retry_after=_seconds(answer.header("Retry-After")),
        headers=answer.headers,
    )


def _seconds(told: str | None) -> float | None:
    if told is None:
        return None
    if told.strip().isdecimal():
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
