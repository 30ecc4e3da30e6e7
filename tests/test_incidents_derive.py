"""An incident's values come from its claims, by a rule that has a name."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from claims_builder import Maker
from sijill.incidents.derive import RULES, derive, independent_voices
from sijill.model import Source
from sijill.record.fact import Fact, fact_of, numbered


def fact(number: int, outlet: str, *, origin: int | None = None, published: str = "2018-03-05", **told: object) -> Fact:
    report = Maker(outlet, published).claim("غارة على سراقب", **told).report()  # type: ignore[arg-type]
    return numbered(fact_of(report.claims[0], report), number, number, origin or number)


def numbers(facts: list[Fact], rule: str) -> tuple[int, int | None, int | None]:
    found = next(harm for harm in derive(facts, rule).harm if (harm.outcome, harm.who) == ("killed", "all"))  # type: ignore[arg-type]
    return found.low, found.high, found.best


THREE = [
    fact(1, "أ", killed=5, published="2018-03-04"),
    fact(2, "ب", killed=(8, None), published="2018-03-05"),
    fact(3, "ج", killed=5, published="2018-03-04"),
]


def test_rules_read_the_same_claims_differently() -> None:
    assert numbers(THREE, "range") == (5, None, None)
    assert numbers(THREE, "low") == (5, 5, 5)
    assert numbers(THREE, "best") == (5, None, 5)
    assert numbers(THREE, "latest") == (8, None, 8)


def test_harm_is_told_by_who_was_harmed() -> None:
    found = derive([fact(1, "أ", killed=5, who="civilian"), fact(2, "ب", killed=3, who="combatant")])
    told = {(harm.outcome, harm.who): (harm.low, harm.high) for harm in found.harm}
    assert told == {("killed", "civilian"): (5, 5), ("killed", "combatant"): (3, 3), ("killed", "all"): (3, 5)}


def test_copies_and_quotations_are_no_voices_of_their_own() -> None:
    quoted = fact(4, "د", source=Source("media", "أ"))
    copied = fact(5, "ه", origin=1)
    assert derive([*THREE, quoted, copied]).independent == 3


def test_two_tellers_in_one_text_are_two_voices() -> None:
    one = fact(1, "أ", origin=1, source=Source("witness"))
    other = fact(2, "أ", origin=1, source=Source("party", "قسد", "sdf"))
    assert len(independent_voices([one, other])) == 2


def test_contradictions_name_the_value_and_both_sides() -> None:
    facts = [
        fact(1, "أ", killed=5, initiators=(("الطيران الروسي", "russia"),)),
        fact(2, "ب", killed=9, initiators=(("التحالف", "coalition"),), date="2018-03-05"),
        fact(3, "ج", modality="denied", initiators=(("التحالف", "coalition"),)),
        fact(4, "د", places=("الباب",)),
    ]
    found = {entry.value: dict(entry.sides) for entry in derive(facts).contradictions}
    assert found["killed"] == {"5": (1,), "9": (2,)}
    assert found["initiator"] == {"coalition": (2,), "russia": (1,)}
    assert found["denial"] == {"reported": (1, 2, 4), "denied": (3,)}
    assert found["date"]["2018-03-05"] == (2,)
    assert set(found["place"]) == {"سراقب", "الباب"}


def test_grades_speak_of_each_part_alone() -> None:
    grades = derive(THREE).grades
    assert (grades.occurrence, grades.attribution, grades.count, grades.place) == (
        "corroborated",
        "untold",
        "contested",
        "corroborated",
    )
    assert derive(THREE[:1]).grades.occurrence == "single"
    held = [fact(claim, outlet, captured=5) for claim, outlet in ((8, "أ"), (9, "ب"))]
    assert derive(held).grades.count == "corroborated" and derive(held[:1]).grades.count == "single"
    owned = fact(9, "أ", source=Source("party", "قسد", "sdf"), initiators=(("قسد", "sdf"),))
    assert derive([owned]).grades.attribution == "acknowledged"
    assert derive([fact(9, "أ", modality="planned")]).grades.occurrence == "planned"
    assert derive([fact(9, "أ", modality="denied")]).grades.occurrence == "denied"


def test_an_act_names_the_incident_rather_than_its_harm() -> None:
    kinds = ["killing", "killing", "air-strike"]
    assert derive([fact(n, f"{n}", type=kind) for n, kind in enumerate(kinds, 1)]).type == "air-strike"


def test_planned_and_denied_numbers_are_no_harm() -> None:
    assert derive([fact(1, "أ", killed=5, modality="denied")]).harm == ()


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300) | st.none()), min_size=1, max_size=6))
def test_every_rule_stays_within_what_was_told(told: list[tuple[int, int | None]]) -> None:
    ordered = [(low, None if high is None else max(low, high)) for low, high in told]
    facts = [
        msgspec.structs.replace(fact(n, f"{n}", killed=(low, high)), claim=n)
        for n, (low, high) in enumerate(ordered, 1)
    ]
    lows = [low for low, _ in ordered]
    for rule in RULES:
        low, high, best = numbers(facts, rule)
        assert min(lows) <= low <= max(lows)
        assert high is None or high >= low
        assert best is None or min(lows) <= best <= max(lows)
