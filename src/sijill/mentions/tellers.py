"""Who tells: attributions ("قال ... إن", "بحسب ...", "فلان:") and the teller each names.

After a word of saying the teller is the noun phrase up to "إن", a comma or a colon: a name or noun of the lexicon, a
party, or a person known by a title. Its kind comes from the clearest word in it.
"""

from __future__ import annotations

from typing import Final, cast, final

from sijill.arabic.words import Kind, Tokens
from sijill.lexicon.terms import Connective, Grammar, Hit, Hits, LightVerb, PartyHead, Speech, Teller, Title, Trigger
from sijill.mentions.parties import PartyMention

_REACH: Final = 14
_SIGN_WORDS: Final = 5
_NAME_WORDS: Final = 5
_PARTY_KINDS: Final = {"un": "organisation", "civilians": "witness", "journalists": "media", "medics": "official"}
_FINITE: Final = frozenset(("past", "present"))
_CLAUSES: Final = frozenset(("relative", "clause", "subordinate", "that"))
_END_MARKS: Final = frozenset((".", "؛", ":", "؟", "!", "\n", "،", ","))
_HALTS: Final = frozenset((".", "؛", "\n", "،", ":"))
_RELATIVE: Final = frozenset(("الذي", "التي", "الذين"))
_BACK: Final = 7
_ASIDE: Final = 2
_CLOSING: Final = frozenset(('"', "»", "”", ")"))
_FROM: Final = "عن"
_ISSUED: Final = frozenset(("صادر", "الصادر", "صدر"))
_NOUN: Final = 4
"""From this strength on a clue is a noun or name of tellers, which no verb is mistaken for."""


@final
class Attribution:
    """A teller and the word of saying that names it: tokens `first`..`last` of the whole, the teller's own words at
    `start`..`end`. `form`: verb, according, colon, noun, participle. `continues`: goes on with the teller before.
    """

    __slots__ = (
        "actor",
        "clues",
        "continues",
        "end",
        "first",
        "form",
        "kind",
        "last",
        "name",
        "named",
        "start",
        "word",
        "words",
    )

    def __init__(
        self,
        first: int,
        last: int,
        start: int,
        end: int,
        name: str,
        kind: str,
        actor: str,
        form: str,
        continues: bool,
        words: tuple[str, ...] = (),
        clues: str = "",
        named: bool = False,
        word: str = "",
    ) -> None:
        self.first = first
        self.last = last
        self.start = start
        self.end = end
        self.name = name
        self.kind = kind
        self.actor = actor
        self.form = form
        self.continues = continues
        self.words = words
        """The first words of its name, without the article: they speak for its kind."""
        self.clues = clues
        """The kinds that words in its name show."""
        self.named = named
        """Known by its own name, not by a noun."""
        self.word = word
        """The dictionary form of the word of saying."""


@final
class _Clue:
    """What one word says of the kind of teller; the strongest of a phrase decides."""

    __slots__ = ("actor", "first", "kind", "last", "lead", "strength")

    def __init__(self, first: int, last: int, strength: int, kind: str, actor: str, lead: str = "") -> None:
        self.first = first
        self.last = last
        self.strength = strength
        self.kind = kind
        self.actor = actor
        self.lead = lead
        """The clitics before it, no part of the name."""


@final
class _Text:
    """A text with its clues by their first token, and the words at which a teller's name ends or has not begun."""

    __slots__ = ("aside", "clues", "ends", "function", "known", "says", "stops", "tokens")

    def __init__(
        self,
        tokens: Tokens,
        clues: dict[int, _Clue],
        stops: set[int],
        says: set[int],
        ends: frozenset[str],
        aside: set[str],
        function: set[str],
        known: dict[str, tuple[str, str]],
    ) -> None:
        self.tokens = tokens
        self.clues = clues
        self.stops = stops
        self.says = says
        """Where what the teller says may begin: a noun of an event, or a word with "ب" ("أفاد مراسلنا بسقوط قذائف")."""
        self.ends = ends
        self.aside = aside
        self.function = function
        self.known = known
        """The words of the names of tellers so far, with kind and actor: "أوضح الشحي" after his full name."""


@final
class _Phrase:
    __slots__ = ("actor", "clues", "first", "kind", "last", "lead", "named", "words")

    def __init__(
        self,
        first: int,
        last: int,
        kind: str,
        actor: str,
        words: tuple[str, ...],
        clues: str,
        named: bool,
        lead: str = "",
    ) -> None:
        self.first = first
        self.last = last
        self.kind = kind
        self.actor = actor
        self.words = words
        self.clues = clues
        self.named = named
        self.lead = lead


def find_tellers(tokens: Tokens, hits: Hits, parties: list[PartyMention], grammar: Grammar) -> list[Attribution]:
    """All attributions of the text in order. One without a teller of its own goes on with the last."""
    stops = {hit.first for hit in hits.of(LightVerb)}
    for hit in hits.of(Speech):
        if cast(Speech, hit.entry).form != "noun":
            stops.add(hit.first)
    says: set[int] = set()
    for hit in hits.of(Trigger):
        if cast(Trigger, hit.entry).part in _FINITE:
            stops.add(hit.first)
        if not hit.cut.article or hit.cut.lead.endswith("ب"):
            says.add(hit.first)
    for hit in hits.of(Connective):
        if cast(Connective, hit.entry).link in _CLAUSES:
            stops.add(hit.first)
    text = _Text(
        tokens, _clues(hits, parties), stops, says, _END_MARKS | grammar.phrase_end, grammar.aside, grammar.function, {}
    )  # fmt: skip
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
        phrase = _phrase_of(text, hit, entry)
        if phrase is not None:
            found.append(_attribution(tokens, hit, entry, phrase))
            quoted = _quoted(text, entry, phrase)
            if quoted is not None:
                found.append(_told(tokens, quoted.first, quoted.last, quoted, entry.form, False, _FROM))
        elif found and (entry.continues or (entry.form == "verb" and tokens.form[hit.first - 1] == "ما")):
            found.append(_going_on(found[-1], hit, entry.form))
        for name in found[-2:]:
            text.known.update(dict.fromkeys(name.words, (name.kind, name.actor)))
    taken = {a.start for a in found}
    for start in _line_starts(tokens.form):
        colon = _colon(text, start)
        if colon and colon.start not in taken:
            found.append(colon)
    found.sort(key=lambda a: a.first)
    return found


def _going_on(a: Attribution, hit: Hit, form: str) -> Attribution:
    """The same teller, at another word of saying."""
    return Attribution(
        hit.first, hit.last, a.start, a.end, a.name, a.kind, a.actor, form, True, a.words, a.clues, a.named, a.word
    )


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
        strength = 2 if party.form == "country" else 3
        _put(found, _Clue(party.first, party.last, strength, kind, party.actor, party.lead))
    for hit in hits.of(Teller):
        teller = cast(Teller, hit.entry)
        _put(found, _Clue(hit.first, hit.last, 5 if teller.named else _NOUN, teller.kind, "", hit.cut.lead))
    voices = any(cast(PartyHead, hit.entry).role == "voice" for hit in hits.of(PartyHead))
    for hit in hits.of_any(Title, PartyHead) if voices else hits.of(Title):
        entry = hit.entry
        if isinstance(entry, Title):
            _put(found, _Clue(hit.first, hit.last, 1, entry.kind, "", hit.cut.lead))
        elif isinstance(entry, PartyHead) and entry.role == "voice":
            _put(found, _Clue(hit.first, hit.last, 1, "voice", "", hit.cut.lead))
    return found


def _put(found: dict[int, _Clue], clue: _Clue) -> None:
    """Keep the strongest clue of a token, the longest of equals, the first of those."""
    old = found.get(clue.first)
    if old is None or (clue.strength, clue.last) > (old.strength, old.last):
        found[clue.first] = clue


def _phrase_of(text: _Text, hit: Hit, entry: Speech) -> _Phrase | None:
    """The teller whom a word of saying names: after it, else, for a verb, before it."""
    if entry.form == "masdar":
        return _right_after(text, hit.last + 1)
    phrase = _after(text, hit.last + 1, entry.form == "verb" and not entry.continues)
    if entry.form == "verb" and (phrase is None or phrase.first > hit.last + _ASIDE):
        return _before(text, hit.first, 0 if phrase else 2) or phrase
    return phrase


def _after(text: _Text, first: int, unknown: bool) -> _Phrase | None:
    """The noun phrase after a word of saying, when some word in it shows a teller.

    `unknown`: a short phrase with no such word is a person known by name alone ("قال فلان إن").
    """
    tokens, ends = text.tokens, text.ends
    start = first
    seen: list[_Clue] = []
    j = first
    while j < len(tokens) and j - start < _REACH:
        form = tokens.form[j]
        clue = text.clues.get(j)
        if (form in ends and not (form == _FROM and (not seen or tokens.form[j - 1] in _ISSUED))) or tokens.kind[
            j
        ] is Kind.BREAK:
            break
        if j in text.stops and form not in _ISSUED and (clue is None or clue.strength < _NOUN):
            break
        if j in text.says and seen and clue is None and form not in _ISSUED:
            break
        if clue is not None:
            seen.append(clue)
            j = clue.last + 1
            continue
        if not seen and (form in text.aside or form == _FROM or form in '"«(“'):
            first = j + 1
        j += 1
    if seen:
        last = max(j - 1, seen[-1].last)
        return _phrase(text, seen, min(first, seen[0].first), _named_after_comma(text, seen, last))
    if unknown and _may_be_person(text, first, j):
        return _phrase(text, [_Clue(first, j - 1, 0, "official", "")], first, j - 1)
    if j - first == 1 and _bare(tokens.form[first]) in text.known:
        kind, actor = text.known[_bare(tokens.form[first])]
        return _phrase(text, [_Clue(first, first, _NOUN, kind, actor)], first, first)
    return None


def _right_after(text: _Text, first: int) -> _Phrase | None:
    """The teller right after a noun of saying ("إعلان الوزارة بدء الحملة"): what it says may follow at once."""
    tokens = text.tokens
    while first < len(tokens) and (tokens.form[first] in text.aside or tokens.form[first] in ('"', "«", "“", "جانب")):
        first += 1
    clue = text.clues.get(first)
    return None if clue is None else _phrase(text, [clue], clue.first, clue.last)


def _quoted(text: _Text, entry: Speech, phrase: _Phrase) -> _Phrase | None:
    """Whom a teller quotes in turn ("نقلت الوكالة عن مصدر أمني")."""
    at = phrase.last + 1
    forms = text.tokens.form
    while at < len(forms) and forms[at] in _CLOSING:
        at += 1
    if entry.form != "verb" or at >= len(forms) or forms[at] != _FROM:
        return None
    return _after(text, at + 1, True)


def _bare(form: str) -> str:
    return form.removeprefix("ال")


def _named_after_comma(text: _Text, seen: list[_Clue], last: int) -> int:
    """Where a teller ends whose name follows the office after a comma ("قال وزير الدفاع، فلان الفلاني، إن")."""
    tokens = text.tokens
    first = last + 2
    if first >= len(tokens) or tokens.form[last + 1] != "،":
        return last
    end = first
    while end < len(tokens) and end - first <= _NAME_WORDS and tokens.form[end] not in text.ends:
        if end in text.stops or tokens.kind[end] is Kind.BREAK:
            return last
        end += 1
    inside = [text.clues[j] for j in range(first, end) if j in text.clues]
    office = seen[0].strength <= _NOUN or bool(inside and inside[0].strength == 1)
    if not office and any(clue.strength > 1 for clue in inside):
        return last
    words = [j for j in range(first, end) if tokens.kind[j] is Kind.WORD]
    if not (1 if inside else 2) <= len(words) <= _NAME_WORDS or end - first > len(words) + 1:
        return last
    if any(tokens.form[j] in text.function or tokens.form[j] in text.aside for j in words):
        return last
    return end - 1


def _may_be_person(text: _Text, first: int, end: int) -> bool:
    """Whether the words up to the end of a phrase may be a person's name: two to four, none of them of grammar."""
    tokens = text.tokens
    return (
        2 <= end - first <= 4
        and end < len(tokens)
        and tokens.form[end] in text.ends
        and all(tokens.kind[j] is Kind.WORD and tokens.form[j] not in text.function for j in range(first, end))
    )


def _before(text: _Text, first: int, gap: int) -> _Phrase | None:
    """The teller before a verb ("لكن الوزارة نفت", "المرصد، الذي قال"), a comma and so many words between at most."""
    forms = text.tokens.form
    end = first - 1
    if forms[end] in _RELATIVE:
        end -= 1
    if forms[end] == "،":
        end -= 1
    seen: list[_Clue] = []
    j = end
    while j >= 0 and end - j < _BACK and forms[j] not in _HALTS and forms[j] not in text.ends:
        clue = text.clues.get(j)
        if clue is not None and clue.last <= end:
            if not seen and clue.last < end - gap:
                return None
            seen.insert(0, clue)
        elif j in text.stops:
            break
        j -= 1
    return _phrase(text, seen, seen[0].first, seen[-1].last) if seen else None


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
    lead = seen[0].lead if first == seen[0].first else ""
    signs = [tokens.form[first][len(lead) :], *tokens.form[first + 1 : min(last + 1, first + _SIGN_WORDS)]]
    words = tuple([_bare(form) for form in signs])
    clues = "+".join(sorted({c.kind for c in seen}))
    return _Phrase(first, last, kind, actor, words, clues, best.strength == 5, lead)


def _attribution(tokens: Tokens, hit: Hit, entry: Speech, phrase: _Phrase) -> Attribution:
    first, last = min(hit.first, phrase.first), max(hit.last, phrase.last)
    return _told(tokens, first, last, phrase, entry.form, entry.continues, entry.lemma.split(" ")[0])


def _told(tokens: Tokens, first: int, last: int, phrase: _Phrase, form: str, continues: bool, word: str) -> Attribution:
    start, end = tokens.start[phrase.first], tokens.end[phrase.last]
    cut = start + len(phrase.lead)
    if tokens.text[start:cut] == phrase.lead and tokens.text[cut] != "ل":  # not from "للحكومة"
        start = cut
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
