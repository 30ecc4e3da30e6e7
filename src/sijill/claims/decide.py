"""All decisions of a reading in their order: which words tell events, what each tells alone, which of them tell the
same claim, what the text carries over, whose the harm is, and which claims stand.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import platformdirs

from sijill.claims.alone import Alone, read_alone
from sijill.claims.carry import Chain
from sijill.claims.choose import KEEP, SENSE, choose_triggers
from sijill.claims.cluster import Cluster
from sijill.claims.harm import HARM, fill_harm
from sijill.claims.join import SAME, group_same
from sijill.claims.rank import RANK, claim_rows
from sijill.claims.roles import INITIATOR, INITIATOR_BEFORE, TARGET, Before, Earlier, Roles, carry_roles, put, settle
from sijill.claims.scene import Scene, first_token
from sijill.claims.teller import KIND, SOURCE, kind_of
from sijill.claims.weigh import Weights, load_weights
from sijill.claims.when import TIME, TIME_BEFORE, carry_time
from sijill.claims.where import PLACE, PLACE_BEFORE, Scored, carry_place, most_specific, place_key
from sijill.codebook import GROUP_OF
from sijill.mentions.parties import PartyMention

DECISIONS: Final = {
    d.name: d
    for d in (
        KEEP, SENSE, SAME, INITIATOR, INITIATOR_BEFORE, TARGET, PLACE, PLACE_BEFORE, TIME, TIME_BEFORE, HARM, SOURCE,
        KIND, RANK,
    )
}  # fmt: skip

# The log-odds against a type that a mention's words never tell.
_UNLIKELY: Final = -4.0


@cache
def default_weights() -> Weights:
    """The weights that come with the program."""
    with resources.as_file(resources.files("sijill.claims") / "weights.csv") as file:
        return load_weights(file, DECISIONS, Path(platformdirs.user_cache_dir("sijill")))


def decide_claims(scene: Scene, weights: Weights, senses: dict[str, list[str]]) -> list[Cluster]:
    """The claims of a scene with every decision made, in the order of the text."""
    alone = [read_alone(scene, chosen, weights) for chosen in choose_triggers(scene, weights, senses)]
    clusters = join_alone(scene, alone, weights)
    model = weights["rank"]
    kept = []
    for c, row in zip(clusters, claim_rows(scene, clusters), strict=True):
        c.odds = model.score(row)
        if c.odds > 0:
            kept.append(c)
    return kept


def join_alone(scene: Scene, alone: list[Alone], weights: Weights) -> list[Cluster]:
    """Bring together the triggers that tell one claim, with what they tell and what the text carries over to them."""
    groups = [[alone[j] for j in group] for group in group_same(scene, alone, weights)]
    groups.sort(key=lambda group: group[0].trigger.first)
    clusters: list[Cluster] = []
    earlier: Before = {}
    times, places = Chain(), Chain()
    for group in groups:
        c = _united(scene, group, weights)
        t = c.triggers[0].of_type(c.type)
        if not c.initiators:
            suffered: Roles = {}
            for x in group:
                suffered |= x.suffered
            c.initiators = [role.party for role in carry_roles(scene, earlier, t, suffered, weights).values()]
        if c.initiators:
            earlier.setdefault(GROUP_OF[c.type], []).append(Earlier(c.type, c.triggers, c.initiators))
        if c.time is None:
            c.time = carry_time(scene, t, times, weights) if scene.digest_time is None else scene.digest_time
            c.time_inherited = c.time is not None
        times.add(scene.times[c.time].key if c.time is not None else "", c.time)
        if not c.places:
            k = carry_place(scene, t, places, weights)
            if k is not None:
                c.places, c.places_inherited = [k], True
        places.add(place_key(scene, c.places[0]) if c.places else "", c.places[0] if c.places else None)
        clusters.append(c)
    for c, harm in zip(
        clusters, fill_harm(scene, [[t.of_type(c.type) for t in c.triggers] for c in clusters], weights), strict=True
    ):
        c.harm = harm
    return clusters


def _type_of(order: list[Alone]) -> str:
    """The type that all mentions of an event together speak for: "the attack" takes that of the blast told before."""
    if len(order) == 1:
        return order[0].trigger.type
    harm = GROUP_OF[order[0].trigger.type] == "killing"
    totals: dict[str, float] = {}
    mentions = [x for x in order if harm or GROUP_OF[x.trigger.type] != "killing"]
    for type_id in {x.trigger.type for x in mentions}:
        totals[type_id] = sum(_log_odds(x.types, type_id) for x in mentions)
    return max(sorted(totals), key=lambda type_id: (totals[type_id], type_id == order[0].trigger.type))


def _log_odds(types: dict[str, float], type_id: str) -> float:
    """How likely a mention tells a type, against the likeliest it may tell."""
    return max(_UNLIKELY, types.get(type_id, _UNLIKELY) - max(types.values()))


def _united(scene: Scene, group: list[Alone], weights: Weights) -> Cluster:
    """One claim of several triggers: the fullest leads, in the body before the title, an event before the harm it did;
    of what they tell the likeliest stands."""

    def fullness(x: Alone) -> tuple[bool, bool, float]:
        return GROUP_OF[x.trigger.type] != "killing", scene.zone[x.trigger.sentence] == "body", x.odds

    order = sorted(group, key=fullness, reverse=True) if len(group) > 1 else group
    c = Cluster([x.trigger for x in order], _type_of(order), max([x.odds for x in group]))
    did, suffered, found, best = group[0].did, group[0].suffered, group[0].places, group[0].time
    if len(group) > 1:
        did, suffered, found, best = _likeliest(group)
    c.initiators = _in_order(did)
    c.targets = _in_order(suffered)
    c.places = most_specific(scene, sorted([k for _, k in found.values()]))
    c.time = best[1] if best else None
    source = order[0].source
    if source:
        c.source = source[1]
        c.source_kind = kind_of(scene.tellers[c.source], weights)
    return c


def _in_order(roles: Roles) -> list[PartyMention]:
    """The parties of a role in the order of the text."""
    parties = [role.party for role in roles.values()]
    if len(parties) > 1:
        parties.sort(key=first_token)
    return parties


def _likeliest(group: list[Alone]) -> tuple[Roles, Roles, Scored, tuple[float, int] | None]:
    """Of what the mentions of an event tell the likeliest: who did it, who suffered it, where and when."""
    did: Roles = {}
    suffered: Roles = {}
    found: Scored = {}
    best: tuple[float, int] | None = None
    for x in group:
        for key, role in x.did.items():
            put(did, key, role.odds, role.party)
        for key, role in x.suffered.items():
            put(suffered, key, role.odds, role.party)
        for key, scored in x.places.items():
            if key not in found or scored[0] > found[key][0]:
                found[key] = scored
        if x.time and (best is None or x.time[0] > best[0]):
            best = x.time
    settle(did, suffered)
    return did, suffered, found, best
