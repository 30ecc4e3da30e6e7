"""People named by a noun: how many they are, and who."""

from __future__ import annotations

from typing import Final, final

from sijill.arabic.number_words import NUMBER_WORDS
from sijill.arabic.numbers import Quantity
from sijill.arabic.words import Kind, Tokens
from sijill.lexicon.terms import Harm, Hits, People, Trigger

# Nouns that are words of harm, too, or adjectives: they name people only where a number counts them, or none does.
_COUNTED_ONLY: Final = frozenset(("اصابه",))
# Nouns that are far oftener adjectives ("المجلس العسكري", "الدفاع المدني"): one of them is a person only right after a
# word that tells what befell him.
_ADJECTIVES: Final = frozenset(("عسكري", "مدني"))
_OTHER: Final = frozenset(("اخري", "الاخري"))
_VICTIM: Final = "ضحيه"
# What may stand between a number and its noun: "خمسة من المقاتلين", '417 "مقاتلاً"'.
_BEFORE_NOUN: Final = frozenset(("من", '"', "«", "“"))


@final
class PeopleMention:
    """People counted or named by a noun: tokens `first`..`last`, the number told (None, None where none is)."""

    __slots__ = ("actor", "definite", "first", "group", "high", "last", "low", "outcome", "single", "subset", "who")

    def __init__(
        self,
        first: int,
        last: int,
        low: int | None,
        high: int | None,
        who: str,
        group: str,
        actor: str,
        outcome: str,
        subset: bool,
        definite: bool,
        single: bool = False,
    ) -> None:
        self.first = first
        self.last = last
        self.low = low
        self.high = high
        self.who = who
        self.group = group
        self.actor = actor
        self.outcome = outcome
        self.subset = subset
        self.definite = definite
        self.single = single
        """A singular noun: "القائد" is one, whose number nobody tells."""

    def told(self, low: int | None, high: int | None) -> PeopleMention:
        """The same people in another number."""
        return PeopleMention(
            self.first, self.last, low, high, self.who, self.group, self.actor, self.outcome, self.subset,
            self.definite, self.single,
        )  # fmt: skip

    def who_are(self, who: str, actor: str) -> PeopleMention:
        """The same people, told to be somebody else."""
        return PeopleMention(
            self.first, self.last, self.low, self.high, who, self.group, actor, self.outcome, self.subset,
            self.definite, self.single,
        )  # fmt: skip


def find_people(
    tokens: Tokens, hits: Hits, numbers: list[Quantity], among: set[str], events: set[int]
) -> list[PeopleMention]:
    """All nouns for people with their numbers. `among`: the words that single out some of those counted before;
    `events`: the tokens of `event_words`."""
    number_at = {q.last: q for q in numbers if not q.ordinal}
    number_from = {q.first: q for q in numbers if not q.ordinal}
    found: list[PeopleMention] = []
    seen: set[int] = set()
    for hit in hits.of(People):
        entry = hit.entry
        if not isinstance(entry, People) or hit.first in seen:
            continue
        first, last = hit.first, hit.last
        if tokens.form[first] in _OTHER or (entry.lemma == _VICTIM and hit.cut.tail):
            continue  # "راح ضحيته ثلاثة" counts those after it.
        if is_adjective(tokens, entry, first, events):
            continue
        seen.add(first)
        joined = "و" in hit.cut.lead or "ف" in hit.cut.lead
        quantity = None if joined else _number_before(tokens, number_at, first)
        if quantity is None and entry.lemma in _COUNTED_ONLY:
            continue
        if quantity is None and last + 1 in number_from and entry.number == "sg":
            after = number_from[last + 1]
            if (after.low, after.high) == (1, 1):  # "شخص واحد"
                quantity, last = after, after.last
        low: int | None
        high: int | None
        if quantity is not None:
            low, high = quantity.low, quantity.high
            first, last = min(first, quantity.first), max(last, quantity.last)
        elif entry.number == "du":
            low = high = 2
        elif entry.number == "sg" and not hit.cut.article and not (entry.outcome and tokens.form[first - 1] == "بين"):
            low = high = 1
        else:
            low = high = None
        who = entry.who
        found.append(
            PeopleMention(
                first,
                last,
                low,
                high,
                who,
                entry.group,
                entry.actor,
                entry.outcome,
                is_subset(tokens, first, among, events),
                hit.cut.article,
                entry.number == "sg",
            )
        )
    return found


def event_words(hits: Hits) -> set[int]:
    """The tokens of words of harm and of events."""
    return {j for hit in hits.of_any(Harm, Trigger) for j in range(hit.first, hit.last + 1)}


def is_adjective(tokens: Tokens, entry: People, first: int, events: set[int]) -> bool:
    """Whether a noun for people is more likely an adjective where it stands."""
    if entry.number != "sg" or entry.lemma not in _ADJECTIVES or first - 1 in events or not first:
        return False
    return tokens.kind[first - 1] is not Kind.NUMBER and NUMBER_WORDS[tokens.form[first - 1]] is None


def _number_before(tokens: Tokens, number_at: dict[int, Quantity], first: int) -> Quantity | None:
    for back in (1, 2):
        j = first - back
        if j in number_at:
            return number_at[j]
        if j < 0 or tokens.form[j] not in _BEFORE_NOUN:
            return None
    return None


def is_subset(tokens: Tokens, first: int, among: set[str], events: set[int]) -> bool:
    """Whether the people are told to be among others counted before ("بينهم ثلاثة أطفال وامرأة")."""
    j = first - 1
    steps = 0
    while j >= 0 and steps < 6:
        form = tokens.form[j]
        if form in among:
            return True
        if j in events or (tokens.kind[j] is not Kind.WORD and tokens.kind[j] is not Kind.NUMBER and form != "،"):
            return False
        j -= 1
        steps += 1
    return False
