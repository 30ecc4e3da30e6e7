"""Triggers: the words that may tell an event, the verb that carries each and the weapon that narrows its type."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from sijill.arabic.words import Tokens
from sijill.claims.seen import TriggerMention
from sijill.lexicon import Lexicon
from sijill.lexicon.terms import Hit, Hits, Trigger
from sijill.mentions.parties import without_lead

# How many tokens before a noun the verb that carries it may stand ("شنت طائرات حربية عدة غارات").
_LIGHT_REACH: Final = 8
# A weapon at this distance or further narrows nothing.
_WEAPON_REACH: Final = 9
_CLAUSE_ENDS: Final = frozenset((".", "؛", "\n"))
_PART_RANK: Final = {"phrase": 4, "noun": 3, "past": 2, "present": 2, "passive": 1}


def find_triggers(
    tokens: Tokens,
    hits: Hits,
    lexicon: Lexicon,
    sentences: list[tuple[int, int]],
    sentence_at: list[int],
    named: set[int],
    light: dict[int, str],
    weapons: list[tuple[int, str]],
) -> list[TriggerMention]:
    """All triggers of the text, in order, not overlapping; of readings of one word the longest and least cut wins.

    `named`: the tokens inside the names of parties, which tell no event ("هيئة تحرير الشام"). `light`: the voices of
    the verbs that carry an event, and `weapons`: the classes of weapons, by token.
    """
    best: dict[int, Hit] = {}
    for hit in hits.of(Trigger):
        if hit.first not in named:
            other = best.get(hit.first)
            if other is None or _rank(hit) > _rank(other):
                best[hit.first] = hit
    weapon_at = [first for first, _ in weapons]
    mentions: list[TriggerMention] = []
    taken = -1
    light_at = sorted(light)
    for first in sorted(best):
        if first <= taken:
            continue
        hit = best[first]
        taken = hit.last
        entry = hit.entry
        assert isinstance(entry, Trigger)
        n = bisect_left(light_at, first)
        voice, light_first = "", first
        if n and light_at[n - 1] >= first - _LIGHT_REACH and _runs_on(tokens.form, light_at[n - 1] + 1, first):
            light_first = light_at[n - 1]
            voice = light[light_first]
        sentence = sentence_at[first]
        begin, end = sentences[sentence]
        near = weapons[bisect_left(weapon_at, begin) : bisect_left(weapon_at, end)] if weapons else weapons
        mentions.append(
            TriggerMention(
                first=first,
                last=hit.last,
                start=without_lead(tokens, first, hit.cut),
                type=_refined(lexicon, entry.type, first, hit.last, near),
                base=entry.type,
                lemma=entry.lemma,
                part=entry.part,
                number=entry.number,
                article=hit.cut.article,
                tail=hit.cut.tail,
                lead=hit.cut.lead,
                light=voice,
                light_first=light_first,
                sentence=sentence,
            )
        )
    return mentions


def _rank(hit: Hit) -> tuple[int, int, int]:
    entry = hit.entry
    assert isinstance(entry, Trigger)
    return hit.last - hit.first, -len(hit.cut.tail) - len(hit.cut.lead), _PART_RANK[entry.part]


def _runs_on(forms: list[str], first: int, end: int) -> bool:
    """Whether no mark ends a clause from one token up to another."""
    return _CLAUSE_ENDS.isdisjoint(forms[first:end])


def _refined(lexicon: Lexicon, type_id: str, first: int, last: int, weapons: list[tuple[int, str]]) -> str:
    """The type that a weapon beside the trigger makes of it; the nearest weapon that changes it wins."""
    best, best_distance = type_id, _WEAPON_REACH
    for position, weapon in weapons:
        becomes = lexicon.refine.get((type_id, weapon))
        distance = position - last if position > last else first - position
        if becomes and distance < best_distance:
            best, best_distance = becomes, distance
    return best
