"""Pages are fetched within limits, and never from inside the network unless that is allowed."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sijill.capture import fetch as fetching
from sijill.capture.fetch import fetch, public_addresses
from sijill.capture.inputs import inputs
from sijill.capture.item import Failure, Item, Limits
from sijill.errors import InputError

HERE = Limits(private_addresses=True)


class Site(BaseHTTPRequestHandler):
    """A small site with a page, redirections, and bad manners."""

    def do_GET(self) -> None:
        if self.path.startswith("/to"):
            self.send_response(302)
            self.send_header("Location", self.path[4:] if self.path.startswith("/to=") else "/to-again")
            self.end_headers()
        elif self.path == "/slow-head":
            for byte in b"HTTP/1.0 200 OK\r\nX: " + b"x" * 100:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.1)
        elif self.path == "/gone":
            self.send_error(404)
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self._body()

    def _body(self) -> None:
        if self.path == "/large":
            self.wfile.write(b"x" * 100_000)
        elif self.path == "/slow":
            for _ in range(40):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        else:
            self.wfile.write(f"<p>غارة {self.path}</p>".encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_comes_with_its_address_type_and_headers(site: str) -> None:
    item = fetch(f"{site}/page?a=1", HERE)
    assert item.data.decode() == "<p>غارة /page?a=1</p>"
    assert (item.url, item.media_type, item.how) == (f"{site}/page?a=1", "text/html; charset=utf-8", "fetch")
    assert any(name == "Date" for name, _ in item.headers)


def test_redirections_are_followed_and_the_last_address_told(site: str) -> None:
    assert fetch(f"{site}/to=/page", HERE).url == f"{site}/page"
    with pytest.raises(InputError, match="redirects"):
        fetch(f"{site}/to-again", HERE)


def test_limits_of_size_and_time(site: str) -> None:
    with pytest.raises(InputError, match="fetch_bytes"):
        fetch(f"{site}/large", Limits(private_addresses=True, fetch_bytes=1000))
    for path in ("slow", "slow-head"):
        began = time.monotonic()
        with pytest.raises(InputError, match="fetch_seconds"):
            fetch(f"{site}/{path}", Limits(private_addresses=True, fetch_seconds=1))
        assert time.monotonic() - began < 2.5, path


def test_errors_are_one_line(site: str) -> None:
    for url in (
        f"{site}/gone",
        "ftp://x/y",
        "http://",
        "http://[::1",
        "http://no-such-host.invalid/",
        "http://127.0.0.1:1/",
    ):
        with pytest.raises(InputError) as error:
            fetch(url, HERE)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.8",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "224.0.0.1",
        "2130706433",
        "0x7f.1",
    ],
)
def test_addresses_inside_the_network_are_refused(host: str) -> None:
    with pytest.raises(InputError, match=r"inside the network|no such host"):
        public_addresses(host, 80)


def test_public_addresses_are_allowed() -> None:
    assert [str(address) for address in public_addresses("93.184.216.34", 80)] == ["93.184.216.34"]


def test_a_name_with_one_address_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(InputError, match=r"10\.0\.0\.1"):
        public_addresses("both.example", 80)


def test_a_redirection_to_the_inside_is_refused(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(site.rsplit(":", 1)[1])
    real = fetching.public_addresses

    def pretend(host: str, at: int, private: bool = False) -> object:
        return real(host, at, private or at == port)  # the first stop is taken for a public one

    monkeypatch.setattr(fetching, "public_addresses", pretend)
    with pytest.raises(InputError, match="inside the network"):
        fetch(f"{site}/to=http://127.0.0.1:{port + 1}/secret", Limits())


def test_inputs_fetch_only_addresses(site: str) -> None:
    found = list(inputs([f"{site}/page"], HERE))
    assert isinstance(found[0], Item)
    refused = list(inputs([f"{site}/page"]))
    assert isinstance(refused[0], Failure) and "inside the network" in refused[0].reason
