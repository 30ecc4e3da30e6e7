"""Fetching: one page from the web, when the user asks for it, within limits, and never from inside the network.

A name is resolved once; every address it gives must be public, and the connection goes to one of exactly these, so
that a name cannot point elsewhere a moment later. Every redirection is checked in the same way.
"""

from __future__ import annotations

import gzip
import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import msgspec

from sijill.capture.item import Item, Limits, over
from sijill.errors import InputError

AGENT = "sijill"
_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 1 << 16
_PLAIN = "/%?:@!$&'()*+,;=~"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Answer(msgspec.Struct, frozen=True):
    """What a server answered in the end. `data` is empty unless `status` is 200."""

    status: int
    reason: str
    url: str
    data: bytes
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        """The first header of a name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def fetch(url: str, limits: Limits) -> Item:
    """The page at an address. Raises `InputError` where it may not be, or cannot be, fetched."""
    answer = request(url, limits)
    if answer.status != 200:
        raise InputError(f"{answer.url}: answered {answer.status} {answer.reason}")
    kind = answer.header("Content-Type")
    return Item(data=answer.data, name=url, how="fetch", url=answer.url, media_type=kind, headers=answer.headers)


def request(url: str, limits: Limits, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Answer:
    """Ask for an address (with a `body`: post it there), following redirections. Raises `InputError`."""
    deadline = time.monotonic() + limits.fetch_seconds
    told = {"User-Agent": AGENT, "Accept-Encoding": "identity", **(headers or {})}
    at = url
    for _ in range(limits.redirects + 1):
        parts = _parts(at)
        with _connection(parts, limits, deadline) as connection:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET" if body is None else "POST", path, body, headers=told)
            answer = connection.getresponse()
            target = answer.getheader("Location")
            if answer.status in _REDIRECTS and target:
                at = urljoin(at, target)
                continue
            data = _body(answer, url, limits) if answer.status == 200 else b""
        return Answer(answer.status, answer.reason, at, data, tuple(answer.getheaders()))
    raise over(url, "redirects", limits.redirects)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InputError(f"{url}: not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise InputError(f"{url}: not an address of the web (http:// or https://)")
    # Arabic in an address is written by percent signs on the wire.
    return parts._replace(path=quote(parts.path, safe=_PLAIN), query=quote(parts.query, safe=_PLAIN))


def _body(answer: http.client.HTTPResponse, url: str, limits: Limits) -> bytes:
    parts, size = [], 0
    while part := answer.read1(_CHUNK):
        size += len(part)
        if size > limits.fetch_bytes:
            raise over(url, "fetch_bytes", limits.fetch_bytes)
        parts.append(part)
    data = b"".join(parts)
    # Some servers squeeze what was asked for plain; a bomb ends at the limit.
    if (answer.getheader("Content-Encoding") or "").lower() in ("gzip", "x-gzip"):
        with gzip.open(io.BytesIO(data)) as file:
            data = file.read(limits.fetch_bytes + 1)
        if len(data) > limits.fetch_bytes:
            raise over(url, "fetch_bytes", limits.fetch_bytes)
    return data


@contextmanager
def _connection(parts: SplitResult, limits: Limits, deadline: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to an address that was checked, cut off at the deadline however slowly the other side talks."""
    late = threading.Event()
    connection = _connect(parts, limits, deadline)

    sock = connection.sock  # the connection lets go of it when the answer says "close", and reads on

    def cut() -> None:
        late.set()
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield connection
        if late.is_set():  # what ends too early looks whole where no length was told
            raise over(parts.geturl(), "fetch_seconds", limits.fetch_seconds)
    except (OSError, http.client.HTTPException, zlib.error, EOFError) as error:
        if late.is_set():
            raise over(parts.geturl(), "fetch_seconds", limits.fetch_seconds) from error
        raise InputError(f"{parts.geturl()}: cannot be fetched: {error or type(error).__name__}") from error
    finally:
        timer.cancel()
        connection.close()


def _connect(parts: SplitResult, limits: Limits, deadline: float) -> http.client.HTTPConnection:
    """Connected to the first of the addresses that answers."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    error: OSError = OSError("no address")
    for address in public_addresses(host, port, limits.private_addresses):
        seconds = max(0.1, deadline - time.monotonic())
        try:
            plain = socket.create_connection((str(address), port), timeout=seconds)
            connection = http.client.HTTPConnection(host, port, timeout=seconds)
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
            return connection
        except OSError as failed:
            error = failed
    raise InputError(f"{parts.geturl()}: cannot be reached: {error}") from error


def public_addresses(host: str, port: int, private: bool = False) -> list[Address]:
    """The addresses of a name, all of them public unless `private` ones may be. Raises `InputError`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"{host}: no such host") from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    for address in addresses:
        if not private and not _public(address):
            raise InputError(f"{host}: is {address}, an address inside the network (private_addresses)")
    return addresses


def _public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return False
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return _public(inner)
    return address.is_global and not address.is_multicast
