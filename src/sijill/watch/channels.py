"""Channels of Telegram, read live by the user's own keys, through Telethon.

The keys (https://my.telegram.org) come from the environment and are written nowhere. What signing in gives is kept in a
session file that only its owner may read: whoever holds it is that account.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from sijill.errors import InputError, OptionError

_ID, _HASH = "SIJILL_TELEGRAM_ID", "SIJILL_TELEGRAM_HASH"
_SECONDS = 120
Given = TypeVar("Given")


class Post(msgspec.Struct, frozen=True):
    """A message of a channel. `data` is the whole message as JSON; `published` ISO 8601."""

    number: int
    text: str
    published: str
    data: bytes


class WaitError(InputError):
    """Telegram asks to be left alone for so many seconds."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Account(Protocol):
    """An account that may read channels."""

    def new(self, channel: str, after: int, most: int) -> list[Post]:
        """Messages after a number, the oldest first; where it is 0, the newest ones."""

    def again(self, channel: str, numbers: list[int]) -> list[Post | None]:
        """Messages by number; None where one is gone."""

    def close(self) -> None:
        """Let go of the connection."""


class Telegram:
    """An account at Telegram. `make` gives the client for a session, an id and a hash."""

    def __init__(self, session: Path, make: Callable[..., Any] | None = None) -> None:
        self._session = session
        make, errors = (make or _telethon()), _errors()
        self._wait, self._refusals = errors
        number, secret = os.environ.get(_ID, ""), os.environ.get(_HASH, "")
        if not number.isdecimal() or not secret:
            raise OptionError(f"channels need your own keys from https://my.telegram.org in {_ID} and {_HASH}")
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._client = self._run(self._made(make, int(number), secret))

    async def _made(self, make: Callable[..., Any], number: int, secret: str) -> Any:
        old = os.umask(0o077)  # the session is as good as a password
        try:
            client = make(str(self._session), number, secret, receive_updates=False)
            await client.connect()
        finally:
            os.umask(old)
        return client

    def sign_in(self, ask: Callable[[str], str]) -> str:
        """Sign in by phone number, code and, where one is set, password; returns who signed in."""
        return self._run(self._signed_in(ask))

    async def _signed_in(self, ask: Callable[[str], str]) -> str:
        await self._client.start(
            phone=lambda: ask("phone"), code_callback=lambda: ask("code"), password=lambda: ask("password")
        )
        me = await self._client.get_me()
        return str(getattr(me, "username", None) or getattr(me, "first_name", None) or "?")

    def new(self, channel: str, after: int, most: int) -> list[Post]:
        """Messages after a number, the oldest first; where it is 0, the newest ones."""
        if after:
            found = self._run(self._messages(channel, min_id=after, reverse=True, limit=most))
        else:
            found = self._run(self._messages(channel, limit=most))[::-1]
        return [_post(message) for message in found if message is not None]

    def again(self, channel: str, numbers: list[int]) -> list[Post | None]:
        """Messages by number; None where one is gone."""
        found = self._run(self._messages(channel, ids=numbers))
        return [None if message is None else _post(message) for message in found]

    async def _messages(self, channel: str, **asked: Any) -> list[Any]:
        if not await self._client.is_user_authorized():
            raise InputError("nobody is signed in to Telegram; run `sijill watch FEEDS.TOML --sign-in` once")
        try:
            return list(await self._client.get_messages(channel, **asked))
        except self._wait as error:
            raise WaitError(f"{channel}: Telegram asks to wait", float(error.seconds)) from error
        except self._refusals as error:
            raise InputError(f"{channel}: {str(error).split(chr(10))[0]}") from error

    def close(self) -> None:
        """Let go of the connection."""
        self._run(_ended(self._client))
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, work: Coroutine[Any, Any, Given]) -> Given:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)
        except (TimeoutError, ConnectionError) as error:
            raise InputError(f"Telegram cannot be reached: {error or type(error).__name__}") from error


async def _ended(client: Any) -> None:
    ended = client.disconnect()
    if ended is not None:
        await ended


def _post(message: Any) -> Post:
    return Post(message.id, message.message or "", message.date.isoformat(), message.to_json().encode())


def _telethon() -> Callable[..., Any]:
    try:
        from telethon import TelegramClient
    except ImportError as error:
        raise OptionError("channels need an extra: pip install 'sijill[telegram]'") from error
    made: Callable[..., Any] = TelegramClient
    return made


def _errors() -> tuple[type[Any], tuple[type[BaseException], ...]]:
    try:
        from telethon.errors import FloodWaitError, RPCError
    except ImportError as error:
        raise OptionError("channels need an extra: pip install 'sijill[telegram]'") from error
    return FloodWaitError, (RPCError, ValueError, TypeError)
