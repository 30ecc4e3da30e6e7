"""Place tables that others publish: GeoNames dumps, Who's On First, OCHA administrative tables, and our own CSV.

Each reader gives places in our form, or refuses the whole file with its name, the line, and the reason. Rows without
an Arabic name are passed over, and counted: they are no fault.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from sijill.arabic.fold import MARKS
from sijill.errors import GazetteerError
from sijill.gazetteer.names import name_key
from sijill.gazetteer.place import FIELDS, REQUIRED, GazetteerPlace, PlaceKind, parse_places

ARABIC = re.compile(f"^[\u0621-\u063a\u0641-\u064a{MARKS}\\s()'-]+$")
PREFIXES = re.compile(r"^(?:مُ?حافظة|منطقة|مديرية|قضاء|ناحية|ولاية|محلية|مدينة|بلدة|قرية|حي)\s+(?=\S{3})")
_GEONAMES_COLUMNS = 19
_GEONAMES_KINDS = {
    "ADM1": PlaceKind.GOVERNORATE, "ADM2": PlaceKind.DISTRICT, "ADM3": PlaceKind.SUBDISTRICT, "PPLC": PlaceKind.CITY,
    "PPLX": PlaceKind.NEIGHBOURHOOD, "AIRP": PlaceKind.AIRPORT, "AIRB": PlaceKind.BASE, "AIRF": PlaceKind.AIRPORT,
    "MILB": PlaceKind.BASE, "DAM": PlaceKind.DAM, "BDG": PlaceKind.BRIDGE, "MT": PlaceKind.MOUNTAIN,
    "MTS": PlaceKind.MOUNTAIN, "HLL": PlaceKind.MOUNTAIN, "LK": PlaceKind.LAKE, "STM": PlaceKind.RIVER,
    "ISL": PlaceKind.ISLAND, "OILF": PlaceKind.FIELD, "GASF": PlaceKind.FIELD, "CMPRF": PlaceKind.CAMP,
    "RD": PlaceKind.ROAD, "DSRT": PlaceKind.REGION, "RGN": PlaceKind.REGION,
}  # fmt: skip
_WOF_KINDS = {"locality": PlaceKind.VILLAGE, "neighbourhood": PlaceKind.NEIGHBOURHOOD, "campus": PlaceKind.SITE,
              "county": PlaceKind.DISTRICT, "region": PlaceKind.GOVERNORATE, "localadmin": PlaceKind.SUBDISTRICT,
              "country": PlaceKind.COUNTRY}  # fmt: skip


class Table(NamedTuple):
    """A table read: its places, which form it had, and how many of its rows have no Arabic name.

    `codes` are units of a table that gives P-codes and no coordinates (`lat` and `lon` are 0): they can only add to
    known places.
    """

    places: list[GazetteerPlace]
    form: str
    nameless: int
    codes: tuple[GazetteerPlace, ...] = ()


def read_table(path: Path) -> Table:
    """Read a table of places in any of the known forms; raises `GazetteerError`."""
    text = _text(path)
    if text.lstrip().startswith("{"):
        return _whos_on_first_geojson(text, path.name)
    first = text.split("\n", 1)[0]
    columns = [column.strip() for column in first.replace("\t", ",").lower().split(",")]
    if set(REQUIRED) <= set(columns):
        return Table(parse_places(io.StringIO(text), path.name), "Sijill CSV", 0)
    if "names_ar" in columns and "lat" in columns:
        return _rows(path.name, text, _delimiter(first), "Who's On First", _whos_on_first)
    if any(column.endswith("pcode") for column in columns):
        table = _rows(path.name, text, _delimiter(first), "OCHA table", _ocha)
        if any(column in (*_LAT, *_LON) for column in columns):
            return table
        return table._replace(places=[], codes=tuple(table.places))
    if first.count("\t") == _GEONAMES_COLUMNS - 1:
        return _geonames(text, path.name)
    raise GazetteerError(
        f"{path.name}:1: not a table of places known here; give a GeoNames dump, a Who's On First table, an OCHA table "
        f"saved as CSV, or a CSV with the columns {', '.join(FIELDS)}"
    )


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise GazetteerError(f"{path}: cannot be read ({error})") from error
    if data[:2] == b"PK":
        raise GazetteerError(f"{path.name}: is a spreadsheet or archive; save the sheet as CSV (UTF-8) first")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GazetteerError(f"{path.name}: is not UTF-8 text; save it as CSV UTF-8") from error


def _delimiter(first: str) -> str:
    return "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","


def arabic_names(names: list[str]) -> list[str]:
    """Those in Arabic letters, each spelling once, without words such as "district of" before them."""
    kept: dict[str, str] = {}
    for name in names:
        name = PREFIXES.sub("", name.strip())
        if name and ARABIC.match(name):
            kept.setdefault(name_key(name), name)
    kept.pop("", None)
    return list(kept.values())


Row = dict[str, str]
_LAT = ("lat", "latitude", "latitude_y", "y", "point_y", "center_lat")
_LON = ("lon", "longitude", "longitude_x", "x", "point_x", "center_lon")


def _rows(file_name: str, text: str, delimiter: str, form: str, read: Callable[[Row], GazetteerPlace | None]) -> Table:
    lines = io.StringIO(text)
    if delimiter == "\t":
        reader = csv.DictReader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.DictReader(lines, delimiter=delimiter)
    places: dict[str, GazetteerPlace] = {}
    nameless = 0
    for row in reader:
        if all((value or "").startswith("#") or not value for value in row.values()):
            continue  # Humanitarian tables carry a row of tags below the header.
        if None in row or None in row.values():
            raise GazetteerError(f"{file_name}:{reader.line_num}: another number of cells than the header")
        try:
            place = read({key.lower(): value.strip() for key, value in row.items()})
        except ValueError as error:
            raise GazetteerError(f"{file_name}:{reader.line_num}: {error}") from error
        if place is None:
            nameless += 1
        else:
            places.setdefault(place.id, place)
    return Table(list(places.values()), form, nameless)


def _degrees(value: str, field: str, most: float) -> float:
    try:
        degrees = float(value)
    except ValueError:
        raise ValueError(f"{field} {value!r} is not a number") from None
    if not -most <= degrees <= most:
        raise ValueError(f"{field} {value} is not between {-most:g} and {most:g}")
    return degrees


def _sized(kind: PlaceKind, population: int) -> PlaceKind:
    if kind is not PlaceKind.VILLAGE:
        return kind
    return PlaceKind.CITY if population >= 60_000 else PlaceKind.TOWN if population >= 5_000 else kind


def _whos_on_first(row: Row) -> GazetteerPlace | None:
    kind = _WOF_KINDS.get(row["kind"])
    if kind is None:
        raise ValueError(f"kind {row['kind']!r} is not known")
    names = arabic_names(row["names_ar"].split("|"))
    if not names and kind is PlaceKind.DISTRICT:
        names = [row.get("name_en", "")]  # So that the places in it can say where they lie.
    if not names or not names[0]:
        return None
    population = int(row.get("population") or 0)
    geonames = row.get("geonames", "")
    return GazetteerPlace(
        id=f"geonames:{geonames}" if geonames else f"wof:{row['id']}",
        kind=_sized(kind, population),
        name=names[0],
        other_names=tuple(names[1:]),
        english=row.get("name_en", ""),
        country=_country(row["country"]),
        lat=_degrees(row["lat"], "lat", 90),
        lon=_degrees(row["lon"], "lon", 180),
        population=population,
        geonames=geonames,
        source="geonames" if row.get("source") == "geonames" else "whosonfirst",
    )


class _Feature(msgspec.Struct):
    properties: dict[str, Any]
    id: Any = ""


class _GeoJson(msgspec.Struct):
    type: Literal["Feature", "FeatureCollection"]
    features: list[_Feature] = []
    properties: dict[str, Any] = {}
    id: Any = ""


def _features(text: str, file_name: str) -> list[_Feature]:
    try:
        data = msgspec.json.decode(text, type=_GeoJson)
    except msgspec.ValidationError as error:
        raise GazetteerError(f"{file_name}: is not GeoJSON of places ({error})") from error
    except msgspec.DecodeError as error:
        raise GazetteerError(f"{file_name}: is not whole JSON ({error})") from error
    return data.features if data.type == "FeatureCollection" else [_Feature(data.properties, data.id)]


def _whos_on_first_geojson(text: str, file_name: str) -> Table:
    places: list[GazetteerPlace] = []
    nameless = 0
    for n, feature in enumerate(_features(text, file_name), 1):
        properties = feature.properties
        names = [str(name) for key, values in sorted(properties.items()) if key.startswith("name:ara_x_")
                 for name in (values if isinstance(values, list) else [values])]  # fmt: skip
        row = {
            "id": str(properties.get("wof:id", feature.id)),
            "kind": str(properties.get("wof:placetype", "")),
            "names_ar": "|".join(names),
            "name_en": str(properties.get("wof:name", "")),
            "country": str(properties.get("iso:country", properties.get("wof:country", ""))),
            "lat": str(properties.get("lbl:latitude", properties.get("geom:latitude", ""))),
            "lon": str(properties.get("lbl:longitude", properties.get("geom:longitude", ""))),
            "population": str(properties.get("wof:population", 0)),
            "geonames": str(dict(properties.get("wof:concordances") or {}).get("gn:id", "")),
        }
        try:
            place = _whos_on_first(row)
        except ValueError as error:
            raise GazetteerError(f"{file_name}: feature {n}: {error}") from error
        if place is None:
            nameless += 1
        else:
            places.append(place)
    return Table(places, "Who's On First GeoJSON", nameless)


def _country(code: str) -> str:
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise ValueError(f"country {code!r} is not a two-letter code such as SY")
    return code.upper()


def _geonames(text: str, file_name: str) -> Table:
    places: list[GazetteerPlace] = []
    nameless = 0
    for line, row in enumerate(io.StringIO(text), 1):
        cells = row.rstrip("\r\n").split("\t")
        if len(cells) != _GEONAMES_COLUMNS:
            raise GazetteerError(f"{file_name}:{line}: {len(cells)} cells where a GeoNames dump has 19")
        names = arabic_names([cells[1], *cells[3].split(",")])
        feature = cells[7]
        kind = _GEONAMES_KINDS.get(feature, PlaceKind.VILLAGE if feature.startswith("PPL") else PlaceKind.SITE)
        if not names:
            nameless += 1
            continue
        try:
            if not cells[0].isdigit():
                raise ValueError(f"geonameid {cells[0]!r} is not a number")
            population = int(cells[14] or 0)
            place = GazetteerPlace(
                id=f"geonames:{cells[0]}",
                kind=_sized(kind, population),
                name=names[0],
                other_names=tuple(names[1:]),
                english=cells[1],
                country=_country(cells[8]),
                lat=_degrees(cells[4], "latitude", 90),
                lon=_degrees(cells[5], "longitude", 180),
                population=population,
                geonames=cells[0],
                source="geonames",
            )
        except ValueError as error:
            raise GazetteerError(f"{file_name}:{line}: {error}") from error
        places.append(place)
    return Table(places, "GeoNames dump", nameless)


def _ocha(row: Row) -> GazetteerPlace | None:
    """A row of an OCHA common operational dataset: its finest level with a P-code is the place."""
    level, pcode = _finest(row)
    columns = (f"admin{level}name_ar", f"adm{level}_ar", f"admin{level}_ar", "name_ar", "featurear_name",
               "populatedplace_ar", "location_name_ar", *(f"adm{level}_name{n}" for n in ("", 1, 2, 3)))  # fmt: skip
    names = arabic_names([row[column] for column in columns if row.get(column)])
    if not names:
        return None
    kinds = {0: PlaceKind.COUNTRY, 1: PlaceKind.GOVERNORATE, 2: PlaceKind.DISTRICT, 3: PlaceKind.SUBDISTRICT}
    return GazetteerPlace(
        id=f"ocha:{pcode}",
        kind=kinds.get(level, PlaceKind.VILLAGE),
        name=names[0],
        other_names=tuple(names[1:]),
        english=_first(
            row,
            f"admin{level}name_en",
            f"adm{level}_en",
            f"admin{level}_en",
            "name_en",
            "featureref_name",
            f"adm{level}_name",
        ),
        country=_country(_country_of(row, level, pcode)),
        lat=_point(row, _LAT, "latitude", 90),
        lon=_point(row, _LON, "longitude", 180),
        pcode=pcode,
        source="ocha",
    )


def _point(row: Row, columns: tuple[str, ...], field: str, most: float) -> float:
    """A coordinate, or 0 where the table has no column for it."""
    if not any(column in row for column in columns):
        return 0.0
    return _degrees(_first(row, *columns), field, most)


def _country_of(row: Row, level: int, pcode: str) -> str:
    """The two letters that the P-codes of wider units begin with; those of villages may not."""
    codes = [_first(row, *columns) for n, columns in _levels() if n < level]
    return next((code[:2] for code in [*reversed(codes), pcode] if code[:2].isalpha()), pcode[:2])


def _finest(row: Row) -> tuple[int, str]:
    for level, columns in _levels():
        pcode = _first(row, *columns)
        if pcode:
            return level, pcode
    raise ValueError("no P-code in the row")


def _levels() -> Iterator[tuple[int, tuple[str, ...]]]:
    for level in (5, 4, 3, 2, 1, 0):
        general = ("pcode", "location_pcode", "populatedplace_pcode") if level == 5 else ()
        yield level, (f"admin{level}pcode", f"adm{level}_pcode", f"admin{level}_pcode", *general)


def _first(row: Row, *columns: str) -> str:
    return next((row[column] for column in columns if row.get(column)), "")
