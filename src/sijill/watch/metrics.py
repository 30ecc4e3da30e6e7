"""Health of a watch: metrics for Prometheus, and a page for people."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from html import escape
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, make_wsgi_app

from sijill.watch.feeds import WatchError, Watching
from sijill.watch.rounds import Round
from sijill.watch.state import Health, State

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_HERE = "127.0.0.1"
_COLUMNS = (
    ("Feed", "المصدر"),
    ("Last went well", "آخر نجاح"),
    ("Failures in a row", "إخفاقات متتالية"),
    ("Next look", "النظرة التالية"),
    ("What is wrong", "الخلل"),
)
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="30">
<meta name="viewport" content="width=device-width"><title>Sijill · watch · رصد</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}
td,th{border:1px solid #999;padding:.3rem .6rem;text-align:start}.bad td{background:#fde}
@media (prefers-color-scheme: dark){body{background:#111;color:#eee}.bad td{background:#402}}</style>
<h1>Watch · <span lang="ar" dir="rtl">الرصد</span></h1><table><thead><tr>%s</tr></thead><tbody>%s</tbody></table>
<p><a href="/metrics">/metrics</a></p></html>"""


class Metrics:
    """Counters and gauges by feed; `serve` puts them, and a page, at an address of this machine alone."""

    def __init__(self) -> None:
        self.registry = whole = CollectorRegistry()
        self.pages = Counter("sijill_watch_pages", "Pages by what became of them", ["feed", "what"], registry=whole)
        self.failing = Gauge("sijill_watch_failures_in_a_row", "Rounds failed of late", ["feed"], registry=whole)
        self.since = Gauge("sijill_watch_seconds_since_success", "Since a feed went well", ["feed"], registry=whole)
        self.rounds = Counter("sijill_watch_rounds", "Rounds made", registry=whole)

    def tell(self, rounds: list[Round], watching: Watching, state: State) -> None:
        """Count what rounds gave, and how every feed does."""
        self.rounds.inc()
        for done in rounds:
            for what in ("captured", "changed", "gone", "unchanged"):
                self.pages.labels(done.feed, what).inc(getattr(done, what))
            self.pages.labels(done.feed, "failed").inc(len(done.failures))
        for feed in watching.feed:
            health = state.health(feed.name)
            self.failing.labels(feed.name).set(health.failures)
            if health.succeeded is not None:
                self.since.labels(feed.name).set_function(_since(state, feed.name))

    def serve(self, port: int, watching: Watching, state: State) -> str:
        """Answer at `/metrics` and `/` from now on; returns the address. Raises `WatchError` for a port in use."""
        metrics = make_wsgi_app(self.registry)

        def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            if environ.get("PATH_INFO") == "/metrics":
                return metrics(environ, start)  # type: ignore[no-any-return]
            found = environ.get("PATH_INFO") == "/"
            start("200 OK" if found else "404 Not Found", [("Content-Type", "text/html; charset=utf-8")])
            return [page([state.health(feed.name) for feed in watching.feed]) if found else b""]

        try:
            server = make_server(_HERE, port, answer, _Server, _Quiet)
        except OSError as error:
            raise WatchError(f"--metrics {port}: cannot be listened at: {error.strerror}") from error
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://{_HERE}:{server.server_port}/"


def page(healths: list[Health]) -> bytes:
    """How every feed does, as a page."""
    heads = "".join(f'<th>{en}<br><span lang="ar" dir="rtl">{ar}</span></th>' for en, ar in _COLUMNS)
    return (_PAGE.replace("%s", heads, 1).replace("%s", "".join(map(_row, healths)), 1)).encode("utf-8", "replace")


def _row(health: Health) -> str:
    cells = (health.name, _moment(health.succeeded), str(health.failures), _moment(health.next), health.reason or "")
    told = "".join(f'<td dir="auto">{escape(cell)}</td>' for cell in cells)
    return f'<tr class="{"bad" if health.failures else "good"}">{told}</tr>'


def _moment(seconds: float | None) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds)) if seconds else "–"


def _since(state: State, feed: str) -> Callable[[], float]:
    def seconds() -> float:
        return max(0.0, time.time() - (state.health(feed).succeeded or 0.0))

    return seconds


class _Server(ThreadingMixIn, WSGIServer):
    """One thread a request, so that a slow reader holds up no other."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""
