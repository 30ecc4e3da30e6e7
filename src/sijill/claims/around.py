"""How a mention stands to a trigger: side, distance, what lies between, what governs it, who else is near."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention

_QUOTES: Final = frozenset('"(«“')
_HEAD_REACH: Final = 3
_ENDS: Final = frozenset(("،", "^", "؛", ":", "event", "party", "people", "place", "time", "#"))
_LONGEST_PATH: Final = 4
_LONGEST_LINK: Final = 60
# Up to how many others of its kind are told apart that stand between, and that are nearer.
_MANY: Final = 4
_NEARER: Final = 3
_VERBS: Final = frozenset(("past", "present", "passive"))


def _bucket(n: int) -> str:
    if n <= 3:
        return str(n)
    for most, name in ((5, "4-5"), (8, "6-8"), (14, "9-14"), (24, "15-24")):
        if n <= most:
            return name
    return "25+"


_BUCKETS: Final = [_bucket(n) for n in range(64)]
_W_BUCKETS: Final = ["w" + name for name in _BUCKETS]
_SENTENCES: Final = {-3: "s-3", -2: "s-2", -1: "s-1", 1: "s1", 2: "s2"}
YES: Final = "yes"
NO: Final = "no"


def yes(holds: object) -> str:
    """A truth as the value of an attribute."""
    return YES if holds else NO


def bucket(n: int) -> str:
    """A distance or count as one of a few names."""
    return _BUCKETS[n] if n < 64 else "25+"


def most(n: int, limit: int) -> str:
    """A small count, with all above a limit as one."""
    return _BUCKETS[n] if n < limit else _BUCKETS[limit]


def label(scene: Scene, i: int) -> str:
    """The label of a token, or "^" outside the text."""
    return scene.label[i] if 0 <= i < len(scene.label) else "^"


def form(scene: Scene, i: int) -> str:
    """The folded form of a token, or "^" outside the text."""
    return scene.tokens.form[i] if 0 <= i < len(scene.tokens.form) else "^"


def stem_at(scene: Scene, i: int) -> str:
    """The stem of a token, "" outside the text."""
    return scene.stems[i] if 0 <= i < len(scene.stems) else ""


def word_at(scene: Scene, i: int) -> str:
    """The label of a token, its stem where it has none, "^" outside the text."""
    return label(scene, i) or scene.stems[i]


def verb_of(t: TriggerMention) -> str:
    """Whether a trigger is a verb, and in which voice or tense, or a noun."""
    return t.part if t.part in _VERBS else "noun"


def definite(t: TriggerMention) -> str:
    """Whether a trigger has the article, an owner's pronoun, or neither."""
    return "the" if t.article else ("own" if t.tail else "open")


def preposition(scene: Scene, lead: str, start: int) -> str:
    """What governs a mention: the clitic it carries or the function word before it."""
    clitic = lead.replace("و", "").replace("ف", "") if lead else ""
    if clitic:
        return clitic
    before = label(scene, start - 1)
    if before == "قبل" and label(scene, start - 2) == "من":
        return "من_قبل"
    if before in _QUOTES:
        before = label(scene, start - 2)
    return "و+" + before if lead.startswith("و") else before


def head_before(scene: Scene, start: int, begin: int) -> str:
    """The stem of the last word before a mention that is no function word: what the mention belongs to ("سكان كذا")."""
    for i in range(start - 1, max(begin, start - _HEAD_REACH) - 1, -1):
        name = scene.label[i]
        if name in _ENDS:
            return name
        if not name and scene.stems[i]:
            return scene.stems[i]
    return "^"


STANDING: Final = "side distance between commas order many nearer rivals path link left right"
"""The attributes of `standing`, in their order."""


Span = tuple[int, int, int]
"""The tokens of a mention: its first and last, and the first with the cue before it."""


def standing(scene: Scene, t: TriggerMention, spans: Sequence[Span], skip: int = 0) -> list[tuple[str, ...]]:
    """How mentions of one kind, in the order of the text, stand to a trigger; the first `skip` of them only count.

    For each: side, distance, the number of other triggers and of commas between, of its like between, of its like in
    all, of those nearer to the trigger, of other triggers of the sentence nearer to it, the words between as labels,
    the kind of the last word between that opens or links clauses, and the types of the triggers that stand nearest
    to it on its left and right in the sentence, "self" where that is the trigger.
    """
    if not spans:
        return []
    begin, end = scene.sentences[t.sentence]
    at, after = t.first, t.last + 1
    counts, commas, opens, links = scene.trigger_count, scene.commas, scene.link_before, scene.links
    dotted = scene.dotted
    firsts = [span[0] for span in spans]
    distances = sorted([first - at if first > at else at - first for first in firsts])
    count = len(firsts)
    earlier = upto = 0
    while upto < count and firsts[upto] < after:
        earlier += firsts[upto] < at
        upto += 1
    many = most(count, _MANY)
    found: list[tuple[str, ...]] = []
    events, told = scene.by_sentence[t.sentence], counts[begin]
    for n in range(skip, count):
        first, last, outer = spans[n]
        mine = first - at if first > at else at - first
        low, high = first - mine + 1, first + mine
        rivals = counts[high if high < end else end] - counts[low if low > begin else begin] if mine else 0
        order = nearer = 0
        if first >= after:
            side, mark, a, b, edge = "after", ">", after, first, outer
            while order < _MANY and firsts[upto + order] < first:
                order += 1
        else:
            side, mark, a, b, edge = "before", "<", last + 1, at, at
            while order < _MANY and order < earlier and firsts[earlier - 1 - order] > first:
                order += 1
        if first < begin or first >= end:
            distance = _SENTENCES[max(-3, min(2, scene.sentence_at[first] - t.sentence))]
            between = breaks = path = link = "far"
        elif a > at and side == "before":
            side, distance, between, breaks, path, link = "inside", "w0", "0", "0", "inside", "none"
        else:
            distance = _W_BUCKETS[b - a] if b - a < 64 else "w25+"
            others, stops = counts[b] - counts[a], commas[b] - commas[a]
            between = _BUCKETS[others] if others < 2 else "2"
            breaks = _BUCKETS[stops] if stops < 3 else "3"
            reach, opening = edge - a, opens[edge]
            path = "far" if reach > _LONGEST_PATH else mark + "_".join(dotted[a:edge]) if reach >= 0 else "inside"
            link = "far" if reach > _LONGEST_LINK else links[opening] if opening >= a else "none"
        while nearer < _NEARER and distances[nearer] < mine:
            nearer += 1
        left = right = "none"
        beside = counts[first] - told
        if beside > 0:
            event = events[min(beside, len(events)) - 1]
            left = "self" if event.first == at else event.type
        if beside < len(events):
            event = events[max(beside, 0)]
            right = "self" if event.first == at else event.type
        found.append(
            (
                side,
                distance,
                between,
                breaks,
                _BUCKETS[order],
                many,
                _BUCKETS[nearer],
                _BUCKETS[rivals] if rivals < 2 else "2",
                path,
                link,
                left,
                right,
            )
        )
    return found
