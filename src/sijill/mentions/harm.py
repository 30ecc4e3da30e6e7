"""People harmed: which people a word of harm governs, and the numbers told of them."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, final

from sijill.arabic.numbers import Quantity
from sijill.arabic.words import Kind, Tokens
from sijill.lexicon.terms import Harm, Hit, Hits, Thing, Trigger, Weapon
from sijill.mentions.people import PeopleMention, is_subset
from sijill.mentions.persons import Names

# How many tokens a count or noun may stand from the word of harm that governs it.
_REACH_FORWARD: Final = 7
_REACH_BACK: Final = 10
_BARE_REACH: Final = 3
_TOLL_REACH: Final = 6
_LIST_GAP: Final = 2
_LONG_NAME: Final = 5
_LOST: Final = "فقد"
_LIVES: Final = frozenset(("حياه", "روح"))
_STOPS: Final = frozenset((".", "؛"))
# A number after these is a day or an hour.
_OF_TIME: Final = frozenset(("في", "تاريخ", "بتاريخ", "يوم", "عام", "منذ", "الساعه"))
# What brings a toll to its number, and lists, in folded spelling.
_UP_TO: Final = frozenset(("الي", "بلغ", "بلغت", "نحو", "حوالي", "هو", "وهو"))
_AND, _AGAINST = "و", "مقابل"


@final
class HarmMention:
    """People and what befell them. `word` is the token of the word of harm, `by` its dictionary form."""

    __slots__ = ("by", "outcome", "people", "word")

    def __init__(self, outcome: str, people: PeopleMention, word: int, by: str) -> None:
        self.outcome = outcome
        self.people = people
        self.word = word
        self.by = by


@final
class _Text:
    """What the search for harm looks at: the people by their first token, the numbers that count no noun, the tokens
    at which another word of harm begins, and where names may stand."""

    __slots__ = ("among", "at", "bare", "names", "people", "stops", "tokens")

    def __init__(
        self,
        tokens: Tokens,
        people: list[PeopleMention],
        at: dict[int, int],
        bare: dict[int, Quantity],
        stops: set[int],
        names: Names,
        among: set[str],
    ) -> None:
        self.tokens = tokens
        self.people = people
        self.at = at
        self.bare = bare
        self.stops = stops
        self.names = names
        self.among = among

    def ends(self, j: int) -> bool:
        """Whether nothing that a word of harm governs stands beyond a token."""
        return j in self.stops or self.tokens.kind[j] is Kind.BREAK or self.tokens.form[j] in _STOPS


def find_harm(
    tokens: Tokens,
    hits: Hits,
    people: list[PeopleMention],
    numbers: list[Quantity],
    among: set[str],
    names: Names,
) -> list[HarmMention]:
    """Tie people to the words of harm that govern them; a noun such as "قتلى" carries its harm itself.

    A number alone stands for people where a word of harm governs it ("وإصابة ستة"), and so does a name ("اغتيال فلان").
    """
    words = _harm_words(hits)
    text = _Text(
        tokens,
        people,
        {p.first: k for k, p in enumerate(people)},
        _bare_numbers(tokens, hits, people, numbers),
        {hit.first for hit in words},
        names,
        among,
    )
    found: list[HarmMention] = []
    used: set[int] = set()
    for k, mention in enumerate(people):
        if mention.outcome:
            used.add(k)
            if not mention.subset:
                found.append(HarmMention(mention.outcome, _toll(text, k), mention.last, ""))
    for hit in words:
        assert isinstance(hit.entry, Harm)
        governed = _after(text, hit, used)
        number = _bare_number_after(text, hit) if all(people[k].low is None for k in governed) else None
        if not governed and number is None:
            governed = _before(text, hit, used)
        harmed = [number] if number is not None else [_counted(people[k]) for k in governed]
        if number is None:
            used.update(governed)
        if not harmed and hit.entry.form == "noun":
            harmed = _named_after(text, hit)
        found += [HarmMention(hit.entry.outcome, p, hit.first, hit.entry.lemma) for p in harmed]
    found.sort(key=lambda h: h.people.first)
    return found


def _harm_words(hits: Hits) -> list[Hit]:
    """The words of harm, each outcome once; "فقدوا حياتهم" is told by the life that is lost."""
    seen: set[tuple[int, str]] = set()
    words: list[Hit] = []
    for hit in hits.of(Harm):
        entry = hit.entry
        if not isinstance(entry, Harm) or (hit.first, entry.outcome) in seen:
            continue
        seen.add((hit.first, entry.outcome))
        if words and entry.lemma in _LIVES and hit.first - words[-1].last <= _REACH_BACK and _loses(words[-1]):
            words.pop()
        words.append(hit)
    return words


def _loses(hit: Hit) -> bool:
    return isinstance(hit.entry, Harm) and hit.entry.lemma == _LOST


def _after(text: _Text, hit: Hit, used: set[int]) -> list[int]:
    """The people a word of harm governs after it, with those listed beside them."""
    people = text.people
    for j in range(hit.last + 1, min(len(text.tokens), hit.last + 1 + _REACH_FORWARD)):
        if text.ends(j):
            break
        k = text.at.get(j)
        if k is None:
            continue
        if people[k].subset or (k in used and people[k].outcome):
            break
        if k not in used:
            return _listed(text, k, used)
    return []


def _before(text: _Text, hit: Hit, used: set[int]) -> list[int]:
    """The people right before a word of harm ("49 عنصراً قتلوا")."""
    people = text.people
    best = bisect_left(people, hit.first, key=lambda mention: mention.last) - 1
    while best >= 0 and people[best].subset and best not in used:
        best -= 1
    if best < 0 or best in used or people[best].outcome:
        return []
    mention = people[best]
    between = range(mention.last + 1, hit.first)
    near = len(between) <= (_REACH_BACK if mention.low is not None else 1 if mention.single else -1)
    return [best] if near and not any(text.ends(j) for j in between) else []


def _listed(text: _Text, k: int, used: set[int]) -> list[int]:
    """The people at `k` and those joined to them by "و" ("رجل وزوجته"), or counted as the object of one who did it
    ("قتل انتحاري ثمانية أشخاص", "اغتال مسلحون شاباً")."""
    listed = [k]
    people, forms = text.people, text.tokens.form
    while k + 1 < len(people):
        here, after = people[k], people[k + 1]
        between = range(here.last + 1, after.first)
        if k + 1 in used or after.outcome or after.subset or any(text.ends(j) for j in between):
            break
        words = forms[here.last + 1 : after.first]
        joined = _AGAINST in words or (
            len(words) <= _LIST_GAP and (forms[after.first].startswith(_AND) or _AND in words)
        )
        agent = here.low is None or here.single
        done = agent and len(listed) == 1 and len(words) <= 1 and after.low is not None
        if not joined and not done:
            break
        k += 1
        listed.append(k)
    return listed


def _counted(mention: PeopleMention) -> PeopleMention:
    """ "مقتل القائد" is one killed."""
    return mention.told(1, 1) if mention.low is None and mention.single else mention


def _bare_numbers(
    tokens: Tokens, hits: Hits, people: list[PeopleMention], numbers: list[Quantity]
) -> dict[int, Quantity]:
    """Numbers that count no noun of the lexicon."""
    taken = {j for p in people for j in range(p.first, p.last + 1)}
    nouns = {hit.first for kind in (Thing, Weapon, Trigger) for hit in hits.of(kind) if not hit.cut.lead}
    return {
        q.first: q
        for q in numbers
        if q.first not in taken and not q.ordinal and q.last + 1 not in nouns and (q.low is None or q.low < 100_000)
    }


def _bare_number_after(text: _Text, hit: Hit) -> PeopleMention | None:
    for j in range(hit.last + 1, min(len(text.tokens), hit.last + 1 + _BARE_REACH)):
        if text.ends(j) or text.tokens.form[j] in _OF_TIME:
            return None
        if j in text.bare:
            return _bare(text, text.bare[j])
    return None


def _bare(text: _Text, q: Quantity) -> PeopleMention:
    subset = is_subset(text.tokens, q.first, text.among, text.stops)
    return PeopleMention(q.first, q.last, q.low, q.high, "unknown", "", "", "", subset, False)


def _named_after(text: _Text, hit: Hit) -> list[PeopleMention]:
    """One person known by name alone right after a noun of harm."""
    first, end = text.names.after(hit.last)
    if end == first or (end == first + 1 and len(text.tokens.form[first]) < _LONG_NAME):
        return []
    return [PeopleMention(first, end - 1, 1, 1, "unknown", "", "", "", False, True, True)]


def _toll(text: _Text, k: int) -> PeopleMention:
    """Those a noun of harm names, with who they are ("ثلاثة قتلى مدنيين") and how many, where the number stands apart
    ("ارتفع عدد القتلى إلى ثلاثين")."""
    tokens, people = text.tokens, text.people
    mention = people[k]
    last = mention.last
    if k + 1 < len(people):
        after = people[k + 1]
        beside = after.first == last + 1
        linked = after.first == last + 2 and tokens.form[after.first - 1] in ("من", "في")
        if (beside or linked) and not after.outcome and not after.subset and after.low is None:
            mention = mention.who_are(after.who, after.actor or mention.actor)
            last = after.last
    if mention.low is None and (number := _number_apart(text, mention, last)) is not None:
        mention = mention.told(number.low, number.high)
    return mention


def _number_apart(text: _Text, mention: PeopleMention, last: int) -> Quantity | None:
    """The number of a toll that stands after it ("القتلى أربعة", "حصيلة القتلى إلى 30") or before it ("إلى 24 عدد
    القتلى")."""
    tokens = text.tokens
    if tokens.form[mention.first - 1] == "عدد":
        for j in range(mention.first - 2, max(0, mention.first - 6), -1):
            if j in text.bare:
                return text.bare[j]
    for j in range(last + 1, min(len(tokens), last + 1 + _TOLL_REACH)):
        if text.ends(j) or tokens.form[j].startswith(_AND):
            return None
        if j in text.bare:
            after = tokens.form[j - 1]
            return text.bare[j] if j == last + 1 or after in _UP_TO else None
        if (k := text.at.get(j)) is not None:
            counted = text.people[k]
            return _as_quantity(counted) if tokens.form[j - 1] in _UP_TO and counted.low is not None else None
    return None


def _as_quantity(p: PeopleMention) -> Quantity:
    return Quantity(p.first, p.last, p.low, p.high, False, "people")
