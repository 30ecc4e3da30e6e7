"""When it happened: the time of an event's own sentence, else one that the text carries over."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, final

from sijill.claims.around import STANDING, Span, label, standing, word_at, yes
from sijill.claims.carry import CARRIED_ATTRIBUTES, CARRIED_TEMPLATES, Chain, carried_row, earlier, event_row
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights

TIME: Final = Decision(
    "time",
    STANDING + " type part state relative kind day first before after lemma word-before",
    "side distance,distance,kind,order side,type,part side,commas,state,type kind,many,nearer,path,link,day,day type,"
    "first side,between first,relative side,kind side between,type left,left right,type right,before day,after kind,"
    "after side,before side,lemma,lemma side,before,lemma kind,word-before side",
)
TIME_BEFORE: Final = Decision(
    "time-before",
    CARRIED_ATTRIBUTES + " day own days",
    CARRIED_TEMPLATES + ",rank gap,kin,definite kin,shared,light,teller,votes rank,prev type,past rank,past kind,"
    "day rank,day type,day prev,own prev,own day,days rank,days own,clause gap,clause,opens gap,before,part",
)

_STATES: Final = frozenset(("control", "siege"))


@final
class _Times:
    """The times of a sentence as indices, where they stand, and what holds of each whatever the event."""

    __slots__ = ("facts", "indices", "spans")

    def __init__(self, indices: range, spans: list[Span], facts: list[Row]) -> None:
        self.indices = indices
        self.spans = spans
        self.facts = facts


def _times_of(scene: Scene, sentence: int) -> _Times:
    begin, end = scene.sentences[sentence]
    near = range(bisect_left(scene.time_at, begin), bisect_left(scene.time_at, end))
    mentions = scene.times[near.start : near.stop]
    return _Times(
        near,
        [(m.first, m.last, m.first) for m in mentions],
        [
            (
                m.kind,
                m.day,
                yes(m.first - begin <= 2),
                word_at(scene, m.first - 1),
                word_at(scene, m.last + 1),
            )
            for m in mentions
        ],
    )


def time_options(scene: Scene, t: TriggerMention) -> list[tuple[int, Row]]:
    """Times in a trigger's own sentence, as indices into `scene.times`."""
    near = scene.once(_times_of, t.sentence)
    if not near.indices:
        return []
    begin, _ = scene.sentences[t.sentence]
    relative = "relative" in [scene.links.get(i) for i in range(max(begin, t.first - 3), t.first)]
    mine = (t.type, t.part, yes(t.type in _STATES), yes(relative))
    ends = (t.lemma, label(scene, t.first - 1))
    first = near.indices.start
    stands = standing(scene, t, near.spans)
    return [(first + n, row + mine + near.facts[n] + ends) for n, row in enumerate(stands)]


def fill_time(scene: Scene, t: TriggerMention, weights: Weights) -> tuple[float, int] | None:
    """The time of a trigger's own sentence when it happened, with its log-odds."""
    return weights["time"].likeliest(time_options(scene, t))


def carried_time_options(scene: Scene, t: TriggerMention, chain: Chain) -> list[tuple[int, Row]]:
    """Times told before, for an event whose own sentence tells none of its own."""
    own = yes(scene.once(_times_of, t.sentence).indices)
    told = earlier(scene, scene.time_at, t, chain)
    event = event_row(scene, t) if told else ()
    options: list[tuple[int, Row]] = []
    for k, rank in told:
        m = scene.times[k]
        row = carried_row(scene, t, m.first, rank, m.kind, chain.standing(m.key))
        options.append((k, row + event + (m.day, own, scene.days_told)))
    return options


def carry_time(scene: Scene, t: TriggerMention, chain: Chain, weights: Weights) -> int | None:
    """The time that the text carries over to an event, as an index into `scene.times`."""
    best = weights["time-before"].likeliest(carried_time_options(scene, t, chain))
    return best[1] if best else None
