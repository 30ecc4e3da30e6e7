"""Check the places compiled by hand against a wide gazetteer, and print those that lie elsewhere there.

    python scripts/check_gazetteer.py places.tsv.gz [--settled scripts/settled_places.csv]
    python scripts/check_gazetteer.py places.tsv.gz --noisy

A settlement of our own counts as known there if a place of one of its names lies in its governorate, or within 60 km
where that is unknown. It differs if the nearest such place lies more than 5 km away. Differences that were looked into,
with the reason why our coordinates stand, are listed in the CSV of settled places (id, reason); others make the exit
code 1.

With `--noisy` the settlements of Syria are imported beside our own, each name is written in three noisy ways (its words
together or apart, with or without article, ه for ة, another hamza; the seed is fixed), and resolved with its
governorate given: printed is the share that resolves to within 5 km.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from sijill.cli.place import ranked
from sijill.gazetteer import built_in_files, imported_files, make_gazetteer
from sijill.gazetteer.formats import read_table
from sijill.gazetteer.imports import import_places, overlaid
from sijill.gazetteer.names import spellings
from sijill.gazetteer.outlines import Outlines, distance_km
from sijill.gazetteer.place import SETTLEMENTS, GazetteerPlace, PlaceKind, read_places

LIMIT_KM = 5.0
NAMESAKE_KM = 40.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", type=Path)
    parser.add_argument("--noisy", action="store_true")
    parser.add_argument("--settled", type=Path, default=Path(__file__).parent / "settled_places.csv")
    args = parser.parse_args()
    if args.noisy:
        measure_noisy(args.places)
        return
    with args.settled.open(encoding="utf-8", newline="") as file:
        settled = {row["id"] for row in csv.DictReader(file)}
    theirs: dict[tuple[str, str], list[GazetteerPlace]] = defaultdict(list)
    for place in read_table(args.places).places:
        if place.kind in SETTLEMENTS:
            for key in {key.replace(" ", "") for name in place.names() for key in spellings(name)}:
                theirs[place.country, key].append(place)
    outlines = Outlines.load()
    known = agree = 0
    open_differences = []
    for ours in (p for path in built_in_files() for p in read_places(path) if p.source == "sijill"):
        if ours.kind not in SETTLEMENTS or ours.kind is PlaceKind.NEIGHBOURHOOD:
            continue
        nearest = nearest_namesake(ours, theirs, outlines)
        if nearest is None:
            continue
        known += 1
        km, other = nearest
        if km <= LIMIT_KM:
            agree += 1
        elif ours.id not in settled:
            open_differences.append(
                f"{ours.id}\t{ours.name}\t{ours.lat},{ours.lon}\t{km:.0f} km\t{other.id}\t{other.lat},{other.lon}"
            )
    print("\n".join(open_differences))
    print(f"{known} known there, {agree} within {LIMIT_KM:g} km, {len(open_differences)} open differences")
    sys.exit(1 if open_differences else 0)


def nearest_namesake(
    ours: GazetteerPlace, theirs: dict[tuple[str, str], list[GazetteerPlace]], outlines: Outlines
) -> tuple[float, GazetteerPlace] | None:
    """The nearest place of one of its names in its governorate, and how far it is."""
    keys = {key.replace(" ", "") for name in ours.names() for key in spellings(name)}
    found = []
    for other in {place.id: place for key in keys for place in theirs.get((ours.country, key), ())}.values():
        km = distance_km(ours.lat, ours.lon, other.lat, other.lon)
        governorate = outlines.containing(other.country, other.lat, other.lon)[0]
        if km < NAMESAKE_KM and (not ours.governorate or governorate == ours.governorate):
            found.append((km, other.id, other))
    if not found:
        return None
    km, _, other = min(found)
    return km, other


def measure_noisy(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = import_places(path, built_in_files(), Path(folder))
        places = overlaid(p for file in [*built_in_files(), *imported_files(Path(folder))] for p in read_places(file))
    gazetteer = make_gazetteer(places)
    outlines = Outlines.load()
    dice = random.Random(20240701)
    right = total = 0
    for place in read_table(path).places:
        if place.country != "SY" or place.kind not in SETTLEMENTS:
            continue
        governorate = outlines.containing("SY", place.lat, place.lon)[0]
        if not governorate:
            continue
        for _ in range(3):
            found = ranked(gazetteer, noisy(place.name, dice), governorate=governorate)
            total += 1
            right += (
                bool(found) and distance_km(found[0].entry.lat, found[0].entry.lon, place.lat, place.lon) <= LIMIT_KM
            )
    print(f"{report.added} places imported, {len(gazetteer)} in all; {right} of {total} noisy names right: "
          f"{right / total:.3f}")  # fmt: skip


def noisy(name: str, dice: random.Random) -> str:
    """The name, written otherwise."""
    words = name.split()
    if len(words) > 1 and dice.random() < 0.5:
        n = dice.randrange(len(words) - 1)
        words[n : n + 2] = [words[n] + words[n + 1]]
    n = dice.randrange(len(words))
    if dice.random() < 0.4:
        words[n] = words[n][2:] if words[n].startswith("ال") and len(words[n]) > 4 else "ال" + words[n]
    text = " ".join(words)
    if dice.random() < 0.6:
        text = text.replace("ة", "ه") if "ة" in text else re.sub("ه$", "ة", text)
    if dice.random() < 0.6:
        text = re.sub("[أإآ]", "ا", text) if re.search("[أإآ]", text) else text.replace("ا", "أ", 1)
    return text


if __name__ == "__main__":
    main()
