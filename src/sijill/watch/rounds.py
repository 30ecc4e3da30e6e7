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
from sqlalchemy import select

from sijill.capture.inputs import contained, files, inputs, is_known
from sijill.capture.item import Failure, Item, Limits
from sijill.errors import InputError, SijillError
from sijill.page import read_page
from sijill.record import Record
from sijill.record.prepare import READ
from sijill.record.schema import arrivals, withheld
from sijill.watch.ask import Answer
from sijill.watch.channels import Account, Post, WaitError
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
    """Looks at feeds for a record. `clock` gives seconds since 1970; `account` signs in, when a channel is watched."""

    def __init__(
        self,
        record: Record,
        watching: Watching,
        state: State,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        read: str = READ,
        account: Callable[[], Account] | None = None,
    ) -> None:
        self.record, self.watching, self.state, self.clock, self.read = record, watching, state, clock, read
        self.limits = Limits(
            fetch_seconds=watching.fetch_seconds,
            fetch_bytes=watching.fetch_bytes,
            private_addresses=watching.private_addresses,
        )
        self.manners = Manners(self.limits, watching.host_seconds, sleep)
        self._writing = threading.Lock()
        self._signing = threading.Lock()
        self._account = account
        self._signed_in: Account | None = None

    def round(self) -> list[Round]:
        """Look at every feed that is due. A feed that fails, in whatever way, is told of and stops no other."""
        self.state.forget(self._removed())
        due = [feed for feed in self.watching.feed if self.state.health(feed.name).next <= self.clock()]
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return list(pool.map(self._look, due))

    def _removed(self) -> set[str]:
        """The addresses of reports that were removed for somebody's safety."""
        wanted = select(arrivals.c.address).join(withheld, withheld.c.capture_id == arrivals.c.capture_id)
        with self.record.reading() as connection:
            return set(connection.execute(wanted.where(withheld.c.removed)).scalars())

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
            elif feed.kind == "channel":
                self._channel(feed, health, done)
            else:
                self._listing(feed, health, done)
                self._again(feed, done)
            health.failures, health.succeeded, health.reason = 0, self.clock(), None
        except Exception as error:  # whatever one feed does, the others are watched
            told = str(error) if isinstance(error, SijillError) else f"{feed.name}: {type(error).__name__}: {error}"
            health.failures, health.reason = health.failures + 1, told.split("\n")[0]
            done.failures.append(health.reason)
            wait = error.seconds if isinstance(error, (_LaterError, WaitError)) else 0.0
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
        seen.digest = _digest(text)
        self._later(seen)

    def _again(self, feed: Feed, done: Round) -> None:
        """Pages captured before: captured again where their text changed, told of where they are gone."""
        for seen in islice(self.state.due(feed.name, self.clock()), self.watching.pages_per_round):
            try:
                answer = self.manners.ask(seen.url, etag=seen.etag, modified=seen.modified)
                if answer.status in _GONE:
                    self._gone(seen, done)
                    continue
                if answer.status == 304:
                    done.unchanged += 1
                else:
                    _must(answer)
                    seen.etag, seen.modified = answer.etag, answer.modified
                    self._compare(seen, self._text(answer), self._item(feed, seen.url, answer, None), done)
            except InputError as error:
                done.failures.append(str(error))
            self._later(seen)

    def _gone(self, seen: Seen, done: Round) -> None:
        done.gone += 1
        seen.gone, seen.next = True, None
        self.state.put(seen)
        self.state.tell(Change(self.record.clock(), seen.url, "gone", ""))

    def _compare(self, seen: Seen, text: str, item: Item, done: Round) -> None:
        digest = _digest(text)
        if digest == seen.digest:
            done.unchanged += 1  # other bytes, the same words: counters and advertisements are no edit
            return
        self._keep(item)
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

    # -- channels ---------------------------------------------------------------------------------------------

    def _channel(self, feed: Feed, health: Health, done: Round) -> None:
        """New messages of a channel, and those to look at again. `health.etag` keeps the newest number taken."""
        assert feed.channel is not None
        account = self._signed()
        for post in account.new(feed.channel, int(health.etag or 0), self.watching.pages_per_round):
            item = _of_post(feed, post)
            if post.text.strip() and self.state.page(item.address) is None:
                self._keep(item)
                done.captured += 1
                seen = Seen(item.address, feed.name, captured=self.clock(), digest=_digest(post.text), text=post.text)
                self._later(seen)
            health.etag = str(post.number)
            self.state.put_health(health)
        due = self.state.due(feed.name, self.clock())[: self.watching.pages_per_round]
        numbers = [int(seen.url.rsplit("/", 1)[1]) for seen in due]
        for seen, post_now in zip(due, account.again(feed.channel, numbers) if due else [], strict=True):
            if post_now is None:
                self._gone(seen, done)
                continue
            self._compare(seen, post_now.text, _of_post(feed, post_now), done)
            self._later(seen)

    def _signed(self) -> Account:
        with self._signing:
            if self._signed_in is None:
                if self._account is None:
                    raise InputError("no account of Telegram is given")
                self._signed_in = self._account()
            return self._signed_in

    def close(self) -> None:
        """Let go of the account, where one was used."""
        if self._signed_in is not None:
            self._signed_in.close()

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


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _of_post(feed: Feed, post: Post) -> Item:
    return Item(
        data=post.data,
        name=f"{feed.channel}/{post.number}",
        how="post",
        url=f"https://t.me/{str(feed.channel).lstrip('@')}/{post.number}",
        media_type="application/json",
        published=post.published,
        outlet=feed.outlet or feed.name,
        text=post.text,
    )


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
    for path in [folder] if folder.is_file() else filter(is_known, files(folder)):
        state = path.stat()
        yield path, f"{state.st_mtime_ns}-{state.st_size}"


def _named(feed: Feed, items: Iterator[Item | Failure]) -> Iterator[Item | Failure]:
    for item in items:
        plain = isinstance(item, Failure) or item.outlet or not feed.outlet
        yield item if plain else msgspec.structs.replace(item, outlet=feed.outlet)
