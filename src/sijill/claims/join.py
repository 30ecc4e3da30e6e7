"""Which triggers tell one and the same claim: each joins the earlier one that it most plainly repeats."""

from __future__ import annotations

from collections.abc import Collection, Set

from sijill.claims.alone import Alone
from sijill.claims.around import bucket, definite, form, label, most, yes
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights
from sijill.codebook import GROUP_OF

SAME = Decision(
    "same",
    "types groups kin-group lemma title distance definite cause light between commas after-a before-b time "
    "teller count nearest kin own words word-after opens gap one agree clash num-b past-b light-a",
    "types,groups,lemma,title,title kin-group,title types,distance,groups distance,definite,cause,"
    "cause groups,light,between,commas,after-a,before-b,time,teller,count kin-group,nearest title,kin title,"
    "word-after,opens gap,agree,agree clash one,teller one lemma,lemma nearest definite,own definite,"
    "types definite,words,words one,clash types,agree types,gap clash lemma,num-b one,past-b gap,"
    "light-a light,teller gap",
)

_REACH = 4
"""How far apart two mentions of one claim may stand, in sentences; a title reaches the whole report."""
_GENERIC = frozenset(("attack", "armed-clash", "explosion", "shelling", "raid"))

Compared = tuple[str, str, str, str, str, str]


def _compare(a: Set[object] | Collection[object], b: Set[object] | Collection[object]) -> str:
    if not a:
        return "b" if b else "none"
    if not b:
        return "a"
    return "same" if not set(a).isdisjoint(b) else "other"


def _compared(scene: Scene, a: Alone, b: Alone) -> Compared:
    """How what two triggers tell compares, slot by slot: same, other, told by one alone, or by none."""
    time = _compare((scene.times[a.time[1]].key,) if a.time else (), (scene.times[b.time[1]].key,) if b.time else ())
    teller = _compare((scene.teller_key(a.source[1]),) if a.source else (),
                      (scene.teller_key(b.source[1]),) if b.source else ())  # fmt: skip
    return (
        _compare(a.did.keys(), b.did.keys()),
        _compare(a.suffered.keys(), b.suffered.keys()),
        _compare(a.places.keys(), b.places.keys()),
        time,
        teller,
        _compare(a.counts, b.counts),
    )


def same_options(scene: Scene, kept: list[Alone]) -> list[tuple[int, int, Row]]:
    """Pairs of triggers that may tell one claim, as indices into `kept`, the earlier first."""
    options = []
    outside = [i for i, x in enumerate(kept) if scene.zone[x.trigger.sentence] != "body"]
    lemmas: dict[str, set[str]] = {}
    low = 0
    for j, b in enumerate(kept):
        group = GROUP_OF[b.trigger.type]
        while b.trigger.sentence - kept[low].trigger.sentence > _REACH:
            low += 1
        kin = bucket(len(lemmas.get(group, ())))
        lemmas.setdefault(group, set()).add(b.trigger.lemma)
        nearest = "yes"
        for i in [*range(j - 1, low - 1, -1), *(i for i in reversed(outside) if i < low)]:
            a = kept[i]
            if _in_reach(scene, a.trigger, b.trigger):
                if _may_be_same(scene, a.trigger, b.trigger):
                    options.append((i, j, _same_row(scene, a, b, nearest, kin)))
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


def _same_row(scene: Scene, x: Alone, y: Alone, nearest: str, kin: str) -> Row:
    a, b = x.trigger, y.trigger
    gap = b.sentence - a.sentence
    ga, gb = GROUP_OF[a.type], GROUP_OF[b.type]
    cause = between = commas = "far"
    distance = "s" + bucket(gap)
    if not gap:
        distance = "w" + bucket(max(0, b.first - a.last))
        cause = yes(scene.cause_count[b.first] > scene.cause_count[a.last + 1])
        between = bucket(scene.trigger_count[b.first] - scene.trigger_count[a.last + 1])
        commas = most(scene.commas[b.first] - scene.commas[a.last + 1], 2)
    compared = _compared(scene, x, y)
    *_, time, teller, count = compared
    return (
        a.type + "~" + b.type if a.type != b.type else "one",
        ga + "~" + gb,
        yes(ga == gb),
        yes(a.lemma == b.lemma),
        yes(scene.zone[a.sentence] != "body"),
        distance,
        definite(b),
        cause,
        b.light,
        between,
        commas,
        label(scene, a.last + 1),
        label(scene, b.first - 1),
        time,
        teller,
        count,
        nearest,
        kin,
        ("p" if y.places else "") + ("t" if y.time else "") + ("i" if y.did else "") + ("h" if y.counts else ""),
        bucket(len(x.words & y.words)),
        form(scene, b.last + 1),
        form(scene, scene.sentences[b.sentence][0]),
        most(gap, 3),
        yes(a.type == b.type),
        str(compared.count("same")),
        str(compared.count("other")),
        b.number,
        scene.pluperfect[b.sentence],
        a.light,
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
