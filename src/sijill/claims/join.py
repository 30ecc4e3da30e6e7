"""Which triggers tell one and the same claim: each joins the earlier one that it most plainly repeats."""

from __future__ import annotations

from typing import NamedTuple

from sijill.claims.alone import Alone
from sijill.claims.around import bucket, definite, form, label, most, yes
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights
from sijill.codebook import GROUP_OF

SAME = Decision(
    "same",
    "types groups kin-group lemma distance cause between commas time teller count nearest words gap one agree clash "
    "title after-a light-a definite light before-b kin own word-after opens num-b past-b",
    "types,groups,lemma,title,title kin-group,title types,distance,groups distance,definite,cause,"
    "cause groups,light,between,commas,after-a,before-b,time,teller,count kin-group,nearest title,kin title,"
    "word-after,opens gap,agree,agree clash one,teller one lemma,lemma nearest definite,own definite,"
    "types definite,words,words one,clash types,agree types,gap clash lemma,num-b one,past-b gap,"
    "light-a light,teller gap",
)

_REACH = 4
"""How far apart two mentions of one claim may stand, in sentences; a title reaches the whole report."""
_GENERIC = frozenset(("attack", "armed-clash", "explosion", "shelling", "raid"))

Slots = tuple[frozenset[object], ...]


class _Seen(NamedTuple):
    """A trigger as it is compared with others: what it tells slot by slot, and what holds of it as the earlier and as
    the later of a pair."""

    slots: Slots
    earlier: Row
    later: Row


def _seen(scene: Scene, x: Alone, kin: str) -> _Seen:
    t = x.trigger
    slots: Slots = (
        frozenset(x.did),
        frozenset(x.suffered),
        frozenset(x.places),
        frozenset((scene.times[x.time[1]].key,)) if x.time else frozenset(),
        frozenset((scene.teller_key(x.source[1]),)) if x.source else frozenset(),
        x.counts,
    )
    return _Seen(
        slots,
        (yes(scene.zone[t.sentence] != "body"), label(scene, t.last + 1), t.light),
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
        ),
    )


def _compared(a: Slots, b: Slots) -> list[str]:
    """How what two triggers tell compares, slot by slot: same, other, told by one alone, or by none."""
    return [
        ("other" if p.isdisjoint(q) else "same") if p and q else "a" if p else "b" if q else "none"
        for p, q in zip(a, b, strict=True)
    ]


def same_options(scene: Scene, kept: list[Alone]) -> list[tuple[int, int, Row]]:
    """Pairs of triggers that may tell one claim, as indices into `kept`, the earlier first."""
    options = []
    outside = [i for i, x in enumerate(kept) if scene.zone[x.trigger.sentence] != "body"]
    lemmas: dict[str, set[str]] = {}
    seen: list[_Seen] = []
    low = 0
    for j, y in enumerate(kept):
        b = y.trigger
        while b.sentence - kept[low].trigger.sentence > _REACH:
            low += 1
        mine = lemmas.setdefault(GROUP_OF[b.type], set())
        seen.append(_seen(scene, y, bucket(len(mine))))
        mine.add(b.lemma)
        nearest = "yes"
        for i in [*range(j - 1, low - 1, -1), *(i for i in reversed(outside) if i < low)]:
            a = kept[i].trigger
            if _may_be_same(scene, a, b):
                compared = _compared(seen[i].slots, seen[j].slots)
                row = _same_row(scene, a, b, nearest, compared, bucket(len(kept[i].words & y.words)))
                options.append((i, j, row + seen[i].earlier + seen[j].later))
                nearest = "no"
            elif nearest == "yes" and _in_reach(scene, a, b):
                nearest = "no"
    return options


def _in_reach(scene: Scene, a: TriggerMention, b: TriggerMention) -> bool:
    gap = b.sentence - a.sentence
    outside = scene.zone[a.sentence] != "body"
    if not outside and gap > _REACH:
        return False
    ga, gb = GROUP_OF[a.type], GROUP_OF[b.type]
    if ga == gb or outside:
        return True
    # "The attack" goes back further than a word that tells an event of its own.
    return gap <= (2 if "killing" in (ga, gb) else _REACH if b.article and b.type in _GENERIC else 1)


def _may_be_same(scene: Scene, a: TriggerMention, b: TriggerMention) -> bool:
    """Whether two mentions in reach may be of one claim: of one type, or of types that only one sentence or the title
    brings together; a killing goes with what killed."""
    gap = b.sentence - a.sentence
    outside = scene.zone[a.sentence] != "body"
    ga, gb = GROUP_OF[a.type], GROUP_OF[b.type]
    if ga == gb:
        return a.type == b.type or not gap or outside
    return "killing" in (ga, gb) and (outside or gap <= (2 if b.article else 1))


def _same_row(scene: Scene, a: TriggerMention, b: TriggerMention, nearest: str, compared: list[str], words: str) -> Row:
    """What holds of a pair."""
    gap = b.sentence - a.sentence
    ga, gb = GROUP_OF[a.type], GROUP_OF[b.type]
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
        ga + "~" + gb,
        yes(ga == gb),
        yes(a.lemma == b.lemma),
        distance,
        cause,
        between,
        commas,
        *compared[3:],
        nearest,
        words,
        most(gap, 3),
        yes(one),
        str(compared.count("same")),
        str(compared.count("other")),
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
