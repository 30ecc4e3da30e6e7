"""Whether a claim with all that was found for it stands: one that tells nothing of its own, or that repeats another,
does not.
"""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from sijill.claims.around import bucket, definite, label, most
from sijill.claims.choose import armed_of, density_of
from sijill.claims.scene import Scene
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision
from sijill.codebook import GROUP_OF

if TYPE_CHECKING:
    from sijill.claims.decide import Cluster

RANK = Decision(
    "rank",
    "type group odds triggers did suffered place time harm twin twin-place twin-did part definite zone "
    "sentence lemma fills density armed claims before after twin-gap light twin-harm length",
    "type,odds,odds group,triggers,did,did group,suffered,suffered group,place,place group,time,harm,"
    "twin twin-place twin-did,part,part group,definite twin,zone,zone triggers,sentence,lemma,fills odds,"
    "fills group,density,armed group,claims,before,after,twin-gap twin-place,light,twin fills,type fills,"
    "twin-harm twin,type twin,odds twin,length,length triggers,length fills",
)


def rank_row(scene: Scene, c: Cluster, clusters: list[Cluster]) -> Row:
    """What a claim tells, and how it stands to the nearest other claim of its group."""
    t = c.triggers[0]
    group = GROUP_OF[c.type]
    near = [x for x in clusters if x is not c and GROUP_OF[x.type] == group]
    twin = min(near, key=lambda x: min(abs(a.first - b.first) for a in c.triggers for b in x.triggers), default=None)
    sentences = {x.sentence for x in c.triggers}
    here = twin_place = twin_did = twin_gap = twin_harm = "none"
    if twin is not None:
        here = "here" if any(x.sentence in sentences for x in twin.triggers) else "away"
        here += ">" if twin.triggers[0].first > t.first else "<"
        twin_gap = most(min(abs(x.sentence - s) for x in twin.triggers for s in sentences), 4)
        twin_place = _compare(set(c.places), set(twin.places))
        twin_did = _compare({p.actor or p.name for p in c.initiators}, {p.actor or p.name for p in twin.initiators})
        twin_harm = _compare(set(c.harm), set(twin.harm))
    place = ("carried" if c.places_inherited else "own") if c.places else "none"
    time = ("carried" if c.time_inherited else "own") if c.time is not None else "none"
    fills = bool(c.initiators) + bool(c.targets) + (place == "own") + (time == "own") + bool(c.harm)
    return (
        c.type,
        group,
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
        density_of(scene),
        armed_of(scene),
        bucket(len(clusters)),
        label(scene, t.first - 1),
        label(scene, t.last + 1),
        twin_gap,
        t.light,
        twin_harm,
        bucket(len(scene.sentences)),
    )


def _compare(a: Set[object], b: Set[object]) -> str:
    if not a or not b:
        return "none" if not a and not b else "one"
    return "same" if a & b else "other"
