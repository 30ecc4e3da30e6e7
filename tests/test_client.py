"""The Python client against a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sijill.client import ApiError, Client, verify
from sijill.web.courier import signature
from web_house import app_of, marked_record, served


@pytest.fixture(scope="module")
def sijill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("client")
    with marked_record(folder / "record") as record:
        app = app_of(record, folder)
        token = app.state.house.accounts.give_token("reviewer", "test", ("read", "decide", "watch"))
        with served(app) as address, Client(address, token) as client:
            yield client


def test_lists_are_walked_and_narrowed(sijill: Client) -> None:
    assert [one.id for one in sijill.incidents()] == ["i2", "i1"]
    assert [one.id for one in sijill.incidents(since="2018-05-01")] == ["i2"]
    assert len(list(sijill.incidents(limit=1))) == 1
    assert {claim.id for claim in sijill.claims()} == {"c1", "c2", "c3", "c4"}


def test_an_incident_under_a_rule(sijill: Client) -> None:
    told = sijill.incident(1, rule="low")
    assert told.incident.rule == "low" and len(told.claims) == 2
    assert sijill.claim(1).incident == "i1"


def test_what_did_not_change_is_not_sent_again(sijill: Client) -> None:
    first = sijill.incident(1)
    before = dict(sijill._known)
    assert sijill.incident(1) == first and sijill._known == before


def test_reading_and_places(sijill: Client) -> None:
    good, bad = sijill.read(["قتل ثلاثة مدنيين بقصف على دوما.", {"text": "x", "published": "never"}])
    assert good["schema"] == "sijill/report/1" and bad["status"] == 422
    assert any(place.country == "SY" for place in sijill.places("دمشق"))
    near = sijill.places_near(33.51, 36.29)
    assert near and all(abs(place.lat - 33.51) < 0.3 for place in near)


def test_deciding_and_following(sijill: Client) -> None:
    before = sijill.version()
    assert sijill.decide("comment", "i1", value="seen") > 0
    assert sijill.version() > before
    search = sijill.save_search("all", type="air-strike")
    assert sijill.searches() == [search] and search.filters["type"] == "air-strike"
    sijill.remove_search(search.id)
    assert sijill.searches() == [] == sijill.webhooks() == sijill.deliveries()


def test_a_refusal_tells_status_and_detail(sijill: Client) -> None:
    with pytest.raises(ApiError, match="i99") as caught:
        sijill.incident(99)
    assert caught.value.status == 404
    with pytest.raises(ApiError, match="token") as caught, Client(str(sijill._http.base_url)[:-8], "no") as stranger:
        stranger.version()
    assert caught.value.status == 401
    with pytest.raises(ApiError, match="cannot be asked"), Client("http://127.0.0.1:1") as nobody:
        nobody.version()


def test_signatures_are_checked() -> None:
    secret, body = bytes(range(32)), b'{"type": "incidents.changed"}'
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": "1000",
        "Webhook-Signature": f"v1,bm8= {signature(secret, 'msg_1', 1000, body)}",
    }
    assert verify(secret.hex(), headers, body, now=1100) == "msg_1"
    for key, told, now in ((secret, body + b" ", 1100), (bytes(32), body, 1100), (secret, body, 1400)):
        with pytest.raises(ValueError):
            verify(key.hex(), headers, told, now=now)
