"""Fetching: one page from the web, when the user asks for it, within limits, and never from inside the network.

A name is resolved once; every address it gives must be public, and the connection goes to one of exactly these, so
that a name cannot point elsewhere a moment later. Every redirection is checked in the same way.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from sijill.capture.item import Item, Limits, over
from sijill.errors import InputError

_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 1 << 16
_PLAIN = "/%?:@!$&'()*+,;=~"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def fetch(url: str, limits: Limits) -> Item:
    """The page at an address. Raises `InputError` where it may not be, or cannot be, fetched."""
    deadline = time.monotonic() + limits.fetch_seconds
    at = url
    for _ in range(limits.redirects + 1):
        parts = _parts(at)
        connection = _connect(parts, limits, deadline)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", path, headers={"User-Agent": "sijill", "Accept-Encoding": "identity"})
            answer = connection.getresponse()
            target = answer.getheader("Location")
            if answer.status in _REDIRECTS and target:
                at = urljoin(at, target)
                continue
            if answer.status != 200:
                raise InputError(f"{at}: answered {answer.status} {answer.reason}")
            data = _body(answer, url, limits, deadline)
        except (OSError, http.client.HTTPException) as error:
            raise InputError(f"{at}: cannot be fetched: {error or type(error).__name__}") from error
        finally:
            connection.close()
        kind = answer.getheader("Content-Type")
        return Item(data=data, name=url, how="fetch", url=at, media_type=kind, headers=tuple(answer.getheaders()))
    raise over(url, "redirects", limits.redirects)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InputError(f"{url}: not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise InputError(f"{url}: not an address of the web (http:// or https://)")
    if any(ord(char) <= 32 or ord(char) > 126 for char in parts.path + parts.query):
        # Arabic in an address is written by percent signs on the wire.
        path, query = quote(parts.path, safe=_PLAIN), quote(parts.query, safe=_PLAIN)
        return parts._replace(path=path, query=query)
    return parts


def _body(answer: http.client.HTTPResponse, url: str, limits: Limits, deadline: float) -> bytes:
    parts, size = [], 0
    while part := answer.read1(_CHUNK):
        size += len(part)
        if size > limits.fetch_bytes:
            raise over(url, "fetch_bytes", limits.fetch_bytes)
        if time.monotonic() > deadline:
            raise over(url, "fetch_seconds", limits.fetch_seconds)
        parts.append(part)
    return b"".join(parts)


def _connect(parts: SplitResult, limits: Limits, deadline: float) -> http.client.HTTPConnection:
    """A connection to one of the addresses that were checked."""
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    addresses = public_addresses(host, port, limits.private_addresses)
    seconds = max(0.1, deadline - time.monotonic())
    try:
        plain = socket.create_connection((str(addresses[0]), port), timeout=seconds)
        connection = http.client.HTTPConnection(host, port, timeout=seconds)
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    except OSError as error:
        raise InputError(f"{parts.geturl()}: cannot be reached: {error}") from error
    return connection


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
