"""How fast the site answers over a large record, alone and to 200 readers at once.

    .venv/bin/python bench/serve_record.py /tmp/million          # once; takes some minutes and 4 GB
    .venv/bin/python bench/serve.py /tmp/million

Serves the record on loopback and asks it: every figure is milliseconds at the server's door (localhost), the 50th and
95th percentile. Bounded: some hundred requests.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import psutil

TYPES = ("shelling", "air-strike", "arrest", "attack", "explosion", "car-bomb", "armed-clash", "protest")
READERS, EACH = 200, 3


def main(record: Path) -> None:
    """Serve, ask, tell."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).parent / "sijill"
    start = time.monotonic()
    server = subprocess.Popen([program, "serve", "-r", str(record), "--port", str(port)], env=os.environ)
    try:
        asyncio.run(_ask(f"http://127.0.0.1:{port}", start, server))
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
        print(f"ended with {server.returncode}")


async def _ask(site: str, start: float, server: subprocess.Popen[bytes]) -> None:
    limits = httpx.Limits(max_connections=READERS, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=site, timeout=120, limits=limits) as client:
        while True:
            try:
                await client.get("/login")
                break
            except httpx.ConnectError:
                if server.poll() is not None:
                    sys.exit("the server ended")
                await asyncio.sleep(0.1)
        await client.get("/")
        print(f"first page after {time.monotonic() - start:.1f} s")

        async def timed(path: str) -> float:
            before = time.perf_counter()
            (await client.get(path)).raise_for_status()
            return 1000 * (time.perf_counter() - before)

        await _series("front page", timed, ["/"] * 40)
        pages, after = ["/"], ""
        for _ in range(40):
            told = (await client.get(f"/api/v1/incidents?limit=40{after}")).json()
            if told["next"] is None:
                break
            after = f"&after={told['next']}"
            pages.append(f"/?after={told['next']}")
        await _series("front page, older and older", timed, pages)
        changes = [f"/?type={kind}&since=20{year}-01-01" for kind in TYPES for year in range(18, 23)]
        await _series("filter changes", timed, changes)
        boxes = [f"{30 + n / 10},{35 + n / 10},{36 + n / 10},{44 + n / 10}" for n in range(30)]
        await _series("map pans", timed, [f"/map.json?zoom={5 + n % 5}&window={box}" for n, box in enumerate(boxes)])
        await _series("search by a word", timed, ["/search?q=مدرسة", "/search?q=مشفى", "/search?q=مخيما"] * 5)
        await _series("an incident", timed, [f"/incidents/{n}" for n in range(2, 60, 2)], missing=True)
        await _series("overview", timed, ["/overview"] * 5)
        await _readers(int(site.rpartition(":")[2]), psutil.Process(server.pid))


async def _series(name: str, timed: Callable[[str], Awaitable[float]], paths: list[str], missing: bool = False) -> None:
    took = []
    for path in paths:
        try:
            took.append(await timed(path))
        except httpx.HTTPStatusError:
            if not missing:
                raise
    _tell(name, took)


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


def _tell(name: str, took: list[float]) -> None:
    cuts = statistics.quantiles(took, n=20)
    print(f"{name}: p50 {statistics.median(took):.0f} ms, p95 {cuts[18]:.0f} ms, most {max(took):.0f} ms ({len(took)})")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
