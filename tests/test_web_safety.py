"""Who gets in, and what leaves the house."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from sijill.arabic.fold import fold
from sijill.web.accounts import Accounts, LockedError
from sijill.web.door import SESSION
from web_house import MARK, PASSWORD, ROLES, app_of, client_of, csrf_of, marked_record

ORDER = ("nobody", "public", *ROLES)


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Litestar]]:
    folder = tmp_path_factory.mktemp("house")
    with marked_record(folder / "record") as record:
        yield {"public": app_of(record, folder, public=True), "closed": app_of(record, folder)}


def _gets(app: Litestar) -> list[tuple[str, str]]:
    """Every address that can be got, for an incident that is final (1) and one that is not (2), and who may."""
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if "GET" not in handler.http_methods or route.path in ("/events", "/static/{file_path:path}"):
                continue
            for number in "12":
                path = re.sub(r"\{\w+:int\}", number, route.path)
                path = path.replace("{kind:str}", "parties").replace("{name:path}", "russia")
                found.append((path, str(handler.opt.get("role", "administrator"))))
    assert len(found) > 40
    return found


_QUERIES = ("", f"?q={MARK}", f"?place={MARK}", f"?source={MARK}", f"?incident=2&party=فلان {MARK}", "?rule=best")


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_route_lets_in_whom_it_may(apps: dict[str, Litestar], role: str | None) -> None:
    with client_of(apps["public"], role) as client:
        rank = ORDER.index(role or "public")
        for path, needed in _gets(apps["public"]):
            if needed in ORDER:
                answer = client.get(path, follow_redirects=False)
                shut = answer.status_code in (401, 403) or answer.headers.get("location") == "/login"
                assert shut == (rank < ORDER.index(needed)), (path, needed, answer.status_code)
                assert answer.status_code < 500, path


def test_public_sees_no_marked_word_anywhere(apps: dict[str, Litestar]) -> None:
    with client_of(apps["public"]) as client:
        seen = 0
        for path, _ in _gets(apps["public"]):
            for query in _QUERIES:
                answer = client.get(path + query, follow_redirects=False)
                told = answer.text.replace(query[1:], "")
                # What was typed into a filter comes back in its field; nothing else may hold the mark.
                told = re.sub(r'<ul class="chips">.*?</ul>', "", told)
                told = re.sub(
                    r'<input name="\w+" value="[^"]*"|href="[^"]*"|(data-map|data-rows|hx-get)="[^"]*"', "", told
                )
                told = re.sub(r'"feed_url":"[^"]*"', "", told)
                assert MARK not in told and fold(MARK) not in told, path + query
                assert "36.8061" not in told, path + query
                seen += answer.status_code == 200
        assert seen > 60


def test_public_sees_what_is_final_and_nothing_else(apps: dict[str, Litestar]) -> None:
    with client_of(apps["public"]) as client:
        assert "Withheld" not in client.get("/incidents/1").text
        assert "withheld" in client.get("/incidents/1").text
        assert client.get("/incidents/2").status_code == 404
        assert [one["id"] for one in client.get("/api/v1/incidents").json()["items"]] == ["i1"]
        # A filter tells nothing that the page does not.
        assert client.get(f"/api/v1/incidents?party=فلان {MARK}").json()["items"] == []
        assert [one["id"] for one in client.get("/api/v1/incidents?party=russia").json()["items"]] == ["i1"]


def test_reader_sees_the_marked_words(apps: dict[str, Litestar]) -> None:
    with client_of(apps["public"], "reader") as client:
        assert all(MARK in client.get(path).text for path in ("/incidents/1", "/incidents/2", "/reports/1"))


def test_without_public_view_a_stranger_sees_the_door_only(apps: dict[str, Litestar]) -> None:
    with client_of(apps["closed"]) as client:
        assert client.get("/", follow_redirects=False).headers["location"] == "/login"
        assert client.get("/api/v1/incidents").status_code == 401
        assert client.get("/login").status_code == 200


def test_coder_may_comment_but_not_merge(apps: dict[str, Litestar]) -> None:
    with client_of(apps["public"], "coder") as client:
        form = {"csrf": csrf_of(client, "/incidents/2"), "value": "i1"}
        assert client.post("/incidents/2/decide", data={**form, "kind": "merge"}).status_code == 403
        assert client.post("/incidents/2/decide", data={**form, "kind": "comment"}).status_code == 200


def test_no_change_without_the_token_of_the_page_or_from_another_site(apps: dict[str, Litestar]) -> None:
    with client_of(apps["public"], "reviewer") as client:
        form = {"kind": "comment", "value": "x", "csrf": csrf_of(client, "/incidents/2")}
        assert client.post("/incidents/2/decide", data={**form, "csrf": "0"}).status_code == 403
        for header in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            assert client.post("/incidents/2/decide", data=form, headers=header).status_code == 403
        assert client.post("/incidents/2/decide", data=form, headers={"origin": "https://site.example"}).is_success


def test_headers_stand_on_every_answer(apps: dict[str, Litestar]) -> None:
    with client_of(apps["public"]) as client:
        for path in ("/", "/nowhere", "/api/v1/incidents", "/static/site.css", "/login"):
            headers = client.get(path).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"


def test_signing_in_gives_a_guarded_cookie(apps: dict[str, Litestar]) -> None:
    with client_of(apps["public"]) as client:
        form = {"name": "coder", "password": PASSWORD, "csrf": csrf_of(client, "/login")}
        assert client.post("/login", data={**form, "password": "wrong"}).status_code == 401
        told = client.post("/login", data=form, follow_redirects=False)
        cookie = told.headers["set-cookie"]
        assert SESSION in cookie and all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=strict"))


def test_an_account_locks_after_wrong_passwords(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    accounts.add("one", "reader", PASSWORD)
    assert accounts.enter("one", PASSWORD)
    for _ in range(5):
        assert accounts.enter("one", "wrong") is None
    with pytest.raises(LockedError):
        accounts.enter("one", PASSWORD)
    assert PASSWORD.encode() not in (tmp_path / "accounts.db").read_bytes()


def test_a_token_may_only_what_it_holds(apps: dict[str, Litestar]) -> None:
    accounts = apps["public"].state.house.accounts
    key = accounts.give_token("reviewer", "script", ("read",))
    with client_of(apps["public"]) as client:
        bearer = {"authorization": f"Bearer {key}"}
        assert client.get("/api/v1/claims", headers=bearer).status_code == 200
        decision = {"kind": "comment", "target": "i1", "value": "x"}
        assert client.post("/api/v1/decisions", json=decision, headers=bearer).status_code == 403
        assert client.get("/search", headers=bearer).status_code == 403
        assert client.get("/api/v1/claims", headers={"authorization": "Bearer no"}).status_code == 401


def test_an_administrator_makes_a_token_that_works(apps: dict[str, Litestar]) -> None:
    with client_of(apps["public"], "administrator") as client:
        scopes = {"scope-read": "1", "scope-decide": "1"}
        form = {"csrf": csrf_of(client, "/settings"), "kind": "token", "label": "script", **scopes}
        page = client.post("/settings/keys", data=form).text
        key = page.split("<code>", 1)[1].split("<", 1)[0]
    with client_of(apps["public"]) as client:
        decision = {"kind": "comment", "target": "i1", "value": "x"}
        answer = client.post("/api/v1/decisions", json=decision, headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == 201


def test_the_server_ends_at_once_though_readers_wait_for_news(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "sijill"
    with marked_record(tmp_path / "record"):
        pass
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = [
        program,
        "serve",
        "-r",
        str(tmp_path / "record"),
        "--port",
        str(port),
        "--access-log",
        str(tmp_path / "log"),
    ]
    server = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout and f":{port}/" in server.stdout.readline()
    until = time.monotonic() + 20
    while True:
        try:
            with httpx.stream("GET", f"http://127.0.0.1:{port}/events") as news:
                lines = news.iter_lines()
                assert "version" in next(lines)
                begun = time.monotonic()
                server.send_signal(signal.SIGINT)
                assert sum(1 for _ in lines) < 20
            break
        except httpx.ConnectError:
            assert time.monotonic() < until and server.poll() is None
            time.sleep(0.1)
    told = server.communicate(timeout=10)
    assert server.returncode == 0 and told[1] == "" and time.monotonic() - begun < 6
    assert re.fullmatch(r"\S+Z GET /events 200 administrator\n", (tmp_path / "log").read_text())
