"""What speaks for and against a reading: each function returns the names of the features that hold.

The names are words, so that a sum of their weights can be read: `keep` asks whether a trigger tells a claim at all,
`same` whether two triggers tell one claim, the others whether a mention fills a place in a claim.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from sijill.claims.scene import Scene
from sijill.claims.seen import PlaceView, TimeSeen, TriggerMention
from sijill.mentions.parties import PartyMention
from sijill.mentions.people import HarmMention
from sijill.mentions.tellers import Attribution

GROUPS = {
    "strike": "air-strike drone-strike shelling chemical-attack",
    "blast": "explosion car-bomb suicide-attack",
    "fighting": "armed-clash attack raid interception",
    "killing": "assassination execution killing injury body-found torture",
    "detention": "abduction arrest release exchange",
    "ground": "capture withdrawal control siege deployment",
    "campaign": "operation-start operation-halt ceasefire defection",
    "property": "seizure destruction",
    "people": "displacement aid crossing",
    "street": "protest riot",
}
GROUP_OF = {type_id: group for group, types in GROUPS.items() for type_id in types.split()}


def bucket(n: int) -> str:
    """A distance or count as one of a few names."""
    if n <= 3:
        return str(n)
    if n <= 5:
        return "4-5"
    if n <= 8:
        return "6-8"
    if n <= 14:
        return "9-14"
    if n <= 24:
        return "15-24"
    return "25+"


def _label(scene: Scene, i: int) -> str:
    return scene.label[i] if 0 <= i < len(scene.label) else "^"


def keep(scene: Scene, t: TriggerMention, density: str, armed: str, seen: bool) -> list[str]:
    """Whether a trigger tells an event of this report."""
    begin, end = scene.sentences[t.sentence]
    zone = scene.zone[t.sentence]
    before, after = _label(scene, t.first - 1), _label(scene, t.last + 1)
    before2, after2 = _label(scene, t.first - 2), _label(scene, t.last + 2)
    window = scene.label[max(begin, t.first - 6) : min(end, t.last + 9)]
    party_near = window.count("party")
    in_sentence = len(scene.by_sentence[t.sentence])
    form = f"{t.part}{'+the' if t.article else ''}{'+own' if t.tail else ''}"
    names = [
        "bias",
        f"lemma={t.lemma}",
        f"lemma={t.lemma}|{form}",
        f"type={t.type}",
        f"form={form}",
        f"type={t.type}|{form}",
        f"number={t.number}",
        f"lead={t.lead}",
        f"zone={zone}",
        f"before={before}",
        f"after={after}",
        f"type={t.type}|before={before}",
        f"type={t.type}|after={after}",
        f"before2={before2}",
        f"after2={after2}",
        f"light={t.light}",
        f"group={GROUP_OF[t.type]}|light={t.light}",
        f"party={min(party_near, 2)}",
        f"type={t.type}|party={min(party_near, 1)}",
        f"people={min(window.count('people'), 1)}",
        f"number-near={'#' in window}",
        f"place-near={'place' in window}",
        f"time-near={'time' in window}",
        f"type={t.type}|place-near={'place' in window}",
        f"weapon-near={'weapon' in window}",
        f"sentence={bucket(t.sentence)}",
        f"events={bucket(in_sentence)}",
        f"density={density}",
        f"type={t.type}|density={density}",
        f"armed={armed}",
        f"type={t.type}|armed={armed}",
        f"armed={armed}|density={density}",
        f"seen={seen}",
        f"refined={t.type != t.base}",
    ]
    forms = scene.tokens.form
    if t.first > begin:
        word = forms[t.first - 1]
        names += [f"word-before={word}", f"type={t.type}|word-before={word}"]
    if t.last + 1 < end:
        word = forms[t.last + 1]
        names += [f"word-after={word}", f"type={t.type}|word-after={word}"]
    names += _neighbours(scene, t)
    for i in range(max(begin, t.first - 5), t.first):
        cue = scene.cue.get(i)
        if cue:
            names.append(f"cue={cue}")
        elif scene.links.get(i):
            names.append(f"link={scene.links[i]}")
    return names


def _neighbours(scene: Scene, t: TriggerMention) -> list[str]:
    """The events told just before and after: "عمليات تمشيط", "تصدى لهجوم" tell one event in two words."""
    names = []
    mine = scene.by_sentence[t.sentence]
    at = scene.rank_in_sentence[t.first]
    if at:
        other = mine[at - 1]
        gap = bucket(t.first - other.last)
        names += [
            f"event-before={other.type}|{gap}",
            f"event-before={GROUP_OF[other.type]}|type={t.type}|{gap}",
            f"event-before={gap}|{other.part}~{t.part}",
        ]
    if at + 1 < len(mine):
        other = mine[at + 1]
        gap = bucket(other.first - t.last)
        names += [
            f"event-after={other.type}|{gap}",
            f"event-after={GROUP_OF[other.type]}|type={t.type}|{gap}",
            f"event-after={gap}|{t.part}~{other.part}",
        ]
    return names


def sense(scene: Scene, t: TriggerMention, weapons: list[tuple[str, str]], other: str) -> list[str]:
    """Whether a trigger tells an event of the type `other`. `weapons`: class and nearness of those in its sentence."""
    names = [
        f"{other}",
        f"{other}|lemma={t.lemma}",
        f"{other}|base={t.base}",
        f"{other}|refined={t.type}",
        f"{other}|base={t.base}|light={t.light}",
        f"{other}|base={t.base}|part={t.part}",
        f"{other}|base={t.base}|after={_label(scene, t.last + 1)}",
        f"{other}|base={t.base}|before={_label(scene, t.first - 1)}",
        f"{other}|base={t.base}|armed={bool(weapons)}",
    ]
    for weapon in scene.weapon_classes:
        names.append(f"{other}|base={t.base}|anywhere={weapon}")
    for weapon, near in weapons:
        names.append(f"{other}|base={t.base}|{near}={weapon}")
        names.append(f"{other}|lemma={t.lemma}|weapon={weapon}")
    begin, end = scene.sentences[t.sentence]
    for i in range(max(begin, t.first - 5), min(end, t.last + 6)):
        cue = scene.cue.get(i)
        if cue:
            names.append(f"{other}|cue={cue}")
    return names


def same(scene: Scene, a: TriggerMention, b: TriggerMention, context: SameContext) -> list[str]:
    """Whether two triggers, `a` before `b`, tell one claim."""
    gap = b.sentence - a.sentence
    title = scene.zone[a.sentence] != "body"
    ga, gb = GROUP_OF[a.type], GROUP_OF[b.type]
    types = f"{a.type}~{b.type}" if a.type != b.type else "one-type"
    distance = f"s{bucket(gap)}" if gap else f"w{bucket(b.first - a.last)}"
    definite = "the" if b.article else ("own" if b.tail else "open")
    between = scene.label[a.last + 1 : b.first] if not gap else []
    cause = not gap and any(i in scene.cause for i in range(a.last + 1, b.first))
    names = [
        "bias",
        f"types={types}",
        f"groups={ga}~{gb}",
        f"lemma={a.lemma == b.lemma}",
        f"title={title}",
        f"title={title}|groups={ga == gb}",
        f"title={title}|types={types}",
        f"distance={distance}",
        f"groups={ga}~{gb}|distance={distance}",
        f"definite={definite}",
        f"definite={definite}|groups={ga == gb}|title={title}",
        f"part={a.part}~{b.part}",
        f"same-sentence={gap == 0}|part={a.part}~{b.part}|groups={ga == gb}",
        f"cause={cause}",
        f"cause={cause}|groups={ga}~{gb}",
        f"lead={b.lead}",
        f"light={b.light}",
        f"between={scene.trigger_count[b.first] - scene.trigger_count[a.last + 1] if not gap else 'far'}",
        f"commas={min(2, scene.commas[b.first] - scene.commas[a.last + 1]) if not gap else 'far'}",
        f"after-a={_label(scene, a.last + 1)}",
        f"before-b={_label(scene, b.first - 1)}",
        f"party={context.party}",
        f"party={context.party}|groups={ga == gb}",
        f"place={context.place}",
        f"place={context.place}|groups={ga == gb}",
        f"time={context.time}",
        f"teller={context.teller}",
        f"teller={context.teller}|title={title}",
        f"count={context.toll}",
        f"nearest={context.nearest}|title={title}",
        f"kin={context.kin}|title={title}",
        f"kin={context.kin}|nearest={context.nearest}|one={a.type == b.type}",
        f"kin={context.kin}|definite={definite}|one={a.type == b.type}",
        f"word-before={_form(scene, b.first - 1)}",
        f"word-after={_form(scene, b.last + 1)}",
        f"opens={_form(scene, scene.sentences[b.sentence][0])}|gap={min(gap, 2)}",
        f"party={context.party}|place={context.place}|time={context.time}|count={context.toll}",
        f"party={context.party}|place={context.place}|definite={definite}|one={a.type == b.type}",
        f"teller={context.teller}|one={a.type == b.type}|lemma={a.lemma == b.lemma}",
        f"lemma={a.lemma == b.lemma}|nearest={context.nearest}|definite={definite}",
        f"own={context.own}|groups={ga == gb}",
        f"own={context.own}|definite={definite}",
        f"types={types}|definite={definite}",
        f"types={types}|nearest={context.nearest}|gap={min(gap, 3)}",
        f"shared-words={context.words}",
        f"shared-words={context.words}|one={a.type == b.type}",
    ]
    if not gap:
        names += [
            f"has={x}" for x in ("و", "say", "light", "party", "place", "people", "#", "ما", "بعد") if x in between
        ]
    return names


class SameContext(NamedTuple):
    """How the surroundings of two triggers compare: same, other, or none to compare."""

    party: str
    place: str
    time: str
    teller: str
    toll: str
    nearest: bool
    kin: str
    own: str
    words: str


def _form(scene: Scene, i: int) -> str:
    return scene.tokens.form[i] if 0 <= i < len(scene.tokens.form) else "^"


def _position(scene: Scene, t: TriggerMention, first: int, last: int) -> tuple[str, str, str]:
    """Side, distance and what lies between a trigger and a mention."""
    sentence = scene.sentence_of(first)
    gap = sentence - t.sentence
    if gap:
        return ("before" if gap < 0 else "after"), f"s{max(-3, min(2, gap))}", "far"
    if last < t.first:
        side, a, b = "before", last + 1, t.first
    elif first > t.last:
        side, a, b = "after", t.last + 1, first
    else:
        return "inside", "w0", "0"
    between = scene.trigger_count[b] - scene.trigger_count[a]
    return side, f"w{bucket(b - a)}", f"{min(2, between)}"


def _preposition(scene: Scene, first: int, lead: str, start: int) -> str:
    """What governs a mention: the clitic it carries or the function word before it."""
    clitic = lead.replace("و", "").replace("ف", "")
    if clitic:
        return clitic
    before = _label(scene, start - 1)
    if before == "قبل" and _label(scene, start - 2) == "من":
        return "من قبل"
    if before in ('"', "(", "«", "“"):
        before = _label(scene, start - 2)
    return ("و+" if lead.startswith("و") else "") + before


def _crowd(scene: Scene, t: TriggerMention, first: int, firsts: list[int]) -> list[str]:
    """How a mention stands among others of its kind: how many there are, how many are nearer to the trigger, and
    whether another trigger is nearer to it."""
    mine = abs(first - t.first)
    nearer = sum(1 for other in firsts if abs(other - t.first) < mine)
    rivals = sum(1 for x in scene.by_sentence[t.sentence] if x.first != t.first and abs(first - x.first) < mine)
    many = bucket(min(4, len(firsts)))
    return [
        f"many={many}",
        f"nearer={min(3, nearer)}",
        f"rivals={min(2, rivals)}",
        f"many={many}|nearer={min(3, nearer)}|rivals={min(2, rivals)}",
    ]


def role(scene: Scene, t: TriggerMention, p: PartyMention, order: int, telling: bool, firsts: list[int]) -> list[str]:
    """Whether a party did, or suffered, the event."""
    side, distance, between = _position(scene, t, p.first, p.last)
    preposition = _preposition(scene, p.first, p.lead, p.outer)
    group = GROUP_OF[t.type]
    verb = t.part if t.part in ("past", "present", "passive") else "noun"
    governed = f"{verb}:{t.light}"
    who = p.actor if p.actor in ("civilians", "unknown-gunmen", "protesters", "") else "actor"
    spot = f"{side}|{preposition}"
    commas = abs(scene.commas[p.first] - scene.commas[t.first])
    names = [
        "bias",
        f"side={side}|distance={distance}",
        f"distance={distance}",
        f"between={between}|side={side}",
        f"preposition={preposition}",
        f"{governed}|{spot}",
        f"{governed}|{side}|order={order}",
        f"{governed}|{side}",
        f"type={t.type}|{spot}",
        f"group={group}|{spot}",
        f"group={group}|{verb}|{side}|order={order}",
        f"role={p.role}",
        f"role={p.role}|{side}",
        f"group={group}|role={p.role}",
        f"form={p.form}",
        f"form={p.form}|{side}",
        f"who={who}",
        f"who={who}|type={t.type}",
        f"who={who}|group={group}|{side}",
        f"actor={p.actor}",
        f"telling={telling}",
        f"telling={telling}|{side}",
        f"order={order}|{side}",
        f"commas={min(3, commas)}",
        f"zone={scene.zone[t.sentence]}",
        f"lemma={t.lemma}|{side}|{preposition}",
        f"people-kind={p.name if p.form == 'people' else ''}",
    ]
    names += _path(scene, t, p.outer, p.last, group)
    names += _crowd(scene, t, p.first, firsts)
    if t.light_first < p.first < t.first:
        names.append(f"between-light={t.light}")
    elif p.last < t.light_first and t.light:
        names.append(f"before-light={t.light}")
    return names


def _path(scene: Scene, t: TriggerMention, first: int, last: int, group: str) -> list[str]:
    """The words between a trigger and a mention beside it, as labels."""
    if last < t.first:
        side, labels = "before", scene.label[last + 1 : t.first]
    elif first > t.last:
        side, labels = "after", scene.label[t.last + 1 : first]
    else:
        return []
    if len(labels) > 4:
        return []
    path = " ".join(label or "_" for label in labels)
    verb = t.part if t.part in ("past", "present", "passive") else "noun"
    return [f"path={side}|{path}", f"path={side}|{path}|{verb}", f"path={side}|{path}|group={group}"]


def place(scene: Scene, t: TriggerMention, p: PlaceView, order: int, coordinated: bool, firsts: list[int]) -> list[str]:
    """Whether a place is where the event happened."""
    side, distance, between = _position(scene, t, p.first, p.last)
    begin, _ = scene.sentences[scene.sentence_of(p.first)]
    before = _label(scene, p.outer - 1)
    clause = t.part if t.part in ("past", "present", "passive") else "noun"
    names = [
        "bias",
        f"side={side}|distance={distance}",
        f"distance={distance}",
        f"between={between}|side={side}",
        f"before={before}",
        f"lead={p.lead}",
        f"lead={p.lead}|{side}",
        f"relation={p.relation}",
        f"cue={p.cue}",
        f"area={p.area}",
        f"area={p.area}|{side}",
        f"hint={p.hint}",
        f"hint={p.hint}|{side}",
        f"container={p.container}",
        f"container={p.container}|area={p.area}",
        f"contained={p.contained}",
        f"order={order}|{side}",
        f"coordinated={coordinated}",
        f"type={t.type}|{side}|area={p.area}",
        f"{clause}|{side}|before={before}",
        f"first={p.first - begin <= 2}",
        f"zone={scene.zone[scene.sentence_of(p.first)]}",
        f"commas={min(3, abs(scene.commas[p.first] - scene.commas[t.first])) if distance[0] == 'w' else 'far'}",
        f"country={p.country}",
        f"kind={p.kind}",
    ]
    names += _path(scene, t, p.outer, p.last, GROUP_OF[t.type])
    names += _crowd(scene, t, p.first, firsts)
    earlier = max((q for q in firsts if q < p.first), default=-99)
    later = min((q for q in firsts if q > p.first), default=999)
    lead = p.lead or ("في" if _label(scene, p.outer - 1) == "في" else "")
    names += [
        f"place-before={bucket(min(30, p.first - earlier))}|{lead}|area={p.area}",
        f"place-before={bucket(min(30, p.first - earlier))}|cue={p.cue}",
        f"place-after={bucket(min(30, later - p.last))}|area={p.area}",
        f"place-after={bucket(min(30, later - p.last))}|{p.relation}",
    ]
    return names


def time(scene: Scene, t: TriggerMention, first: int, last: int, kind: str, order: int, firsts: list[int]) -> list[str]:
    """Whether a time is when the event happened."""
    side, distance, between = _position(scene, t, first, last)
    return [
        "bias",
        f"side={side}|distance={distance}",
        f"distance={distance}",
        f"between={between}|side={side}",
        f"kind={kind}",
        f"kind={kind}|distance={distance[0]}",
        f"before={_label(scene, first - 1)}",
        f"order={order}|{side}",
        f"type={t.type}",
        f"part={t.part}|{side}",
        f"commas={min(3, abs(scene.commas[first] - scene.commas[t.first])) if distance[0] == 'w' else 'far'}",
        f"zone={scene.zone[scene.sentence_of(first)]}|{distance}",
        f"light={t.light}|{side}",
        f"control={t.type in ('control', 'siege')}|{distance}",
        f"type={t.type}|kind={kind}",
        *_crowd(scene, t, first, firsts),
    ]


def carried(scene: Scene, t: TriggerMention, first: int, rank: str, kind: str) -> list[str]:
    """Whether something told before holds for an event told after it."""
    sentence = scene.sentence_of(first)
    gap = bucket(max(0, t.sentence - sentence))
    there = scene.by_sentence[sentence]
    group = GROUP_OF[t.type]
    kin = "lemma" if any(x.lemma == t.lemma for x in there) else (
        "type" if any(x.type == t.type for x in there) else (
            "group" if any(GROUP_OF[x.type] == group for x in there) else "none"))  # fmt: skip
    begin, end = scene.sentences[t.sentence]
    opens = scene.tokens.form[begin] if end > begin else ""
    parties_here = {p.actor for p in scene.parties_in(begin, end) if p.actor}
    there_begin, there_end = scene.sentences[sentence]
    parties_there = {p.actor for p in scene.parties_in(there_begin, there_end) if p.actor}
    shared = "none" if not parties_here or not parties_there else bool(parties_here & parties_there)
    definite = "the" if t.article else ("own" if t.tail else "open")
    return [
        "bias",
        f"rank={rank}",
        f"gap={gap}",
        f"rank={rank}|gap={gap}",
        f"kin={kin}",
        f"kin={kin}|rank={rank}",
        f"kind={kind}",
        f"kind={kind}|rank={rank}",
        f"type={t.type}",
        f"part={t.part}",
        f"definite={definite}",
        f"definite={definite}|kin={kin}",
        f"zone={scene.zone[sentence]}~{scene.zone[t.sentence]}",
        f"opens={opens}",
        f"shared={shared}",
        f"sentence={bucket(t.sentence)}",
        f"light={t.light}",
        f"teller={scene.teller_of(t) >= 0}",
        f"events-there={min(3, len(there))}",
    ]


def carried_place(scene: Scene, t: TriggerMention, p: PlaceView, rank: str) -> list[str]:
    """What a place itself says of being carried over, and whether a noun such as "the area" calls for one."""
    begin, end = scene.sentences[t.sentence]
    low, high = max(begin, t.first - 7), min(end, t.first + 14)
    called = bisect_left(scene.generic_places, low) < bisect_left(scene.generic_places, high)
    own = bool(scene.range_of(scene.places, begin, end))
    return [
        f"called={called}",
        f"called={called}|rank={rank}",
        f"called={called}|area={p.area}",
        f"own={own}",
        f"own={own}|called={called}",
        f"area={p.area}|rank={rank}",
        f"area={p.area}", f"hint={p.hint}", f"container={p.container}", f"relation={p.relation}", f"cue={p.cue}",
        f"country={p.country}", f"area={p.area}|lead={p.lead}",
    ]  # fmt: skip


def carried_time(t: TriggerMention, moment: TimeSeen, rank: str) -> list[str]:
    """What a time itself says of being carried over."""
    return [f"day={moment.day}", f"day={moment.day}|rank={rank}", f"day={moment.day}|type={t.type}"]


def carried_party(t: TriggerMention, b: TriggerMention, b_type: str, rank: int, gap: int, many: int) -> list[str]:
    """Whether the initiator of an earlier claim did this one too."""
    definite = "the" if t.article else ("own" if t.tail else "open")
    return [
        "bias",
        f"rank={rank}",
        f"gap={bucket(gap)}",
        f"type={t.type}",
        f"one-type={t.type == b_type}",
        f"lemma={t.lemma == b.lemma}",
        f"definite={definite}",
        f"definite={definite}|one-type={t.type == b_type}",
        f"part={t.part}",
        f"many={many}",
        f"light={t.light}",
        f"rank={rank}|gap={bucket(gap)}",
        f"lead={t.lead}",
    ]


def harm(scene: Scene, t: TriggerMention, h: HarmMention, order: int, firsts: list[int]) -> list[str]:
    """Whether people were harmed in the event."""
    side, distance, between = _position(scene, t, h.people.first, h.people.last)
    a, b = (h.word, t.first) if h.word < t.first else (t.last + 1, h.word)
    cause = distance[0] == "w" and any(i in scene.cause for i in range(a, b + 1))
    own = t.first <= h.word <= t.last
    link = "far"
    if distance[0] == "w":
        link = (
            (t.lead.replace("و", "") or _label(scene, t.first - 1)) if side == "before" else _label(scene, t.last + 1)
        )
    inside = GROUP_OF[t.type] == "killing"
    return [
        "bias",
        f"own={own}",
        f"own={own}|outcome={h.outcome}|type={t.type}",
        f"link={link}|{side}",
        f"link={link}|{side}|between={between}",
        f"link={link}|{side}|outcome={h.outcome}|{distance}",
        f"between={between}|{side}|{distance}",
        f"side={side}|distance={distance}",
        f"between={between}|side={side}",
        f"cause={cause}",
        f"cause={cause}|{side}",
        f"outcome={h.outcome}|type={t.type}",
        f"outcome={h.outcome}|group={GROUP_OF[t.type]}|{side}",
        f"killing={inside}|distance={distance}",
        f"order={order}|{side}",
        f"part={t.part}|{side}",
        f"number={h.people.low is not None}",
        f"who={h.people.who}|group={GROUP_OF[t.type]}",
        f"definite={h.people.definite}",
        *_crowd(scene, t, h.people.first, firsts),
    ]


def teller(a: Attribution, kind: str) -> list[str]:
    """Whether a teller is a source of the given kind."""
    return [kind, f"{kind}|form={a.form}", *(f"{kind}|{sign}" for sign in a.signs)]


def source(scene: Scene, t: TriggerMention, a: Attribution, order: int, firsts: list[int]) -> list[str]:
    """Whether a teller tells the event."""
    side, distance, between = _position(scene, t, a.first, a.last)
    begin, _ = scene.sentences[scene.sentence_of(a.first)]
    opens = a.first - begin <= 2
    return [
        "bias",
        f"form={a.form}|side={side}|distance={distance}",
        f"form={a.form}|side={side}",
        f"side={side}|distance={distance}",
        f"between={between}|side={side}",
        f"order={order}|{side}",
        f"opens={opens}|{side}|form={a.form}",
        f"kind={a.kind}",
        f"kind={a.kind}|{side}",
        f"continues={a.continues}",
        f"type={t.type}",
        f"part={t.part}|{side}",
        f"zone={scene.zone[scene.sentence_of(a.first)]}",
        f"commas={min(3, abs(scene.commas[a.first] - scene.commas[t.first])) if distance[0] == 'w' else 'far'}",
        f"title={scene.zone[t.sentence]}",
        f"last={a.form}|{order == 0 and side == 'before' and distance[0] == 'w'}|opens={opens}",
        f"same={distance[0] == 'w'}|{a.form}|{side}|order={order}",
        f"same={distance[0] == 'w'}|{a.kind}|{side}|{a.form}",
        *_crowd(scene, t, a.first, firsts),
    ]
