"""Weighing: the sum that decides is the sum of the reasons shown, however it is looked up."""

from __future__ import annotations

import csv
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.claims.decide import DECISIONS, default_weights
from sijill.claims.sums import Numbered, grouped, written
from sijill.claims.weigh import Decision, Model, feature, load_weights, read_weights
from sijill.errors import LexiconError

COLOURS, SIZES, WORDS = ("red", "blue", "ق"), ("s", "m"), ("جرو", "قط", "w")
DECISION = Decision("choice", "colour size words*", "colour,size,colour size,words,colour words")
WEIGHTS = {"bias": 0.5} | {
    feature(("colour", "size"), ("red", "s")): 1.25,
    feature(("colour",), ("ق",)): -2.0,
    feature(("size",), ("m",)): 0.125,
    feature(("words",), ("جرو",)): 3.0,
    feature(("colour", "words"), ("blue", "قط")): -0.5,
}


@given(st.sampled_from(COLOURS), st.sampled_from(SIZES), st.lists(st.sampled_from(WORDS), unique=True).map(tuple))
def test_the_score_is_the_sum_of_its_reasons(colour: str, size: str, words: tuple[str, ...]) -> None:
    model = Model.of(DECISION, WEIGHTS)
    row = (colour, size, words)
    for _ in range(2):  # The second time from what was remembered.
        assert model.score(row) == pytest.approx(0.5 + sum(weight for _, weight in model.reasons(row)))


KEEP = default_weights()["keep"]
VALUES = {
    name: sorted({values[t.index(name)] for t, table in KEEP.tables.items() if name in t for values in table})
    for name in KEEP.decision.attributes
}


BAGS = KEEP.decision.bags
BAGGED = {template: table for template, table in KEEP.tables.items() if BAGS & set(template)}
GROUPS = grouped({template: table for template, table in KEEP.tables.items() if template not in BAGGED})
NUMBERED = Numbered(KEEP.decision.attributes, KEEP.bias, GROUPS, BAGGED)
WRITTEN = written("keep", KEEP.decision.attributes, BAGS, KEEP.bias, KEEP.tables, GROUPS)


def values_of(name: str) -> st.SearchStrategy[str | tuple[str, ...]]:
    """Values of an attribute that have a weight, and one that has none."""
    value = st.sampled_from([*VALUES[name], "never seen"])
    return st.lists(value, unique=True, max_size=5).map(tuple) if name in BAGS else value


@given(st.tuples(*[values_of(name) for name in KEEP.decision.attributes]))
def test_sums_by_number_are_those_of_the_function_written_out_to_the_last_bit(
    row: tuple[str | tuple[str, ...], ...],
) -> None:
    assert NUMBERED.fits
    for _ in range(2):  # The second time from what was remembered.
        assert NUMBERED.score(row) == WRITTEN(row)


KIND = Decision("kind", "colour size words*", "colour,colour size,colour words")
KIND_WEIGHTS = {name: weight for name, weight in WEIGHTS.items() if name == "bias" or name.startswith("colour")}


@given(st.sampled_from([*SIZES, "xl"]), st.lists(st.sampled_from(WORDS), unique=True).map(tuple))
def test_options_weighed_together_score_as_each_does_alone(size: str, words: tuple[str, ...]) -> None:
    model = Model.of(KIND, KIND_WEIGHTS)
    for _ in range(2):
        together = model.scores(COLOURS, (size, words))
        assert together == pytest.approx([model.score((colour, size, words)) for colour in COLOURS])


def test_a_value_never_seen_says_nothing() -> None:
    assert Model.of(DECISION, WEIGHTS).score(("green", "xl", ("كلب",))) == 0.5


def test_every_weight_that_ships_belongs_to_a_decision() -> None:
    with (resources.files("sijill.claims") / "weights.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["decision"] for row in rows} == set(DECISIONS), "a decision has no weights: run `make fit`"
    known = {name: set(decision.templates) for name, decision in DECISIONS.items()}
    for row in rows:
        template = tuple(part.partition("=")[0] for part in row["feature"].split(" & "))
        assert row["feature"] == "bias" or template in known[row["decision"]], row


def test_weights_from_the_cache_are_those_of_the_table(tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    file.write_text("decision,feature,weight\nchoice,bias,0.5\nchoice,colour=red & size=s,1.25\n", encoding="utf-8")
    folder = tmp_path / "cache"
    for broken in (False, False, True):
        if broken:
            (kept,) = folder.iterdir()
            kept.write_bytes(kept.read_bytes()[:20])
        model = load_weights(file, {"choice": DECISION}, folder)["choice"]
        assert model.weights() == {"bias": 0.5, "colour=red & size=s": 1.25}
        assert model.score(("red", "s", ())) == 1.75
    file.write_text("decision,feature,weight\nchoice,bias,-2.5\n", encoding="utf-8")
    assert load_weights(file, {"choice": DECISION}, folder)["choice"].score(("red", "s", ())) == -2.5


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    file.write_text("decision,feature,weight\nchoice,bias,0.5\n", encoding="utf-8")
    assert load_weights(file, {"choice": DECISION}, file)["choice"].bias == 0.5


def test_a_faulty_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    file.write_text("decision,feature,weight\nkeep,bias,heavy\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"weights.csv, line 2"):
        read_weights(file, DECISIONS)


def test_the_table_is_sorted_and_has_no_line_twice() -> None:
    lines = (resources.files("sijill.claims") / "weights.csv").read_text(encoding="utf-8").splitlines()[1:]
    keys = [line.rsplit(",", 1)[0] for line in lines]
    assert len(keys) == len(set(keys))
