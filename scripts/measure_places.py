"""Measure the finding and resolving of places apart from claims, on gold files.

    python scripts/measure_places.py GOLD_FOLDER ... [--extra] [--quiet]

A gold file holds claims in the codebook's form, or only a report's `places`, each with its quote and point. Every place
of the gold's claims is looked for where the claim's own words stand: it is *found* if a mention overlaps an
occurrence of its quote in a sentence of the claim (in the whole text where it stands in none of them), *exact* if
mention and quote are the same words, and *resolved* if one of the mentions found lies within 15 km of the gold's point
(50 km where the gold calls it an area). A quote is counted once for each report and point. Misses are listed; `--extra`
lists, with how often, the mentions that no claim of the gold names, so that a person can see which are no places.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from sijill.arabic.words import Tokens, sentences
from sijill.gazetteer.outlines import distance_km
from sijill.model import Place
from sijill.reader import prepare

POINT_KM, AREA_KM = 15.0, 50.0


class Told(NamedTuple):
    """A place of a claim: its quote, where it stands, and the point the gold gives it."""

    quote: str
    spans: tuple[tuple[int, int], ...]
    at: tuple[float, float] | None
    area: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--extra", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    args = parser.parse_args()
    count: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    lines: list[str] = []
    for path in sorted(p for folder in args.folders for p in folder.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        text = (path.parent / raw["report"]).read_text(encoding="utf-8")
        prepared = prepare(text, name=raw["report"])
        if prepared.page.text != text:
            lines.append(f"{path.name}: the page's text is not the file's; passed over")
            continue
        places = prepared.scene.resolved_places
        wanted = list(dict.fromkeys(told_places(raw, text)))
        count["texts"] += 1
        count["mentions"] += len(places)
        for gold in wanted:
            lines += [f"{path.name}\t{fault}" for fault in judged(gold, places, text, count)]
        spans = [span for gold in wanted for span in all_spans(text, gold.quote)]
        names = [p for p in places if not any(overlap((p.span.start, p.span.end), span) for span in spans)]
        count["mentions not in gold"] += len(names)
        extra.update(f"{p.span.quote}\t{p.place_id or '-'}" for p in names)
    if not args.quiet:
        print("\n".join(lines))
    if args.extra:
        print("\n".join(f"{n}\t{name}" for name, n in extra.most_common()))
    report(count)


def told_places(raw: dict[str, Any], text: str) -> Iterator[Told]:
    """The places of a gold file: of its claims, or, where it tells places alone, all it tells."""
    for place in raw.get("places") or []:
        yield told(place, all_spans(text, place["quote"]))
    cut = sentence_spans(text)
    for claim in raw.get("claims") or []:
        words = [span for quote in (claim["trigger"], *claim.get("also", ())) for span in all_spans(text, quote)]
        around = [span for span in cut if any(overlap(span, word) for word in words)]
        for place in claim.get("places") or []:
            spans = all_spans(text, place["quote"])
            near = [span for span in spans if any(overlap(span, sentence) for sentence in around)]
            yield told(place, near or spans)


def told(place: dict[str, Any], spans: list[tuple[int, int]]) -> Told:
    at = tuple(place["at"]) if place.get("at") else None
    return Told(place["quote"], tuple(spans), at, bool(place.get("area")))


def sentence_spans(text: str) -> list[tuple[int, int]]:
    tokens = Tokens(text)
    return [(tokens.start[first], tokens.end[past - 1]) for first, past in sentences(tokens)]


def all_spans(text: str, quote: str) -> list[tuple[int, int]]:
    """Where a quote stands; as a whole word, but for letters such as "و" before it, where it stands so at all."""
    spans = [match.span() for match in re.finditer(re.escape(quote), text)]
    whole = [span for span in spans if not text[span[1] : span[1] + 1].isalpha()]
    return whole or spans


def overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def judged(gold: Told, places: list[Place], text: str, count: Counter[str]) -> Iterator[str]:
    """Count one place of the gold, and say what is missed of it."""
    found = [p for p in places if any(overlap((p.span.start, p.span.end), span) for span in gold.spans)]
    count["gold"] += 1
    count["found"] += bool(found)
    count["exact"] += any(p.span.quote == gold.quote for p in found)
    if not found:
        start, end = gold.spans[0]
        around = text[max(0, start - 30) : end + 20].replace("\n", "⏎")
        yield f"not found\t{gold.quote}\t{around}"
    if gold.at is None:
        if found and all(p.place_id is None and p.lat is None for p in found):
            yield f"open\t{gold.quote}\t{found[0].reason}"
        count["open"] += bool(found) and all(p.place_id is None and p.lat is None for p in found)
        return
    count["with a point"] += 1
    away = [distance_km(p.lat, p.lon, *gold.at) for p in found if p.lat is not None and p.lon is not None]
    right = bool(away) and min(away) <= (AREA_KM if gold.area else POINT_KM)
    count["resolved"] += right
    if found and not right:
        chosen = "; ".join(f"{p.span.quote} > {p.place_id} {p.name} {p.lat},{p.lon} {p.reason}" for p in found[:2])
        km = f"{min(away):.0f} km" if away else "no point"
        yield f"astray {km}\t{gold.quote}\t{gold.at}\t{chosen}"


def report(count: Counter[str]) -> None:
    print(f"{count['texts']} reports, {count['gold']} places told, {count['mentions']} mentions found, "
          f"{count['mentions not in gold']} of them not in the gold")  # fmt: skip
    for name, of in (("found", "gold"), ("exact", "gold"), ("resolved", "with a point"), ("open", "gold")):
        if count[of]:
            print(f"{name}: {count[name]} of {count[of]} ({count[name] / count[of]:.3f})")


if __name__ == "__main__":
    main()
