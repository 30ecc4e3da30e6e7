"""Who tells: attributions ("قال ... إن", "بحسب ...", "فلان:") and the teller each names.

After a word of saying the teller is the noun phrase up to "إن", a comma or a colon: a name or noun of the lexicon, a
party, or a person known by a title. Its kind comes from the clearest word in it.
"""

from __future__ import annotations

from typing import NamedTuple, cast

from sijill.arabic.words import Kind, Tokens
from sijill.lexicon.terms import Connective, Grammar, Hit, Hits, LightVerb, PartyHead, Speech, Teller, Title, Trigger
from sijill.mentions.parties import PartyMention

_REACH = 14
_SIGN_WORDS = 5
_PARTY_KINDS = {"un": "organisation", "civilians": "witness", "journalists": "media", "medics": "official"}
_FINITE = frozenset(("past", "present"))
_CLAUSES = frozenset(("relative", "clause", "subordinate", "that"))
_END_MARKS = frozenset((".", "؛", ":", "؟", "!", "\n", "،", ","))


class Attribution(NamedTuple):
    """A teller and the word of saying that names it: tokens `first`..`last` of the whole, the teller's own words at
    `start`..`end`. `form`: verb, according, colon, noun, participle. `continues`: goes on with the teller before.
    """

    first: int
    last: int
    start: int
    end: int
    name: str
    kind: str
    actor: str
    form: str
    continues: bool
    words: tuple[str, ...] = ()
    """The first words of its name, without the article: they speak for its kind."""
    clues: str = ""
    """The kinds that words in its name show."""
    named: bool = False
    """Known by its own name, not by a noun."""
    word: str = ""
    """The dictionary form of the word of saying."""


class _Clue(NamedTuple):
    """What one word says of the kind of teller; the strongest of a phrase decides."""

    first: int
    last: int
    strength: int
    kind: str
    actor: str


class _Text(NamedTuple):
    """A text with its clues by their first token, and the words at which a teller's name ends or has not begun."""

    tokens: Tokens
    clues: dict[int, _Clue]
    stops: set[int]
    ends: frozenset[str]
    aside: set[str]
    function: set[str]


class _Phrase(NamedTuple):
    first: int
    last: int
    kind: str
    actor: str
    words: tuple[str, ...]
    clues: str
    named: bool


def find_tellers(tokens: Tokens, hits: list[Hit], parties: list[PartyMention], grammar: Grammar) -> list[Attribution]:
    """All attributions of the text in order. One without a teller of its own goes on with the last."""
    hits = Hits.among(hits)
    stops = {hit.first for kind in (Speech, LightVerb) for hit in hits.of(kind)}
    for hit in hits.of(Trigger):
        if cast(Trigger, hit.entry).part in _FINITE:
            stops.add(hit.first)
    for hit in hits.of(Connective):
        if cast(Connective, hit.entry).link in _CLAUSES:
            stops.add(hit.first)
    text = _Text(tokens, _clues(hits, parties), stops, _END_MARKS | grammar.phrase_end, grammar.aside, grammar.function)
    found: list[Attribution] = []
    speeches: dict[int, Hit] = {}
    for hit in hits.of(Speech):
        old = speeches.get(hit.first)
        if old is None or hit.last > old.last:
            speeches[hit.first] = hit
    for i in sorted(speeches):
        hit = speeches[i]
        entry = hit.entry
        assert isinstance(entry, Speech)
        if entry.form == "noun" and not hit.cut.lead.endswith("ب"):
            continue
        phrase = _after(text, hit.last, entry.form == "verb" and not entry.continues)
        if phrase is None and entry.form == "verb":
            phrase = _before(text, hit.first)
        if phrase is not None:
            found.append(_attribution(tokens, hit, entry, phrase))
        elif entry.continues and found:
            found.append(found[-1]._replace(first=hit.first, last=hit.last, form=entry.form, continues=True))
    taken = {a.start for a in found}
    for start in _line_starts(tokens.form):
        colon = _colon(text, start)
        if colon and colon.start not in taken:
            found.append(colon)
    found.sort(key=lambda a: a.first)
    return found


def _line_starts(forms: list[str]) -> list[int]:
    starts = [0]
    at = -1
    for _ in range(forms.count("\n")):
        at = forms.index("\n", at + 1)
        starts.append(at + 1)
    return starts


def _clues(hits: Hits, parties: list[PartyMention]) -> dict[int, _Clue]:
    """The words that show who may tell, by their first token."""
    found: dict[int, _Clue] = {}
    for party in parties:
        if party.form in ("group", "thing") or (party.form == "people" and party.actor not in _PARTY_KINDS):
            continue
        kind = _PARTY_KINDS.get(party.actor, "party")
        _put(found, party.first, party.last, 2 if party.form == "country" else 3, kind, party.actor)
    for hit in hits.of(Teller):
        teller = cast(Teller, hit.entry)
        _put(found, hit.first, hit.last, 5 if teller.named else 4, teller.kind, "")
    voices = any(cast(PartyHead, hit.entry).role == "voice" for hit in hits.of(PartyHead))
    for hit in hits.of_any(Title, PartyHead) if voices else hits.of(Title):
        entry = hit.entry
        if isinstance(entry, Title):
            _put(found, hit.first, hit.last, 1, entry.kind, "")
        elif isinstance(entry, PartyHead) and entry.role == "voice":
            _put(found, hit.first, hit.last, 1, "voice", "")
    return found


def _put(found: dict[int, _Clue], first: int, last: int, strength: int, kind: str, actor: str) -> None:
    """Keep the strongest clue of a token, the longest of equals, the first of those."""
    old = found.get(first)
    if old is None or strength > old.strength or (strength == old.strength and last > old.last):
        found[first] = _Clue(first, last, strength, kind, actor)


def _after(text: _Text, last: int, unknown: bool) -> _Phrase | None:
    """The noun phrase after a word of saying, when some word in it shows a teller.

    `unknown`: a short phrase with no such word is a person known by name alone ("قال فلان إن").
    """
    tokens, ends = text.tokens, text.ends
    first = last + 1
    seen: list[_Clue] = []
    j = first
    skipping = True
    while j < len(tokens) and j - first < _REACH:
        form = tokens.form[j]
        if form in ends or j in text.stops or tokens.kind[j] is Kind.BREAK:
            break
        clue = text.clues.get(j)
        if clue is not None:
            seen.append(clue)
            skipping = False
            j = clue.last + 1
            continue
        if skipping and (form in text.aside or form in '"«(“'):
            first = j + 1
        j += 1
    if seen:
        return _phrase(text, seen, min(first, seen[0].first), max(j - 1, seen[-1].last))
    if unknown and _may_be_person(text, first, j):
        return _phrase(text, [_Clue(first, j - 1, 0, "official", "")], first, j - 1)
    return None


def _may_be_person(text: _Text, first: int, end: int) -> bool:
    """Whether the words up to the end of a phrase may be a person's name: two to four, none of them of grammar."""
    tokens = text.tokens
    return (
        2 <= end - first <= 4
        and end < len(tokens)
        and tokens.form[end] in text.ends
        and all(tokens.kind[j] is Kind.WORD and tokens.form[j] not in text.function for j in range(first, end))
    )


def _before(text: _Text, first: int) -> _Phrase | None:
    for j in range(first - 1, max(-1, first - 7), -1):
        if text.tokens.form[j] in (".", "؛", "\n", "،", ":"):
            return None
        clue = text.clues.get(j)
        if clue is not None and clue.last >= first - 4 and clue.last < first:
            return _phrase(text, [clue], clue.first, clue.last)
    return None


def _phrase(text: _Text, seen: list[_Clue], first: int, last: int) -> _Phrase:
    tokens = text.tokens
    while last > first and (tokens.kind[last] is Kind.PUNCT or tokens.form[last] in text.aside):
        last -= 1
    actor = next((c.actor for c in seen if c.actor), "")
    best = max(seen, key=lambda c: c.strength)
    kind = best.kind
    titles = {c.kind for c in seen if c.strength == 1}
    if best.strength == 1 or (kind == "party" and "official" in titles and best.strength == 2):
        kind = "official"
    words = tuple(tokens.form[j].removeprefix("ال") for j in range(first, min(last + 1, first + _SIGN_WORDS)))
    clues = "+".join(sorted({c.kind for c in seen}))
    return _Phrase(first, last, kind, actor, words, clues, best.strength == 5)


def _attribution(tokens: Tokens, hit: Hit, entry: Speech, phrase: _Phrase) -> Attribution:
    first, last = min(hit.first, phrase.first), max(hit.last, phrase.last)
    return _told(tokens, first, last, phrase, entry.form, entry.continues, entry.lemma.split(" ")[0])


def _told(tokens: Tokens, first: int, last: int, phrase: _Phrase, form: str, continues: bool, word: str) -> Attribution:
    start, end = tokens.start[phrase.first], tokens.end[phrase.last]
    name = tokens.text[start:end]
    return Attribution(
        first, last, start, end, name, phrase.kind, phrase.actor, form, continues, phrase.words, phrase.clues,
        phrase.named, word,
    )  # fmt: skip


def _colon(text: _Text, start: int) -> Attribution | None:
    """A teller and a colon at the head of a line ("المرصد: مقتل ...")."""
    tokens, clues = text.tokens, text.clues
    for j in range(start, min(start + 8, len(tokens))):
        if tokens.form[j] == ":" and j > start:
            seen = [clues[k] for k in range(start, j) if k in clues and clues[k].last < j]
            if not seen:
                return None
            phrase = _phrase(text, seen, seen[0].first, seen[-1].last)
            return _told(tokens, phrase.first, j, phrase, "colon", False, ":")
        if tokens.kind[j] is Kind.BREAK:
            return None
    return None
