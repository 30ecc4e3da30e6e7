"""Watch: feeds, sitemaps and folders looked at again and again, politely, and what is new put into the record."""

from sijill.watch.feeds import Feed, WatchError, Watching, read_feeds
from sijill.watch.rounds import Round, Watcher

__all__ = ["Feed", "Round", "WatchError", "Watcher", "Watching", "read_feeds"]
