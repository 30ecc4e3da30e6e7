"""Which triggers tell one and the same claim: each joins the earlier one that it most plainly repeats."""

from __future__ import annotations

from typing import Final, final

from sijill.claims.alone import Alone
from sijill.claims.around import bucket, definite, form, head_before, label, most, yes
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights
from sijill.codebook import GROUP_OF, GROUPS

SAME: Final = Decision(
    "same",
    "types groups kin-group lemma distance cause between commas time teller count nearest words gap one agree clash "
    "did suffered where title after-a light-a definite light before-b kin own word-after opens num-b past-b head-b",
    "types,groups,lemma,title,title kin-group,title types,distance,groups distance,definite,cause,cause groups,light,"
    "between,commas,after-a,before-b,time,teller,count kin-group,nearest title,kin title,word-after,opens gap,agree,"
    "agree clash one,teller one lemma,lemma nearest definite,own definite,types definite,words,words one,clash types,"
    "agree types,gap clash lemma,num-b one,past-b gap,light-a light,teller gap,head-b,types where,types did,suffered,"
    "where kin-group,where did,did one",
)

_REACH: Final = 4
"""How far apart two mentions of one claim may stand, in sentences; a title reaches the whole report."""
_PAIRS: Final = {a: {b: a + "~" + b for b in GROUPS} for a in GROUPS}
_GENERIC: Final = frozenset(("attack", "armed-clash", "explosion", "shelling", "raid"))

Slots = tuple[frozenset[object], ...]


@final
class _Seen:
    """A trigger as it is compared with others: its group, whether it stands outside the body, what it tells slot by
    slot, and what holds of it as the earlier and as the later of a pair."""

    __slots__ = ("earlier", "group", "later", "outside", "slots", "trigger", "words")

    def __init__(
        self,
        trigger: TriggerMention,
        group: str,
        outside: bool,
        words: frozenset[str],
        slots: Slots,
        earlier: Row,
        later: Row,
    ) -> None:
        self.trigger = trigger
        self.group = group
        self.outside = outside
        self.words = words
        self.slots = slots
        self.earlier = earlier
        self.later = later


def _seen(scene: Scene, x: Alone, group: str, kin: str) -> _Seen:
    t = x.trigger
    outside = scene.zone[t.sentence] != "body"
    slots: Slots = (
        frozenset(x.did),
        frozenset(x.suffered),
        frozenset(x.places),
        frozenset((scene.times[x.time[1]].key,)) if x.time else frozenset(),
        frozenset((scene.teller_key(x.source[1]),)) if x.source else frozenset(),
        x.counts,
    )
    return _Seen(
        t,
        group,
        outside,
        x.words,
        slots,
        (yes(outside), label(scene, t.last + 1), t.light),
        (
            definite(t),
            t.light,
            label(scene, t.first - 1),
            kin,
            ("p" if x.places else "") + ("t" if x.time else "") + ("i" if x.did else "") + ("h" if x.counts else ""),
            form(scene, t.last + 1),
            form(scene, scene.sentences[t.sentence][0]),
            t.number,
            scene.pluperfect[t.sentence],
            head_before(scene, t.first, scene.sentences[t.sentence][0]),
        ),
    )


def _compared(a: Slots, b: Slots) -> list[str]:
    """How what two triggers tell compares, slot by slot: same, other, told by one alone, or by none."""
    found: list[str] = []
    for n, p in enumerate(a):
        q = b[n]
        found.append(("other" if p.isdisjoint(q) else "same") if p and q else "a" if p else "b" if q else "none")
    return found


def same_options(scene: Scene, kept: list[Alone]) -> list[tuple[int, int, Row]]:
    """Pairs of triggers that may tell one claim, as indices into `kept`, the earlier first."""
    options: list[tuple[int, int, Row]] = []
    outside: list[int] = []
    lemmas: dict[str, set[str]] = {}
    seen: list[_Seen] = []
    low = 0
    for j, y in enumerate(kept):
        t = y.trigger
        while t.sentence - kept[low].trigger.sentence > _REACH:
            if seen[low].outside:
                outside.insert(0, low)
            low += 1
        group = GROUP_OF[t.type]
        mine = lemmas.setdefault(group, set())
        b = _seen(scene, y, group, bucket(len(mine)))
        seen.append(b)
        mine.add(t.lemma)
        nearest = "yes"
        for i in (*range(j - 1, low - 1, -1), *outside):
            a = seen[i]
            if _may_be_same(a, b):
                options.append((i, j, _same_row(scene, a, b, nearest) + a.earlier + b.later))
                nearest = "no"
            elif nearest == "yes" and _in_reach(a, b):
                nearest = "no"
    return options


def _in_reach(a: _Seen, b: _Seen) -> bool:
    gap = b.trigger.sentence - a.trigger.sentence
    if not a.outside and gap > _REACH:
        return False
    if a.group == b.group or a.outside:
        return True
    # "The attack" goes back further than a word that tells an event of its own.
    killing = a.group == "killing" or b.group == "killing"
    return gap <= (2 if killing else _REACH if b.trigger.article and b.trigger.type in _GENERIC else 1)


def _may_be_same(a: _Seen, b: _Seen) -> bool:
    """Whether two mentions in reach may be of one claim: of one type, or of types that only one sentence or the title
    brings together; a killing goes with what killed."""
    gap = b.trigger.sentence - a.trigger.sentence
    if a.group == b.group:
        return not gap or a.outside or a.trigger.type == b.trigger.type
    return (a.group == "killing" or b.group == "killing") and (a.outside or gap <= (2 if b.trigger.article else 1))


def _same_row(scene: Scene, x: _Seen, y: _Seen, nearest: str) -> Row:
    """What holds of a pair."""
    a, b, compared = x.trigger, y.trigger, _compared(x.slots, y.slots)
    gap = b.sentence - a.sentence
    cause = between = commas = "far"
    if gap:
        distance = "s" + bucket(gap)
    else:
        distance = "w" + bucket(max(0, b.first - a.last))
        cause = yes(scene.cause_count[b.first] > scene.cause_count[a.last + 1])
        between = bucket(scene.trigger_count[b.first] - scene.trigger_count[a.last + 1])
        commas = most(scene.commas[b.first] - scene.commas[a.last + 1], 2)
    one = a.type == b.type
    return (
        "one" if one else a.type + "~" + b.type,
        _PAIRS[x.group][y.group],
        yes(x.group == y.group),
        yes(a.lemma == b.lemma),
        distance,
        cause,
        between,
        commas,
        compared[3],
        compared[4],
        compared[5],
        nearest,
        bucket(len(x.words & y.words)),
        most(gap, 3),
        yes(one),
        str(compared.count("same")),
        str(compared.count("other")),
        compared[0],
        compared[1],
        compared[2],
    )


def group_same(scene: Scene, kept: list[Alone], weights: Weights) -> list[list[int]]:
    """The indices of the triggers that tell each claim: one joins the earlier one that it most plainly repeats."""
    model = weights["same"]
    best: dict[int, tuple[float, int]] = {}
    for i, j, row in same_options(scene, kept):
        odds = model.score(row)
        if odds > 0 and (j not in best or odds > best[j][0]):
            best[j] = (odds, i)
    home: list[int] = []
    groups: list[list[int]] = []
    for j in range(len(kept)):
        if j in best:
            home.append(home[best[j][1]])
            groups[home[j]].append(j)
        else:
            home.append(len(groups))
            groups.append([j])
    return groups
