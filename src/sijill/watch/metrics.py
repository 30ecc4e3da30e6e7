"""Metrics of a watch for Prometheus."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

from sijill.watch.feeds import Watching
from sijill.watch.rounds import Round
from sijill.watch.state import State


class Metrics:
    """Counters and gauges by feed; `serve` puts them at `/metrics` of this machine alone."""

    def __init__(self) -> None:
        self.registry = whole = CollectorRegistry()
        self.pages = Counter("sijill_watch_pages", "Pages by what became of them", ["feed", "what"], registry=whole)
        self.failing = Gauge("sijill_watch_failures_in_a_row", "Rounds failed of late", ["feed"], registry=whole)
        self.since = Gauge("sijill_watch_seconds_since_success", "Since a feed went well", ["feed"], registry=whole)

    def tell(self, rounds: list[Round], watching: Watching, state: State) -> None:
        """Count what rounds gave, and how every feed does."""
        for done in rounds:
            for what in ("captured", "changed", "gone", "unchanged"):
                self.pages.labels(done.feed, what).inc(getattr(done, what))
            self.pages.labels(done.feed, "failed").inc(len(done.failures))
        for feed in watching.feed:
            health = state.health(feed.name)
            self.failing.labels(feed.name).set(health.failures)
            if health.succeeded is not None:
                self.since.labels(feed.name).set(max(0.0, time.time() - health.succeeded))

    def serve(self, port: int) -> None:
        """Answer at http://127.0.0.1:port/metrics from now on."""
        start_http_server(port, addr="127.0.0.1", registry=self.registry)
