"""Accounts from the browser: second factor, tokens, lock-out, limits, the log without people, what the public sees."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from litestar import Litestar

from sijill.arabic.fold import fold
from sijill.errors import OptionError
from sijill.web.accounts import Accounts
from sijill.web.app import create_app
from sijill.web.door import House
from sijill.web.kept import Kept
from sijill.web.roles import Safety
from web_house import MARK, PASSWORD, app_of, client_of, csrf_of, marked_record


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    made = Accounts(tmp_path)
    made.add("one", "reader", PASSWORD)
    return made


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Litestar]:
    folder = tmp_path_factory.mktemp("people")
    with marked_record(folder / "record") as record:
        yield app_of(record, folder, public=True)


def test_a_second_factor_is_asked_for_once_it_is_set_up(accounts: Accounts) -> None:
    secret = pyotp.random_base32()
    totp = pyotp.TOTP(secret)
    with pytest.raises(OptionError):
        accounts.set_second("one", secret, "000000" if totp.now() != "000000" else "111111")
    accounts.set_second("one", secret, totp.now())
    assert accounts.enter("one", PASSWORD) is None
    assert accounts.enter("one", PASSWORD, totp.now()) is None  # it opened once already
    later = totp.at(int(time.time()) + 30)
    assert accounts.enter("one", PASSWORD, later)
    assert accounts.enter("one", PASSWORD, later) is None
    accounts.drop_second("one")
    assert accounts.enter("one", PASSWORD)


def test_wrong_codes_lock_like_wrong_passwords(accounts: Accounts) -> None:
    secret = pyotp.random_base32()
    accounts.set_second("one", secret, pyotp.TOTP(secret).now())
    for _ in range(5):
        assert accounts.enter("one", PASSWORD, "12345") is None
    with pytest.raises(OptionError, match="quarter"):
        accounts.enter("one", PASSWORD, "12345")


def test_setting_up_a_second_factor_in_the_browser(app: Litestar) -> None:
    with client_of(app, "coder") as client:
        page = client.get("/settings").text
        secret = re.search(r'name="secret" value="(\w+)"', page)
        assert secret and 'src="data:image/svg+xml' in page
        form = {"csrf": csrf_of(client, "/settings"), "kind": "second", "secret": secret[1]}
        assert client.post("/settings/keys", data={**form, "code": "1"}).status_code == 400
        assert client.post("/settings/keys", data={**form, "code": pyotp.TOTP(secret[1]).now()}).status_code == 200
        assert app.state.house.accounts.has_second("coder")
        form = {"csrf": form["csrf"], "kind": "no-second", "password": "wrong", "code": "1"}
        assert client.post("/settings/keys", data=form).status_code == 400
    with client_of(app, "administrator") as client:
        form = {"csrf": csrf_of(client, "/settings"), "kind": "second", "name": "coder"}
        client.post("/settings/accounts", data=form)
        assert not app.state.house.accounts.has_second("coder")


def test_tokens_are_listed_and_revoked_by_their_owner(app: Litestar) -> None:
    with client_of(app, "reader") as client:
        csrf = csrf_of(client, "/settings")
        form = {"csrf": csrf, "kind": "token", "label": "my script", "scope-read": "1"}
        key = client.post("/settings/keys", data=form).text.split("<code>sijill_", 1)[1].split("<", 1)[0]
        assert "my script" in client.get("/settings").text
        client.post("/settings/keys", data={"csrf": csrf, "kind": "revoke", "label": "my script"})
        assert "my script" not in client.get("/settings").text
    with client_of(app) as client:
        told = client.get("/api/v1/claims", headers={"authorization": f"Bearer sijill_{key}"})
        assert told.status_code == 401


def test_an_administrator_cannot_remove_the_account_they_work_with(app: Litestar) -> None:
    with client_of(app, "administrator") as client:
        form = {"csrf": csrf_of(client, "/settings"), "kind": "remove", "name": "administrator"}
        assert client.post("/settings/accounts", data=form).status_code == 400
        assert client.get("/settings").status_code == 200


def test_what_is_withheld_is_chosen_piece_by_piece(app: Litestar) -> None:
    kept = app.state.house.kept
    with client_of(app) as client:

        def seen() -> str:
            return client.get("/incidents/1").text + client.get("/api/v1/incidents/1").text + client.get("/").text

        assert MARK not in seen() and fold(MARK) not in seen()
        for name, told in (("people", f"فلان {MARK}"), ("sources", f"شاهد {MARK}"), ("outlets", f"الراصد {MARK}"),
                           ("words", f"غارة على بيت {MARK}"), ("sites", "36.8061")):  # fmt: skip
            kept.set_safety(Safety(**{name: False}))
            page = re.sub(r"</?mark[^>]*>", "", seen())
            assert told in page, name
        kept.set_safety(Safety())
        assert MARK not in seen() and fold(MARK) not in seen()
        assert client.get("/reports/1", follow_redirects=False).headers["location"] == "/login"


def test_only_an_administrator_chooses_what_is_withheld(app: Litestar) -> None:
    with client_of(app, "reviewer") as client:
        form = {"csrf": csrf_of(client, "/settings")}
        assert client.post("/settings/safety", data=form).status_code == 403
    with client_of(app, "administrator") as client:
        form = {"csrf": csrf_of(client, "/settings"), **dict.fromkeys(Safety.__struct_fields__, "withhold")}
        assert client.post("/settings/safety", data=form).status_code == 200
        assert app.state.house.kept.safety() == Safety()


def test_who_asks_too_much_is_asked_to_wait(tmp_path: Path) -> None:
    with marked_record(tmp_path / "record") as record:
        app = create_app(House(record, None, "x", kept=Kept(tmp_path), per_minute=5))
        with client_of(app) as client:
            told = [client.get("/api/v1/version") for _ in range(7)]
            assert [answer.status_code for answer in told] == [200] * 5 + [429] * 2
            assert told[-1].headers["content-type"].startswith("application/problem+json")
            assert int(told[-1].headers["retry-after"]) > 0
            assert client.get("/static/site.css").status_code == 200


def test_the_access_log_tells_of_no_one(app: Litestar, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("sijill.access")
    log.setLevel(logging.INFO)
    try:
        with caplog.at_level(logging.INFO, "sijill.access"), client_of(app, "reviewer") as client:
            client.get(f"/search?q={MARK}", headers={"user-agent": "a browser"})
            client.get("/incidents/1")
    finally:
        log.setLevel(logging.NOTSET)
    lines = [record.getMessage() for record in caplog.records if record.name == "sijill.access"]
    assert [line.split(" ", 1)[1] for line in lines] == [
        "GET /search 200 reviewer",
        "GET /incidents/{number} 200 reviewer",
    ]
    assert all(word not in "".join(lines) for word in (MARK, "a browser", "testclient", "127.0.0.1"))


def test_words_of_the_team_are_kept_only_without_fault(app: Litestar) -> None:
    with client_of(app, "administrator") as client:
        csrf = csrf_of(client, "/settings/lexicon")
        form = {"csrf": csrf, "file": "weapons.csv"}
        header = client.get("/settings/lexicon?file=weapons.csv").text.split("spellcheck=", 1)[1].split(">", 1)[1]
        header = header.split("</textarea>", 1)[0].strip()
        bad = client.post("/settings/lexicon", data={**form, "text": f"{header}\nx"})
        assert "weapons.csv:2" in bad.text and not (app.state.house.folder / "lexicon/weapons.csv").exists()
        assert client.post("/settings/lexicon", data={**form, "file": "../x.csv", "text": "x"}).status_code == 400
        good = client.post("/settings/lexicon", data={**form, "text": f"{header}\n"})
        assert good.status_code == 200 and (app.state.house.folder / "lexicon/weapons.csv").exists()
        client.post("/settings/lexicon", data={**form, "text": ""})
        assert not (app.state.house.folder / "lexicon/weapons.csv").exists()
