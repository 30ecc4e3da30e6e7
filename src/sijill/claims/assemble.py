"""From decisions to claims: the values of each claim with the words that say them."""

from __future__ import annotations

import hashlib
import math
from typing import Final

from sijill import model
from sijill.claims.cluster import Cluster
from sijill.claims.decide import decide_claims
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.weigh import Weights
from sijill.lexicon import Lexicon
from sijill.lexicon.terms import Thing, Weapon
from sijill.mentions.parties import PartyMention

_MEANS_REACH: Final = 12
_DAMAGE_REACH: Final = 10
_COUNT_TYPES: Final = frozenset(
    ("air-strike", "drone-strike", "shelling", "explosion", "armed-clash", "raid", "attack")
)
_OUTCOMES: Final[dict[str, model.Outcome]] = {
    "killed": "killed", "injured": "injured", "captured": "captured", "missing": "missing", "displaced": "displaced",
}  # fmt: skip


def read_claims(scene: Scene, report_id: str, weights: Weights, lexicon: Lexicon) -> tuple[model.Claim, ...]:
    """All claims of a scene, in the order of the text."""
    return tuple(_claim(scene, c, report_id) for c in decide_claims(scene, weights, lexicon.senses))


def span(scene: Scene, start: int, end: int) -> model.Span:
    """The words of the text between two offsets."""
    return model.Span(start, end, scene.tokens.text[start:end])


def _trigger_span(scene: Scene, t: TriggerMention) -> model.Span:
    return span(scene, t.start, scene.tokens.end[t.last])


def _claim(scene: Scene, c: Cluster, report_id: str) -> model.Claim:
    lead, *others = c.triggers
    trigger = _trigger_span(scene, lead)
    key = f"{report_id}:{c.type}:{trigger.start}:{trigger.end}"
    sentences = sorted({t.sentence for t in c.triggers})
    date, warnings = scene.date_of(c.time, c.time_inherited)
    return model.Claim(
        id=hashlib.sha256(key.encode()).hexdigest()[:20],
        type=c.type,
        modality=_modality(scene, c),
        trigger=trigger,
        mentions=tuple(_trigger_span(scene, t) for t in others),
        evidence=tuple(_sentence_span(scene, s) for s in sentences),
        source=_source(scene, c),
        initiators=tuple(_party(scene, p) for p in c.initiators),
        targets=tuple(_party(scene, p) for p in c.targets),
        places=tuple(scene.place_of(k, c.places_inherited) for k in c.places),
        date=date,
        casualties=tuple(_casualties(scene, k, c) for k in c.harm),
        damage=_damage(scene, c),
        means=_means(scene, lead),
        count=_count(scene, c),
        confidence=round(1 / (1 + math.exp(-c.odds)), 3),
        warnings=warnings,
    )


def _sentence_span(scene: Scene, s: int) -> model.Span:
    first, end = scene.sentences[s]
    return span(scene, scene.tokens.start[first], scene.tokens.end[end - 1])


def _party(scene: Scene, p: PartyMention) -> model.Party:
    return model.Party(p.name, span(scene, p.start, p.end), p.actor or None)


def _source(scene: Scene, c: Cluster) -> model.Source:
    if c.source is None:
        return model.Source("outlet")
    a = scene.tellers[c.source]
    kind: model.SourceKind = c.source_kind  # type: ignore[assignment]
    return model.Source(kind, a.name, a.actor or None, span(scene, a.start, a.end))


def _modality(scene: Scene, c: Cluster) -> model.Modality:
    """Planned or denied where a cue stands right before the leading trigger in its clause."""
    t = c.triggers[0]
    begin, _ = scene.sentences[t.sentence]
    for i in range(t.first - 1, max(begin, t.first - 5) - 1, -1):
        if scene.tokens.form[i] in ("،", "."):
            break
        cue = scene.cue.get(i)
        if cue == "planned":
            return "planned"
        if cue == "denied" or (cue == "negated" and i == t.first - 1 and t.part in ("past", "present", "passive")):
            return "denied"
    _, end = scene.sentences[t.sentence]
    if any(scene.cue.get(i) in ("planned", "possible") for i in range(t.last + 1, min(end, t.last + 4))):
        return "planned" if t.part in ("noun", "phrase") else "reported"
    return "reported"


def _casualties(scene: Scene, k: int, c: Cluster) -> model.Casualties:
    h = scene.harm[k]
    first, last = h.people.first, h.people.last
    groups = tuple(
        model.Group(p.group, p.low if p.low == p.high else None)
        for p in scene.people_in(last + 1, last + 14)
        if p.subset and p.group
    )
    if h.people.group:
        groups = (model.Group(h.people.group, h.people.low), *groups)
    who: model.Who = h.people.who  # type: ignore[assignment]
    owner = next((p.actor for p in scene.parties_in(first, last + 4) if p.form in ("name", "adj")), None)
    return model.Casualties(
        outcome=_OUTCOMES[h.outcome],
        min=h.people.low,
        max=h.people.high,
        span=span(scene, scene.tokens.start[first], scene.tokens.end[last]),
        who=who,
        groups=groups,
        actor=owner or h.people.actor or None,
    )


def _damage(scene: Scene, c: Cluster) -> tuple[model.Damage, ...]:
    """Things the sentence tells to be destroyed, counted where it counts them."""
    found: list[model.Damage] = []
    for t in c.triggers:
        if scene.zone[t.sentence] != "body":
            continue
        begin, end = scene.sentences[t.sentence]
        things = scene.things_in(begin, end)
        if not things:
            continue
        ruin = [r.first for r in scene.by_sentence[t.sentence] if r.base == "destruction"]
        for hit in things:
            if not any(0 < hit.first - r <= _DAMAGE_REACH for r in ruin):
                continue
            entry = hit.entry
            assert isinstance(entry, Thing)
            number = scene.number_at.get(hit.first - 1)
            n = number.low if number else (2 if entry.number == "du" else (1 if entry.number == "sg" else None))
            first = number.first if number else hit.first
            found.append(
                model.Damage(entry.object, span(scene, scene.tokens.start[first], scene.tokens.end[hit.last]), n)
            )
    return tuple(dict.fromkeys(found))


def _means(scene: Scene, t: TriggerMention) -> tuple[model.Means, ...]:
    begin, end = scene.sentences[t.sentence]
    found: dict[int, model.Means] = {}
    for hit in scene.weapon_hits_in(begin, end):
        if (
            isinstance(hit.entry, Weapon)
            and abs(hit.first - t.first) <= _MEANS_REACH
            and not t.first <= hit.first <= t.last
        ):
            found.setdefault(
                hit.first,
                model.Means(hit.entry.en, span(scene, scene.tokens.start[hit.first], scene.tokens.end[hit.last])),
            )
    return tuple(found.values())


def _count(scene: Scene, c: Cluster) -> int | None:
    """How many times it happened: a number right before the trigger, or a trigger in the dual."""
    if c.type not in _COUNT_TYPES:
        return None
    for t in c.triggers:
        if t.part != "noun":
            continue
        number = scene.number_at.get(t.first - 1)
        if number is not None and not number.ordinal and number.low is not None:
            return number.low
        if t.number == "du":
            return 2
    return None
