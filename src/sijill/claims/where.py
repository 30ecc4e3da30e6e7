"""Where it happened: the places of an event's own sentence, else one that the text carries over."""

from __future__ import annotations

from bisect import bisect_left

from sijill.claims.around import (
    bucket,
    crowd,
    label,
    link_between,
    order_of,
    path,
    position,
    verb_of,
    yes,
)
from sijill.claims.carry import CARRIED_ATTRIBUTES, CARRIED_TEMPLATES, Chain, carried_row, earlier
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights

PLACE = Decision(
    "place",
    "side distance between commas before lead relation cue area hint container contained order coordinated "
    "type verb first zone country kind path many nearer rivals in gap-before gap-after link light alone",
    "between side,before,lead side,relation,cue,area,area side,hint,hint side,container,container area,"
    "contained,order side,coordinated,verb side before,first,zone,kind,path,many,nearer,rivals,"
    "many nearer rivals,gap-before in area,gap-before cue,gap-after area,gap-after relation,link side,"
    "country in,light side,alone,alone area,container side,relation side distance,commas side,type country",
)
PLACE_BEFORE = Decision(
    "place-before",
    CARRIED_ATTRIBUTES + " called own area hint container relation cue country lead",
    CARRIED_TEMPLATES + ",kind rank,definite,past pasts rank,called,called area,own,own called,hint,container,"
    "relation,cue,area lead,country rank,called prev",
)

# How much less a place joined to another by "و" counts than that other.
_JOINED = 0.4
_CALLED_BEFORE, _CALLED_AFTER = 7, 14

Scored = dict[str, tuple[float, int]]
"""Places by what tells one from another: the log-odds, and the index into `scene.places`."""


def place_key(scene: Scene, k: int) -> str:
    """What tells one place from another."""
    return scene.resolved_places[k].place_id or scene.places[k].name


def place_options(scene: Scene, t: TriggerMention) -> list[tuple[int, Row]]:
    """Places in a trigger's own sentence, as indices into `scene.places`."""
    begin, end = scene.sentences[t.sentence]
    near = scene.range_of(scene.places, begin, end)
    firsts = [scene.places[k].first for k in near]
    options: list[tuple[int, Row]] = []
    verb, zone = verb_of(t), scene.zone[t.sentence]
    for n, k in enumerate(near):
        p, view = scene.places[k], scene.place_views[k]
        side, distance, between, commas = position(scene, t, p.first, p.last)
        before = label(scene, view.outer - 1)
        coordinated = n > 0 and p.first - scene.places[k - 1].last <= 3 and "و" in p.lead
        row = (
            side,
            distance,
            between,
            commas,
            before,
            view.lead,
            view.relation,
            view.cue,
            yes(view.area),
            view.hint,
            yes(view.container),
            yes(view.contained),
            order_of(t, p.first, firsts),
            yes(coordinated),
            t.type,
            verb,
            yes(p.first - begin <= 2),
            zone,
            yes(view.country),
            view.kind,
            path(scene, t, view.outer, p.last),
            *crowd(scene, t, p.first, firsts),
            view.lead or ("في" if before == "في" else ""),
            bucket(min(30, p.first - firsts[n - 1])) if n else "none",
            bucket(min(30, firsts[n + 1] - p.last)) if n + 1 < len(firsts) else "none",
            link_between(scene, t, view.outer, p.last),
            t.light,
            yes(len(firsts) == 1),
        )
        options.append((k, row))
    return options


def fill_places(scene: Scene, t: TriggerMention, weights: Weights) -> Scored:
    """The places of a trigger's own sentence where it happened."""
    model = weights["place"]
    found: Scored = {}
    last = (-9.0, -9)
    for k, row in place_options(scene, t):
        odds = model.score(row)
        if scene.place_joined.get(k) == last[1] and scene.places[k].first > t.last:
            odds = max(odds, last[0] - _JOINED)
        last = (odds, k)
        key = place_key(scene, k)
        if odds > 0 and (key not in found or odds > found[key][0]):
            found[key] = (odds, k)
    return found


def carried_place_options(scene: Scene, t: TriggerMention, chain: Chain) -> list[tuple[int, Row]]:
    """Places told before, for an event whose own sentence tells none."""
    begin, end = scene.sentences[t.sentence]
    low, high = max(begin, t.first - _CALLED_BEFORE), min(end, t.first + _CALLED_AFTER)
    called = yes(bisect_left(scene.generic_places, low) < bisect_left(scene.generic_places, high))
    own = yes(scene.range_of(scene.places, begin, end))
    options: list[tuple[int, Row]] = []
    for k, rank in earlier(scene, [p.first for p in scene.places], t, chain):
        view = scene.place_views[k]
        row = (
            *carried_row(scene, t, view.first, rank, view.kind, chain.standing(place_key(scene, k))),
            called,
            own,
            yes(view.area),
            view.hint,
            yes(view.container),
            view.relation,
            view.cue,
            yes(view.country),
            view.lead,
        )
        options.append((k, row))
    return options


def carry_place(scene: Scene, t: TriggerMention, chain: Chain, weights: Weights) -> int | None:
    """The place that the text carries over to an event, as an index into `scene.places`."""
    model = weights["place-before"]
    best, chosen = 0.0, None
    for k, row in carried_place_options(scene, t, chain):
        odds = model.score(row)
        if odds > best:
            best, chosen = odds, k
    return chosen
