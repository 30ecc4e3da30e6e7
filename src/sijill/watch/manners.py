"""Manners: what a host's robots.txt allows, and how long to wait between two requests to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from sijill.capture.item import Limits
from sijill.errors import InputError
from sijill.watch.ask import AGENT, Answer, ask

_KEPT_SECONDS = 24 * 3600.0
_MOST_DELAY = 60.0
_NOTHING = "User-agent: *\nDisallow: /"


class Manners:
    """One host, one request at a time, no faster than it wants."""

    def __init__(self, limits: Limits, gap: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self.limits, self.gap, self.sleep = limits, gap, sleep
        self._rules: dict[str, tuple[float, Protego]] = {}
        self._last: dict[str, float] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def ask(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Answer:
        """A request when its host allows it and its turn has come. Raises `InputError`."""
        host = urlsplit(url).netloc.lower()
        with self._lock(host):
            rules = self._robots(url, host)
            if not rules.can_fetch(url, AGENT):
                raise InputError(f"{url}: its robots.txt does not allow it")
            self._wait(host, min(_MOST_DELAY, max(self.gap, rules.crawl_delay(AGENT) or 0.0)))
            return ask(url, self.limits, etag=etag, modified=modified)

    def _lock(self, host: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(host, threading.Lock())

    def _wait(self, host: str, gap: float) -> None:
        left = self._last.get(host, -gap) + gap - time.monotonic()
        if left > 0:
            self.sleep(left)
        self._last[host] = time.monotonic()

    def _robots(self, url: str, host: str) -> Protego:
        """The host's rules. None told: all is allowed; a server in trouble: nothing, until it is asked again."""
        at, rules = self._rules.get(host, (-_KEPT_SECONDS, None))
        if rules is None or time.monotonic() - at > _KEPT_SECONDS:
            self._wait(host, self.gap)
            answer = ask(f"{urlsplit(url).scheme}://{host}/robots.txt", self.limits)
            if answer.status >= 500:
                return Protego.parse(_NOTHING)
            said = answer.data.decode("utf-8", "replace") if answer.status == 200 else ""
            rules = Protego.parse(said)
            self._rules[host] = (time.monotonic(), rules)
        return rules
