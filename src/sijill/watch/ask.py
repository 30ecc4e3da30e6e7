"""Asking: one conditional request, within limits, never into the network, with what was answered told whole."""

from __future__ import annotations

import gzip
import http.client
import io
import socket
import ssl
import time
import zlib
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import msgspec

from sijill.capture.fetch import public_addresses
from sijill.capture.item import Limits, over
from sijill.errors import InputError

AGENT = "sijill"
_CHUNK = 1 << 16
_PLAIN = "/%?:@!$&'()*+,;=~"
_REDIRECTS = {301, 302, 303, 307, 308}


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
    deadline = time.monotonic() + limits.fetch_seconds
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    at = url
    for _ in range(limits.redirects + 1):
        parts = _parts(at)
        connection = _connect(parts, limits, deadline)
        try:
            connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=headers)
            answer = connection.getresponse()
            target = answer.getheader("Location")
            if answer.status in _REDIRECTS and target:
                at = urljoin(at, target)
                continue
            data = _body(answer, url, limits, deadline) if answer.status == 200 else b""
        except (OSError, http.client.HTTPException, zlib.error, EOFError) as error:
            raise InputError(f"{at}: cannot be fetched: {error or type(error).__name__}") from error
        finally:
            connection.close()
        return Answer(
            status=answer.status,
            url=at,
            data=data,
            media_type=answer.getheader("Content-Type"),
            etag=answer.getheader("ETag"),
            modified=answer.getheader("Last-Modified"),
            retry_after=_seconds(answer.getheader("Retry-After")),
            headers=tuple(answer.getheaders()),
        )
    raise over(url, "redirects", limits.redirects)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InputError(f"{url}: not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise InputError(f"{url}: not an address of the web (http:// or https://)")
    return parts._replace(path=quote(parts.path, safe=_PLAIN), query=quote(parts.query, safe=_PLAIN))


def _connect(parts: SplitResult, limits: Limits, deadline: float) -> http.client.HTTPConnection:
    """A connection to an address that was checked, so that a name cannot point elsewhere a moment later."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = public_addresses(host, port, limits.private_addresses)[0]
    seconds = max(0.1, deadline - time.monotonic())
    try:
        plain = socket.create_connection((str(address), port), timeout=seconds)
        connection = http.client.HTTPConnection(host, port, timeout=seconds)
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    except OSError as error:
        raise InputError(f"{parts.geturl()}: cannot be reached: {error}") from error
    return connection


def _body(answer: http.client.HTTPResponse, url: str, limits: Limits, deadline: float) -> bytes:
    parts, size = [], 0
    while part := answer.read1(_CHUNK):
        size += len(part)
        if size > limits.fetch_bytes:
            raise over(url, "fetch_bytes", limits.fetch_bytes)
        if time.monotonic() > deadline:
            raise over(url, "fetch_seconds", limits.fetch_seconds)
        parts.append(part)
    data = b"".join(parts)
    # Some servers squeeze what was asked for plain; a bomb ends at the limit.
    if (answer.getheader("Content-Encoding") or "").lower() in ("gzip", "x-gzip"):
        with gzip.open(io.BytesIO(data)) as file:
            data = file.read(limits.fetch_bytes + 1)
        if len(data) > limits.fetch_bytes:
            raise over(url, "fetch_bytes", limits.fetch_bytes)
    return data


def _seconds(told: str | None) -> float | None:
    if told is None:
        return None
    if told.strip().isdecimal():
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
