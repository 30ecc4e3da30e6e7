"""Measure the points given to names the gazetteer lacks, by hiding places it has.

    SIJILL_COMPILED=0 python scripts/hide_places.py TEXTS ... [--quiet]

TEXTS are folders of *.txt files, or files of reports as JSON lines (`text`), also compressed by gzip. In each text
every certain little known place named after a noun (village, hill, quarter) is hidden in turn: its mentions lose their
candidates, and the text is resolved again. Printed is for each rule of `resolve/place_amid.py` how many of the hidden
places it placed, and how many of these within 15 km of where they lie; without `--quiet` also those farther off.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partialmethod
from pathlib import Path
from unittest.mock import patch

from sijill.claims.scene import Scene
from sijill.gazetteer import Entry, Gazetteer, PlaceKind, default_gazetteer
from sijill.gazetteer.outlines import distance_km
from sijill.mentions.places import PlaceMention
from sijill.model import Place
from sijill.reader import prepare
from sijill.resolve.places import resolve_places

NEAR_KM = 15.0
SURE = 0.6
LITTLE = frozenset({PlaceKind.VILLAGE, PlaceKind.NEIGHBOURHOOD, PlaceKind.CAMP, PlaceKind.SITE, PlaceKind.FIELD,
                    PlaceKind.AIRPORT, PlaceKind.BASE, PlaceKind.DAM, PlaceKind.BRIDGE, PlaceKind.CROSSING,
                    PlaceKind.MOUNTAIN})  # fmt: skip
LITTLE_KNOWN = 0.55
RULES = {"it is listed with": "amid its list", "between those": "between its neighbours",
         "which lie close": "amid three or more", "named around it, which lie together": "a part amid its neighbours",
         "only town that the report": "a part in the only town",
         "called after": "at what it is called after",
         "said to lie": "at or beside what holds it"}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--quiet", action="store_true")
    args = parser.parse_args()
    placed: dict[str, list[float]] = defaultdict(list)
    hidden = 0
    for text in (text for path in args.texts for text in texts_of(path)):
        scene = prepare(text).scene
        for entry, place in hide_each(scene):
            hidden += 1
            rule = next((name for part, name in RULES.items() if part in (place.reason or "")), None)
            if rule is None or place.lat is None or place.lon is None:
                continue
            away = distance_km(place.lat, place.lon, entry.lat, entry.lon)
            placed[rule].append(away)
            if away > NEAR_KM and not args.quiet:
                print(f"{away:.0f} km\t{entry.id}\t{entry.name}\t{place.reason}")
    print(f"{hidden} places hidden")
    for rule, far in sorted(placed.items(), key=lambda item: -len(item[1])):
        near = sum(away <= NEAR_KM for away in far)
        print(f"{rule}: {len(far)} placed, {near} within {NEAR_KM:g} km ({near / len(far):.3f})")


def texts_of(path: Path) -> Iterator[str]:
    """The texts of a folder or of a file of JSON lines."""
    if path.is_dir():
        for file in sorted(path.glob("*.txt")):
            yield file.read_text(encoding="utf-8")
        return
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def hide_each(scene: Scene) -> Iterator[tuple[Entry, Place]]:
    """Each place worth hiding, with what its mention becomes once it is hidden."""
    gazetteer = default_gazetteer()
    done: set[str] = set()
    for n, (mention, place) in enumerate(zip(scene.place_mentions, scene.resolved_places, strict=True)):
        entry = gazetteer.by_id(place.place_id) if place.place_id else None
        if entry is None or entry.id in done or not is_worth(mention, place, entry):
            continue
        done.add(entry.id)
        left = [without(other, entry.row) for other in scene.place_mentions]
        with patch.object(Gazetteer, "alike", partialmethod(alike_but, Gazetteer.alike, entry.row)):
            yield entry, resolve_places(left, scene.tokens, gazetteer, context=scene.place_context)[n]


def alike_but(gazetteer: Gazetteer, alike: Callable[[Gazetteer, str], list[int]], row: int, key: str) -> list[int]:
    """The places spelt alike, but for the one hidden."""
    return [found for found in alike(gazetteer, key) if found != row]


def is_worth(mention: PlaceMention, place: Place, entry: Entry) -> bool:
    """Whether a place is certain, little known, and named after a noun, without a direction from it."""
    if mention.cue is None or mention.area or mention.role_hint is not None or mention.relation not in ("in", "near"):
        return False
    little = entry.kind in LITTLE and entry.weight <= LITTLE_KNOWN
    return little and place.lat is not None and place.confidence >= SURE


def without(mention: PlaceMention, row: int) -> PlaceMention:
    """The mention as the gazetteer would leave it if it lacked a place that may be meant."""
    candidates = () if row in mention.candidates else mention.candidates
    return PlaceMention(
        mention.first, mention.last, mention.start, mention.end, mention.relation, mention.cue, mention.area,
        candidates, mention.within, mention.role_hint, mention.listed,
    )  # fmt: skip


if __name__ == "__main__":
    main()
