"""The outline of an incident: what is counted over very many of them, told from its claims as `derive` tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import get_args, get_type_hints

import msgspec

from sijill.incidents.derive import OUTCOMES, Contradiction, contradictions_of, count_of, span_of
from sijill.incidents.pair import total
from sijill.record.fact import Fact

DISPUTES: tuple[str, ...] = get_args(get_type_hints(Contradiction)["value"])
"""On what claims may disagree."""


HARMED: tuple[tuple[str, str], ...] = tuple(
    (outcome, who) for outcome in OUTCOMES for who in ("all", "civilian", "combatant")
)
"""What is counted of people: an outcome, and who they are said to be."""
_MONTH, _WEEK = 31, 7
_MANY = 200
"""So many killed or injured at once are told with their day and their place."""
_WIDE = frozenset({"country", "region", "unknown"})


class Outline(msgspec.Struct, frozen=True):
    """People harmed as told (outcome, who, least, most; None: open), whether that is background alone, who is said to
    have done it, on what claims disagree, and which claims another one contradicts."""

    harm: tuple[tuple[str, str, int, int | None], ...] = ()
    background: bool = False
    doers: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    against: frozenset[int] = frozenset()


def outline(facts: Sequence[Fact]) -> Outline:
    """The outline of an incident of these claims."""
    # One claim alone has nobody to disagree with.
    found = contradictions_of(facts) if len(facts) > 1 else []
    own = [fact for fact in facts if not _tells_background(fact)]
    return Outline(
        harm=tuple(_harmed(own or facts)),
        background=not own,
        doers=tuple(sorted({side.key for fact in facts for side in fact.initiators})),
        disputes=tuple(one.value for one in found),
        against=frozenset(claim for one in found for _, ids in one.sides for claim in ids),
    )


def is_background(first: int | None, last: int | None, precisions: Iterable[str], harmed: int) -> bool:
    """Whether what is told is no event of its own: the toll of a war, a month or a country, or of no day and place.

    Such numbers hold others that are told apart, and are not added up with them. Days as ordinals; `precisions` are
    those of its places; `harmed` is the larger number of the killed and the injured. A span of a week and more counts
    as an event only in a place no wider than a governorate, and as many as `_MANY` only with a day and such a place.
    """
    wide, many = all(precision in _WIDE for precision in precisions), harmed >= _MANY
    if first is None or last is None:
        return wide or many
    days = last - first
    return days >= _MONTH or (days >= _WEEK and (wide or many)) or (wide and many)


def _tells_background(fact: Fact) -> bool:
    numbers = [count[0] for outcome in ("killed", "injured") if (count := total(fact, outcome))]
    return is_background(fact.first, fact.last, (spot.precision for spot in fact.spots), max(numbers, default=0))


def _harmed(facts: Sequence[Fact]) -> Iterator[tuple[str, str, int, int | None]]:
    told = [fact for fact in facts if fact.harm and fact.modality == "reported"]
    for outcome, who in HARMED if told else ():
        counts = [count for fact in told if (count := count_of(fact, outcome, who))]
        if counts:
            yield outcome, who, *span_of(counts)
