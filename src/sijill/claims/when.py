"""When it happened: the time of an event's own sentence, else one that the text carries over."""

from __future__ import annotations

from sijill.claims.around import crowd, link_between, order_of, path, position, yes
from sijill.claims.carry import CARRIED_ATTRIBUTES, CARRIED_TEMPLATES, Chain, carried_row, earlier
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights

TIME = Decision(
    "time",
    "side distance between commas kind near order type part state many nearer path link day first relative",
    "side distance,distance,kind,kind near,order side,type,part side,commas,state near,type kind,many,nearer,"
    "path,link,day,day type,first side,between first,relative side,kind side between",
)
TIME_BEFORE = Decision(
    "time-before",
    CARRIED_ATTRIBUTES + " day own days",
    CARRIED_TEMPLATES + ",rank gap,kin,definite kin,shared,light,teller,votes rank,prev type,past rank,past kind,"
    "day rank,day type,day prev,own prev,own day,days rank,days own",
)

_STATES = frozenset(("control", "siege"))


def time_options(scene: Scene, t: TriggerMention) -> list[tuple[int, Row]]:
    """Times in a trigger's own sentence, as indices into `scene.times`."""
    begin, end = scene.sentences[t.sentence]
    near = scene.range_of(scene.times, begin, end)
    firsts = [scene.times[k].first for k in near]
    options: list[tuple[int, Row]] = []
    state = yes(t.type in _STATES)
    for k in near:
        m = scene.times[k]
        side, distance, between, commas = position(scene, t, m.first, m.last)
        row = (
            side,
            distance,
            between,
            commas,
            m.kind,
            distance[0],
            order_of(t, m.first, firsts),
            t.type,
            t.part,
            state,
            *crowd(scene, t, m.first, firsts)[:2],
            path(scene, t, m.first, m.last),
            link_between(scene, t, m.first, m.last),
            m.day,
            yes(m.first - begin <= 2),
            yes(any(scene.links.get(i) == "relative" for i in range(max(begin, t.first - 3), t.first))),
        )
        options.append((k, row))
    return options


def fill_time(scene: Scene, t: TriggerMention, weights: Weights) -> tuple[float, int] | None:
    """The time of a trigger's own sentence when it happened, with its log-odds."""
    model = weights["time"]
    best: tuple[float, int] | None = None
    for k, row in time_options(scene, t):
        odds = model.score(row)
        if odds > (best[0] if best else 0.0):
            best = odds, k
    return best


def carried_time_options(scene: Scene, t: TriggerMention, chain: Chain) -> list[tuple[int, Row]]:
    """Times told before, for an event whose own sentence tells none of its own."""
    begin, end = scene.sentences[t.sentence]
    own = yes(scene.range_of(scene.times, begin, end))
    options: list[tuple[int, Row]] = []
    for k, rank in earlier(scene, [m.first for m in scene.times], t, chain):
        m = scene.times[k]
        row = carried_row(scene, t, m.first, rank, m.kind, chain.standing(m.key))
        options.append((k, (*row, m.day, own, scene.days_told)))
    return options


def carry_time(scene: Scene, t: TriggerMention, chain: Chain, weights: Weights) -> int | None:
    """The time that the text carries over to an event, as an index into `scene.times`."""
    model = weights["time-before"]
    best, chosen = 0.0, None
    for k, row in carried_time_options(scene, t, chain):
        odds = model.score(row)
        if odds > best:
            best, chosen = odds, k
    return chosen
