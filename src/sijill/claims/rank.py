"""Whether a claim with all that was found for it stands: one that tells nothing of its own, or that repeats another,
does not.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, Final

from sijill.claims.around import bucket, definite, label, most, stem_at
from sijill.claims.choose import armed_of, density_of, signs_before
from sijill.claims.cluster import Cluster
from sijill.claims.roles import key_of
from sijill.claims.scene import Scene
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision
from sijill.claims.where import place_key
from sijill.codebook import GROUP_OF

RANK: Final = Decision(
    "rank",
    "type group odds triggers did suffered place time harm twin twin-place twin-did part definite zone "
    "sentence lemma fills before after twin-gap light twin-harm twin-time twin-type next link density armed claims "
    "length",
    "type,odds,odds group,triggers,did,did group,suffered,suffered group,place,place group,time,harm,"
    "twin twin-place twin-did,part,part group,definite twin,zone,zone triggers,sentence,lemma,fills odds,fills group,"
    "density,armed group,claims,before,after,twin-gap twin-place,light,twin fills,type fills,twin-harm twin,"
    "type twin,odds twin,length,length triggers,length fills,twin-type twin,twin-time twin-place,link,next",
)


def claim_rows(scene: Scene, clusters: list[Cluster]) -> list[Row]:
    """What each claim tells, and how it stands to the nearest other claim of its group."""
    here = (density_of(scene), armed_of(scene), bucket(len(clusters)), bucket(len(scene.sentences)))
    kin: dict[str, list[tuple[int, int]]] = {}
    for n, c in enumerate(clusters):
        kin.setdefault(GROUP_OF[c.type], []).extend([(t.first, n) for t in c.triggers])
    for told in kin.values():
        told.sort()
    return [
        _rank_row(scene, c, clusters[n] if n is not None else None) + here
        for c, n in ((c, _nearest(c, own, kin[GROUP_OF[c.type]])) for own, c in enumerate(clusters))
    ]


def _nearest(c: Cluster, own: int, told: list[tuple[int, int]]) -> int | None:
    """The claim nearest to one, of those of its group: `told` has the first token and the claim of each trigger."""
    best: tuple[int, int] | None = None
    for t in c.triggers:
        at = bisect_left(told, (t.first, own))
        for way in (range(at - 1, -1, -1), range(at + 1, len(told))):
            for i in way:
                first, n = told[i]
                if n != own:
                    found = abs(first - t.first), n
                    best = found if best is None else min(best, found)
                    break
    return best[1] if best else None


def _rank_row(scene: Scene, c: Cluster, twin: Cluster | None) -> Row:
    t = c.triggers[0]
    sentences = {x.sentence for x in c.triggers}
    here = twin_place = twin_did = twin_gap = twin_harm = twin_time = twin_type = "none"
    if twin is not None:
        others = {x.sentence for x in twin.triggers}
        here = "away" if sentences.isdisjoint(others) else "here"
        here += ">" if twin.triggers[0].first > t.first else "<"
        twin_gap = most(min([abs(a - b) for a in others for b in sentences]), 4)
        twin_place = _compare(_places(scene, c), _places(scene, twin))
        twin_time = _compare(_days(scene, c), _days(scene, twin))
        twin_type = "type" if c.type == twin.type else "other"
        if t.lemma in [x.lemma for x in twin.triggers]:
            twin_type = "lemma"
        twin_did = _compare({key_of(p) for p in c.initiators}, {key_of(p) for p in twin.initiators})
        twin_harm = _compare(set(c.harm), set(twin.harm))
    place = ("carried" if c.places_inherited else "own") if c.places else "none"
    time = ("carried" if c.time_inherited else "own") if c.time is not None else "none"
    fills = bool(c.initiators) + bool(c.targets) + (place == "own") + (time == "own") + bool(c.harm)
    return (
        c.type,
        GROUP_OF[c.type],
        str(max(-2, min(6, int(c.odds * 1.5)))),
        most(len(c.triggers), 4),
        most(len(c.initiators), 3),
        most(len(c.targets), 3),
        place,
        time,
        most(len(c.harm), 2),
        here,
        twin_place,
        twin_did,
        t.part,
        definite(t),
        scene.zone[t.sentence],
        bucket(t.sentence),
        t.lemma,
        str(fills),
        label(scene, t.first - 1),
        label(scene, t.last + 1),
        twin_gap,
        t.light,
        twin_harm,
        twin_time,
        twin_type,
        stem_at(scene, t.last + 1),
        signs_before(scene, t, scene.sentences[t.sentence][0])[1],
    )


def _places(scene: Scene, c: Cluster) -> set[str]:
    return {place_key(scene, k) for k in c.places}


def _days(scene: Scene, c: Cluster) -> set[str]:
    return {scene.times[c.time].key} if c.time is not None else set()


def _compare(a: set[Any], b: set[Any]) -> str:
    if not a or not b:
        return "none" if not a and not b else "one"
    return "other" if a.isdisjoint(b) else "same"
