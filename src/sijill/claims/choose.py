"""Which words tell an event of this report, and of which type."""

from __future__ import annotations

from collections import Counter
from typing import Final, final

from sijill.claims.around import NO, bucket, label, most, stem_at, verb_of, yes
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row, Table
from sijill.claims.weigh import Decision, Weights
from sijill.codebook import GROUP_OF

KEEP: Final = Decision(
    "keep",
    "lemma form type group zone before after before2 after2 light parties people numbers places times "
    "sentence density armed seen refined event-before gap-before event-after gap-after part-before part-after "
    "part cue link relative verb past clause length next "
    "words* told lemma-before lemma-after",
    "lemma,lemma form,type,form,type form,zone,zone group,before,after,type before,type after,before2,after2,"
    "before before2,after after2,light,group light,type parties,places,times,type places,sentence,type density,armed,"
    "type armed,armed density,seen,refined,event-before gap-before,group event-before gap-before,"
    "gap-before part-before part,group event-after gap-after,gap-after part part-after,cue,type cue,link,group link,"
    "relative,relative type,verb relative,past group,lemma parties,lemma places,clause group,numbers people group,"
    "lemma after,length,length armed,group words,next type,lemma lemma-after,next,lemma lemma-before,told",
)
SENSE: Final = Decision(
    "sense",
    "other lemma base refined light part after armed anywhere close near cue number people parties words* "
    "next event-before event-after who form light-lemma",
    "other,other lemma,other base,other refined,other base light,other base part,other base after,other base armed,"
    "other base anywhere,other base close,other base near,other cue,other base people,other base parties,"
    "other base number,other words,other event-before,other who,other lemma people,other lemma part,"
    "other lemma number,other form,other next,other lemma next,other light-lemma,other event-after",
)

# The log-odds a trigger needs where nothing in the text speaks of arms: prices explode and critics attack, too.
_LEAST_UNARMED: Final = 1.0
_METAPHORS: Final = frozenset(("strike", "blast", "fighting", "ground", "campaign"))
# A type whose weight for a trigger's dictionary type is lower is hardly ever meant.
_HARDLY: Final = -0.2
_WEAPON_REACH: Final = 12
_WHO_REACH: Final = 8
_CLAUSE_REACH: Final = 12
_WORDS: Final = 9


def density_of(scene: Scene) -> str:
    """How thick the words of events are in the text: a text of sport or business has few."""
    rate = 1000 * len(scene.triggers) / (len(scene.tokens) + 12)
    return bucket(int(rate / 6))


def armed_of(scene: Scene) -> str:
    """How much in the text speaks of arms: weapons, people harmed, and parties that fight; metaphors have none."""
    fighting = sum(1 for p in scene.parties if p.form in ("name", "adj") and p.actor not in ("", "civilians", "un"))
    told = len(scene.weapons) + len(scene.harm) + fighting
    if not told:
        return "0"
    # Against the words of events, so that a post of one line counts as a long report does.
    share = told / max(1, len(scene.triggers))
    return "few" if share < 0.5 else "some" if share < 1 else "many" if share < 2 else "most"


def keep_options(scene: Scene) -> list[tuple[TriggerMention, Row]]:
    """Every trigger with what tells whether it is a claim."""
    density, armed = density_of(scene), armed_of(scene)
    seen: set[str] = set()
    lemmas = Counter([t.lemma for t in scene.triggers])
    options: list[tuple[TriggerMention, Row]] = []
    for t in scene.triggers:
        group = GROUP_OF[t.type]
        told = most(lemmas[t.lemma], 4)
        options.append((t, _keep_row(scene, t, density, armed, yes(group in seen), told)))
        seen.add(group)
    return options


def _keep_row(scene: Scene, t: TriggerMention, density: str, armed: str, seen: str, told: str) -> Row:
    begin, end = scene.sentences[t.sentence]
    first, last = t.first, t.last
    near = scene.label[max(begin, first - 6) : min(end, last + 9)]
    window = set(near)
    mine = scene.by_sentence[t.sentence]
    at = scene.rank_in_sentence[t.first]
    event_before = gap_before = part_before = lemma_before = "none"
    if at:
        other = mine[at - 1]
        event_before, gap_before, part_before = other.type, bucket(t.first - other.last), other.part
        lemma_before = other.lemma
    event_after = gap_after = part_after = lemma_after = "none"
    if at + 1 < len(mine):
        other = mine[at + 1]
        event_after, gap_after, part_after = other.type, bucket(other.first - t.last), other.part
        lemma_after = other.lemma
    cue, link = signs_before(scene, t, begin)
    return (
        t.lemma,
        t.part + ("+the" if t.article else "") + ("+own" if t.tail else ""),
        t.type,
        GROUP_OF[t.type],
        scene.zone[t.sentence],
        label(scene, t.first - 1),
        label(scene, t.last + 1),
        label(scene, t.first - 2),
        label(scene, t.last + 2),
        t.light,
        most(near.count("party"), 2) if "party" in window else "0",
        yes("people" in window),
        yes("#" in window),
        yes("place" in window),
        yes("time" in window),
        bucket(t.sentence),
        density,
        armed,
        seen,
        yes(t.type != t.base),
        event_before,
        gap_before,
        event_after,
        gap_after,
        part_before,
        part_after,
        t.part,
        cue,
        link,
        relative_before(scene, t, begin),
        verb_of(t),
        scene.pluperfect[t.sentence],
        clause_head(scene, t, begin),
        bucket(len(scene.sentences)),
        stem_at(scene, last + 1),
        _words_around(scene, t, begin, end),
        told,
        lemma_before,
        lemma_after,
    )


def signs_before(scene: Scene, t: TriggerMention, begin: int) -> tuple[str, str]:
    """The nearest cue and the nearest linking word in the few tokens before a trigger."""
    low = max(begin, t.first - 5)
    link = scene.link_before[t.first]
    return scene.last_cue(low, t.first), scene.links[link] if link >= low else "none"


def relative_before(scene: Scene, t: TriggerMention, begin: int) -> str:
    """Whether a relative ("التي") opens the clause of a trigger, and how near it stands."""
    for i in range(t.first - 1, max(begin, t.first - 7) - 1, -1):
        if scene.links.get(i) == "relative":
            return "near" if t.first - i <= 2 else "far"
        if scene.label[i] in ("،", "event"):
            return NO
    return NO


def _words_around(scene: Scene, t: TriggerMention, begin: int, end: int) -> tuple[str, ...]:
    """The words near a trigger in its sentence, each once, without article and conjunction; no names of places."""
    stems, label = scene.stems, scene.label
    found: dict[str, None] = {}
    for i in range(max(begin, t.first - _WORDS), t.first):
        if label[i] != "place":
            found[stems[i]] = None
    for i in range(t.last + 1, min(end, t.last + 1 + _WORDS)):
        if label[i] != "place":
            found[stems[i]] = None
    found.pop("", None)
    return tuple(found)


def clause_head(scene: Scene, t: TriggerMention, begin: int) -> str:
    """The label of the word that opens the clause of a trigger: after the last comma, bracket or linking word."""
    for i in range(t.first - 1, max(begin, t.first - _CLAUSE_REACH) - 1, -1):
        name = scene.label[i]
        if i in scene.links:
            return scene.links[i]
        if name in ("،", "(", "^", "؛"):
            return ":" + scene.label[i + 1]
    return "^" + scene.label[begin]


def senses_of(t: TriggerMention, senses: dict[str, list[str]]) -> tuple[str, ...]:
    """The types a trigger may tell."""
    return tuple(dict.fromkeys([t.type, *senses.get(t.base, [t.base]), *senses.get(t.type, [])]))


def sense_row(scene: Scene, t: TriggerMention) -> Row:
    """What tells which of its types a trigger tells: all attributes but the type."""
    begin, end = scene.sentences[t.sentence]
    close = near = "none"
    least = _WEAPON_REACH + 1
    for i, weapon in scene.weapons_in(begin, end):
        distance = abs(i - t.first)
        if distance < least and not t.first <= i <= t.last:
            least = distance
            close, near = (weapon, "none") if distance <= 3 else ("none", weapon)
    cue = scene.last_cue(max(begin, t.first - 5), min(end, t.last + 6))
    window = scene.label[max(begin, t.first - 4) : min(end, t.last + 7)]
    return (
        t.lemma,
        t.base,
        t.type,
        t.light,
        t.part,
        label(scene, t.last + 1),
        yes(close != near),
        scene.main_weapon,
        close,
        near,
        cue,
        t.number,
        yes("people" in window),
        yes("party" in window),
        _words_around(scene, t, begin, end),
        stem_at(scene, t.last + 1),
        *_events_beside(scene, t),
        _who(scene, t, begin, end),
        scene.tokens.form[t.first],
        scene.tokens.form[t.light_first] if t.light else "none",
    )


def _events_beside(scene: Scene, t: TriggerMention) -> tuple[str, str]:
    """The types of the triggers next to one in its sentence."""
    mine = scene.by_sentence[t.sentence]
    at = scene.rank_in_sentence[t.first]
    return (mine[at - 1].type if at else "none", mine[at + 1].type if at + 1 < len(mine) else "none")


def _who(scene: Scene, t: TriggerMention, begin: int, end: int) -> str:
    """The actor nearest to a trigger."""
    least, who = _WHO_REACH + 1, "none"
    for p in scene.parties_in(max(begin, t.first - _WHO_REACH), min(end, t.first + _WHO_REACH + 1)):
        distance = abs(p.first - t.first)
        if p.actor and distance < least:
            least, who = distance, p.actor
    return who


@final
class Chosen:
    """A trigger that tells an event, its type the likeliest; its log-odds, and those of each type it may tell."""

    __slots__ = ("odds", "trigger", "types")

    def __init__(self, trigger: TriggerMention, odds: float, types: dict[str, float]) -> None:
        self.trigger = trigger
        self.odds = odds
        self.types = types


def choose_triggers(scene: Scene, weights: Weights, senses: dict[str, list[str]]) -> list[Chosen]:
    """The triggers that tell events."""
    keep, sense = weights["keep"], weights["sense"]
    unarmed = armed_of(scene) == "0"
    likely: dict[tuple[str, str], tuple[str, ...]] = {}
    kept = []
    for t, row in keep_options(scene):
        odds = keep.score(row)
        if odds > (_LEAST_UNARMED if unarmed and GROUP_OF[t.type] in _METAPHORS else 0.0):
            options = likely.get((t.type, t.base))
            if options is None:
                options = likely[t.type, t.base] = _likely(t, senses, sense.tables.get(("other", "base"), {}))
            if len(options) == 1:
                kept.append(Chosen(t, odds, {t.type: 0.0}))
                continue
            scores = sense.scores(options, sense_row(scene, t))
            best = options[scores.index(max(scores))]
            kept.append(Chosen(t.of_type(best), odds, {x: scores[n] for n, x in enumerate(options)}))
    return kept


def _likely(t: TriggerMention, senses: dict[str, list[str]], weights: Table) -> tuple[str, ...]:
    """The types a trigger may tell but for those that the weights all but rule out."""
    base = t.base
    return tuple([x for x in senses_of(t, senses) if x == t.type or weights.get((x, base), 0.0) > _HARDLY])
