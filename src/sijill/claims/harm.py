"""With what harm: to which event the people told to be harmed belong."""

from __future__ import annotations

from typing import Final, final

from sijill.claims.around import STANDING, Span, bucket, head_before, label, standing, word_at, yes
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights
from sijill.codebook import GROUP_OF
from sijill.mentions.harm import HarmMention
from sijill.mentions.people import PeopleMention

HARM: Final = Decision(
    "harm",
    STANDING.replace("link", "clause")
    + " type group killing part zone sentence outcome number who definite by head after "
    "own cause link lemma",
    "own,link side,link side between,between side,cause,cause side,outcome type,outcome group side,killing distance,"
    "part side,number,who group,definite,many,nearer,rivals,many nearer rivals,commas side,zone,clause,clause side,"
    "cause group side,sentence,number side,cause between side,rivals cause side,by,by side,by number,by group,"
    "type left,left side,left right,right side,after,lemma side,outcome left,by left,head side",
)


@final
class _Harmed:
    """The people harmed of a sentence, where they stand, and what holds of each whatever the event."""

    __slots__ = ("facts", "harm", "spans")

    def __init__(self, harm: list[tuple[int, HarmMention]], spans: list[Span], facts: list[Row]) -> None:
        self.harm = harm
        self.spans = spans
        self.facts = facts


def _harmed_in(scene: Scene, sentence: int) -> _Harmed:
    begin, end = scene.sentences[sentence]
    near = scene.harm_in(begin, end)
    return _Harmed(
        near,
        [(h.people.first, h.people.last, h.people.first) for _, h in near],
        [
            (
                h.outcome,
                yes(h.people.low is not None),
                h.people.who,
                yes(h.people.definite),
                h.by,
                head_before(scene, h.people.first, begin),
                word_at(scene, h.people.last + 1),
            )
            for _, h in near
        ],
    )


def harm_options(scene: Scene, t: TriggerMention) -> list[tuple[int, Row]]:
    """People harmed in a trigger's own sentence, as indices into `scene.harm`."""
    near = scene.once(_harmed_in, t.sentence)
    if not near.harm:
        return []
    group = GROUP_OF[t.type]
    mine = (t.type, group, yes(group == "killing"), t.part, scene.zone[t.sentence], bucket(t.sentence))
    before, after = t.lead.replace("و", "") or label(scene, t.first - 1), label(scene, t.last + 1)
    causes, most_tokens = scene.cause_count, len(scene.label)
    options: list[tuple[int, Row]] = []
    for n, stands in enumerate(standing(scene, t, near.spans)):
        k, h = near.harm[n]
        a, b = (h.word, t.first) if h.word < t.first else (t.last + 1, h.word)
        cause = b >= a and causes[min(b + 1, most_tokens)] > causes[a]
        own = t.first <= h.word <= t.last
        governed = before if stands[0] == "before" else after
        options.append((k, stands + mine + near.facts[n] + (yes(own), yes(cause), governed, t.lemma)))
    return options


def fill_harm(scene: Scene, clusters: list[list[TriggerMention]], weights: Weights) -> list[list[int]]:
    """Give each mention of people harmed to the one claim it most plainly belongs to, as indices into `scene.harm`."""
    model = weights["harm"]
    best: dict[int, tuple[float, int]] = {}
    for n, triggers in enumerate(clusters):
        for t in triggers:
            for k, row in harm_options(scene, t):
                odds = model.score(row)
                if odds > 0 and (k not in best or odds > best[k][0]):
                    best[k] = (odds, n)
    mine: list[list[tuple[float, int]]] = [[] for _ in clusters]
    for k, (odds, n) in best.items():
        mine[n].append((odds, k))
    return [_one_toll(scene, options) for options in mine]


def _one_toll(scene: Scene, options: list[tuple[float, int]]) -> list[int]:
    """Of several numbers for one outcome the best stands; beside it only those listed with it ("4 أطفال وامرأتان")."""
    chosen: list[int] = []
    for outcome in dict.fromkeys(scene.harm[k].outcome for _, k in options):
        ranked = sorted((o for o in options if scene.harm[o[1]].outcome == outcome), key=lambda o: (-o[0], o[1]))
        kept = [ranked[0][1]]
        for _, k in ranked[1:]:
            people = scene.harm[k].people
            if any(_listed(scene, scene.harm[other].people, people) for other in kept):
                kept.append(k)
        chosen += kept
    return sorted(chosen)


def _listed(scene: Scene, a: PeopleMention, b: PeopleMention) -> bool:
    """Whether two counts stand in one list, joined by "و"."""
    if a.first > b.first:
        a, b = b, a
    between = scene.tokens.form[a.last + 1 : b.first]
    opening = scene.tokens.form[b.first]
    return len(between) <= 2 and (opening.startswith("و") or "و" in between) and "." not in between
