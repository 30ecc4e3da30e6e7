"""How a mention stands to a trigger: side, distance, what lies between, what governs it, who else is near."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention

_QUOTES = frozenset('"(«“')
_LONGEST_PATH = 4
_VERBS = frozenset(("past", "present", "passive"))


def _bucket(n: int) -> str:
    if n <= 3:
        return str(n)
    for most, name in ((5, "4-5"), (8, "6-8"), (14, "9-14"), (24, "15-24")):
        if n <= most:
            return name
    return "25+"


_BUCKETS = [_bucket(n) for n in range(64)]
_W_BUCKETS = ["w" + name for name in _BUCKETS]
_SENTENCES = {-3: "s-3", -2: "s-2", -1: "s-1", 1: "s1", 2: "s2"}
YES, NO = "yes", "no"


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


def verb_of(t: TriggerMention) -> str:
    """Whether a trigger is a verb, and in which voice or tense, or a noun."""
    return t.part if t.part in _VERBS else "noun"


def definite(t: TriggerMention) -> str:
    """Whether a trigger has the article, an owner's pronoun, or neither."""
    return "the" if t.article else ("own" if t.tail else "open")


def position(scene: Scene, t: TriggerMention, first: int, last: int) -> tuple[str, str, str, str]:
    """Side, distance, the number of other triggers and of commas between a trigger and a mention."""
    sentence = scene.sentence_at[first]
    gap = sentence - t.sentence
    if gap:
        return "before" if gap < 0 else "after", _SENTENCES[max(-3, min(2, gap))], "far", "far"
    if last < t.first:
        side, a, b = "before", last + 1, t.first
    elif first > t.last:
        side, a, b = "after", t.last + 1, first
    else:
        return "inside", "w0", "0", "0"
    distance = b - a
    between = scene.trigger_count[b] - scene.trigger_count[a]
    commas = scene.commas[b] - scene.commas[a]
    return (
        side,
        _W_BUCKETS[distance] if distance < 64 else "w25+",
        _BUCKETS[between] if between < 2 else "2",
        _BUCKETS[commas] if commas < 3 else "3",
    )


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


def path(scene: Scene, t: TriggerMention, first: int, last: int) -> str:
    """The words between a trigger and a mention beside it, as labels; "far" where they stand further apart."""
    if last < t.first:
        side, a, b = "<", last + 1, t.first
    elif first > t.last:
        side, a, b = ">", t.last + 1, first
    else:
        return "inside"
    if b - a > _LONGEST_PATH:
        return "far"
    return side + "_".join([name or "." for name in scene.label[a:b]])


def link_between(scene: Scene, t: TriggerMention, first: int, last: int) -> str:
    """The kind of the last word between a trigger and a mention that opens or links clauses."""
    a, b = (last + 1, t.first) if last < t.first else (t.last + 1, first)
    if b - a > 60:
        return "far"
    n = bisect_left(scene.link_at, b) - 1
    if n >= 0 and scene.link_at[n] >= a:
        return scene.links[scene.link_at[n]]
    return "none"


def crowd(scene: Scene, t: TriggerMention, first: int, firsts: Sequence[int]) -> tuple[str, str, str]:
    """How a mention stands among others of its kind: how many there are, how many are nearer to the trigger, and
    how many other triggers are nearer to it."""
    at = t.first
    mine = first - at if first > at else at - first
    nearer = 0
    for other in firsts:
        if -mine < other - at < mine:
            nearer += 1
    rivals = 0
    for x in scene.by_sentence[t.sentence]:
        if x.first != at and -mine < first - x.first < mine:
            rivals += 1
    return most(len(firsts), 4), _BUCKETS[nearer] if nearer < 3 else "3", _BUCKETS[rivals] if rivals < 2 else "2"


def order_of(t: TriggerMention, first: int, firsts: Sequence[int]) -> str:
    """How many mentions of its kind lie between a trigger and a mention."""
    if first > t.last:
        n = sum(1 for q in firsts if t.last < q < first)
    else:
        n = sum(1 for q in firsts if first < q < t.first)
    return most(n, 4)
