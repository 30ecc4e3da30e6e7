"""The pair score decides made-up pairs as a careful reader would, and says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from claims_builder import Maker
from sijill.incidents.pair import explain, families, features, kilometres, score, weights
from sijill.record.fact import Fact, fact_of, numbered

PAIRS = yaml.safe_load((Path(__file__).parent / "incident_pairs.yaml").read_text(encoding="utf-8"))
_FLOOR = 0.94
"""The share of pairs that must be decided right; the score is a sum, and a few pairs are hard on purpose."""


def told(maker: Maker, side: dict[str, Any]) -> Maker:
    values = {name: side[name] for name in ("type", "modality", "killed", "injured") if name in side}
    for name in ("killed", "injured"):
        if isinstance(values.get(name), list):
            values[name] = tuple(values[name])
    date = side.get("date", "2018-03-04")
    return maker.claim(
        side["say"],
        date=tuple(date) if isinstance(date, list) else date,
        places=tuple(side["places"]),
        initiators=((side["by"], side["by"]),) if "by" in side else (),
        targets=((side["to"], side["to"]),) if "to" in side else (),
        damage=tuple(side.get("damage", ())),
        means=tuple(side.get("means", ())),
        **values,
    )


def facts(pair: dict[str, Any]) -> tuple[Fact, Fact]:
    one = Maker("a", pair["a"].get("published", "2018-03-05"))
    other = one if pair.get("one_report") else Maker("b", pair["b"].get("published", "2018-03-05"))
    told(one, pair["a"])
    told(other, pair["b"])
    report, report2 = one.report(), other.report()
    apart = 1 if pair.get("one_report") else 2
    return (
        numbered(fact_of(report.claims[0], report), 1, 1, 1),
        numbered(fact_of(report2.claims[-1], report2), 2, apart, apart),
    )


def test_there_are_enough_pairs_of_both_kinds() -> None:
    same = sum(pair["same"] for pair in PAIRS)
    assert len(PAIRS) >= 60 and same >= 30 and len(PAIRS) - same >= 30


def test_pairs_are_decided_as_a_reader_would() -> None:
    wrong = [pair["why"] for pair in PAIRS if (score(*facts(pair)) > 0) != pair["same"]]
    assert 1 - len(wrong) / len(PAIRS) >= _FLOOR, wrong


@pytest.mark.parametrize("pair", PAIRS[::7], ids=lambda pair: pair["why"])
def test_the_explanation_adds_up_to_the_score(pair: dict[str, Any]) -> None:
    one, other = facts(pair)
    assert sum(points for _, points in explain(one, other)) == pytest.approx(score(one, other), abs=0.06)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["why"])
def test_the_score_does_not_mind_the_order(pair: dict[str, Any]) -> None:
    one, other = facts(pair)
    assert score(one, other) == pytest.approx(score(other, one))


def test_every_weight_is_of_a_feature_that_some_pair_shows() -> None:
    shown = {name for pair in PAIRS for name, _ in features(*facts(pair))}
    rare = {
        "start",
        "copied",
        "told-beside",
        "spot-close",
        "spot-near",
        "killed-apart",
        "injured-alike",
        "injured-apart",
        "day-apart",
        "spot-area",
        "target-other",
        "target-same",
        "means-same",
        "day-overlap",
    }
    assert set(weights()) - shown <= rare
    assert shown <= set(weights())


def test_every_type_has_a_family() -> None:
    assert len(families()) == 37


@given(st.floats(-80, 80), st.floats(-179, 179), st.floats(-80, 80), st.floats(-179, 179))
def test_distances_are_the_same_both_ways(lat: float, lon: float, lat2: float, lon2: float) -> None:
    there = kilometres(lat, lon, lat2, lon2)
    assert there == pytest.approx(kilometres(lat2, lon2, lat, lon), abs=1e-6)
    assert 0 <= there <= 20_038
