"""When two fills agree, and which claims are paired.

Names are compared by their words, folded and without the article: "لتنظيم الدولة" and "التنظيم" share one. Places
with coordinates must also lie close to each other. The pairing takes the pairs that agree in most fills first.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sijill.codebook import GROUP_OF
from sijill.scoring.claims import CountValue, DateValue, Fill, PartyValue, PlaceValue, ScoredClaim, Slot, SourceValue

NEAR_KM = 15.0
"""A place is right within this distance ..."""
NEAR_AREA_KM = 50.0
"""... and a governorate or larger within this one."""
_EARTH_DIAMETER_KM = 12742.0
_SUFFIX_LETTERS = 4

# Scoring has a folding of its own, smaller than the reader's: a mistake in that one must not hide itself here.
_FOLD = str.maketrans("أإآٱىة٠١٢٣٤٥٦٧٨٩", "ااااي\u0647" + "0123456789")
_MARKS = re.compile(r"[\u064b-\u0652\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل)(?=\w{3})")
_WORD = re.compile(r"\w+")


class Pair(NamedTuple):
    """A gold claim and the predicted claim it was found by, as indices, with the fills they share by slot."""

    gold: int
    predicted: int
    hits: Counter[Slot]


def name_words(name: str) -> set[str]:
    """The words of a name of two letters and more, folded, without the article and the clitics before it."""
    folded = _MARKS.sub("", name).translate(_FOLD)
    bare = (_ARTICLE.sub("", word) for word in _WORD.findall(folded))
    return {word for word in bare if len(word) > 1}


def same_name(one: str, other: str) -> bool:
    """Whether two names share a word, or a word of one ends in a word of the other (of four letters and more)."""
    mine, theirs = name_words(one), name_words(other)
    if mine & theirs:
        return True
    return any(a.endswith(b) or b.endswith(a) for a in mine for b in theirs if min(len(a), len(b)) >= _SUFFIX_LETTERS)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance in km between two (latitude, longitude)."""
    lat_a, lon_a, lat_b, lon_b = (math.radians(degrees) for degrees in (*one, *other))
    chord = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return _EARTH_DIAMETER_KM * math.asin(min(1.0, math.sqrt(chord)))


def agree(gold: Fill, predicted: Fill, *, place_names: bool) -> bool:
    """Whether a predicted fill gives the gold's value. `place_names`: places by name alone, without coordinates."""
    if gold.slot != predicted.slot:
        return False
    match gold.value, predicted.value:
        case (SourceValue() as want, SourceValue() as got):
            return want.kind == got.kind and (
                want.words is None or (got.words is not None and same_name(want.words, got.words))
            )
        case (PartyValue() as want, PartyValue() as got):
            if want.actor and got.actor:
                return want.actor == got.actor
            return same_name(want.words, got.words)
        case (PlaceValue() as want, PlaceValue() as got):
            return _same_place(want, got, place_names)
        case ((DateValue() | CountValue() | str()) as want, got):
            return want == got
    raise AssertionError(gold)


def _same_place(want: PlaceValue, got: PlaceValue, place_names: bool) -> bool:
    if not same_name(want.words, got.words):
        return False
    if want.at is None or place_names:
        return True
    return got.at is not None and distance_km(want.at, got.at) <= (NEAR_AREA_KM if want.area else NEAR_KM)


def shared_fills(gold: ScoredClaim, predicted: ScoredClaim, *, place_names: bool) -> list[tuple[Fill, Fill]]:
    """The fills that agree, as (gold, predicted); each fill is used once."""
    left = list(predicted.fills)
    found = []
    for want in gold.fills:
        got = next((fill for fill in left if agree(want, fill, place_names=place_names)), None)
        if got is not None:
            left.remove(got)
            found.append((want, got))
    return found


def pair(golds: Sequence[ScoredClaim], predictions: Sequence[ScoredClaim], *, place_names: bool) -> list[Pair]:
    """Pair claims one to one, of one group and with a sentence in common, those that agree in most fills first."""
    options = [
        Pair(i, j, Counter(want.slot for want, _ in shared_fills(gold, predicted, place_names=place_names)))
        for i, gold in enumerate(golds)
        for j, predicted in enumerate(predictions)
        if GROUP_OF.get(predicted.type) == GROUP_OF[gold.type] and gold.sentences & predicted.sentences
    ]
    options.sort(key=lambda option: (-option.hits.total(), option.gold, option.predicted))
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    pairs = []
    for option in options:
        if option.gold not in used_gold and option.predicted not in used_predicted:
            used_gold.add(option.gold)
            used_predicted.add(option.predicted)
            pairs.append(option)
    return pairs
