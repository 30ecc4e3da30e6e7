"""The outline of an incident: what is counted over very many of them, told from its claims as `derive` tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args, get_type_hints

import msgspec

from sijill.incidents.derive import Contradiction, contradictions_of
from sijill.record.fact import Fact

DISPUTES: tuple[str, ...] = get_args(get_type_hints(Contradiction)["value"])
"""On what claims may disagree."""


class Outline(msgspec.Struct, frozen=True):
    """The least numbers told of civilians and combatants killed and of all injured (0: none is told), who is said to
    have done it, on what claims disagree, and which claims another one contradicts."""

    civilians: int = 0
    combatants: int = 0
    injured: int = 0
    doers: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    against: frozenset[int] = frozenset()


def outline(facts: Sequence[Fact]) -> Outline:
    """The outline of an incident of these claims."""
    # One claim alone has nobody to disagree with.
    found = contradictions_of(facts) if len(facts) > 1 else []
    return Outline(
        civilians=_least(facts, "killed", "civilian"),
        combatants=_least(facts, "killed", "combatant"),
        injured=_least(facts, "injured"),
        doers=tuple(sorted({side.key for fact in facts for side in fact.initiators})),
        disputes=tuple(one.value for one in found),
        against=frozenset(claim for one in found for _, ids in one.sides for claim in ids),
    )


def _least(facts: Sequence[Fact], outcome: str, who: str = "") -> int:
    told = []
    for fact in facts:
        if fact.harm and fact.modality == "reported":
            numbers = [
                harm.low for harm in fact.harm
                if harm.outcome == outcome and harm.low is not None and (not who or harm.who == who)
            ]  # fmt: skip
            if numbers:
                told.append(sum(numbers))
    return min(told, default=0)
