"""Feeds are watched politely and safely: against a news site, friendly and hostile, that runs here."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from sijill.cli.watch import watch as command
from sijill.record import Record
from sijill.watch import Feed, Watcher, WatchError, Watching, read_feeds
from sijill.watch.ask import ask
from sijill.watch.metrics import Metrics
from sijill.watch.state import State

STORY = "قُتل ثلاثة مدنيين وأصيب خمسة آخرون، يوم الأحد 4 آذار 2018، جراء غارة جوية روسية على مدينة سراقب بريف إدلب."
LATER = STORY.replace("ثلاثة", "أربعة")
HOUR = 3600.0


def page(words: str, note: str = "") -> bytes:
    head = f"<html><head><meta charset=utf-8><title>غارة على سراقب</title></head><body><!-- {note} -->"
    return f"{head}<article><h1>غارة على سراقب</h1><p>{words}</p></article></body></html>".encode()


class News:
    """What the site answers, by path; what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes] | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, float, dict[str, str]]] = []
        self.base = ""

    def put(self, path: str, data: bytes = b"", status: int = 200, **headers: str) -> None:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"Content-Type": "text/html; charset=utf-8", **names}, data)

    def feed(self, path: str, *pages: str) -> None:
        items = "".join(f"<item><title>خبر</title><link>{self.base}{one}</link></item>" for one in pages)
        self.put(
            path, f'<rss version="2.0"><channel><title>ن</title>{items}</channel></rss>'.encode(), ETag=f'"{pages}"'
        )

    def times(self, path: str) -> int:
        return sum(asked == path for asked, _, _ in self.asked)


@pytest.fixture
def news() -> Iterator[News]:
    site = News()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, time.monotonic(), dict(self.headers)))
            answer = site.answers.get(self.path, (404, {}, b""))
            if callable(answer):
                answer(self)
                return
            status, headers, data = answer
            tag = headers.get("ETag")
            if tag is not None and self.headers.get("If-None-Match") == tag:
                status, data = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.base = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


class Bench:
    """A record, a state and a clock to watch with."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now, self.slept = folder, 1_700_000_000.0, list[float]()
        self.record = Record.init(folder / "record")
        self.state = State(folder / "watch.db")

    def watcher(self, *feeds: Feed, **told: object) -> Watcher:
        values = {"host_seconds": 0.0, "private_addresses": True, "fetch_seconds": 2, "fetch_bytes": 300_000, **told}
        watching = Watching(feed=feeds, **values)  # type: ignore[arg-type]
        return Watcher(self.record, watching, self.state, clock=lambda: self.now, sleep=self.slept.append)

    def close(self) -> None:
        self.state.close()
        self.record.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def test_a_page_is_captured_read_and_not_asked_for_again(news: News, bench: Bench) -> None:
    news.feed("/feed", "/a")
    news.put("/a", page(STORY), ETag='"1"')
    watcher = bench.watcher(Feed("n", url=f"{news.base}/feed"))
    assert watcher.round()[0].captured == 1
    assert bench.record.counts()["claims"] >= 1
    assert watcher.round() == []  # not due yet
    bench.now += HOUR + 1
    done = watcher.round()[0]
    assert (done.captured, done.unchanged, done.failures) == (0, 1, [])
    assert [headers.get("If-None-Match") for path, _, headers in news.asked if path == "/a"] == [None, '"1"']
    assert bench.record.counts()["captures"] == 1


def test_an_edit_is_captured_and_shown_and_a_deletion_told(news: News, bench: Bench) -> None:
    news.feed("/feed", "/a")
    news.put("/a", page(STORY))
    watcher = bench.watcher(Feed("n", url=f"{news.base}/feed"))
    watcher.round()
    news.put("/a", page(STORY, note="counter 2"))
    bench.now += HOUR + 1
    assert watcher.round()[0].unchanged == 1 and bench.record.counts()["captures"] == 1
    news.put("/a", page(LATER))
    bench.now += 6 * HOUR
    assert watcher.round()[0].changed == 1 and bench.record.counts()["captures"] == 2
    news.put("/a", status=410)
    bench.now += 24 * HOUR
    assert watcher.round()[0].gone == 1
    changed, gone = bench.state.changes()
    assert "ثلاثة" in changed.diff and "أربعة" in changed.diff and gone.kind == "gone"
    asked = news.times("/a")
    bench.now += 500 * HOUR
    watcher.round()
    assert news.times("/a") == asked


def test_robots_are_obeyed_and_a_crawl_delay_kept(news: News, bench: Bench) -> None:
    news.put("/robots.txt", b"User-agent: *\nDisallow: /private\nCrawl-delay: 7")
    news.feed("/feed", "/private/a", "/b")
    news.put("/private/a", page(STORY))
    news.put("/b", page(STORY))
    done = bench.watcher(Feed("n", url=f"{news.base}/feed")).round()[0]
    assert done.captured == 1 and "robots.txt" in done.failures[0]
    assert news.times("/private/a") == 0 and news.times("/robots.txt") == 1
    assert any(6 < seconds <= 7 for seconds in bench.slept)


def test_a_feed_in_trouble_is_asked_less_and_less(news: News, bench: Bench) -> None:
    news.put("/feed", status=503, Retry_After="7200")
    watcher = bench.watcher(Feed("n", url=f"{news.base}/feed", every_minutes=10))
    watcher.round()
    health = bench.state.health("n")
    assert health.failures == 1 and health.next == bench.now + 7200
    for failures in (2, 3, 4):
        news.put("/feed", status=500)
        bench.now = bench.state.health("n").next
        watcher.round()
        health = bench.state.health("n")
        assert (health.failures, health.next - bench.now) == (failures, 600 * 2**failures)


def test_hostile_feeds_stop_nothing_else(news: News, bench: Bench) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(100):
                handler.wfile.write(b"<")
                time.sleep(0.1)
        except OSError:
            pass

    bomb = gzip.compress(b"<rss>" + b" " * 5_000_000)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    news.answers["/slow"] = slow
    news.put("/bomb", bomb, Content_Encoding="gzip")
    news.put("/laughs", f"<!DOCTYPE urlset [{laughs}]><urlset><url><loc>&l8;</loc></url></urlset>".encode())
    news.put("/loop", status=302, Location="/loop")
    news.put("/text", b"\xff\xfe no feed at all")
    news.feed("/good", "/a")
    news.put("/a", page(STORY))
    feeds = [Feed(name, url=f"{news.base}/{name}") for name in ("slow", "bomb", "loop", "text", "none", "good")]
    feeds += [Feed("laughs", kind="sitemap", url=f"{news.base}/laughs"), Feed("dead", url="http://127.0.0.1:9/feed")]
    rounds = {done.feed: done for done in bench.watcher(*feeds).round()}
    assert rounds["good"].captured == 1 and not rounds["good"].failures
    assert all(done.captured == 0 for name, done in rounds.items() if name != "good")
    for name in ("slow", "bomb", "loop", "text", "none", "dead"):
        assert len(rounds[name].failures) == 1, name
        assert "\n" not in rounds[name].failures[0]


def test_no_redirection_leads_into_the_network(news: News, bench: Bench) -> None:
    watcher = bench.watcher(Feed("n", url=f"{news.base}/feed"), private_addresses=False)
    assert "inside the network" in watcher.round()[0].failures[0]
    news.put("/out", status=302, Location="file:///etc/passwd")
    with pytest.raises(Exception, match="not an address of the web"):
        ask(f"{news.base}/out", watcher.limits.__class__(private_addresses=True))


def test_a_page_that_moved_is_followed_and_kept_once(news: News, bench: Bench) -> None:
    news.feed("/feed", "/old", "/new")
    news.put("/old", status=301, Location="/new")
    news.put("/new", page(STORY))
    assert bench.watcher(Feed("n", url=f"{news.base}/feed")).round()[0].failures == []
    assert bench.record.counts()["captures"] == 1
    with bench.record.reading() as connection:
        assert bench.record.item(connection, 1).url == f"{news.base}/new"


def test_a_state_that_cannot_be_kept_is_told_in_one_line(news: News, bench: Bench) -> None:
    news.feed("/feed", "/a")
    news.put("/a", page(STORY))
    watcher = bench.watcher(Feed("n", url=f"{news.base}/feed"))
    bench.state._db.execute("PRAGMA query_only = ON")
    with pytest.raises(WatchError, match="cannot keep the state"):
        watcher.round()


def test_wrong_encodings_are_read_as_a_browser_would(news: News, bench: Bench) -> None:
    news.feed("/feed", "/a")
    news.put("/a", page(STORY).replace(b"charset=utf-8", b"charset=windows-1256"), Content_Type="text/html")
    news.put("/b", page(STORY).decode().replace("utf-8", "windows-1256").encode("cp1256"), Content_Type="text/html")
    news.feed("/feed", "/a", "/b")
    assert bench.watcher(Feed("n", url=f"{news.base}/feed")).round()[0].captured == 2
    for name in ("/a", "/b"):
        seen = bench.state.page(news.base + name)
        assert seen is not None and "سراقب" in seen.text, name


def test_sitemaps_and_their_indexes_are_followed(news: News, bench: Bench) -> None:
    space = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    when = "<n:news><n:publication_date>2018-03-05T10:00:00Z</n:publication_date></n:news>"
    inner = f"<urlset {space}><url><loc>{news.base}/a</loc>{when}</url></urlset>"
    news.put("/map", f"<sitemapindex {space}><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>".encode())
    news.put("/news.xml", inner.encode())
    news.put("/a", page(STORY))
    assert bench.watcher(Feed("m", kind="sitemap", url=f"{news.base}/map")).round()[0].captured == 1


def test_a_round_is_bounded_and_goes_on_where_it_stopped(news: News, bench: Bench) -> None:
    news.feed("/feed", *[f"/{n}" for n in range(5)])
    for n in range(5):
        news.put(f"/{n}", page(f"{STORY} النشرة {n}"))
    feed = Feed("n", url=f"{news.base}/feed")
    assert bench.watcher(feed, pages_per_round=3).round()[0].captured == 3
    bench.state.close()
    bench.state = State(bench.folder / "watch.db")  # the program was killed and started again
    bench.now += HOUR / 2
    assert bench.watcher(feed, pages_per_round=3).round()[0].captured == 2
    assert all(news.times(f"/{n}") == 1 for n in range(5))


def test_folders_give_what_is_new_in_them(bench: Bench, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "1.txt").write_text(STORY)
    watcher = bench.watcher(Feed("f", kind="folder", path=str(inbox)))
    assert watcher.round()[0].captured == 1
    (inbox / "2.txt").write_text(LATER)
    (inbox / "style.css").write_text("p {}")
    bench.now += HOUR
    assert watcher.round()[0].captured == 1


def test_the_command_makes_one_round_for_cron(news: News, tmp_path: Path) -> None:
    news.feed("/feed", "/a")
    news.put("/a", page(STORY))
    Record.init(tmp_path / "record").close()
    feeds = tmp_path / "feeds.toml"
    feeds.write_text(f'private_addresses = true\nhost_seconds = 0\n[[feed]]\nname = "n"\nurl = "{news.base}/feed"\n')
    options = ["-r", str(tmp_path / "record"), str(feeds)]
    told = CliRunner().invoke(command, [*options, "--once"])
    assert told.exit_code == 0 and "1 captured" in told.output
    assert "failures 0" in CliRunner().invoke(command, [*options, "--status"]).output


@pytest.mark.parametrize(
    "text", ["feed = 3", "[[feed]]\nname='a'\n", "[[feed]]\nname='a'\nurl='ftp://x'\n", "[[feed]]\nnme='a'\n"]
)
def test_a_faulty_list_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(text)
    with pytest.raises(WatchError) as told:
        read_feeds(path)
    assert "feeds.toml" in str(told.value) and "\n" not in str(told.value)


def test_metrics_tell_how_feeds_do(news: News, bench: Bench) -> None:
    watcher = bench.watcher(Feed("n", url=f"{news.base}/none"), Feed("<b>خبر", url=f"{news.base}/feed"))
    news.feed("/feed")
    metrics = Metrics()
    address = metrics.serve(0, watcher.watching, bench.state)
    metrics.tell(watcher.round(), watcher.watching, bench.state)
    assert metrics.registry.get_sample_value("sijill_watch_failures_in_a_row", {"feed": "n"}) == 1
    assert metrics.registry.get_sample_value("sijill_watch_pages_total", {"feed": "n", "what": "failed"}) == 1
    with urlopen(f"{address}metrics") as answer:
        assert b'sijill_watch_failures_in_a_row{feed="n"} 1.0' in answer.read()
    with urlopen(address) as answer:
        page = answer.read().decode()
    assert "answered 404" in page and "&lt;b&gt;خبر" in page and "<b>" not in page and "آخر نجاح" in page
    with pytest.raises(HTTPError):
        urlopen(f"{address}other")
    with pytest.raises(WatchError, match="cannot be listened at"):
        metrics.serve(int(address.rsplit(":", 1)[1].strip("/")), watcher.watching, bench.state)


def test_the_site_is_told_at_once(bench: Bench, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "sijill.cli.main", "serve", "-r", str(tmp_path / "record"), "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            with _opened(f"http://127.0.0.1:{port}/events") as events:
                first = next(line for line in events if line.startswith(b"data:"))
                (inbox / "1.txt").write_text(STORY)
                assert bench.watcher(Feed("f", kind="folder", path=str(inbox))).round()[0].captured == 1
                began = time.monotonic()
                second = next(line for line in events if line.startswith(b"data:") and line != first)
                assert time.monotonic() - began < 3 and second > first
        finally:
            server.terminate()


def _opened(url: str) -> HTTPResponse:
    """An address of a server that is about to start."""
    for _ in range(200):
        try:
            found: HTTPResponse = urlopen(url, timeout=30)
            return found
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
