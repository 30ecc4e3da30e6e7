"""How fast places are found and resolved, and what the gazetteer costs, with a wide table imported.

    places.py places.tsv.gz [--reports 400]

The table is imported into a folder of its own and compiled there, so nothing of the user's changes. Reports are those
of `read.py`; times are processor time of one core, opening is time on the clock, each the best of three.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from read import LENGTH, paragraphs, report

from sijill.arabic.words import Tokens, sentences
from sijill.gazetteer import Gazetteer, built_in_files, imported_files, load_gazetteer
from sijill.gazetteer.imports import import_places
from sijill.mentions.places import find_places
from sijill.resolve.places import resolve_places


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("table", type=Path, help="the table; with --opened the folder it was imported into")
    arguments.add_argument("--reports", type=int, default=400)
    arguments.add_argument("--opened", action="store_true", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.opened:
        measure(asked.table)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        import_places(asked.table, built_in_files(), folder / "imports")
        load_gazetteer(all_files(folder), folder / "cache")
        # In a process of its own, so that making the cache does not count as memory.
        (folder / "texts.json").write_text(json.dumps(reports(asked.reports)), encoding="utf-8")
        command = [sys.executable, __file__, name, "--opened"]
        subprocess.run(command, check=True)


RUNS = 10
"""Each report is read so often, the quickest counts: what else the machine does is not measured."""


def reports(count: int) -> list[str]:
    draw = random.Random(0)
    stock = paragraphs()
    return [report(draw, stock, LENGTH) for _ in range(count)]


def all_files(folder: Path) -> list[Path]:
    return [*built_in_files(), *imported_files(folder / "imports")]


def measure(folder: Path) -> None:
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    files = all_files(folder)
    before = memory()
    opening = min(opened(files, folder / "cache") for _ in range(3))
    gazetteer = load_gazetteer(files, folder / "cache")
    times = [1000 * min(placed(text, gazetteer) for _ in range(RUNS)) for text in texts]
    print(f"{len(gazetteer)} places; opening {1000 * opening:.1f} ms, {memory() - before:.0f} MB more memory")
    told = f"the median of {len(texts)} reports, each the best of {RUNS}"
    print(f"finding and resolving, {LENGTH} characters: {median(times):.2f} ms, {told}")


def opened(files: list[Path], cache: Path) -> float:
    began = time.perf_counter()
    load_gazetteer(files, cache)
    return time.perf_counter() - began


def placed(text: str, gazetteer: Gazetteer) -> float:
    """Processor time of the places of a text that is cut already."""
    tokens = Tokens(text)
    ranges = sentences(tokens)
    began = time.process_time()
    resolve_places(find_places(tokens, ranges, [], gazetteer), tokens, gazetteer)
    return time.process_time() - began


def memory() -> float:
    """The memory resident now, in MB; Linux alone tells it."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024**2


if __name__ == "__main__":
    main()
