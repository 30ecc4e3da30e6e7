"""What linking compares: the facts of a corpus as rows, and the record's features of a pair as levels in SQL.

Each level of a comparison stands for one feature of the pair score and has its weight from the same table
(`incidents/weights.csv`), so that Splink's match weight is the record's log-odds. Pairs come from the same blocks.
Where the record weighs all places of a claim, and words and copies, this weighs the first place alone.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from sijill.incidents.blocks import sought, written
from sijill.incidents.pair import HARM_ONLY, families, total, weights
from sijill.record.fact import Fact, decode

SCHEMA = pa.schema(
    [
        ("unique_id", pa.string()), ("report", pa.string()), ("type", pa.string()), ("kind", pa.string()),
        ("family", pa.string()), ("harm_alone", pa.bool_()), ("first", pa.int64()), ("last", pa.int64()),
        ("published", pa.int64()), ("place", pa.string()), ("place_id", pa.string()), ("admin1", pa.string()),
        ("area", pa.bool_()), ("lat", pa.float64()), ("lon", pa.float64()), ("doers", pa.list_(pa.string())),
        ("others", pa.list_(pa.string())), ("killed", pa.int64()), ("injured", pa.int64()),
        ("means", pa.list_(pa.string())), ("damage", pa.list_(pa.string())), ("planned", pa.bool_()),
        ("teller", pa.string()), ("keys", pa.list_(pa.string())),
    ]
)  # fmt: skip
_REACH_DAYS = 2
_U = 1e-4


class Level(NamedTuple):
    """One outcome of a comparison: its feature ("": it speaks neither way), when it holds, and how strongly."""

    feature: str
    holds: str
    times: float = 1.0


_KM = (
    "(111.195 * sqrt(power(lat_l - lat_r, 2) + power((lon_l - lon_r) * cos(radians((lat_l + lat_r) / 2)), 2)))"  # flat
)
_DAYS_MET = "greatest(first_l, first_r) <= least(last_l, last_r)"
_GAP = "(greatest(first_l, first_r) - least(last_l, last_r))"
_UNTOLD = "(first_l IS NULL OR first_r IS NULL)"
_LATER = (  # days from what one tells to the other's publication
    "(CASE WHEN first_r IS NULL THEN published_r - coalesce(last_l, published_l)"
    " ELSE published_l - coalesce(last_r, published_r) END)"
)


def _same_number(outcome: str) -> tuple[Level, ...]:
    """Ones and twos agree by chance; a dozen does not. The record's logarithm, in steps."""
    same = f"{outcome}_l = {outcome}_r"
    steps = ((1, 1), (2, 2), (3, 4), (5, 7), (8, 13), (14, 24))
    return (
        *(
            Level(f"{outcome}-same", f"{same} AND {outcome}_l <= {top}", 0.1 + math.log10(1 + math.sqrt(low * top)))
            for low, top in steps
        ),
        Level(f"{outcome}-same", same, 1.5),
    )


def _numbers(outcome: str) -> tuple[Level, ...]:
    more, less = f"greatest({outcome}_l, {outcome}_r, 1)", f"greatest(least({outcome}_l, {outcome}_r), 1)"
    far = (Level("killed-far", f"{more} >= 3 * {less}"),) if outcome == "killed" else ()
    return (
        Level("", f"{outcome}_l IS NULL OR {outcome}_r IS NULL"),
        *_same_number(outcome),
        Level(f"{outcome}-alike", f"{more} <= 1.35 * {less} OR {more} - {less} = 1"),
        *far,
        Level(f"{outcome}-apart", "ELSE"),
    )


def _sides(column: str, feature: str) -> tuple[Level, ...]:
    return (
        Level("", f"{column}_l IS NULL OR {column}_r IS NULL"),
        Level(f"{feature}-same", f"list_has_any({column}_l, {column}_r)"),
        Level(f"{feature}-other", "ELSE"),
    )


def _shared(column: str, feature: str) -> tuple[Level, ...]:
    return (
        Level("", f"{column}_l IS NULL OR {column}_r IS NULL"),
        Level(feature, f"list_has_any({column}_l, {column}_r)"),
        Level("", "ELSE"),
    )


LEVELS: dict[str, tuple[Level, ...]] = {
    "day": (
        Level("", f"{_UNTOLD} AND {_LATER} IS NULL"),
        Level("day-untold", f"{_UNTOLD} AND {_LATER} BETWEEN -1 AND 3"),
        Level("day-untold-far", _UNTOLD),
        Level("day-same", f"{_DAYS_MET} AND first_l = last_l AND first_r = last_r"),
        Level("day-overlap", _DAYS_MET),
        Level("day-next", f"{_GAP} = 1"),
        Level("day-apart", f"{_GAP} = 2"),
        Level("day-far", "ELSE"),
    ),
    "type": (
        Level("type-same", "type_l = type_r"),
        Level("type-group", "kind_l = kind_r AND family_l = family_r"),
        Level("type-consequence", "family_l = family_r AND harm_alone_l <> harm_alone_r"),
        Level("type-family", "family_l = family_r"),
        Level("type-other", "ELSE"),
    ),
    "spot": (
        Level("spot-untold", "place_l IS NULL OR place_r IS NULL"),
        Level("spot-same", "place_id_l = place_id_r AND NOT area_l"),
        Level("spot-area", "place_id_l = place_id_r"),
        Level("spot-within", "admin1_l = admin1_r AND area_l <> area_r"),
        Level("spot-area", "admin1_l = admin1_r AND area_l AND area_r"),
        Level("spot-far", "area_l OR area_r"),
        Level("spot-named", "(lat_l IS NULL OR lat_r IS NULL) AND place_l = place_r"),
        Level("spot-near", "lat_l IS NULL OR lat_r IS NULL"),
        Level("spot-neighbour", f"{_KM} <= 6"),
        Level("spot-near", f"{_KM} <= 15"),
        Level("spot-far", "ELSE"),
    ),
    "doers": _sides("doers", "doer"),
    "others": _sides("others", "target"),
    "killed": _numbers("killed"),
    "injured": _numbers("injured"),
    "means": _shared("means", "means-same"),
    "damage": _shared("damage", "damage-same"),
    "planned": (Level("", "planned_l = planned_r"), Level("planned", "ELSE")),
    "teller": (Level("told-apart", "report_l = report_r AND teller_l = teller_r"), Level("", "ELSE")),
}


def comparisons(calls: dict[str, str]) -> list[dict[str, Any]]:
    """Splink's comparisons, whose levels have the weights of the table as the ratio of two probabilities. `calls` names
    the functions that an engine calls otherwise than DuckDB."""
    weight = {"": 0.0, **weights()}

    def said(condition: str) -> str:
        for ours, theirs in calls.items():
            condition = condition.replace(f"{ours}(", f"{theirs}(")
        return condition

    return [
        {
            "output_column_name": name,
            "comparison_levels": [
                {
                    "sql_condition": said(level.holds),
                    "label_for_charts": level.feature or "untold",
                    "m_probability": _U * math.exp(weight[level.feature] * level.times),
                    "u_probability": _U,
                }
                for level in levels
            ],
        }
        for name, levels in LEVELS.items()
    ]


def compared(claims: pa.RecordBatch | pa.Table) -> pa.Table:
    """Claims (`id`, `report`, `fact`) as the rows that are compared, of `SCHEMA`."""
    rows = [_row(claim["id"], claim["report"], decode(claim["fact"])) for claim in claims.to_pylist()]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


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
        "harm_alone": fact.type in HARM_ONLY,
        "first": fact.first,
        "last": last,
        "published": fact.published,
        "place": spot.name if spot else None,
        "place_id": spot.place_id if spot else None,
        "admin1": (spot.admin1 or spot.name) if spot else None,
        "area": spot.precision in ("governorate", "region", "country") if spot else None,
        "lat": spot.lat if spot else None,
        "lon": spot.lon if spot else None,
        "doers": [side.key for side in fact.initiators] or None,
        "others": [side.key for side in fact.targets] or None,
        "killed": killed[0] if killed else None,
        "injured": injured[0] if injured else None,
        "means": list(fact.means) or None,
        "damage": [kind for kind, _ in fact.damage if kind != "other"] or None,
        "planned": fact.modality == "planned",
        "teller": f"{fact.source_kind} {fact.source or ''}",
        "keys": _keys(fact),
    }


def _keys(fact: Fact) -> list[str]:
    """The blocks of a claim as text: two claims meet in one where the record would compare them, within two days."""
    pairs = {(key, day) for key, day in written(fact)}
    look = sought(fact)
    if look:
        pairs |= {(key, day) for key in look[0] for day in {day for _, day in pairs}}
    # A fact outside a record has no origin: the key of copies would bring all together.
    own = {key for key, _ in written(msgspec.structs.replace(fact, spots=(), harm=()))}
    return sorted({f"{key}:{day + later}" for key, day in pairs if key not in own for later in range(_REACH_DAYS + 1)})
