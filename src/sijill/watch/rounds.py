"""Rounds: every feed that is due is looked at, its new pages and those to look at again are captured."""

from __future__ import annotations

import difflib
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import msgspec

from sijill.capture.inputs import contained, inputs
from sijill.capture.item import Failure, Item, Limits
from sijill.errors import InputError, SijillError
from sijill.page import read_page
from sijill.record import Record
from sijill.record.prepare import READ
from sijill.watch.ask import Answer
from sijill.watch.feeds import Feed, Watching
from sijill.watch.listing import Listing, Page, of_feed, of_sitemap
from sijill.watch.manners import Manners
from sijill.watch.state import Change, Health, Seen, State

_AT_ONCE = 8
_LONGEST_WAIT = 24 * 3600.0
_MOST_INDEXES = 20
_FOUND = 200
_GONE = (404, 410)


class Round(msgspec.Struct):
    """What one feed gave in one round."""

    feed: str
    captured: int = 0
    changed: int = 0
    gone: int = 0
    unchanged: int = 0
    failures: list[str] = []


class Watcher:
    """Looks at feeds for a record. `clock` gives seconds since 1970."""

    def __init__(
        self,
        record: Record,
        watching: Watching,
        state: State,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        read: str = READ,
    ) -> None:
        self.record, self.watching, self.state, self.clock, self.read = record, watching, state, clock, read
        self.limits = Limits(
            fetch_seconds=watching.fetch_seconds,
            fetch_bytes=watching.fetch_bytes,
            private_addresses=watching.private_addresses,
        )
        self.manners = Manners(self.limits, watching.host_seconds, sleep)
        self._writing = threading.Lock()

    def round(self) -> list[Round]:
        """Look at every feed that is due. A feed that fails, in whatever way, is told of and stops no other."""
        due = [feed for feed in self.watching.feed if self.state.health(feed.name).next <= self.clock()]
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return list(pool.map(self._look, due))

    def next_due(self) -> float:
        """When the next feed is due."""
        return min((self.state.health(feed.name).next for feed in self.watching.feed), default=self.clock())

    def _look(self, feed: Feed) -> Round:
        done, health = Round(feed.name), self.state.health(feed.name)
        every = 60 * feed.every_minutes
        wait = 0.0
        try:
            if feed.kind == "folder":
                self._folder(feed, done)
            else:
                self._listing(feed, health, done)
                self._again(feed, done)
            health.failures, health.succeeded, health.reason = 0, self.clock(), None
        except Exception as error:  # whatever one feed does, the others are watched
            told = str(error) if isinstance(error, SijillError) else f"{feed.name}: {type(error).__name__}: {error}"
            health.failures, health.reason = health.failures + 1, told.split("\n")[0]
            done.failures.append(health.reason)
            wait = error.seconds if isinstance(error, _LaterError) else 0.0
        back_off = min(_LONGEST_WAIT, every * 2 ** min(health.failures, 10))
        health.next = self.clock() + max(back_off, wait)
        self.state.put_health(health)
        return done

    # -- listings -----------------------------------------------------------------------------------------------

    def _listing(self, feed: Feed, health: Health, done: Round) -> None:
        assert feed.url is not None
        answer = self.manners.ask(feed.url, etag=health.etag, modified=health.modified)
        if answer.status == 304:
            return
        _must(answer)
        new = [page for page in self._pages(feed, answer) if self.state.page(page.url) is None]
        for page in new[: self.watching.pages_per_round]:
            self._first(feed, page, done)
        if len(new) <= self.watching.pages_per_round:
            # Only now: a listing whose pages are still to come must be given again.
            health.etag, health.modified = answer.etag, answer.modified

    def _pages(self, feed: Feed, answer: Answer) -> list[Page]:
        if feed.kind == "feed":
            return list(of_feed(answer.data, answer.url).pages)
        listing: Listing = of_sitemap(answer.data, answer.url)
        pages = list(listing.pages)
        for index in listing.indexes[:_MOST_INDEXES]:
            inner = self.manners.ask(index)
            _must(inner)
            pages += of_sitemap(inner.data, inner.url).pages
        return pages

    # -- pages --------------------------------------------------------------------------------------------------

    def _first(self, feed: Feed, page: Page, done: Round) -> None:
        seen = Seen(page.url, feed.name, captured=self.clock())
        try:
            answer = self.manners.ask(page.url)
            _must(answer)
            text = self._text(answer)
            self._keep(self._item(feed, page.url, answer, page.published))
        except InputError as error:
            done.failures.append(str(error))
            self._later(seen)
            return
        done.captured += 1
        seen.etag, seen.modified, seen.text = answer.etag, answer.modified, text
        seen.digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        self._later(seen)

    def _again(self, feed: Feed, done: Round) -> None:
        """Pages captured before: captured again where their text changed, told of where they are gone."""
        for seen in islice(self.state.due(feed.name, self.clock()), self.watching.pages_per_round):
            try:
                answer = self.manners.ask(seen.url, etag=seen.etag, modified=seen.modified)
                if answer.status in _GONE:
                    done.gone += 1
                    seen.gone, seen.next = True, None
                    self.state.put(seen)
                    self.state.tell(Change(self.record.clock(), seen.url, "gone", ""))
                    continue
                if answer.status == 304:
                    done.unchanged += 1
                else:
                    _must(answer)
                    self._compare(feed, seen, answer, done)
            except InputError as error:
                done.failures.append(str(error))
            self._later(seen)

    def _compare(self, feed: Feed, seen: Seen, answer: Answer, done: Round) -> None:
        text = self._text(answer)
        digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        seen.etag, seen.modified = answer.etag, answer.modified
        if digest == seen.digest:
            done.unchanged += 1  # other bytes, the same words: counters and advertisements are no edit
            return
        self._keep(self._item(feed, seen.url, answer, None))
        if seen.digest is None:
            done.captured += 1
        else:
            done.changed += 1
            diff = "\n".join(difflib.unified_diff(seen.text.splitlines(), text.splitlines(), lineterm="", n=1))
            self.state.tell(Change(self.record.clock(), seen.url, "changed", diff))
        seen.digest, seen.text = digest, text

    def _later(self, seen: Seen) -> None:
        """Say when a page is looked at again: so many hours after it was first captured, and then no more."""
        first, hours = seen.captured or self.clock(), self.watching.again_hours
        left = [first + 3600 * hour for hour in hours if first + 3600 * hour > self.clock()]
        seen.looks, seen.next = seen.looks + 1, left[0] if left else None
        self.state.put(seen)

    def _item(self, feed: Feed, url: str, answer: Answer, published: str | None) -> Item:
        told = read_page(answer.data, name=url, media_type=answer.media_type, url=answer.url).published
        return Item(
            data=answer.data,
            name=url,
            how="fetch",
            url=answer.url,
            media_type=answer.media_type,
            outlet=feed.outlet,
            # The page's own time counts; the feed's only where the page tells none.
            published=published if told is None else None,
            headers=answer.headers,
        )

    def _text(self, answer: Answer) -> str:
        return read_page(answer.data, name=answer.url, media_type=answer.media_type, url=answer.url).text

    def _keep(self, item: Item) -> None:
        with self._writing:
            done = self.record.add(contained(item, self.limits), read=self.read)
        if done.failures:
            raise InputError(f"{item.name}: {done.failures[0].reason}")

    # -- folders ------------------------------------------------------------------------------------------------

    def _folder(self, feed: Feed, done: Round) -> None:
        assert feed.path is not None
        for file, stamp in _files(Path(feed.path)):
            seen = self.state.page(str(file))
            if seen is not None and seen.etag == stamp:
                continue
            with self._writing:
                added = self.record.add(_named(feed, inputs([str(file)], self.record.settings.limits)), read=self.read)
            done.captured += added.read
            done.failures += [f"{failure.name}: {failure.reason}" for failure in added.failures]
            self.state.put(Seen(str(file), feed.name, etag=stamp, captured=self.clock()))


class _LaterError(InputError):
    """A server asked to be left alone for a while."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


def _must(answer: Answer) -> None:
    if answer.status in (429, 503):
        raise _LaterError(f"{answer.url}: answered {answer.status}; asked again later", answer.retry_after or 0.0)
    if answer.status != _FOUND:
        raise InputError(f"{answer.url}: answered {answer.status}")


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    if not folder.exists():
        raise InputError(f"{folder}: there is no such folder or file")
    found = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    for path in found:
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            state = path.stat()
            yield path, f"{state.st_mtime_ns}-{state.st_size}"


def _named(feed: Feed, items: Iterator[Item | Failure]) -> Iterator[Item | Failure]:
    for item in items:
        plain = isinstance(item, Failure) or item.outlet or not feed.outlet
        yield item if plain else msgspec.structs.replace(item, outlet=feed.outlet)
