"""Webhooks: signed, retried, logged, told of what is new and of nothing else, and kept out of the network inside."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from claims_builder import READ, Maker, item
from sijill.client import verify
from sijill.errors import OptionError
from sijill.record import Record
from sijill.web.courier import Courier, checked_url
from sijill.web.door import House
from sijill.web.filters import Filters
from sijill.web.kept import Kept


class Listener(HTTPServer):
    """Takes messages, and answers with `status`."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((dict(self.headers.items()), body))
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Record.init(tmp_path / "record") as record:
        record.add([_told("الراصد", "سراقب", "air-strike", "2018-03-04")], read=READ)
        yield House(record, None, "tester", kept=Kept(tmp_path), folder=tmp_path)


def _told(outlet: str, place: str, type_: str, day: str) -> Any:
    maker = Maker(outlet, day).claim(f"حدث في {place} {outlet}", type=type_, date=day, places=(place,))
    return item(maker.report(f"http://{outlet}.example/"), url=f"http://{outlet}.example/")


def _courier(house: House, listener: Listener, filters: Filters) -> tuple[Courier, str]:
    assert house.kept
    search = house.kept.add_search("tester", "غارات", filters)
    url = f"http://127.0.0.1:{listener.server_port}/hook"
    _, secret = house.kept.add_hook(search, url, house.record.clock())
    return Courier(house, house.kept), secret


def test_what_is_new_in_a_search_is_told_signed_and_once(house: House, listener: Listener) -> None:
    courier, secret = _courier(house, listener, Filters(type="air-strike"))
    house.record.add([_told("الشهباء", "بنش", "air-strike", "2018-05-01")], read=READ)
    house.record.add([_told("الميدان", "دوما", "arrest", "2018-05-02")], read=READ)
    courier.look()
    courier.look()
    assert courier.send(time.time()) == 1 and courier.send(time.time()) == 0
    headers, body = listener.got[0]
    assert len(listener.got) == 1 and verify(secret, headers, body)
    told = msgspec.json.decode(body)
    assert told["type"] == "incidents.changed" and told["data"]["search"]["name"] == "غارات"
    assert [one["first"] for one in told["data"]["incidents"]] == ["2018-05-01"]


def test_a_message_that_is_not_taken_is_sent_again_later_under_the_same_name(house: House, listener: Listener) -> None:
    courier, _ = _courier(house, listener, Filters())
    house.record.add([_told("الشهباء", "بنش", "air-strike", "2018-05-01")], read=READ)
    courier.look()
    listener.status = 500
    now = time.time()
    assert courier.send(now) == 0
    assert courier.send(now + 4) == 0 and len(listener.got) == 1
    listener.status = 204
    assert courier.send(now + 6) == 1
    assert listener.got[0][0]["webhook-id"] == listener.got[1][0]["webhook-id"]
    assert house.kept
    (delivery,) = house.kept.deliveries("tester")
    assert (delivery.tries, delivery.answer, delivery.due) == (2, "204", None)


def test_in_the_end_it_gives_up(house: House, listener: Listener) -> None:
    courier, _ = _courier(house, listener, Filters())
    house.record.add([_told("الشهباء", "بنش", "air-strike", "2018-05-01")], read=READ)
    courier.look()
    listener.status = 503
    now = time.time()
    for _ in range(20):
        now += 100_000
        courier.send(now)
    assert house.kept
    (delivery,) = house.kept.deliveries("tester")
    assert delivery.due is None and delivery.answer == "503" and len(listener.got) == delivery.tries == 11


def test_a_listener_that_is_gone_is_noted(house: House, listener: Listener) -> None:
    courier, _ = _courier(house, listener, Filters())
    house.record.add([_told("الشهباء", "بنش", "air-strike", "2018-05-01")], read=READ)
    courier.look()
    listener.socket.close()
    assert courier.send(time.time()) == 0
    assert house.kept and "Connect" in house.kept.deliveries("tester")[0].answer


def test_the_courier_runs_by_itself_and_ends(house: House, listener: Listener) -> None:
    courier, _ = _courier(house, listener, Filters())
    courier.start()
    house.record.add([_told("الشهباء", "بنش", "air-strike", "2018-05-01")], read=READ)
    until = time.monotonic() + 20
    while not listener.got and time.monotonic() < until:
        time.sleep(0.1)
    courier.stop()
    assert len(listener.got) == 1


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "https://u:p@1.1.1.1/",
     "ftp://1.1.1.1/", "https://10.0.0.1/x", "https:///x", "https://1.1.1.1/#x"],
)  # fmt: skip
def test_addresses_inside_are_refused(url: str) -> None:
    with pytest.raises(OptionError, match="url"):
        checked_url(url, private=False)


def test_public_addresses_and_loopback_for_one_person_are_taken() -> None:
    assert checked_url("https://1.1.1.1/hook", private=False)
    assert checked_url("http://127.0.0.1:8000/hook", private=True)
