"""According to whom: which teller an event's words stand under, and what kind of source that is."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, final

from sijill.claims.around import STANDING, Span, label, standing, yes
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.weigh import Decision, Weights
from sijill.codebook import SOURCE_KINDS
from sijill.mentions.tellers import Attribution

SOURCE: Final = Decision(
    "source",
    STANDING + " form opens kind continues that word after opening clues actor type "
    "part title parties last same gap latest",
    "side distance,between side,opens side form,kind,kind side,type,commas side,title,last form opens,"
    "same kind side form,nearer,rivals,many nearer rivals,that,that between,link,word,word side,gap continues opens,"
    "parties,after,after form,latest same,commas that,opening,opening form,clues,clues side,actor,word gap,"
    "word kind side,kind gap,part side,after side",
)
KIND: Final = Decision(
    "kind",
    "kind form guess actor words first second third clues named",
    "kind,kind form,kind guess,kind actor,kind words,kind first,kind second,kind third,kind clues,kind named,"
    "kind guess actor,kind guess first,kind clues form,kind first second",
)

TELLER_KINDS: Final = tuple(kind for kind in SOURCE_KINDS if kind != "outlet")
"""What a teller may be; the outlet is none."""
_THAT: Final = frozenset(("ان", "بان", "انه", "انها", "انهم", "بانه", "بانها", "بانهم"))
"""In folded spelling."""
_REACH: Final = 2
"""How many sentences before an event its teller may stand."""


@final
class _Tellers:
    """The tellers in reach of a sentence: their indices, the tellers, where they stand, and how many of them stand in
    the sentences before it."""

    __slots__ = ("earlier", "indices", "spans", "tellers")

    def __init__(self, indices: range, tellers: list[Attribution], spans: list[Span], earlier: int) -> None:
        self.indices = indices
        self.tellers = tellers
        self.spans = spans
        self.earlier = earlier


def _tellers_near(scene: Scene, sentence: int) -> _Tellers:
    own, end = scene.sentences[sentence]
    begin = scene.sentences[max(0, sentence - _REACH)][0]
    first = bisect_left(scene.teller_at, begin)
    near = range(first, bisect_left(scene.teller_at, end))
    tellers = scene.tellers[near.start : near.stop]
    spans = [(a.first, a.last, a.first) for a in tellers]
    return _Tellers(near, tellers, spans, bisect_left(scene.teller_at, own) - first)


def _tellers_of(scene: Scene, sentence: int) -> list[Row]:
    """What holds of each teller of a sentence whatever the event."""
    begin, end = scene.sentences[sentence]
    facts: list[Row] = []
    for a in scene.tellers[bisect_left(scene.teller_at, begin) : bisect_left(scene.teller_at, end)]:
        after = label(scene, a.last + 1)
        facts.append(
            (
                a.form,
                yes(a.first - begin <= 2),
                a.kind,
                yes(a.continues),
                yes(after in _THAT),
                a.word,
                after,
                a.words[0] if a.words else "",
                a.clues,
                a.actor,
            )
        )
    return facts


def source_options(scene: Scene, t: TriggerMention) -> list[tuple[int, Row]]:
    """Tellers near a trigger, as indices into `scene.tellers`."""
    found = scene.once(_tellers_near, t.sentence)
    near, tellers, spans, earlier = found.indices, found.tellers, found.spans, found.earlier
    if not near:
        return []
    own = scene.sentences[t.sentence][0]
    latest = -1
    for a in tellers:
        if latest < a.first < t.first:
            latest = a.first
    mine = (t.type, t.part, scene.zone[t.sentence], yes(scene.actors_at[t.sentence]))
    here = scene.once(_tellers_of, t.sentence)
    options: list[tuple[int, Row]] = []
    # Of those in other sentences only the last, right before, is ever meant.
    skip = max(0, earlier - 1)
    for n, stood in enumerate(standing(scene, t, spans, skip)):
        k, a = near[skip + n], tellers[skip + n]
        if a.first >= own:
            last = yes(stood[4] == "0" and stood[0] == "before")
            facts, pair = here[k - near.stop], (last, "yes", "0", yes(a.first == latest))
        elif a.first == latest and scene.sentence_at[a.first] == t.sentence - 1:
            facts, pair = scene.once(_tellers_of, t.sentence - 1)[-1], ("no", "no", "1", "yes")
        else:
            continue
        options.append((k, stood + facts + mine + pair))
    return options


def fill_source(scene: Scene, t: TriggerMention, weights: Weights) -> tuple[float, int] | None:
    """Who tells an event, as an index into `scene.tellers` with its log-odds; nobody: the report itself."""
    return weights["source"].likeliest(source_options(scene, t))


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
    odds = weights["kind"].scores(TELLER_KINDS, kind_row(a))
    return TELLER_KINDS[odds.index(max(odds))]
