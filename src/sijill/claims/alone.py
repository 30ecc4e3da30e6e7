"""What each trigger tells when it is read alone, before those that tell the same event are brought together."""

from __future__ import annotations

from typing import Final, final

from sijill.arabic.words import Kind
from sijill.claims.choose import Chosen
from sijill.claims.roles import Roles, fill_roles
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.teller import fill_source
from sijill.claims.weigh import Weights
from sijill.claims.when import fill_time
from sijill.claims.where import Scored, fill_places

_WORDS_BEFORE, _WORDS_AFTER = 8, 12
_COUNT_BEFORE: Final = 6
_LONG: Final = 3


@final
class Alone:
    """A trigger with what its own sentence tells of it."""

    __slots__ = ("counts", "did", "odds", "places", "source", "suffered", "time", "trigger", "types", "words")

    def __init__(
        self,
        trigger: TriggerMention,
        odds: float,
        types: dict[str, float],
        did: Roles,
        suffered: Roles,
        places: Scored,
        time: tuple[float, int] | None,
        source: tuple[float, int] | None,
        counts: frozenset[int],
        words: frozenset[str],
    ) -> None:
        self.trigger = trigger
        self.odds = odds
        self.types = types
        self.did = did
        self.suffered = suffered
        self.places = places
        self.time = time
        self.source = source
        self.counts = counts
        self.words = words


def read_alone(scene: Scene, chosen: Chosen, weights: Weights) -> Alone:
    """Fill the slots of one trigger from its own sentence."""
    t = chosen.trigger
    did, suffered = fill_roles(scene, t, weights)
    begin, end = scene.sentences[t.sentence]
    low, high = max(begin, t.first - _WORDS_BEFORE), min(end, t.last + _WORDS_AFTER)
    counted = max(begin, t.first - _COUNT_BEFORE)
    forms, kinds, labels = scene.tokens.form, scene.tokens.kind, scene.label
    return Alone(
        t,
        chosen.odds,
        chosen.types,
        did,
        suffered,
        fill_places(scene, t, weights),
        fill_time(scene, t, weights),
        fill_source(scene, t, weights),
        frozenset([n for _, h in scene.harm_in(counted, high) if (n := h.people.low) is not None]),
        frozenset(
            [forms[i] for i in range(low, high) if not labels[i] and kinds[i] is Kind.WORD and len(forms[i]) > _LONG]
        ),
    )
