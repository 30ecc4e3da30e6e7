"""What is watched: `feeds.toml`, checked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from sijill.errors import SijillError

_NEEDS = {"feed": "url", "sitemap": "url", "folder": "path", "channel": "channel"}


class WatchError(SijillError):
    """A list of feeds with a fault, or a state that cannot be kept."""


class Feed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to watch: the `url` of an RSS or Atom feed or of a sitemap, the `path` of a folder or export, or a
    `channel` of Telegram by its name."""

    name: str
    kind: Literal["feed", "sitemap", "folder", "channel"] = "feed"
    url: str | None = None
    path: str | None = None
    channel: str | None = None
    outlet: str | None = None
    every_minutes: float = 15.0


class Watching(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `feeds.toml`. Times that pages are looked at again are hours after they were first captured."""

    feed: tuple[Feed, ...]
    host_seconds: float = 2.0
    """The least time between two requests to one host; a longer crawl delay of its robots.txt is kept."""
    pages_per_round: int = 50
    """The most pages fetched for one feed in one round; the rest waits for the next."""
    again_hours: tuple[float, ...] = (1.0, 6.0, 24.0, 72.0, 168.0)
    fetch_seconds: int = 30
    fetch_bytes: int = 20_000_000
    private_addresses: bool = False
    """Whether addresses inside the network may be reached; for a site of your own only."""


def read_feeds(path: Path) -> Watching:
    """The list in a TOML file. Raises `WatchError` naming the fault."""
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=Watching)
    except OSError as error:
        raise WatchError(f"{path}: cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise WatchError(f"{path}: {error}") from error
    names = [feed.name for feed in found.feed]
    for feed in found.feed:
        if names.count(feed.name) > 1:
            raise WatchError(f"{path}: feed {feed.name!r}: two feeds of one name; rename one")
        needs = _NEEDS[feed.kind]
        if not getattr(feed, needs):
            raise WatchError(f"{path}: feed {feed.name!r}: needs a {needs}")
        if feed.url is not None and not feed.url.startswith(("http://", "https://")):
            raise WatchError(f"{path}: feed {feed.name!r}: {feed.url} is no http:// or https:// address")
    return found
