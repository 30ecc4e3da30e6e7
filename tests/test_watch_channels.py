"""Channels are read by the user's own keys: against a client that answers as Telethon's does, with its own types."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from telethon import errors, types

from sijill.cli.watch import watch as command
from sijill.errors import OptionError
from sijill.record import Record
from sijill.watch import Feed, Watcher, Watching, channels
from sijill.watch.channels import Telegram
from sijill.watch.state import State

STORY = "قُتل ثلاثة مدنيين يوم الأحد 4 آذار 2018 جراء غارة جوية روسية على مدينة سراقب بريف إدلب"
HOUR = 3600.0


def message(number: int, text: str, views: int = 1) -> types.Message:
    when = dt.datetime(2018, 3, 4, 12, number % 60, tzinfo=dt.UTC)
    return types.Message(id=number, peer_id=types.PeerChannel(77), date=when, message=text, views=views)


class Client:
    """What a channel holds, and what was asked of it. One for all sessions."""

    def __init__(self) -> None:
        self.messages: dict[int, types.Message] = {}
        self.authorized = True
        self.raises: Exception | None = None
        self.asked: list[dict[str, Any]] = []
        self.keys: tuple[Any, ...] = ()

    def __call__(self, *keys: Any, **_: Any) -> Client:
        self.keys = keys
        return self

    def put(self, *found: types.Message) -> None:
        self.messages |= {one.id: one for one in found}

    async def connect(self) -> None:
        Path(self.keys[0]).write_text("key")

    async def disconnect(self) -> None:
        pass

    async def is_user_authorized(self) -> bool:
        return self.authorized

    async def start(self, phone: Any, code_callback: Any, password: Any) -> None:
        self.authorized = (phone(), code_callback()) == ("+1", "22")

    async def get_me(self) -> types.User:
        return types.User(id=1, username="salma")

    async def get_messages(
        self, channel: str, limit: int | None = None, min_id: int = 0, reverse: bool = False, ids: Any = None
    ) -> list[types.Message | None]:
        assert channel == "@news"
        self.asked.append({"min_id": min_id, "ids": ids})
        if self.raises:
            raise self.raises
        if ids is not None:
            return [self.messages.get(number) for number in ids]
        found = sorted((one for one in self.messages.values() if one.id > min_id), key=lambda one: one.id)
        return (found if reverse else found[::-1])[:limit]  # type: ignore[return-value]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("SIJILL_TELEGRAM_ID", "7")
    monkeypatch.setenv("SIJILL_TELEGRAM_HASH", "secret")
    made = Client()
    monkeypatch.setattr(channels, "_telethon", lambda: made)
    return made


class Bench:
    """A record, a state and a clock to watch with."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, 1_700_000_000.0
        self.record, self.state = Record.init(folder / "record"), State(folder / "watch.db")
        self.watcher = self.started()

    def started(self, most: int = 50) -> Watcher:
        feed = Feed("شبكة", kind="channel", channel="@news", every_minutes=1)
        watching = Watching(feed=(feed,), pages_per_round=most)
        account = Telegram(self.folder / "telegram.session")
        return Watcher(self.record, watching, self.state, clock=lambda: self.now, account=lambda: account)

    def addresses(self) -> list[str]:
        from sqlalchemy import select

        from sijill.record.schema import arrivals

        with self.record.reading() as connection:
            return list(connection.execute(select(arrivals.c.address).order_by(arrivals.c.id)).scalars())


@pytest.fixture
def bench(client: Client, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.watcher.close()
    made.state.close()
    made.record.close()


def test_messages_are_captured_once_and_new_ones_as_they_come(bench: Bench, client: Client) -> None:
    client.put(message(1, STORY), message(2, ""), message(3, f"{STORY} عاجل"))
    assert bench.watcher.round()[0].captured == 2
    assert bench.addresses() == ["https://t.me/news/1", "https://t.me/news/3"]
    assert bench.record.counts()["claims"] >= 1
    client.put(message(4, "قصف مدفعي على مدينة دوما يوم 5 آذار 2018"))
    bench.now += 121
    assert bench.watcher.round()[0].captured == 1
    assert client.asked[-1]["min_id"] == 3
    bench.now += 121
    again = bench.started()  # the program was killed and started again
    assert again.round()[0].captured == 0
    again.close()
    with bench.record.reading() as connection:
        item = bench.record.item(connection, 1)
    assert json.loads(item.data)["id"] == 1 and item.published == "2018-03-04T12:01:00+00:00"


def test_of_many_new_messages_none_is_passed_over(bench: Bench, client: Client) -> None:
    client.put(message(1, STORY))
    watcher = bench.started(most=2)
    watcher.round()
    client.put(*[message(n, f"{STORY} {n}") for n in range(2, 7)])
    for captured in (2, 2, 1):
        bench.now += 121
        assert watcher.round()[0].captured == captured
    assert len(bench.addresses()) == 6
    watcher.close()


def test_an_edit_is_captured_and_shown_and_a_deletion_told(bench: Bench, client: Client) -> None:
    client.put(message(1, STORY), message(2, f"{STORY} ثانية"))
    bench.watcher.round()
    client.put(message(1, STORY, views=900))
    bench.now += HOUR + 1
    assert bench.watcher.round()[0].unchanged == 2  # only its counter moved
    client.put(message(1, STORY.replace("ثلاثة", "أربعة")))
    del client.messages[2]
    bench.now += 6 * HOUR
    done = bench.watcher.round()[0]
    assert (done.changed, done.gone, bench.record.counts()["captures"]) == (1, 1, 3)
    assert ["أربعة" in change.diff for change in bench.state.changes() if change.kind == "changed"] == [True]


def test_what_telegram_refuses_is_told_in_one_line(bench: Bench, client: Client) -> None:
    client.raises = errors.FloodWaitError(request=None, capture=7200)
    assert "wait" in bench.watcher.round()[0].failures[0]
    assert bench.state.health("شبكة").next == bench.now + 7200
    for raised, said in (
        (errors.ChannelPrivateError(request=None), "private"),
        (ValueError("No user has that\nname"), "No user has that"),
        (ConnectionError("down"), "cannot be reached"),
    ):
        client.raises, bench.now = raised, bench.now + 10 * 24 * HOUR
        told = bench.watcher.round()[0].failures
        assert len(told) == 1 and said in told[0] and "\n" not in told[0]
    client.raises, client.authorized, bench.now = None, False, bench.now + 10 * 24 * HOUR
    assert "--sign-in" in bench.watcher.round()[0].failures[0]


def test_the_session_is_its_owners_alone_and_the_keys_stay_in_the_environment(
    bench: Bench, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.keys == (str(tmp_path / "telegram.session"), 7, "secret")
    assert (tmp_path / "telegram.session").stat().st_mode & 0o077 == 0
    assert b"secret" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    monkeypatch.delenv("SIJILL_TELEGRAM_HASH")
    with pytest.raises(OptionError, match="SIJILL_TELEGRAM_HASH"):
        Telegram(tmp_path / "other.session")


def test_signing_in_and_watching_by_command(client: Client, tmp_path: Path) -> None:
    client.authorized = False
    client.put(message(1, STORY))
    Record.init(tmp_path / "record").close()
    feeds = tmp_path / "feeds.toml"
    feeds.write_text('[[feed]]\nname = "n"\nkind = "channel"\nchannel = "@news"\n')
    options = [str(feeds), "-r", str(tmp_path / "record")]
    told = CliRunner().invoke(command, [*options, "--once"])
    assert told.exit_code == 1 and "--sign-in" in told.stderr
    told = CliRunner().invoke(command, [*options, "--sign-in"], input="+1\n22\n")
    assert told.exit_code == 0 and "signed in as salma" in told.output
    feeds.write_text('[[feed]]\nname = "m"\nkind = "channel"\nchannel = "@news"\n')
    assert "1 captured" in CliRunner().invoke(command, [*options, "--once"]).output
