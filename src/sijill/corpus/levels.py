"""The record's features of a pair as levels of Splink's comparisons, in SQL that DuckDB and Spark both know.

Each level stands for one feature of the pair score and has its weight from the same table (`incidents/weights.csv`), so
that Splink's match weight is the record's log-odds. Places are compared by the record's own function, which the engines
call as `nearness` and `unshared` (`FUNCTIONS`); what grows with numbers or words comes in steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from sijill.incidents.pair import ENOUGH_SHARED, USUAL_WORDS, places, weights
from sijill.record.copies import likeness
from sijill.record.fact import Spot

_U = 1e-4
_HELD = 500_000
"""Pairs of places kept: towns are told again and again."""


class Level(NamedTuple):
    """One outcome of a comparison: its feature ("": it speaks neither way), when it holds, and how strongly."""

    feature: str
    holds: str
    times: float = 1.0


_DAYS_MET = "greatest(first_l, first_r) <= least(last_l, last_r)"
_GAP = "(greatest(first_l, first_r) - least(last_l, last_r))"
_UNTOLD = "(first_l IS NULL OR first_r IS NULL)"
_LATER = (  # days from what one tells to the other's publication
    "(CASE WHEN first_r IS NULL THEN published_r - coalesce(last_l, published_l)"
    " ELSE published_l - coalesce(last_r, published_r) END)"
)


def _same_number(outcome: str) -> tuple[Level, ...]:
    """Ones and twos agree by chance; a dozen does not. The record's logarithm, in steps."""
    same = f"{outcome}_l = {outcome}_r AND {outcome}_most_l = {outcome}_most_r"
    steps = ((0, 0), (1, 1), (2, 2), (3, 4), (5, 7), (8, 13), (14, 24))
    return (
        *(
            Level(f"{outcome}-same", f"{same} AND {outcome}_l <= {top}", 0.1 + math.log10(1 + math.sqrt(low * top)))
            for low, top in steps
        ),
        Level(f"{outcome}-same", same, 1.5),
    )


def _numbers(outcome: str) -> tuple[Level, ...]:
    more, less = f"greatest({outcome}_l, {outcome}_r, 1)", f"greatest(least({outcome}_l, {outcome}_r), 1)"
    fits = " AND ".join(
        f"({outcome}_most_{high} < 0 OR {outcome}_{low} <= {outcome}_most_{high})" for low, high in ("lr", "rl")
    )
    far = (Level("killed-far", f"{more} >= 3 * {less}"),) if outcome == "killed" else ()
    return (
        Level("", f"{outcome}_l IS NULL OR {outcome}_r IS NULL"),
        *_same_number(outcome),
        Level(f"{outcome}-alike", f"({fits}) OR {more} <= 1.35 * {less} OR {more} - {less} = 1"),
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


def _words() -> tuple[Level, ...]:
    """Words in common, in steps of 0.06: with the weight of today less than 0.1 of log-odds from the record's."""
    shared, fewest = "len(list_intersect(words_l, words_r))", "least(len(words_l), len(words_r))"
    times = f"({shared} / {fewest} - {USUAL_WORDS}) * least(1.0, {shared} / {ENOUGH_SHARED})"
    tops = [round(-0.06 + 0.06 * step, 2) for step in range(15)]
    return (
        Level("", "words_l IS NULL OR words_r IS NULL"),
        *(Level("words", f"{times} <= {top}", round(top - 0.03, 2)) for top in tops),
        Level("words", "ELSE", 1 - USUAL_WORDS),
    )


def _spots() -> tuple[Level, ...]:
    often = ("same", "within", "far", "near", "neighbour", "close", "area")
    return (
        Level("spot-untold", "spots_l IS NULL OR spots_r IS NULL"),
        *(Level(f"spot-{name}", f"nearness(spots_l, spots_r) = 'spot-{name}'") for name in often),
        Level("spot-named", "ELSE"),
    )


def _unshared() -> tuple[Level, ...]:
    steps = ((0.55, 0.5), (0.7, 2 / 3), (1.1, 1.0), (1.4, 4 / 3))
    return (
        Level("", "spots_l IS NULL OR spots_r IS NULL OR NOT (several_l OR several_r)"),
        Level("", "unshared(spots_l, spots_r) <= 0"),
        *(Level("spot-some", f"unshared(spots_l, spots_r) <= {top}", times) for top, times in steps),
        Level("spot-some", "ELSE", 1.6),
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
    "spot": _spots(),
    "some": _unshared(),
    "doers": _sides("doers", "doer"),
    "others": _sides("others", "target"),
    "killed": _numbers("killed"),
    "injured": _numbers("injured"),
    "means": _shared("means", "means-same"),
    "damage": _shared("damage", "damage-same"),
    "words": _words(),
    "told": (
        Level("", "origin_l <> origin_r"),
        Level("told-apart", "report_l = report_r AND teller_l = teller_r"),
        Level("told-beside", "report_l = report_r"),
        Level("copied", "ELSE"),
    ),
    "planned": (Level("", "planned_l = planned_r"), Level("planned", "ELSE")),
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


_spots_of = msgspec.msgpack.Decoder(tuple[Spot, ...]).decode


@lru_cache(_HELD)
def _places(ours: bytes, theirs: bytes) -> tuple[str, float]:
    best, *some = places(_spots_of(ours), _spots_of(theirs))
    return best.name, sum(feature.times for feature in some)


def _nearness(ours: pa.Array, theirs: pa.Array) -> pa.Array:
    return pa.array([told[0] for told in _each(ours, theirs)], pa.string())


def _unmet(ours: pa.Array, theirs: pa.Array) -> pa.Array:
    return pa.array([told[1] for told in _each(ours, theirs)], pa.float64())


def _each(ours: pa.Array, theirs: pa.Array) -> list[tuple[str | None, float | None]]:
    both = zip(ours.to_pylist(), theirs.to_pylist(), strict=True)
    return [_places(one, other) if one and other else (None, None) for one, other in both]


def _alike(ours: pa.Array, theirs: pa.Array) -> pa.Array:
    both = zip(ours.to_pylist(), theirs.to_pylist(), strict=True)
    return pa.array([likeness(one, other) if one and other else 0.0 for one, other in both], pa.float64())


FUNCTIONS: dict[str, tuple[Callable[[pa.Array, pa.Array], pa.Array], str]] = {
    "nearness": (_nearness, "string"),
    "unshared": (_unmet, "double"),
    "alike": (_alike, "double"),
}
"""What an engine must call by name with two columns of bytes, and what they give: of the places of two claims
(`compare.SCHEMA`) the feature of the nearest pair, and how strongly `spot-some` holds; of the signatures of two texts
their likeness."""
