"""Who did it and to whom: the parties of an event."""

from __future__ import annotations

from typing import Final, final

from sijill.claims.around import (
    STANDING,
    Span,
    bucket,
    definite,
    head_before,
    label,
    most,
    preposition,
    standing,
    verb_of,
    word_at,
    yes,
)
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights
from sijill.codebook import GROUP_OF
from sijill.mentions.parties import PartyMention

_ATTRIBUTES: Final = (
    STANDING + " verb light type group zone number prep role form who actor telling people head after told other spot "
    "lemma word-before word-after"
)
INITIATOR: Final = Decision(
    "initiator",
    _ATTRIBUTES,
    "side distance,distance,between side,prep,verb light side prep,type side prep,role,group role,form,form side,who,"
    "who type,who group side,actor,telling,telling side,commas,zone,people,people group,path,many,nearer,rivals,"
    "many nearer rivals,spot group,link side,who verb side,type role side,number who,order side,lemma side,"
    "group word-after side,left right,lemma side prep,left prep,after side,type left,type right,other group side,"
    "word-before side,right side,right prep,word-before side prep,told,head prep",
)
TARGET: Final = Decision(
    "target",
    _ATTRIBUTES,
    "side distance,distance,between side,prep,verb light side prep,group verb side order,role,role side,group role,"
    "form,form side,who,who type,who group side,actor,telling,telling side,people,people group,path,path group,many,"
    "nearer,rivals,spot,spot group,who path,type role side,who prep side,number who,lemma side,after side,type left,"
    "lemma side prep,left prep,other who,left right,word-after side,word-before side,right side,type right,"
    "head prep",
)
INITIATOR_BEFORE: Final = Decision(
    "initiator-before",
    "rank gap one-type lemma definite part many light zone",
    "gap,one-type,lemma,definite,definite one-type,part,many,light,rank gap,zone",
)

# How much less a party joined to another by "و" counts in its role than that other.
_JOINED: Final = 0.4
_NEVER: Final = -9.0
# A party further than this after an event did it, or on either side suffered it, hardly ever.
_FAR: Final = 25
_TELLING_ACTORS: Final = ("civilians", "unknown-gunmen", "protesters", "")


@final
class Role:
    """A party in a role, and the log-odds for it."""

    __slots__ = ("odds", "party")

    def __init__(self, odds: float, party: PartyMention) -> None:
        self.odds = odds
        self.party = party


Roles = dict[str, Role]
"""The parties of one role by actor, or by name where they are no listed actor."""


def key_of(p: PartyMention) -> str:
    """What tells one party from another."""
    return p.actor or p.name


@final
class _Parties:
    """The parties of a sentence, where they stand, and what holds of each whatever the event."""

    __slots__ = ("facts", "parties", "spans")

    def __init__(self, parties: list[PartyMention], spans: list[Span], facts: list[Row]) -> None:
        self.parties = parties
        self.spans = spans
        self.facts = facts


def _parties_of(scene: Scene, sentence: int) -> _Parties:
    begin, end = scene.sentences[sentence]
    parties = scene.parties_in(begin, end)
    told, others = scene.actors_told, _others(parties)
    facts: list[Row] = [
        (
            preposition(scene, p.lead, p.outer),
            p.role,
            p.form,
            p.actor if p.actor in _TELLING_ACTORS else "actor",
            p.actor,
            yes(p.first in scene.telling),
            scene.stems[p.first] if p.form == "people" else "",
            head_before(scene, p.outer, begin),
            word_at(scene, p.last + 1),
            most(told[p.actor], 4) if p.actor else "none",
            others[n],
        )
        for n, p in enumerate(parties)
    ]
    return _Parties(parties, [(p.first, p.last, p.outer) for p in parties], facts)


def _others(parties: list[PartyMention]) -> list[str]:
    """For each party of a sentence, the other actor that stands nearest to it."""
    before, after = _others_before(parties), _others_before(parties[::-1])[::-1]
    found: list[str] = []
    for p, left, right in zip(parties, before, after, strict=True):
        near = [q for q in (left, right) if q is not None]
        found.append(min(near, key=lambda q: abs(q.first - p.first)).actor if near else "none")
    return found


def _others_before(parties: list[PartyMention]) -> list[PartyMention | None]:
    """For each party, the last one before it that is another actor."""
    found: list[PartyMention | None] = []
    last: PartyMention | None = None
    other: PartyMention | None = None
    for p in parties:
        nearest = last
        if last is not None and last.actor == p.actor:
            nearest = other
        found.append(nearest)
        if p.actor:
            other = nearest
            last = p
    return found


def role_options(scene: Scene, t: TriggerMention) -> list[tuple[PartyMention, Row]]:
    """The parties of a trigger's sentence."""
    near = scene.once(_parties_of, t.sentence)
    mine = (verb_of(t), t.light, t.type, GROUP_OF[t.type], scene.zone[t.sentence], t.number)
    ends = (t.lemma, label(scene, t.first - 1), label(scene, t.last + 1))
    options: list[tuple[PartyMention, Row]] = []
    stands = standing(scene, t, near.spans)
    for n, p in enumerate(near.parties):
        if t.first <= p.first and p.last <= t.last:
            continue
        spot = "other"
        if t.light:
            spot = "between" if t.light_first < p.first < t.first else "before" if p.last < t.light_first else "after"
            spot += t.light
        options.append((p, stands[n] + mine + near.facts[n] + (spot, *ends)))
    return options


def fill_roles(scene: Scene, t: TriggerMention, weights: Weights) -> tuple[Roles, Roles]:
    """The parties that did, and those that suffered, what a trigger tells; no party is both."""
    did: Roles = {}
    suffered: Roles = {}
    last = (_NEVER, _NEVER, -9)
    initiator, target = weights["initiator"], weights["target"]
    for p, row in role_options(scene, t):
        a = b = _NEVER
        if p.first - t.last <= _FAR:
            if p.form != "thing":
                a = initiator.score(row)
            if t.first - p.last <= _FAR:
                b = target.score(row)
        if scene.joined.get(p.first) == last[2] and not last[2] < t.first < p.first:
            # "من قبل أ وب": what holds of the first holds of those joined to it.
            a, b = max(a, last[0] - _JOINED), max(b, last[1] - _JOINED)
        last = (a, b, p.first)
        if a > 0:
            put(did, key_of(p), a, p)
        if b > 0:
            put(suffered, key_of(p), b, p)
    settle(did, suffered)
    return did, suffered


def put(roles: Roles, key: str, odds: float, p: PartyMention) -> None:
    """Keep a party in a role where the odds speak for it, at its best mention."""
    if odds > 0 and (key not in roles or odds > roles[key].odds):
        roles[key] = Role(odds, p)


def settle(did: Roles, suffered: Roles) -> None:
    """Leave a party found in both roles in the likelier one."""
    for key in did.keys() & suffered.keys():
        if did[key].odds >= suffered[key].odds:
            del suffered[key]
        else:
            del did[key]


@final
class Earlier:
    """An earlier claim as one that names no initiator of its own sees it: its type, triggers and initiators."""

    __slots__ = ("initiators", "triggers", "type")

    def __init__(self, type: str, triggers: list[TriggerMention], initiators: list[PartyMention]) -> None:
        self.type = type
        self.triggers = triggers
        self.initiators = initiators


Before = dict[str, list[Earlier]]
"""The earlier claims that have initiators, by the group of their type."""


def carried_role_options(scene: Scene, before: Before, t: TriggerMention) -> list[tuple[PartyMention, Row]]:
    """The initiators of the nearest earlier claims of the same group."""
    options: list[tuple[PartyMention, Row]] = []
    mine = before.get(GROUP_OF[t.type], [])
    for rank, b in enumerate(reversed(mine[-3:])):
        gap = min(abs(t.sentence - x.sentence) for x in b.triggers)
        for p in b.initiators:
            row = (
                str(rank),
                bucket(gap),
                yes(t.type == b.type),
                yes(t.lemma == b.triggers[0].lemma),
                definite(t),
                t.part,
                most(len(b.initiators), 3),
                t.light,
                scene.zone[t.sentence],
            )
            options.append((p, row))
    return options


def carry_roles(scene: Scene, before: Before, t: TriggerMention, suffered: Roles, weights: Weights) -> Roles:
    """The initiators that an earlier claim of its kind plainly carries over to a claim that names none."""
    carried: Roles = {}
    for p, row in carried_role_options(scene, before, t):
        key = key_of(p)
        if key not in suffered and key not in carried:
            put(carried, key, weights["initiator-before"].score(row), p)
    return carried
