"""The decisions of a reading, each a sum of weighted features: which triggers tell claims, which of them tell the same
claim, and which mentions fill its places.

The functions named `*_options` lay out what there is to choose from, with the features of each; `make fit` learns from
the same options.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from sijill.arabic.words import Kind
from sijill.claims import features
from sijill.claims.features import GROUP_OF, SameContext
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.weights import Model, Weights, score
from sijill.mentions.parties import PartyMention
from sijill.mentions.people import PeopleMention
from sijill.mentions.tellers import Attribution

SOURCE_KINDS = ("party", "official", "monitor", "organisation", "media", "network", "activist", "witness", "unnamed")

# How much less a party joined to another by "و" counts in its role than that other.
_JOINED = 0.4
# Where a claim's parts are looked for, in sentences before and after its triggers.
_PARTY_REACH = (0, 0)
# How many of the mentions before a claim's sentence it may carry over.
_CARRIED = 4
_HARM_REACH = (-1, 2)
_TELLER_REACH = (-2, 0)
# The log-odds a trigger needs where nothing in the text speaks of arms: prices explode and critics attack, too.
_LEAST_UNARMED = 1.0
_METAPHORS = frozenset(("strike", "blast", "fighting", "ground", "campaign"))
# A type whose weight for a trigger's dictionary type is lower is hardly ever meant.
_HARDLY = -0.2
# How far apart two mentions of one claim may stand, in sentences; a title reaches the whole report.
_SAME_REACH = 4
_WEAPON_REACH = 12


@dataclass(slots=True)
class Cluster:
    """The triggers that tell one claim, the fullest first, its type, and the log-odds that it is one."""

    triggers: list[TriggerMention]
    type: str
    odds: float
    source: int | None = None
    source_kind: str = "outlet"
    initiators: list[PartyMention] = field(default_factory=list)
    targets: list[PartyMention] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    places_inherited: bool = False
    time: int | None = None
    time_inherited: bool = False
    harm: list[int] = field(default_factory=list)


class Profile(NamedTuple):
    """What stands around a trigger, to compare it with another."""

    parties: frozenset[str]
    places: frozenset[str]
    time: str
    teller: int
    counts: frozenset[int]
    words: frozenset[str]
    own: str
    """Which of place, time and number the trigger has of its own."""


def density_of(scene: Scene) -> str:
    """How thick the words of events are in the text: a text of sport or business has few."""
    rate = 1000 * len(scene.triggers) / (len(scene.tokens) + 12)
    return features.bucket(int(rate / 6))


def armed_of(scene: Scene) -> str:
    """How much in the text speaks of arms: weapons, people harmed, and parties that fight; metaphors have none."""
    fighting = sum(1 for p in scene.parties if p.form in ("name", "adj") and p.actor not in ("", "civilians", "un"))
    told = len(scene.weapons) + len(scene.harm) + fighting
    if not told:
        return "0"
    # Against the words of events, so that a post of one line counts as a long report does.
    share = told / max(1, len(scene.triggers))
    return "few" if share < 0.5 else "some" if share < 1 else "many" if share < 2 else "most"


def keep_options(scene: Scene) -> list[tuple[TriggerMention, list[str]]]:
    """Every trigger with the features that tell whether it is a claim."""
    density, armed = density_of(scene), armed_of(scene)
    seen: set[str] = set()
    options = []
    for t in scene.triggers:
        options.append((t, features.keep(scene, t, density, armed, GROUP_OF[t.type] in seen)))
        seen.add(GROUP_OF[t.type])
    return options


def sense_options(
    scene: Scene, t: TriggerMention, senses: dict[str, list[str]], model: Model | None = None
) -> list[tuple[str, list[str]]]:
    """The types a trigger may tell, with features; by a `model`, those it all but rules out are passed over."""
    types = list(dict.fromkeys([t.type, *senses.get(t.base, [t.base]), *senses.get(t.type, [])]))
    if model is not None:
        types = [x for x in types if x == t.type or model.get(f"{x}|base={t.base}", 0.0) > _HARDLY]
    begin, end = scene.sentences[t.sentence]
    weapons = [
        (weapon, "close" if abs(i - t.first) <= 3 else "near")
        for i, weapon in scene.weapons
        if begin <= i < end and abs(i - t.first) <= _WEAPON_REACH and not t.first <= i <= t.last
    ]
    return [(other, features.sense(scene, t, weapons, other)) for other in types]


def profile(scene: Scene, t: TriggerMention) -> Profile:
    """The parties, places, time, teller and counts nearest to a trigger in its sentence."""
    begin, end = scene.sentences[t.sentence]
    low, high = max(begin, t.first - 8), min(end, t.last + 12)
    parties = frozenset(p.actor or p.name for p in scene.parties_in(low, high))
    places = frozenset(p.name for p in scene.places_in(low, high + 6))
    times = scene.times_in(begin, end)
    teller = scene.teller_of(t)
    counts = frozenset(h.people.low for h in scene.harm_in(max(begin, t.first - 6), high) if h.people.low is not None)
    forms, kinds = scene.tokens.form, scene.tokens.kind
    words = frozenset(
        forms[i] for i in range(low, high) if kinds[i] is Kind.WORD and len(forms[i]) > 3 and not scene.label[i]
    )
    own = ("p" if scene.places_in(low, high) else "") + ("t" if scene.times_in(low, high) else "")
    return Profile(parties, places, times[0].key if times else "", teller, counts, words, own)


def _compare(a: frozenset[str] | frozenset[int], b: frozenset[str] | frozenset[int]) -> str:
    if not a or not b:
        return "none"
    return "same" if a & b else "other"


def same_options(scene: Scene, kept: list[TriggerMention]) -> list[tuple[int, int, list[str]]]:
    """Pairs of triggers that may tell one claim, as indices into `kept`, the earlier first."""
    profiles = [profile(scene, t) for t in kept]
    options = []
    outside = [i for i, t in enumerate(kept) if scene.zone[t.sentence] != "body"]
    lemmas: dict[str, set[str]] = {}
    low = 0
    for j, b in enumerate(kept):
        nearest = True
        while b.sentence - kept[low].sentence > _SAME_REACH:
            low += 1
        kin = len(lemmas.get(GROUP_OF[b.type], ()))
        lemmas.setdefault(GROUP_OF[b.type], set()).add(b.lemma)
        for i in [*range(j - 1, low - 1, -1), *(i for i in reversed(outside) if i < low)]:
            a = kept[i]
            if not _may_be_same(scene, a, b):
                continue
            pa, pb = profiles[i], profiles[j]
            teller = "none" if pa.teller == pb.teller == -1 else ("same" if pa.teller == pb.teller else "other")
            time = "none" if not (pa.time and pb.time) else ("same" if pa.time == pb.time else "other")
            context = SameContext(
                _compare(pa.parties, pb.parties), _compare(pa.places, pb.places), time, teller,
                _compare(pa.counts, pb.counts), nearest, features.bucket(kin), pb.own,
                features.bucket(len(pa.words & pb.words)),
            )  # fmt: skip
            options.append((i, j, features.same(scene, a, b, context)))
            nearest = False
    return options


def _may_be_same(scene: Scene, a: TriggerMention, b: TriggerMention) -> bool:
    gap = b.sentence - a.sentence
    if scene.zone[a.sentence] == "body" and gap > _SAME_REACH:
        return False
    ga, gb = GROUP_OF[a.type], GROUP_OF[b.type]
    if ga == gb:
        return True
    if "killing" in (ga, gb):
        return gap <= 2 or scene.zone[a.sentence] != "body"
    return gap <= 1 or scene.zone[a.sentence] != "body"


def choose_claims(scene: Scene, weights: Weights, senses: dict[str, list[str]]) -> list[Cluster]:
    """The claims of a text: triggers kept, given their type, and brought together where they tell the same."""
    kept: list[TriggerMention] = []
    odds: list[float] = []
    keep_model, sense_model = weights["keep"], weights["sense"]
    unarmed = armed_of(scene) == "0"
    for t, names in keep_options(scene):
        value = score(keep_model, names)
        if value > (_LEAST_UNARMED if unarmed and GROUP_OF[t.type] in _METAPHORS else 0.0):
            options = sense_options(scene, t, senses, sense_model)
            best = max(options, key=lambda option: score(sense_model, option[1]))[0] if len(options) > 1 else t.type
            kept.append(t._replace(type=best))
            odds.append(value)
    return cluster(scene, weights, kept, odds)


def cluster(scene: Scene, weights: Weights, kept: list[TriggerMention], odds: list[float]) -> list[Cluster]:
    """Join each trigger to the claim before it that it most plainly tells, or let it open one."""
    links: dict[int, list[tuple[float, int]]] = {}
    model = weights["same"]
    for i, j, names in same_options(scene, kept):
        links.setdefault(j, []).append((score(model, names), i))
    home: list[int] = []
    members: list[list[int]] = []
    for j in range(len(kept)):
        best, chosen = 0.0, -1
        for value, i in links.get(j, ()):
            if value > best:
                best, chosen = value, home[i]
        if chosen < 0:
            chosen = len(members)
            members.append([])
        members[chosen].append(j)
        home.append(chosen)
    return [_cluster(scene, kept, odds, group) for group in members]


def _cluster(scene: Scene, kept: list[TriggerMention], odds: list[float], group: list[int]) -> Cluster:
    """The fullest mention leads: in the body before the title, an event before the harm it did."""

    def fullness(j: int) -> tuple[bool, bool, float]:
        t = kept[j]
        return GROUP_OF[t.type] != "killing", scene.zone[t.sentence] == "body", odds[j]

    order = sorted(group, key=fullness, reverse=True)
    return Cluster([kept[j] for j in order], kept[order[0]].type, max(odds[j] for j in group))


def party_options(
    scene: Scene, triggers: list[TriggerMention], type_id: str
) -> list[tuple[PartyMention, TriggerMention, list[str]]]:
    """Parties near any trigger of a claim, each beside each trigger it stands near."""
    options = []
    for t in triggers:
        t = t._replace(type=type_id)
        begin = scene.sentences[max(0, t.sentence + _PARTY_REACH[0])][0]
        end = scene.sentences[min(len(scene.sentences) - 1, t.sentence + _PARTY_REACH[1])][1]
        if scene.zone[t.sentence] != "body":
            begin, end = scene.sentences[t.sentence]
        near = scene.parties_in(begin, end)
        before = [p for p in near if p.last < t.first]
        firsts = [p.first for p in near]
        for p in near:
            if p.last < t.first:
                order = len(before) - 1 - before.index(p)
            else:
                order = sum(1 for q in near if t.first <= q.first < p.first)
            options.append((p, t, features.role(scene, t, p, min(order, 3), p.first in scene.telling, firsts)))
    return options


def fill_parties(scene: Scene, c: Cluster, weights: Weights) -> None:
    """Choose the claim's initiators and targets; no party is both."""
    did: dict[str, tuple[float, PartyMention]] = {}
    suffered: dict[str, tuple[float, PartyMention]] = {}
    last: tuple[float, float, int] = (-9.0, -9.0, -9)
    for p, t, names in party_options(scene, c.triggers, c.type):
        key = p.actor or p.name
        a = score(weights["initiator"], names) if p.form != "thing" else -9.0
        b = score(weights["target"], names)
        if scene.joined.get(p.first) == last[2] and not last[2] < t.first < p.first:
            # "من قبل أ وب": what holds of the first holds of those joined to it.
            a, b = max(a, last[0] - _JOINED), max(b, last[1] - _JOINED)
        last = (a, b, p.first)
        if a > 0 and a > did.get(key, (0.0, p))[0]:
            did[key] = (a, p)
        if b > 0 and b > suffered.get(key, (0.0, p))[0]:
            suffered[key] = (b, p)
    for key in did.keys() & suffered.keys():
        if did[key][0] >= suffered[key][0]:
            del suffered[key]
        else:
            del did[key]
    c.initiators = sorted((p for _, p in did.values()), key=lambda p: p.first)
    c.targets = sorted((p for _, p in suffered.values()), key=lambda p: p.first)


def carried_party_options(
    scene: Scene, before: list[tuple[Cluster, list[PartyMention]]], c: Cluster
) -> list[tuple[PartyMention, list[str]]]:
    """The initiators of earlier claims of the same group, for a claim whose own sentences name none."""
    options = []
    t = c.triggers[0]._replace(type=c.type)
    group = GROUP_OF[c.type]
    mine = [(b, parties) for b, parties in before if GROUP_OF[b.type] == group and parties]
    for rank, (b, parties) in enumerate(reversed(mine[-3:])):
        gap = abs(t.sentence - min(b.triggers, key=lambda x: abs(x.sentence - t.sentence)).sentence)
        for p in parties:
            options.append((p, features.carried_party(t, b.triggers[0], b.type, rank, gap, len(parties))))
    return options


def carry_parties(scene: Scene, clusters: list[Cluster], weights: Weights) -> None:
    """Give claims that name no initiator one that an earlier claim of their kind plainly carries over."""
    model = weights["initiator-before"]
    before: list[tuple[Cluster, list[PartyMention]]] = []
    for c in sorted(clusters, key=lambda c: c.triggers[0].first):
        if not c.initiators:
            suffered = {p.actor or p.name for p in c.targets}
            for p, names in carried_party_options(scene, before, c):
                key = p.actor or p.name
                if (
                    score(model, names) > 0
                    and key not in suffered
                    and all((q.actor or q.name) != key for q in c.initiators)
                ):
                    c.initiators.append(p)
        before.append((c, c.initiators))


def place_options(
    scene: Scene, triggers: list[TriggerMention], type_id: str, *, own: bool
) -> list[tuple[int, TriggerMention, list[str]]]:
    """Places in the triggers' own sentences, or (not `own`) in those before, as indices into `scene.places`."""
    options = []
    if not own:
        t = triggers[0]._replace(type=type_id)
        for k, rank in _earlier(scene, [p.first for p in scene.places], t):
            view = scene.place_views[k]
            names = features.carried(scene, t, view.first, rank, view.kind)
            options.append((k, t, names + features.carried_place(scene, t, view, rank)))
        return options
    for t in triggers:
        t = t._replace(type=type_id)
        begin, end = scene.sentences[t.sentence]
        near = [(k, scene.places[k]) for k in scene.range_of(scene.places, begin, end)]
        firsts = [p.first for _, p in near]
        for n, (k, p) in enumerate(near):
            if p.first > t.last:
                order = sum(1 for _, q in near if t.last < q.first < p.first)
            else:
                order = sum(1 for _, q in near if p.first < q.first < t.first)
            coordinated = n > 0 and p.first - near[n - 1][1].last <= 3 and "و" in p.lead
            options.append((k, t, features.place(scene, t, scene.place_views[k], min(order, 4), coordinated, firsts)))
    return options


def _earlier(scene: Scene, firsts: list[int], t: TriggerMention) -> list[tuple[int, str]]:
    """Mentions of the sentences before a trigger's: the nearest few, and the first of title and lead."""
    begin = scene.sentences[t.sentence][0]
    if scene.zone[t.sentence] != "body":
        # The title tells in short what the lead tells whole.
        return [(k, "lead") for k, first in enumerate(firsts) if scene.sentence_of(first) in scene.lead]
    before = range(bisect_left(firsts, begin))
    chosen = {k: f"near{n}" for n, k in enumerate(reversed(before[-_CARRIED:]))}
    lead = [k for k in before if scene.sentence_of(firsts[k]) in scene.lead][:2]
    for k in lead:
        chosen[k] = chosen.get(k, "far") + "+lead"
    return sorted(chosen.items())


def fill_places(scene: Scene, c: Cluster, weights: Weights) -> None:
    """Choose the claim's places: those of its own sentences, else one that the text carries over."""
    for own in (True, False):
        model = weights["place" if own else "place-before"]
        best: dict[str, tuple[float, int]] = {}
        last = (-9.0, -9)
        for k, t, names in place_options(scene, c.triggers, c.type, own=own):
            value = score(model, names)
            if own and scene.place_joined.get(k) == last[1] and scene.places[k].first > t.last:
                value = max(value, last[0] - _JOINED)
            last = (value, k)
            key = scene.resolved_places[k].place_id or scene.places[k].name
            if value > 0 and value > best.get(key, (0.0, k))[0]:
                best[key] = (value, k)
        if best:
            chosen = sorted(k for _, k in best.values())
            if not own:
                chosen = [max(best.values())[1]]
            c.places, c.places_inherited = chosen, not own
            return


def time_options(
    scene: Scene, triggers: list[TriggerMention], type_id: str, *, own: bool
) -> list[tuple[int, TriggerMention, list[str]]]:
    """Times in the triggers' own sentences, or (not `own`) in those before, as indices into `scene.times`."""
    options = []
    if not own:
        t = triggers[0]._replace(type=type_id)
        for k, rank in _earlier(scene, [m.first for m in scene.times], t):
            moment = scene.times[k]
            names = features.carried(scene, t, moment.first, rank, moment.kind)
            options.append((k, t, names + features.carried_time(t, moment, rank)))
        return options
    for t in triggers:
        t = t._replace(type=type_id)
        begin, end = scene.sentences[t.sentence]
        near = [(k, scene.times[k]) for k in scene.range_of(scene.times, begin, end)]
        firsts = [m.first for _, m in near]
        for k, m in near:
            if m.first > t.last:
                order = sum(1 for _, q in near if t.last < q.first < m.first)
            else:
                order = sum(1 for _, q in near if m.first < q.first < t.first)
            options.append((k, t, features.time(scene, t, m.first, m.last, m.kind, min(order, 3), firsts)))
    return options


def fill_time(scene: Scene, c: Cluster, weights: Weights) -> None:
    """Choose the claim's time: the best of its own sentences, else one that the text carries over."""
    for own in (True, False):
        model = weights["time" if own else "time-before"]
        best, chosen = 0.0, None
        for k, _t, names in time_options(scene, c.triggers, c.type, own=own):
            value = score(model, names)
            if value > best:
                best, chosen = value, k
        if chosen is not None:
            c.time, c.time_inherited = chosen, not own
            return
        if scene.digest_time is not None:
            c.time, c.time_inherited = scene.digest_time, True
            return


def harm_options(
    scene: Scene, triggers: list[TriggerMention], type_id: str
) -> list[tuple[int, TriggerMention, list[str]]]:
    """People harmed near the triggers, as indices into `scene.harm`."""
    options = []
    for t in triggers:
        t = t._replace(type=type_id)
        begin = scene.sentences[max(0, t.sentence + _HARM_REACH[0])][0]
        end = scene.sentences[min(len(scene.sentences) - 1, t.sentence + _HARM_REACH[1])][1]
        near = scene.harm_at(begin, end)
        firsts = [h.people.first for _, h in near]
        for n, (k, h) in enumerate(near):
            options.append((k, t, features.harm(scene, t, h, min(n, 3), firsts)))
    return options


def fill_harm(scene: Scene, clusters: list[Cluster], weights: Weights) -> None:
    """Give each mention of people harmed to the one claim it most plainly belongs to."""
    model = weights["harm"]
    best: dict[int, tuple[float, int]] = {}
    for n, c in enumerate(clusters):
        for k, _t, names in harm_options(scene, c.triggers, c.type):
            value = score(model, names)
            if value > 0 and value > best.get(k, (0.0, n))[0]:
                best[k] = (value, n)
    mine: dict[int, list[tuple[float, int]]] = {}
    for k, (value, n) in best.items():
        mine.setdefault(n, []).append((value, k))
    for n, options in mine.items():
        clusters[n].harm = _one_toll(scene, options)


def _one_toll(scene: Scene, options: list[tuple[float, int]]) -> list[int]:
    """Of several numbers for one outcome the best stands; beside it only those listed with it ("4 أطفال وامرأتان")."""
    chosen: list[int] = []
    for outcome in dict.fromkeys(scene.harm[k].outcome for _, k in options):
        ranked = sorted((o for o in options if scene.harm[o[1]].outcome == outcome), key=lambda o: (-o[0], o[1]))
        kept = [ranked[0][1]]
        for _, k in ranked[1:]:
            people = scene.harm[k].people
            if any(_listed(scene, scene.harm[other].people, people) for other in kept):
                kept.append(k)
        chosen += kept
    return sorted(chosen)


def _listed(scene: Scene, a: PeopleMention, b: PeopleMention) -> bool:
    """Whether two counts stand in one list, joined by "و"."""
    if a.first > b.first:
        a, b = b, a
    between = scene.tokens.form[a.last + 1 : b.first]
    opening = scene.tokens.form[b.first]
    return len(between) <= 2 and (opening.startswith("و") or "و" in between) and "." not in between


def source_options(
    scene: Scene, triggers: list[TriggerMention], type_id: str
) -> list[tuple[int, TriggerMention, list[str]]]:
    """Tellers near the fullest trigger, as indices into `scene.tellers`."""
    t = triggers[0]._replace(type=type_id)
    begin = scene.sentences[max(0, t.sentence + _TELLER_REACH[0])][0]
    end = scene.sentences[t.sentence][1]
    near = [(k, scene.tellers[k]) for k in scene.range_of(scene.tellers, begin, end)]
    firsts = [a.first for _, a in near]
    options = []
    for k, a in near:
        if a.first > t.last:
            order = sum(1 for _, q in near if t.last < q.first < a.first)
        else:
            order = sum(1 for _, q in near if a.first < q.first < t.first)
        options.append((k, t, features.source(scene, t, a, min(order, 3), firsts)))
    return options


def fill_source(scene: Scene, c: Cluster, weights: Weights) -> None:
    """Choose who tells the claim; nobody: the report itself."""
    best = 0.0
    for k, _t, names in source_options(scene, c.triggers, c.type):
        value = score(weights["source"], names)
        if value > best:
            best, c.source = value, k
    if c.source is not None:
        options = teller_options(scene.tellers[c.source])
        c.source_kind = max(options, key=lambda option: score(weights["teller"], option[1]))[0]


def teller_options(a: Attribution) -> list[tuple[str, list[str]]]:
    """The kinds a teller may be of, with features."""
    return [(kind, features.teller(a, kind)) for kind in SOURCE_KINDS]
