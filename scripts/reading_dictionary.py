"""Make the dictionary that readings are squeezed with, out of the readings of `examples/`.

    python scripts/reading_dictionary.py [OUT]

A record is full of readings made with the dictionary of its day, so one that was ever released is never changed: a
better one gets a new number in its name, and a place of its own in `sijill.record.packed`.

It is made as others cover a corpus: the parts whose runs of letters stand in the most readings, each run counted once,
the best part last, where it is reached by the shortest way.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from sijill.reader import read

_MOST = 32_000
"""Bytes; Deflate looks back no further."""
_RUN, _PART = 8, 96
_EXAMPLES = Path(__file__).parent.parent / "examples"


def dictionary(samples: list[bytes]) -> bytes:
    """A dictionary for texts like these."""
    counts: Counter[bytes] = Counter()
    for sample in samples:
        counts.update({sample[n : n + _RUN] for n in range(len(sample) - _RUN)})
    chosen: list[tuple[int, bytes]] = []
    parts = [sample[n : n + _PART] for sample in samples for n in range(0, len(sample), _PART // 2)]
    covered: set[bytes] = set()
    while parts and sum(len(part) for _, part in chosen) + _PART <= _MOST:
        worth = [(sum(counts[run] - 1 for run in _runs(part) - covered), n) for n, part in enumerate(parts)]
        best, at = max(worth)
        if best <= 0:
            break
        covered |= _runs(parts[at])
        chosen.append((best, parts.pop(at)))
    return b"".join(part for _, part in reversed(chosen))


def _runs(part: bytes) -> set[bytes]:
    return {part[n : n + _RUN] for n in range(len(part) - _RUN)}


def main() -> None:
    """Write it where it is read, or where told."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("src/sijill/record/readings-1.dict")
    paths = sorted(path for path in _EXAMPLES.iterdir() if path.suffix in (".txt", ".html"))
    samples = [read(path.read_bytes(), name=path.name).to_json() for path in paths]
    out.write_bytes(dictionary(samples))
    print(f"{out}: {out.stat().st_size:,} bytes, from {sum(map(len, samples)):,} of {len(samples)} readings")


if __name__ == "__main__":
    main()
