"""The pulse of a record: one watcher for however many readers wait to hear that something is new."""

from __future__ import annotations

import asyncio
import contextlib

from sijill.errors import SijillError
from sijill.record import Record
from sijill.web.looking import version

_SECONDS = 1.0
_QUIET_SECONDS = 15.0
"""Even when nothing is new, a word is sent so often: connections that broke are found."""


class Pulse:
    """Looks at the record's version while somebody waits for it, and not otherwise."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.stopped = False
        self._version = 0
        self._changed = asyncio.Event()
        self._watcher: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Begin."""
        self.stopped, self._watcher, self._changed = False, None, asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def let_go(self) -> None:
        """Let everybody go who waits; from any thread, or out of a signal."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self.stopped = True
        self._changed.set()
        if self._watcher is not None:
            self._watcher.cancel()

    async def after(self, last: int) -> int:
        """The version, as soon as it is another than `last`; or the same after a quiet while."""
        if self._watcher is None:
            self._version = await asyncio.to_thread(version, self.record)
            if self._watcher is None:
                self._watcher = asyncio.create_task(self._watch())
        if self._version == last and not self.stopped:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _QUIET_SECONDS)
        return self._version

    async def stop(self) -> None:
        """End."""
        self._stop()

    async def _watch(self) -> None:
        while not self.stopped:
            await asyncio.sleep(_SECONDS)
            try:
                now = await asyncio.to_thread(version, self.record)
            except SijillError:  # pages say what is wrong; here it is waited for to pass
                continue
            if now != self._version:
                self._version = now
                self._changed.set()
                self._changed = asyncio.Event()
