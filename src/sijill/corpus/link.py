"""Linking: a corpus's claims brought together in incidents by Splink, with the comparisons of the record.

Each level of a comparison stands for one feature of the pair score and has its weight from the same table
(`incidents/weights.csv`), so that Splink's match weight is the record's log-odds. Pairs come from the same blocks.
Where the record weighs all places of a claim, and words and copies, this weighs the first place alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from sijill.corpus.parts import CLAIMS, put, table_bytes
from sijill.corpus.plan import CorpusError
from sijill.incidents.blocks import sought, written
from sijill.incidents.pair import families, total, weights
from sijill.record.fact import Fact, decode

INCIDENTS = "incidents.parquet"
_REACH_DAYS = 2
_LIKELY = 0.5
_U = 1e-4
_SCHEMA = pa.schema(
    [
        ("unique_id", pa.string()), ("report", pa.string()), ("type", pa.string()), ("kind", pa.string()),
        ("family", pa.string()), ("first", pa.int64()), ("last", pa.int64()), ("published", pa.int64()),
        ("place", pa.string()), ("place_id", pa.string()), ("admin1", pa.string()), ("area", pa.bool_()),
        ("lat", pa.float64()), ("lon", pa.float64()), ("doers", pa.list_(pa.string())),
        ("others", pa.list_(pa.string())), ("killed", pa.int64()), ("injured", pa.int64()), ("planned", pa.bool_()),
        ("teller", pa.string()), ("keys", pa.list_(pa.string())),
    ]
)  # fmt: skip
_KM = (
    "(111.195 * sqrt(power(lat_l - lat_r, 2) + power((lon_l - lon_r) * cos(radians((lat_l + lat_r) / 2)), 2)))"  # flat
)
_DAYS_MET = "greatest(first_l, first_r) <= least(last_l, last_r)"
_GAP = "(greatest(first_l, first_r) - least(last_l, last_r))"
_UNTOLD = "first_l IS NULL OR first_r IS NULL"
_LEVELS: dict[str, tuple[tuple[str, str], ...]] = {
    "day": (
        ("", _UNTOLD),
        ("day-same", f"{_DAYS_MET} AND first_l = last_l AND first_r = last_r"),
        ("day-overlap", _DAYS_MET),
        ("day-next", f"{_GAP} = 1"),
        ("day-apart", f"{_GAP} = 2"),
        ("day-far", "ELSE"),
    ),
    "type": (
        ("type-same", "type_l = type_r"),
        ("type-group", "kind_l = kind_r AND family_l = family_r"),
        ("type-family", "family_l = family_r"),
        ("type-other", "ELSE"),
    ),
    "spot": (
        ("spot-untold", "place_l IS NULL OR place_r IS NULL"),
        ("spot-same", "place_id_l = place_id_r AND NOT area_l"),
        ("spot-area", "place_id_l = place_id_r"),
        ("spot-within", "admin1_l = admin1_r AND area_l <> area_r"),
        ("spot-area", "admin1_l = admin1_r AND area_l AND area_r"),
        ("spot-far", "area_l OR area_r"),
        ("spot-named", "(lat_l IS NULL OR lat_r IS NULL) AND place_l = place_r"),
        ("spot-near", "lat_l IS NULL OR lat_r IS NULL"),
        ("spot-neighbour", f"{_KM} <= 6"),
        ("spot-near", f"{_KM} <= 15"),
        ("spot-far", "ELSE"),
    ),
    "doers": (
        ("", "len(doers_l) = 0 OR len(doers_r) = 0"),
        ("doer-same", "list_has_any(doers_l, doers_r)"),
        ("doer-other", "ELSE"),
    ),
    "others": (
        ("", "len(others_l) = 0 OR len(others_r) = 0"),
        ("target-same", "list_has_any(others_l, others_r)"),
        ("target-other", "ELSE"),
    ),
    "killed": (
        ("", "killed_l IS NULL OR killed_r IS NULL"),
        ("killed-same", "killed_l = killed_r"),
        ("killed-alike", "greatest(killed_l, killed_r) <= 1.35 * least(killed_l, killed_r)"),
        ("killed-far", "greatest(killed_l, killed_r) >= 3 * least(killed_l, killed_r)"),
        ("killed-apart", "ELSE"),
    ),
    "injured": (
        ("", "injured_l IS NULL OR injured_r IS NULL"),
        ("injured-same", "injured_l = injured_r"),
        ("injured-alike", "greatest(injured_l, injured_r) <= 1.35 * least(injured_l, injured_r)"),
        ("injured-apart", "ELSE"),
    ),
    "planned": (("", "planned_l = planned_r"), ("planned", "ELSE")),
    "teller": (("told-apart", "report_l = report_r AND teller_l = teller_r"), ("", "ELSE")),
}


class Linked(msgspec.Struct, frozen=True):
    """What linking gave: claims, incidents, pairs looked at that are likely, and the SHA-256 of the file."""

    claims: int
    incidents: int
    pairs: int
    sha256: str


def link(corpus: Path, *, database: str = ":memory:") -> Linked:
    """Write `incidents.parquet` (claim, incident) beside the claims of a run. Incidents are named by their least
    claim, so that the same claims give the same file. `database` may be a file, for more than memory holds.

    Raises `CorpusError` where `corpus` is no finished run.
    """
    if not (corpus / "manifest.json").is_file():
        raise CorpusError(f"{corpus}: no finished run is there; make one with `sijill run`")
    files = sorted((corpus / CLAIMS).glob("*.parquet"))
    claims = [claim for path in files for claim in pq.read_table(path, columns=["id"])["id"].to_pylist()]
    edges = _likely_pairs(map(_table, files), database) if len(claims) > 1 else []
    incident = _clusters(claims, edges)
    table = [{"claim": claim, "incident": f"k-{name}"} for claim, name in sorted(incident.items())]
    data = table_bytes(table, pa.schema([("claim", pa.string()), ("incident", pa.string())]))
    return Linked(len(claims), len(set(incident.values())), len(edges), put(corpus / INCIDENTS, data))


def _table(path: Path) -> pa.Table:
    """The claims of a file as Splink compares them."""
    told = pq.read_table(path, columns=["id", "report", "fact"]).to_pylist()
    return pa.Table.from_pylist([_row(row["id"], row["report"], decode(row["fact"])) for row in told], schema=_SCHEMA)


def _row(claim: str, report: str, fact: Fact) -> dict[str, Any]:
    kind, family = families().get(fact.type, (fact.type, fact.type))
    spot = fact.spots[0] if fact.spots else None
    killed, injured = total(fact, "killed"), total(fact, "injured")
    last = fact.last if fact.last is not None else fact.first
    return {
        "unique_id": claim,
        "report": report,
        "type": fact.type,
        "kind": kind,
        "family": family,
        "first": fact.first,
        "last": last,
        "published": fact.published,
        "place": spot.name if spot else None,
        "place_id": spot.place_id if spot else None,
        "admin1": (spot.admin1 or spot.name) if spot else None,
        "area": spot.precision in ("governorate", "region", "country") if spot else None,
        "lat": spot.lat if spot else None,
        "lon": spot.lon if spot else None,
        "doers": [side.key for side in fact.initiators],
        "others": [side.key for side in fact.targets],
        "killed": killed[0] if killed else None,
        "injured": injured[0] if injured else None,
        "planned": fact.modality == "planned",
        "teller": f"{fact.source_kind} {fact.source or ''}",
        "keys": _keys(fact, report),
    }


def _keys(fact: Fact, report: str) -> list[str]:
    """The blocks of a claim as text: two claims meet in one where the record would compare them, within two days."""
    pairs = {(key, day) for key, day in written(fact)}
    look = sought(fact)
    if look:
        pairs |= {(key, day) for key in look[0] for day in {day for _, day in pairs}}
    # A fact outside a record has no origin: the key of copies would bring all together.
    own = {key for key, _ in written(msgspec.structs.replace(fact, spots=(), harm=()))}
    return sorted({f"{key}:{day + later}" for key, day in pairs if key not in own for later in range(_REACH_DAYS + 1)})


def _likely_pairs(tables: Iterable[pa.Table], database: str) -> list[tuple[str, str]]:
    """Pairs of claims that are likelier one event than two. Only one of the tables is held at a time."""
    try:
        import duckdb
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    except ImportError as error:
        raise CorpusError(f"linking needs an extra: pip install 'sijill[corpus]' ({error.name})") from error
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(name, levels) for name, levels in _LEVELS.items()],
        blocking_rules_to_generate_predictions=[block_on("keys", arrays_to_explode=["keys"])],
        probability_two_random_records_match=1 / (1 + math.exp(-weights()["start"])),
        retain_matching_columns=False,
    )
    with duckdb.connect(database) as connection:
        for number, table in enumerate(tables):
            connection.register("part", table)
            what = "INSERT INTO compared" if number else "CREATE OR REPLACE TABLE compared AS"
            connection.execute(f"{what} SELECT * FROM part")
            connection.unregister("part")
        api = DuckDBAPI(connection)
        linker = Linker(api.register("compared"), settings, log_level=40)
        predicted: Any = linker.inference.predict(threshold_match_probability=_LIKELY)
        found = predicted.as_pyarrow_table()
    left, right = found["unique_id_l"].to_pylist(), found["unique_id_r"].to_pylist()
    return sorted(set(zip(left, right, strict=True)))


def _comparison(name: str, levels: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """A comparison whose levels have the weights of the table, as the ratio of Splink's two probabilities."""
    weight = {"": 0.0, **weights()}
    return {
        "output_column_name": name,
        "comparison_levels": [
            {
                "sql_condition": condition,
                "label_for_charts": feature or "untold",
                "m_probability": _U * math.exp(weight[feature]),
                "u_probability": _U,
            }
            for feature, condition in levels
        ],
    }


def _clusters(claims: list[str], edges: list[tuple[str, str]]) -> dict[str, str]:
    """Claims tied by likely pairs, named by the least of them."""
    root = {claim: claim for claim in claims}

    def find(claim: str) -> str:
        while root[claim] != claim:
            root[claim] = root[root[claim]]
            claim = root[claim]
        return claim

    for one, other in edges:
        low, high = sorted((find(one), find(other)))
        root[high] = low
    return {claim: find(claim) for claim in claims}
