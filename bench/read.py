"""How fast reading is, and how much memory it takes. `make bench` prints the table of docs/measurements.md.

    read.py [--reports 400] [--json]

Times are processor time of one core, so that what else the machine does counts little; cold start is time on the
clock. Reports are made of the examples' paragraphs, 1,200 characters each, no two alike.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import trafilatura
from encoder import Encoder, tokens_of
from news_page import news_page
from threadpoolctl import threadpool_limits

import sijill

EXAMPLES = Path(__file__).parent.parent / "examples"
LENGTH = 1200
LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
PATIENCE = 3
"""Seconds: longer texts than one that takes this long are not tried."""
PAGE = """<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title}</title></head><body>
<header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>{body}</article>
<aside><h3>اقرأ أيضا</h3><ul>{menu}</ul></aside></main><footer><p>جميع الحقوق محفوظة</p></footer></body></html>"""
MENU = "".join(f'<li><a href="/{n}">قسم {n}</a></li>' for n in range(30))
MEMORY = """
import resource, sys, sijill
from pathlib import Path
text = sys.stdin.read()
for start in range(0, len(text) // 2, 1200):
    sijill.read(text[start : start + 1200])
sijill.read(text)
status = Path("/proc/self/status")
if status.exists():
    # What getrusage tells on Linux is also that of the process that started this one.
    peak = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak)
"""


class Figure(NamedTuple):
    """One line of the table. `least`: the target is a least figure, not a most."""

    name: str
    value: float
    unit: str
    target: float | None = None
    least: bool = False

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.least else self.value <= self.target


def paragraphs() -> list[str]:
    """The sentences-long paragraphs of the examples."""
    texts = (sijill.read(path.read_bytes(), name=path.name).text for path in sorted(EXAMPLES.glob("*.txt")))
    return [line for text in texts for line in text.splitlines() if len(line) > 80]


def report(draw: random.Random, stock: list[str], length: int) -> str:
    """A report of `length` characters: title, dateline and paragraphs drawn from the stock."""
    lines = ["قصف واشتباكات في مناطق متفرقة", "", "2021-06-10 | 14:20 دمشق", ""]
    size = sum(map(len, lines))
    while size < length:
        line = draw.choice(stock)
        # Another number in each paragraph, so that no cache of whole words can know the text beforehand.
        lines.append(line.replace("قتل", f"قتل {draw.randrange(2, 99)} و", 1))
        size += len(lines[-1]) + 1
    return "\n".join(lines)[:length]


def seconds(work: Callable[[], object]) -> float:
    """Processor time that `work` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def reading(reports: list[str]) -> list[Figure]:
    """Median and 99th percentile of one report."""
    for text in reports[:20]:
        sijill.read(text)
    times = [1000 * seconds(lambda text=text: sijill.read(text)) for text in reports]  # type: ignore[misc]
    return [
        Figure(f"a report of {LENGTH:,} characters, median", median(times), "ms", 2.5),
        Figure(f"a report of {LENGTH:,} characters, 99th percentile", quantiles(times, n=100)[98], "ms", 10),
    ]


def growth(draw: random.Random, stock: list[str]) -> list[Figure]:
    """Time per character as reports grow; linear means that it stays. Stops where a length takes too long."""
    per_char: dict[int, float] = {}
    for length in LENGTHS:
        text = report(draw, stock, length)
        runs = max(1, min(20, 200_000 // length))
        best = min(seconds(lambda text=text: sijill.read(text)) for _ in range(runs))  # type: ignore[misc]
        per_char[length] = 1e6 * best / length
        if best > PATIENCE:
            break
    figures = [Figure(f"{length:,} characters, per character", time_, "µs") for length, time_ in per_char.items()]
    longest = max(per_char)
    ratio = per_char[longest] / per_char[LENGTHS[1]]
    return [*figures, Figure(f"{longest:,} characters against {LENGTHS[1]:,}, per character", ratio, "×", 2.0)]


def cold_start() -> Figure:
    """`sijill read FILE` as a user starts it, on the clock; the best of five."""
    command = [sys.executable, "-m", "sijill.cli.main", "read", str(EXAMPLES / "01-pasted-page.txt")]
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return Figure("`sijill read` of one file, cold start", min(times), "s", 0.5)


def memory(text: str) -> Figure:
    """The most memory resident while reading some hundred reports and one of a hundred thousand characters."""
    done = subprocess.run([sys.executable, "-c", MEMORY], input=text, text=True, check=True, capture_output=True)
    scale = 1024 if sys.platform == "linux" else 1024**2
    return Figure("memory resident at most", int(done.stdout) / scale, "MB", 250)


def extraction(reports: list[str]) -> list[Figure]:
    """The extraction library alone on the same texts as pages: bare ones, and such as news sites serve. Each text is
    read beside its page, so that both meet the machine in the same state."""
    figures = []
    for name, page_of in (("a bare page", bare_page), ("a news site's page", news_page)):
        weights, alone, beside, whole = [], [], [], []
        for n, text in enumerate(reports[:100]):
            title, *lines = text.splitlines()
            page = page_of(title, [line for line in lines if line], n)
            weights.append(len(page) / 1000)
            alone.append(1000 * seconds(lambda page=page: trafilatura.extract(page)))  # type: ignore[misc]
            beside.append(1000 * seconds(lambda text=text: sijill.read(text)))  # type: ignore[misc]
            whole.append(1000 * seconds(lambda page=page: sijill.read(page, html=True)))  # type: ignore[misc]
        figures += [
            Figure(f"{name}: HTML, median", median(weights), "thousand characters"),
            Figure(f"{name}: extraction library alone, median", median(alone), "ms"),
            Figure(f"{name}: from HTML to claims, median", median(whole), "ms"),
            Figure(f"{name}: reading the text against extracting it", median(beside) / median(alone), "×", 1.0),
        ]
    return figures


def bare_page(title: str, lines: list[str], _seed: int) -> str:
    """A report between two menus and a footer, with nothing else around it."""
    return PAGE.format(title=title, body="".join(f"<p>{line}</p>" for line in lines), menu=MENU)


def encoding(reports: list[str], read_ms: float) -> list[Figure]:
    """One pass of an encoder over the same texts."""
    encoder = Encoder()
    with threadpool_limits(1):  # one core, as for the reader
        encoder.forward(tokens_of(reports[0]))
        passes = 1000 * median(seconds(lambda text=text: encoder.forward(tokens_of(text))) for text in reports[:5])  # type: ignore[misc]
    return [
        Figure(f"encoder of BERT-base's size, one pass, {tokens_of(reports[0])} tokens", passes, "ms"),
        Figure("reading is faster than the encoder", passes / read_ms, "×", 50, least=True),
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--reports", type=int, default=400)
    arguments.add_argument("--json", action="store_true")
    asked = arguments.parse_args()
    draw = random.Random(0)
    stock = paragraphs()
    reports = [report(draw, stock, LENGTH) for _ in range(asked.reports)]
    figures = reading(reports)
    figures += extraction(reports)
    figures += encoding(reports, figures[0].value)
    figures += growth(draw, stock)
    figures += [cold_start(), memory(report(draw, stock, LENGTHS[-2]))]
    if asked.json:
        print(json.dumps([figure._asdict() | {"met": figure.met} for figure in figures], ensure_ascii=False))
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| what | measured | target |\n| --- | --- | --- |")
    for figure in figures:
        bound = "at least" if figure.least else "at most"
        target = "" if figure.target is None else f"{bound} {figure.target:g} {figure.unit}"
        mark = {True: " ✓", False: " ✗", None: ""}[figure.met]
        print(f"| {figure.name} | {figure.value:.3g} {figure.unit} | {target}{mark} |")


if __name__ == "__main__":
    main()
