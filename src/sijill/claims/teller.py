"""According to whom: which teller an event's words stand under, and what kind of source that is."""

from __future__ import annotations

from sijill.claims.around import crowd, label, link_between, order_of, position, yes
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights
from sijill.mentions.tellers import Attribution

SOURCE = Decision(
    "source",
    "form side distance between commas opens kind continues type title last same many nearer rivals that link "
    "word gap parties after latest opening clues",
    "side distance,between side,opens side form,kind,kind side,type,commas side,title,last form opens,"
    "same kind side form,nearer,rivals,many nearer rivals,that,that between,link,word,word side,"
    "gap continues opens,parties,after,after form,latest same,commas that,opening,opening form,clues,"
    "clues side",
)
KIND = Decision(
    "kind",
    "kind form guess actor words first second third clues named",
    "kind,kind form,kind guess,kind actor,kind words,kind first,kind second,kind third,kind clues,kind named,"
    "kind guess actor,kind guess first,kind clues form,kind first second",
)

SOURCE_KINDS = ("party", "official", "monitor", "organisation", "media", "network", "activist", "witness", "unnamed")
_REACH = 2
"""How many sentences before an event its teller may stand."""


def source_options(scene: Scene, t: TriggerMention) -> list[tuple[int, Row]]:
    """Tellers near a trigger, as indices into `scene.tellers`."""
    begin = scene.sentences[max(0, t.sentence - _REACH)][0]
    end = scene.sentences[t.sentence][1]
    near = scene.range_of(scene.tellers, begin, end)
    own = scene.sentences[t.sentence][0]
    firsts = [scene.tellers[k].first for k in near]
    latest = max((first for first in firsts if first < t.first), default=-1)
    options: list[tuple[int, Row]] = []
    for k in near:
        a = scene.tellers[k]
        if a.first < own and (a.first != latest or t.sentence - scene.sentence_at[a.first] > 1):
            continue  # Of those in other sentences only the last, right before, is ever meant.
        side, distance, between, commas = position(scene, t, a.first, a.last)
        sentence = scene.sentence_at[a.first]
        opens = yes(a.first - scene.sentences[sentence][0] <= 2)
        order = order_of(t, a.first, firsts)
        same = yes(distance[0] == "w")
        after = label(scene, a.last + 1)
        row = (
            a.form,
            side,
            distance,
            between,
            commas,
            opens,
            a.kind,
            yes(a.continues),
            t.type,
            scene.zone[t.sentence],
            yes(order == "0" and side == "before" and distance[0] == "w"),
            same,
            *crowd(scene, t, a.first, firsts),
            yes(after in ("أن", "إن", "بأن", "أنه", "أنها", "أنهم")),
            link_between(scene, t, a.first, a.last) if distance[0] == "w" else "far",
            a.word,
            str(t.sentence - sentence),
            yes(scene.actors_at[t.sentence]),
            after,
            yes(a.first == latest),
            a.words[0] if a.words else "",
            a.clues,
        )
        options.append((k, row))
    return options


def fill_source(scene: Scene, t: TriggerMention, weights: Weights) -> tuple[float, int] | None:
    """Who tells an event, as an index into `scene.tellers` with its log-odds; nobody: the report itself."""
    model = weights["source"]
    best: tuple[float, int] | None = None
    for k, row in source_options(scene, t):
        odds = model.score(row)
        if odds > (best[0] if best else 0.0):
            best = odds, k
    return best


def kind_row(a: Attribution) -> Row:
    """What tells which kind of source a teller is: all attributes but the kind."""
    words = [*a.words, "", "", ""]
    return (
        a.form,
        a.kind,
        a.actor,
        str(min(4, len(a.words))),
        words[0],
        words[1],
        words[2],
        a.clues,
        yes(a.named),
    )


def kind_of(a: Attribution, weights: Weights) -> str:
    """The kind of source a teller is."""
    odds = weights["kind"].scores(SOURCE_KINDS, kind_row(a))
    return SOURCE_KINDS[odds.index(max(odds))]
