"""Where it happened: the places of an event's own sentence, else one that the text carries over."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, final

from sijill.claims.around import STANDING, Span, bucket, head_before, label, standing, verb_of, word_at, yes
from sijill.claims.carry import CARRIED_ATTRIBUTES, CARRIED_TEMPLATES, Chain, carried_row, earlier, event_row
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights
from sijill.codebook import GROUP_OF

_WIDE: Final = frozenset(("governorate", "country"))
_SPOTS: Final = frozenset(("town", "site"))

PLACE: Final = Decision(
    "place",
    STANDING + " type verb zone light before lead relation cue area hint container contained country kind in "
    "coordinated first gap-before gap-after alone head after lemma group word-before word-after",
    "between side,before,lead side,relation,cue,area,area side,hint,hint side,container,container area,contained,"
    "order side,coordinated,verb side before,first,zone,kind,path,many,nearer,rivals,many nearer rivals,"
    "gap-before in area,gap-before cue,gap-after area,gap-after relation,link side,country in,light side,alone,"
    "alone area,container side,relation side distance,commas side,type country,lemma side,left right,type left,"
    "group word-after side,right side,left side,lemma before side,group kind side,left before,type before side,"
    "word-before side,type right,head side,head before,after side",
)
PLACE_BEFORE: Final = Decision(
    "place-before",
    CARRIED_ATTRIBUTES + " called own area hint container relation cue country lead",
    CARRIED_TEMPLATES + ",kind rank,definite,past pasts rank,called,called area,own,own called,hint,container,"
    "relation,cue,area lead,country rank,called prev,opens opens2,lemma",
)

# How much less a place joined to another by "و" counts than that other.
_JOINED: Final = 0.4
_CALLED_BEFORE, _CALLED_AFTER = 7, 14

Scored = dict[str, tuple[float, int]]
"""Places by what tells one from another: the log-odds, and the index into `scene.places`."""


def place_key(scene: Scene, k: int) -> str:
    """What tells one place from another."""
    return scene.resolved_places[k].place_id or scene.places[k].name


@final
class _Places:
    """The places of a sentence as indices, where they stand, and what holds of each whatever the event."""

    __slots__ = ("facts", "indices", "spans")

    def __init__(self, indices: range, spans: list[Span], facts: list[Row]) -> None:
        self.indices = indices
        self.spans = spans
        self.facts = facts


def _places_of(scene: Scene, sentence: int) -> _Places:
    begin, end = scene.sentences[sentence]
    near = range(bisect_left(scene.place_at, begin), bisect_left(scene.place_at, end))
    alone = yes(len(near) == 1)
    facts: list[Row] = []
    for k in near:
        p, view = scene.places[k], scene.place_views[k]
        before = label(scene, view.outer - 1)
        coordinated = k > near[0] and p.first - scene.places[k - 1].last <= 3 and "و" in p.lead
        facts.append(
            (
                before,
                view.lead,
                view.relation,
                view.cue,
                yes(view.area),
                view.hint,
                yes(view.container),
                yes(view.contained),
                yes(view.country),
                view.kind,
                view.lead or ("في" if before == "في" else ""),
                yes(coordinated),
                yes(p.first - begin <= 2),
                bucket(min(30, p.first - scene.places[k - 1].first)) if k > near[0] else "none",
                bucket(min(30, scene.places[k + 1].first - p.last)) if k < near[-1] else "none",
                alone,
                head_before(scene, view.outer, begin),
                word_at(scene, p.last + 1),
            )
        )
    return _Places(
        near, [(scene.places[k].first, scene.places[k].last, scene.place_views[k].outer) for k in near], facts
    )


def place_options(scene: Scene, t: TriggerMention) -> list[tuple[int, Row]]:
    """Places in a trigger's own sentence, as indices into `scene.places`."""
    near = scene.once(_places_of, t.sentence)
    mine = (t.type, verb_of(t), scene.zone[t.sentence], t.light)
    ends = (t.lemma, GROUP_OF[t.type], label(scene, t.first - 1), label(scene, t.last + 1))
    stands = standing(scene, t, near.spans)
    first = near.indices.start
    return [(first + n, row + mine + near.facts[n] + ends) for n, row in enumerate(stands)]


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
    own = yes(scene.once(_places_of, t.sentence).indices)
    told = earlier(scene, scene.place_at, t, chain)
    event = event_row(scene, t) if told else ()
    options: list[tuple[int, Row]] = []
    for k, rank in told:
        view = scene.place_views[k]
        row = (
            *carried_row(scene, t, view.first, rank, view.kind, chain.standing(place_key(scene, k))),
            *event,
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
    best = weights["place-before"].likeliest(carried_place_options(scene, t, chain))
    return best[1] if best else None


def most_specific(scene: Scene, places: list[int]) -> list[int]:
    """The places of a claim without those that others of them tell better: "in Idlib" of the title and "in Saraqib" of
    the text are one place. Unless one list names both, so are "the Idlib countryside" and "Saraqib", and "east of
    Idlib" and "the eastern Idlib countryside"."""
    if len(places) < 2:
        return places
    told = {k: scene.resolved_places[k] for k in places}
    spots = [k for k, p in told.items() if p.precision in _SPOTS]
    areas = [k for k, p in told.items() if p.precision == "region" and p.relation == "in"]
    inner = {p.admin1 for p in told.values() if p.precision not in _WIDE and p.admin1}
    countries = {p.country for p in told.values() if p.precision != "country" and p.country}
    return [
        k
        for k, p in told.items()
        if not (p.precision == "governorate" and p.admin1 in inner)
        and not (p.precision == "country" and p.country in countries)
        and not (p.precision == "region" and _told_better(scene, k, spots if p.relation == "in" else spots + areas))
    ]


def _told_better(scene: Scene, k: int, others: list[int]) -> bool:
    """Whether one of the others lies in a place's governorate, and no list of the text names the place with one."""
    near = any(scene.resolved_places[other].admin1 == scene.resolved_places[k].admin1 for other in others)
    return near and all(_head(scene, k) != _head(scene, other) for other in others)


def _head(scene: Scene, k: int) -> int:
    """The first place of the list that a place stands in."""
    while k in scene.place_joined:
        k = scene.place_joined[k]
    return k
