"""How fast the site answers over a large record, alone and to 200 readers at once.

    .venv/bin/python bench/serve_record.py /tmp/million          # once; takes some minutes and 4 GB
    .venv/bin/python bench/serve.py /tmp/million [--cold]

Serves the record on loopback and asks it: every figure is milliseconds at the server's door (localhost), the 50th and
95th percentile, and the processor time that the server spent on one answer. Bounded: some hundred requests. A start
without the file of columns is timed with `--cold`, which deletes it. Last, a report of 100 KB is opened, first after a
start and again.
"""

from __future__ import annotations

import asyncio
import math
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import psutil

TYPES = ("shelling", "air-strike", "arrest", "attack", "explosion", "car-bomb", "armed-clash", "protest")
QUERIES = (
    "place=إدلب", "place=حلب", "party=russia", "party=syria-government", "kind=witness", "kind=outlet", "killed=3",
    "killed=10", "state=machine-read", "box=35,36,36.5,37.5", "near=33.5,36.3,100", "q=مدرسة", "q=قصف", "q=غارات",
    "place=إدلب&party=russia&type=air-strike", "q=قصف&place=حلب&killed=2", "since=2018-01-01&until=2018-03-01",
    "order=added", "order=added&type=arrest", "party=russia&order=added&kind=monitor",
)  # fmt: skip
READERS, EACH = 200, 3
EXAMPLES = Path(__file__).parent.parent / "examples"
PROGRAM = Path(sys.executable).parent / "sijill"


Asker = Callable[[str, float, subprocess.Popen[bytes]], Awaitable[None]]


def main(record: Path, cold: bool) -> None:
    """Serve, ask, tell."""
    if cold:
        (record / "board.npz").unlink(missing_ok=True)
    _serve(record, _ask)
    with tempfile.TemporaryDirectory() as folder:
        texts = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("0[1-5]*.txt"))]
        while sum(len(text.encode()) for text in texts) < 100_000:
            texts += texts[:5]
        Path(folder, "long.txt").write_text("\n\n".join(texts), "utf-8")
        for asked in (["init"], ["add", str(Path(folder, "long.txt"))]):
            subprocess.run(
                [PROGRAM, asked[0], "-r", f"{folder}/record", *asked[1:]], check=True, stdout=subprocess.DEVNULL
            )
        _serve(Path(folder, "record"), _ask_report)


def _serve(record: Path, ask: Asker) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.monotonic()
    server = subprocess.Popen([PROGRAM, "serve", "-r", str(record), "--port", str(port)], env=os.environ)
    try:
        asyncio.run(ask(f"http://127.0.0.1:{port}", start, server))
    finally:
        begun = time.monotonic()
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
        print(f"ended with {server.returncode} after {time.monotonic() - begun:.1f} s")


async def _ask_report(site: str, _start: float, server: subprocess.Popen[bytes]) -> None:
    async with httpx.AsyncClient(base_url=site, timeout=120) as client:
        await _up(client, server)
        took = []
        for _ in range(3):
            begun = time.perf_counter()
            (await client.get("/reports/1")).raise_for_status()
            took.append(f"{1000 * (time.perf_counter() - begun):.0f}")
        print(f"a report of 100 KB, the first after a start and again: {', '.join(took)} ms")


async def _up(client: httpx.AsyncClient, server: subprocess.Popen[bytes]) -> None:
    while True:
        try:
            await client.get("/login")
            return
        except httpx.ConnectError:
            if server.poll() is not None:
                sys.exit("the server ended")
            await asyncio.sleep(0.05)


async def _ask(site: str, start: float, server: subprocess.Popen[bytes]) -> None:
    process = psutil.Process(server.pid)
    limits = httpx.Limits(max_connections=READERS, keepalive_expiry=2)
    waited = 0.0
    async with httpx.AsyncClient(base_url=site, timeout=120, limits=limits) as client:
        await _up(client, server)
        while (await client.get("/")).status_code == 503:
            if (said := time.monotonic() - start) and not waited:
                waited = said
                print(f"a page that says that the record is being read after {said:.1f} s")
            await asyncio.sleep(0.5)
        print(f"first page after {time.monotonic() - start:.1f} s")
        await asyncio.sleep(3)  # what is read ahead is none of a page's

        async def timed(path: str) -> float:
            before = time.perf_counter()
            (await client.get(path)).raise_for_status()
            return 1000 * (time.perf_counter() - before)

        async def series(name: str, paths: list[str], missing: bool = False) -> None:
            begun, took = sum(process.cpu_times()[:2]), []
            for path in paths:
                try:
                    took.append(await timed(path))
                except httpx.HTTPStatusError:
                    if not missing:
                        raise
            _tell(name, took, (sum(process.cpu_times()[:2]) - begun) / len(paths))

        await series("front page", ["/"] * 40)
        pages, after = ["/"], ""
        for _ in range(40):
            told = (await client.get(f"/api/v1/incidents?limit=40{after}")).json()
            if told["next"] is None:
                break
            after = f"&after={told['next']}"
            pages.append(f"/?after={told['next']}")
        await series("front page, older and older", pages)
        changes = [f"/?type={kind}&since=20{year}-01-01" for kind in TYPES for year in range(18, 23)]
        await series("filter changes", changes)
        await series("filter changes of every kind", [f"/?{query}" for query in QUERIES])
        boxes = [f"{30 + n / 10},{35 + n / 10},{36 + n / 10},{44 + n / 10}" for n in range(30)]
        await series("map pans", [f"/map.json?zoom={5 + n % 5}&window={box}" for n, box in enumerate(boxes)])
        await series("search by a word", ["/search?q=مدرسة", "/search?q=مشفى", "/search?q=مخيما"] * 5)
        await series("an incident", [f"/incidents/{n}" for n in range(2, 60, 2)], missing=True)
        await series("overview", ["/overview", *(f"/overview?type={kind}" for kind in TYPES)])
        await _readers(int(site.rpartition(":")[2]), process)


async def _readers(port: int, server: psutil.Process) -> None:
    """Everybody opens the front page, filters it, and moves the map, all at once.

    They ask over plain sockets: a client that unpacks and parses would be slower than the server, and time itself.
    """

    async def reader(n: int) -> list[float]:
        kind = TYPES[n % len(TYPES)]
        took = []
        begun = time.perf_counter()
        stream, out = await asyncio.open_connection("127.0.0.1", port)
        for path in ("/", f"/?type={kind}", f"/map.json?type={kind}&zoom=6"):
            out.write(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: gzip\r\n\r\n".encode())
            head = (await stream.readuntil(b"\r\n\r\n")).decode().lower()
            assert " 200 " in head.partition("\r\n")[0], head
            await stream.readexactly(int(head.partition("content-length:")[2].partition("\r\n")[0]))
            took.append(1000 * (time.perf_counter() - begun))
            begun = time.perf_counter()
        out.close()
        return took

    start, own, its = time.monotonic(), time.process_time(), sum(server.cpu_times()[:2])
    took = [ms for one in await asyncio.gather(*(reader(n) for n in range(READERS))) for ms in one]
    rate = len(took) / (time.monotonic() - start)
    its, own = sum(server.cpu_times()[:2]) - its, time.process_time() - own
    print(f"processor time for all: the server {its:.1f} s, the readers {own:.1f} s; load {os.getloadavg()[0]:.1f}")
    _tell(f"{READERS} readers at once, {EACH} requests each, {rate:.0f} a second", took)


def _tell(name: str, took: list[float], cpu: float | None = None) -> None:
    p95 = sorted(took)[max(0, math.ceil(0.95 * len(took)) - 1)]
    work = "" if cpu is None else f"; work {1000 * cpu:.0f} ms each"
    print(
        f"{name}: p50 {statistics.median(took):.0f} ms, p95 {p95:.0f} ms, most {max(took):.0f} ms ({len(took)}){work}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--cold" in sys.argv[2:])
