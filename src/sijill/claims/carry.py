"""What the text carries over from one event to the next: the day and place told before."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, final

from sijill.claims.around import bucket, definite, form, label, most, yes
from sijill.claims.choose import clause_head
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.codebook import GROUP_OF

CARRIED_ATTRIBUTES: Final = (
    "rank gap kin kind zones shared prev prev2 votes pasts claims type definite sentence light teller past digest "
    "opens opens2 part lemma clause before"
)
CARRIED_TEMPLATES: Final = (
    "gap,kind,type,zones,sentence,prev,prev prev2,prev votes,votes,prev gap,prev past,prev kind,claims,"
    "claims prev,digest,digest prev"
)

# How many of the mentions before an event it may carry over.
_NEAREST: Final = 4


@final
class Chain:
    """The values that the claims before one hold in one slot, in the order of the text; "" where one holds none."""

    __slots__ = ("_counts", "mentions", "values")

    def __init__(self) -> None:
        self.values: list[str] = []
        self.mentions: list[int] = []
        """The mentions that gave those values, as indices."""
        self._counts: dict[str, int] = {}

    def add(self, value: str, mention: int | None) -> None:
        """The next claim's value and the mention that gives it."""
        self.values.append(value)
        self._counts[value] = self._counts.get(value, 0) + 1
        if mention is not None:
            self.mentions.append(mention)

    def standing(self, value: str) -> tuple[str, str, str, str]:
        """How a value stands among those before: that of the last claim, of the one before it, of how many, of all."""
        return (
            self._compare(1, value),
            self._compare(2, value),
            most(self._counts.get(value, 0), 3),
            bucket(len(self.values)),
        )

    def _compare(self, back: int, value: str) -> str:
        if len(self.values) < back:
            return "first"
        other = self.values[-back]
        return "none" if not other else "same" if other == value else "other"


def earlier(scene: Scene, firsts: list[int], t: TriggerMention, chain: Chain) -> list[tuple[int, str]]:
    """Mentions before a trigger's sentence that may hold for it: the nearest few, those of title and lead, and what the
    claims before it hold. Each with how it stands."""
    begin = scene.sentences[t.sentence][0]
    if scene.zone[t.sentence] != "body":
        # The title tells in short what the lead tells whole.
        opening = range(bisect_left(firsts, scene.lead_end))
        return [(k, "lead") for k in opening if scene.sentence_at[firsts[k]] in scene.lead]
    before = range(bisect_left(firsts, begin))
    chosen = {k: f"near{n}" for n, k in enumerate(reversed(before[-_NEAREST:]))}
    opening = before[: bisect_left(firsts, scene.lead_end)]
    lead = [k for k in opening if scene.sentence_at[firsts[k]] in scene.lead][:2]
    for k in lead:
        chosen[k] = chosen.get(k, "far") + "+lead"
    for k in chain.mentions[-2:]:
        if k not in chosen and k < len(before):
            chosen[k] = "chain"
    return sorted(chosen.items())


def carried_row(
    scene: Scene, t: TriggerMention, first: int, rank: str, kind: str, standing: tuple[str, str, str, str]
) -> Row:
    """Whether something told before holds for an event told after it."""
    sentence = scene.sentence_at[first]
    there = scene.by_sentence[sentence]
    group = GROUP_OF[t.type]
    kin = "none"
    for x in there:
        if x.lemma == t.lemma:
            kin = "lemma"
            break
        if x.type == t.type:
            kin = "type"
        elif kin == "none" and GROUP_OF[x.type] == group:
            kin = "group"
    here, elsewhere = scene.actors_at[t.sentence], scene.actors_at[sentence]
    shared = "none" if not here or not elsewhere else yes(here & elsewhere)
    prev, prev2, votes, claims = standing
    return (
        rank,
        bucket(max(0, t.sentence - sentence)),
        kin,
        kind,
        scene.zone[sentence] + "~" + scene.zone[t.sentence],
        shared,
        prev,
        prev2,
        votes,
        scene.pluperfect[sentence],
        claims,
    )


def event_row(scene: Scene, t: TriggerMention) -> Row:
    """The rest of `carried_row`: what holds of an event whatever is carried over to it."""
    begin, _ = scene.sentences[t.sentence]
    return (
        t.type,
        definite(t),
        bucket(t.sentence),
        t.light,
        yes(scene.teller_of(t) >= 0),
        scene.pluperfect[t.sentence],
        yes(scene.digest_time is not None),
        form(scene, begin),
        form(scene, begin + 1),
        t.part,
        t.lemma,
        clause_head(scene, t, begin),
        label(scene, t.first - 1),
    )
