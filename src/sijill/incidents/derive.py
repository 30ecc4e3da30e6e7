"""What an incident says, derived from its claims: values under a named rule, who contradicts whom, and grades.

Nothing here is stored as truth. The same claims give the same incident; another rule gives another reading of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal

import msgspec

from sijill.incidents.pair import HARM_ONLY, families, kilometres, total
from sijill.record.fact import Fact, Side, Spot, iso_of

Rule = Literal["range", "low", "best", "latest"]
RULES: tuple[Rule, ...] = ("range", "low", "best", "latest")
OUTCOMES = ("killed", "injured", "captured", "missing", "displaced")
_PRECISE = {"site", "town"}
_APART_KM = 15.0


class Harmed(msgspec.Struct, frozen=True):
    """A number of people under a rule. `high` None is open upward; `best` is set by the rules that choose one."""

    outcome: str
    who: str
    """`civilian`, `combatant`, `unknown`, or `all`."""
    low: int
    high: int | None
    best: int | None
    claims: tuple[int, ...]


BETWEEN = " + "
"""Stands between the keys of parties that a claim names together as initiators."""


class Contradiction(msgspec.Struct, frozen=True):
    """A value on which claims cannot all be right: what is said, and by which claims."""

    value: Literal["date", "place", "killed", "injured", "initiator", "denial"]
    sides: tuple[tuple[str, tuple[int, ...]], ...]


class Grades(msgspec.Struct, frozen=True):
    """How well each part stands; the words are explained in the documentation of incidents."""

    occurrence: str
    attribution: str
    count: str
    place: str


class Derived(msgspec.Struct, frozen=True):
    """An incident as its claims tell it. Days are ISO dates, inclusive."""

    type: str
    first: str | None
    last: str | None
    places: tuple[Spot, ...]
    initiators: tuple[tuple[str, int], ...]
    """Who did it, as told, with how many independent tellings."""
    targets: tuple[tuple[str, int], ...]
    harm: tuple[Harmed, ...]
    rule: str
    claims: tuple[int, ...]
    voices: tuple[tuple[int, ...], ...]
    """The claims grouped by independent teller."""
    contradictions: tuple[Contradiction, ...]
    grades: Grades

    @property
    def independent(self) -> int:
        """How many tellers do not repeat another."""
        return len(self.voices)


def derive(facts: Sequence[Fact], rule: Rule = "range") -> Derived:
    """An incident from the facts of its claims; at least one."""
    facts = sorted(facts, key=lambda fact: fact.claim)
    voices = independent_voices(facts)
    contradictions = tuple(contradictions_of(facts))
    first, last = _days(facts)
    return Derived(
        type=_type(facts, voices),
        first=iso_of(first),
        last=iso_of(last),
        places=_places(facts),
        initiators=_parties(facts, voices, "initiators"),
        targets=_parties(facts, voices, "targets"),
        harm=tuple(_harm(facts, voices, rule)),
        rule=rule,
        claims=tuple(fact.claim for fact in facts),
        voices=voices,
        contradictions=contradictions,
        grades=_grades(facts, voices, contradictions),
    )


def independent_voices(facts: Sequence[Fact]) -> tuple[tuple[int, ...], ...]:
    """Claims grouped by teller. Claims are one voice when they share a text (copies), an outlet speaking for itself,
    a named source, or when one names the other's outlet as its source."""
    root = {fact.claim: fact.claim for fact in facts}

    def find(claim: int) -> int:
        while root[claim] != claim:
            claim = root[claim]
        return claim

    seen: dict[str, int] = {}
    for fact in facts:
        for name in _tellers(fact):
            if name in seen:
                root[find(fact.claim)] = find(seen[name])
            else:
                seen[name] = fact.claim
    groups: dict[int, list[int]] = {}
    for fact in facts:
        groups.setdefault(find(fact.claim), []).append(fact.claim)
    return tuple(tuple(group) for _, group in sorted(groups.items()))


def _tellers(fact: Fact) -> list[str]:
    teller = fact.outlet if fact.source_kind == "outlet" else fact.source
    # Two tellers quoted in one text are two voices; one told by copies of one text is one.
    told = f"{fact.source_kind} {fact.source or ''}"
    names = [f"text {fact.origin} {told}"]
    if teller:
        names.append(f"teller {teller}")
    return names


def _type(facts: Sequence[Fact], voices: tuple[tuple[int, ...], ...]) -> str:
    by_claim = {fact.claim: fact.type for fact in facts}
    votes = Counter(kind for voice in voices for kind in {by_claim[claim] for claim in voice})
    acts = [kind for kind in votes if kind not in HARM_ONLY] or list(votes)
    return max(acts, key=lambda kind: (votes[kind], kind in families(), kind))


def _days(facts: Sequence[Fact]) -> tuple[int | None, int | None]:
    """First and last day told; claims of single days count before those of longer spans."""
    told = [fact for fact in facts if fact.first is not None]
    single = [fact for fact in told if fact.first == fact.last] or told
    first = min((fact.first for fact in single if fact.first is not None), default=None)
    last = max((fact.last for fact in single if fact.last is not None), default=first)
    return first, last


def _places(facts: Sequence[Fact]) -> tuple[Spot, ...]:
    """Every place told once, the most told first; areas only where nothing more precise is told."""
    told: dict[str, tuple[int, Spot]] = {}
    for fact in facts:
        for spot in fact.spots:
            key = spot.place_id or spot.name
            told[key] = (told.get(key, (0, spot))[0] + 1, told.get(key, (0, spot))[1])
    spots = [spot for _, spot in sorted(told.values(), key=lambda pair: -pair[0])]
    precise = [spot for spot in spots if spot.precision in _PRECISE]
    return tuple(precise or spots)


def _parties(facts: Sequence[Fact], voices: tuple[tuple[int, ...], ...], role: str) -> tuple[tuple[str, int], ...]:
    sides: dict[int, tuple[Side, ...]] = {fact.claim: getattr(fact, role) for fact in facts}
    votes = Counter(key for voice in voices for key in {side.key for claim in voice for side in sides[claim]})
    return tuple(sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])))


def _harm(facts: Sequence[Fact], voices: tuple[tuple[int, ...], ...], rule: Rule) -> list[Harmed]:
    told = [fact for fact in facts if fact.modality == "reported"]
    found = []
    met = {entry.outcome for fact in told for entry in fact.harm}
    for outcome in (outcome for outcome in OUTCOMES if outcome in met):
        for who in ("civilian", "combatant", "unknown", "all"):
            numbers = {fact.claim: count for fact in told if (count := count_of(fact, outcome, who))}
            if numbers:
                found.append(_by_rule(outcome, who, numbers, told, voices, rule))
    return found


def count_of(fact: Fact, outcome: str, who: str) -> tuple[int, int | None] | None:
    """How many people of a kind (or `all`) a claim says met an outcome, as `total`."""
    if who == "all":
        return total(fact, outcome)
    harm = tuple(entry for entry in fact.harm if entry.who == who)
    return total(msgspec.structs.replace(fact, harm=harm), outcome) if harm else None


def span_of(counts: Collection[tuple[int, int | None]]) -> tuple[int, int | None]:
    """The least and the most of some counts; the most is None where one is open."""
    tops = [high for _, high in counts if high is not None]
    return min(low for low, _ in counts), max(tops) if len(tops) == len(counts) else None


def _by_rule(
    outcome: str,
    who: str,
    numbers: dict[int, tuple[int, int | None]],
    facts: Sequence[Fact],
    voices: tuple[tuple[int, ...], ...],
    rule: Rule,
) -> Harmed:
    low, high = span_of(numbers.values())
    best: int | None = None
    if rule == "low":
        high = best = low
    elif rule == "latest":
        newest = max(
            (fact for fact in facts if fact.claim in numbers), key=lambda fact: (fact.published or 0, fact.claim)
        )
        low, high = numbers[newest.claim]
        best = low
    elif rule == "best":
        best = _best(numbers, voices)
    return Harmed(outcome, who, low, high, best, tuple(sorted(numbers)))


def _best(numbers: dict[int, tuple[int, int | None]], voices: tuple[tuple[int, ...], ...]) -> int:
    """The number most independent tellers give; where none leads, the lower middle of theirs."""
    said = []
    for voice in voices:
        theirs = [numbers[claim][0] for claim in voice if claim in numbers]
        if theirs:
            said.append(theirs[-1])
    votes = Counter(said).most_common()
    if len(votes) == 1 or votes[0][1] > votes[1][1]:
        return votes[0][0]
    return sorted(said)[(len(said) - 1) // 2]


def contradictions_of(facts: Sequence[Fact]) -> list[Contradiction]:
    """The values on which claims of one incident cannot all be right."""
    reported = [fact for fact in facts if fact.modality == "reported"]
    denied = [fact for fact in facts if fact.modality == "denied"]
    found = []
    if reported and denied:
        sides = (("reported", _ids(reported)), ("denied", _ids(denied)))
        found.append(Contradiction("denial", sides))
    days = _grouped((f"{iso_of(fact.first)}", fact) for fact in reported if fact.first and fact.first == fact.last)
    if len(days) > 1:
        found.append(Contradiction("date", days))
    if places := _place_sides(reported):
        found.append(Contradiction("place", places))
    for outcome in ("killed", "injured"):
        numbers = {fact.claim: count for fact in reported if (count := total(fact, outcome))}
        if _apart(list(numbers.values())):
            told = ((_said(numbers[fact.claim]), fact) for fact in reported if fact.claim in numbers)
            found.append(Contradiction("killed" if outcome == "killed" else "injured", _grouped(told)))
    doers = [fact for fact in reported if fact.initiators]
    if any(_disjoint(one, other) for one in doers for other in doers):
        told = ((BETWEEN.join(sorted(side.key for side in fact.initiators)), fact) for fact in doers)
        found.append(Contradiction("initiator", _grouped(told)))
    return found


def _disjoint(one: Fact, other: Fact) -> bool:
    return not {side.key for side in one.initiators} & {side.key for side in other.initiators}


def _place_sides(facts: Sequence[Fact]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Claims of one precise place each, when two of these places lie far apart."""
    single = [fact for fact in facts if len(fact.spots) == 1 and fact.spots[0].precision in _PRECISE]
    points = [(fact.spots[0].lat, fact.spots[0].lon) for fact in single]
    apart = any(
        a[0] is not None and a[1] is not None and b[0] is not None and b[1] is not None
        and kilometres(a[0], a[1], b[0], b[1]) > _APART_KM
        for a in points
        for b in points
    )  # fmt: skip
    return _grouped((fact.spots[0].name, fact) for fact in single) if apart else ()


def _apart(numbers: list[tuple[int, int | None]]) -> bool:
    """Whether two of the numbers cannot both be right."""
    return any(one[1] is not None and one[1] < other[0] for one in numbers for other in numbers)


def _said(number: tuple[int, int | None]) -> str:
    low, high = number
    return f"{low}+" if high is None else str(low) if low == high else f"{low}-{high}"


def _grouped(told: Iterable[tuple[str, Fact]]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    groups: dict[str, list[int]] = {}
    for words, fact in told:
        groups.setdefault(words, []).append(fact.claim)
    return tuple((words, tuple(ids)) for words, ids in sorted(groups.items()))


def _ids(facts: Sequence[Fact]) -> tuple[int, ...]:
    return tuple(fact.claim for fact in facts)


def _grades(
    facts: Sequence[Fact], voices: tuple[tuple[int, ...], ...], contradictions: tuple[Contradiction, ...]
) -> Grades:
    disputed = {found.value for found in contradictions}
    by_claim = {fact.claim: fact for fact in facts}
    owned = any(fact.source in {side.key for side in fact.initiators} for fact in facts if fact.source)

    def tellers(holds: Callable[[Fact], object]) -> int:
        return sum(any(holds(by_claim[claim]) for claim in voice) for voice in voices)

    happened = [fact for fact in facts if fact.modality == "reported"]
    if not happened:
        occurrence = "denied" if any(fact.modality == "denied" for fact in facts) else "planned"
    else:
        occurrence = _grade(tellers(lambda fact: fact.modality == "reported"), "denial" in disputed, owned)
    return Grades(
        occurrence=occurrence,
        attribution=_grade(tellers(lambda fact: bool(fact.initiators)), "initiator" in disputed, owned),
        count=_grade(
            tellers(lambda fact: any(total(fact, outcome) for outcome in OUTCOMES)),
            bool(disputed & {"killed", "injured"}),
        ),
        place=_grade(tellers(lambda fact: any(spot.precision in _PRECISE for spot in fact.spots)), "place" in disputed),
    )


def _grade(tellers: int, disputed: bool, owned: bool = False) -> str:
    if tellers == 0:
        return "untold"
    if disputed:
        return "contested"
    if owned:
        return "acknowledged"
    return "corroborated" if tellers > 1 else "single"
