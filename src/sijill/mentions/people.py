"""People harmed: how many, who they are, and what is told to have happened to them."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from sijill.arabic.numbers import Quantity
from sijill.arabic.words import Kind, Tokens
from sijill.lexicon.terms import Harm, Hit, Hits, People, Thing, Trigger, Weapon

# How many tokens a count or noun may stand from the word of harm that governs it.
_REACH_FORWARD = 7
_REACH_BACK = 8


class PeopleMention(NamedTuple):
    """People counted or named by a noun: tokens `first`..`last`, the number told (None, None where none is)."""

    first: int
    last: int
    low: int | None
    high: int | None
    who: str
    group: str
    actor: str
    outcome: str
    subset: bool
    definite: bool


class HarmMention(NamedTuple):
    """People and what befell them. `word` is the token of the word of harm; `subset` entries only name groups."""

    outcome: str
    people: PeopleMention
    word: int


def find_people(tokens: Tokens, hits: list[Hit], numbers: list[Quantity], among: set[str]) -> list[PeopleMention]:
    """All nouns for people with their numbers. `among`: the words that single out some of those counted before."""
    number_at = {q.last: q for q in numbers if not q.ordinal}
    number_from = {q.first: q for q in numbers if not q.ordinal}
    found: list[PeopleMention] = []
    seen: set[int] = set()
    for hit in Hits.among(hits).of(People):
        entry = hit.entry
        if not isinstance(entry, People) or hit.first in seen:
            continue
        seen.add(hit.first)
        first, last = hit.first, hit.last
        quantity = _number_before(tokens, number_at, first)
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
        elif entry.number == "sg" and not hit.cut.article:
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
                _is_subset(tokens, first, among),
                hit.cut.article,
            )
        )
    return found


def _number_before(tokens: Tokens, number_at: dict[int, Quantity], first: int) -> Quantity | None:
    for back in (1, 2):
        j = first - back
        if j in number_at:
            return number_at[j]
        if j < 0 or tokens.kind[j] is not Kind.WORD or tokens.form[j] != "من":
            return None
    return None


def _is_subset(tokens: Tokens, first: int, among: set[str]) -> bool:
    """Whether the people are told to be among others counted before ("بينهم ثلاثة أطفال وامرأة")."""
    j = first - 1
    steps = 0
    while j >= 0 and steps < 6:
        form = tokens.form[j]
        if form in among:
            return True
        if tokens.kind[j] is not Kind.WORD and tokens.kind[j] is not Kind.NUMBER and form != "،":
            return False
        j -= 1
        steps += 1
    return False


def find_harm(
    tokens: Tokens, hits: list[Hit], people: list[PeopleMention], numbers: list[Quantity], among: set[str]
) -> list[HarmMention]:
    """Tie people to the words of harm that govern them; a noun such as "قتلى" carries its harm itself.

    A number alone stands for people where a word of harm governs it ("وإصابة ستة").
    """
    found: list[HarmMention] = []
    hits = Hits.among(hits)
    used: set[int] = set()
    by_first = {p.first: k for k, p in enumerate(people)}
    bare = _bare_numbers(hits, people, numbers)
    stops = {hit.first for hit in hits.of(Harm)}
    for k, mention in enumerate(people):
        if mention.outcome:
            used.add(k)
            if not mention.subset:
                found.append(HarmMention(mention.outcome, _with_company(people, k, tokens), mention.last))
    for hit in _harm_words(hits):
        assert isinstance(hit.entry, Harm)
        governed = _governed(tokens, hit, people, by_first, used, stops)
        if governed is not None:
            used.add(governed)
            found.append(HarmMention(hit.entry.outcome, people[governed], hit.first))
            continue
        number = _bare_number_after(tokens, hit, bare, stops, among)
        if number is not None:
            found.append(HarmMention(hit.entry.outcome, number, hit.first))
    found.sort(key=lambda h: h.people.first)
    return found


def _harm_words(hits: Hits) -> list[Hit]:
    seen: set[tuple[int, str]] = set()
    words = []
    for hit in hits.of(Harm):
        if isinstance(hit.entry, Harm) and (hit.first, hit.entry.outcome) not in seen:
            seen.add((hit.first, hit.entry.outcome))
            words.append(hit)
    return words


def _governed(
    tokens: Tokens, hit: Hit, people: list[PeopleMention], by_first: dict[int, int], used: set[int], stops: set[int]
) -> int | None:
    """The people a word of harm governs: after it, else right before it ("49 عنصراً قتلوا")."""
    limit = min(len(tokens), hit.last + 1 + _REACH_FORWARD)
    for j in range(hit.last + 1, limit):
        if j in stops or tokens.kind[j] is Kind.BREAK or tokens.form[j] in (".", "؛"):
            break
        k = by_first.get(j)
        if k is not None:
            mention = people[k]
            if mention.subset or (k in used and mention.outcome != ""):
                break
            if k in used:
                continue
            return k
    best = bisect_left(people, hit.first, key=lambda mention: mention.last) - 1
    if best < 0 or best in used or people[best].subset or people[best].outcome:
        return None
    mention = people[best]
    between = range(mention.last + 1, hit.first)
    if len(between) > _REACH_BACK or any(
        tokens.kind[j] is Kind.BREAK or tokens.form[j] in (".", "؛") or j in stops for j in between
    ):
        return None
    return best if mention.low is not None else None


def _bare_numbers(hits: Hits, people: list[PeopleMention], numbers: list[Quantity]) -> dict[int, Quantity]:
    """Numbers that count no noun of the lexicon."""
    taken = {j for p in people for j in range(p.first, p.last + 1)}
    nouns = {hit.first for kind in (Thing, Weapon, Trigger) for hit in hits.of(kind)}
    return {
        q.first: q
        for q in numbers
        if q.first not in taken and not q.ordinal and q.last + 1 not in nouns and (q.low is None or q.low < 100_000)
    }


def _bare_number_after(
    tokens: Tokens, hit: Hit, bare: dict[int, Quantity], stops: set[int], among: set[str]
) -> PeopleMention | None:
    for j in range(hit.last + 1, min(len(tokens), hit.last + 4)):
        if j in stops or tokens.kind[j] is Kind.BREAK or tokens.form[j] in (".", "؛"):
            return None
        if j in bare:
            q = bare[j]
            return PeopleMention(
                q.first, q.last, q.low, q.high, "unknown", "", "", "", _is_subset(tokens, j, among), False
            )
    return None


def _with_company(people: list[PeopleMention], k: int, tokens: Tokens) -> PeopleMention:
    """ "ثلاثة قتلى مدنيين": the noun after tells who they are."""
    mention = people[k]
    if k + 1 < len(people):
        after = people[k + 1]
        beside = after.first == mention.last + 1
        linked = after.first == mention.last + 2 and tokens.form[after.first - 1] in ("من", "في")
        if (beside or linked) and not after.outcome and not after.subset and after.low is None:
            return mention._replace(who=after.who, actor=after.actor or mention.actor)
    return mention
