"""Many quick cases: inputs that the coverage-guided fuzzer found, changed at random and read without instruments.

    mutate.py {bytes,html,text} --corpus DIR [--cases 400000] [--longest 200] [--seed 1]

DIR is what `read.py --corpus DIR` kept. The first input that breaks a promise is written to `broken-...`, and the
error is raised.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from pathlib import Path

from sijill.errors import InputError
from sijill.reader import read
from sijill.scoring import prediction

SECONDS = 2.0
PUBLISHED = "2020-03-14T18:22+02:00"


def tried(kind: str, data: bytes) -> None:
    """Read one input, and hold the report to its promises."""
    try:
        if kind == "html":
            report = read(data, html=True, media_type="text/html; charset=utf-8")
        elif kind == "bytes":
            report = read(data)
        else:
            report = read(data.decode("utf-8", "replace"), html=False, published=PUBLISHED)
    except InputError:
        return  # refused, as bytes that are no text should be
    told = prediction(report.to_dict())
    if told.grounded != told.quotes:
        raise AssertionError(f"{told.quotes - told.grounded} quotes do not stand in the text")


def changed(draw: random.Random, inputs: list[bytes], longest: int) -> bytes:
    """An input with a few of its bytes cut, doubled, replaced, or joined to those of another."""
    data = bytearray(draw.choice(inputs)[:longest])
    for _ in range(draw.randrange(1, 5)):
        at = draw.randrange(len(data) + 1)
        how = draw.randrange(4)
        if how == 0:
            del data[at : at + draw.randrange(1, 12)]
        elif how == 1:
            data[at:at] = data[at : at + draw.randrange(1, 24)]
        elif how == 2:
            data[at:at] = bytes(draw.randrange(256) for _ in range(draw.randrange(1, 3)))
        else:
            other = draw.choice(inputs)
            start = draw.randrange(len(other) + 1)
            data[at:] = other[start : start + longest // 2]
    return bytes(data[:longest])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("bytes", "html", "text"))
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=400_000)
    parser.add_argument("--longest", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    inputs = [path.read_bytes() for path in sorted(asked.corpus.iterdir()) if path.is_file()]
    for done in range(asked.cases):
        data = changed(draw, inputs, asked.longest)
        began = time.process_time()
        try:
            tried(asked.kind, data)
            if time.process_time() - began > SECONDS:
                raise AssertionError(f"{len(data)} bytes took over {SECONDS} s")
        except Exception:
            kept = Path(f"broken-{hashlib.sha256(data).hexdigest()[:12]}")
            kept.write_bytes(data)
            print(f"case {done}: {kept}", file=sys.stderr)
            raise
        if done % 20_000 == 0:
            print(f"{done} of {asked.cases}", flush=True)
    print(f"{asked.cases} cases of {asked.kind}, none broke a promise")


if __name__ == "__main__":
    main()
