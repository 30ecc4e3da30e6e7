"""From the data files to the lexicon in memory: every form of every word, looked up by its folded core."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from sys import intern
from typing import Any, Final, Literal, final

import yaml

from sijill.arabic.fold import fold
from sijill.arabic.verbs import noun_forms, verb_forms
from sijill.arabic.words import Cut, Memo, Tokens, cuts
from sijill.errors import LexiconError
from sijill.lexicon.terms import (
    Connective,
    Country,
    Cue,
    Entry,
    Generic,
    GenericPlace,
    Grammar,
    Harm,
    Hit,
    Hits,
    LightVerb,
    PartyHead,
    PartyName,
    People,
    Speech,
    Teller,
    Term,
    Thing,
    Title,
    Trigger,
    Weapon,
)

Article = Literal["must", "may", "not"]
_WEAK: Final = frozenset("اويهء")
_SHORT: Final = 3
_QUOTES: Final = frozenset("\"“”„«»'‘’()[]")
_NO_TAILS: Final = frozenset(("ي", "ك", "كم", "كما"))
_YAML_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Lexicon:
    """All terms by the folded core of their first word. Reading it is thread-safe; it never changes after loading."""

    def __init__(self, folders: list[Traversable]) -> None:
        self._terms: dict[str, list[Term]] = {}
        self._found: Memo[Openings | None] = Memo(self.at)
        self.refine: dict[tuple[str, str], str] = {}
        self.senses: dict[str, list[str]] = {}
        self.type_names: dict[str, tuple[str, str]] = {}
        self.actor_names: dict[str, tuple[str, str]] = {}
        self.grammar = Grammar(set(), set(), set(), set(), set(), set(), set())
        _load(self, folders)

    def add(self, words: str, entry: Entry, *, verb: Literal["", "past", "present"] = "", free: bool = True) -> None:
        """Add one written form. `free`: the article may come and go ("عبوة ناسفة", "العبوة الناسفة")."""
        parts = fold(words).split()
        first, rest = parts[0], parts[1:]
        article: Article = "not" if verb else "may"
        if not verb and first.startswith("ال") and len(first) > 4:
            first, article = first[2:], "must"
        elif not free:
            article = "not"
        self._terms.setdefault(first, []).append(
            Term(entry, tuple(_rest_forms(word, article, bool(verb)) for word in rest), article, verb)
        )

    def at(self, form: str) -> Openings | None:
        """What a folded word may open, with the cut that shows it; None where it opens nothing."""
        found = list(self._lookup(form))
        return _openings(found) if found else None

    def _lookup(self, form: str) -> Iterator[tuple[Term, Cut]]:
        seen: set[Term] = set()
        noun_event = False
        for cut in cuts(form):
            for term in self._terms.get(cut.core, ()):
                if term in seen or not _fits(term, cut):
                    continue
                if not cut.tail and isinstance(term.entry, Trigger):
                    noun_event = True
                elif cut.tail == "ه" and term.verb and noun_event:
                    continue  # "سيطرة" is the noun, not "he controlled it"
                seen.add(term)
                yield term, cut

    def scan(self, tokens: Tokens) -> Hits:
        """Every term in the text, by its first word."""
        hits: list[Hit] = []
        forms, text, ends = tokens.form, tokens.text, tokens.end
        count = len(forms)
        for i, openings in enumerate(map(self._found.__getitem__, forms)):
            if openings is None:
                continue
            # Folded, "عسكرية" has the letters of "his soldier"; as it is written it has not.
            feminine = openings.may_own and text[ends[i] - 1] == "ة"
            for entry, cut in openings.words:
                if not feminine or cut.tail != "ه":
                    hits.append(Hit(i, i, entry, cut))
            if openings.phrases:
                j = i + 1
                while j < count and forms[j] in _QUOTES:
                    j += 1
                for term, cut in openings.phrases.get(forms[j], ()) if j < count else ():
                    last = j if len(term.rest) == 1 else _match_rest(forms, j, term, count)
                    if last >= 0:
                        hits.append(Hit(i, last, term.entry, cut))
        return Hits(hits)


@final
class Openings:
    """The single words a form may be, and the phrases it may open by the form of their second word. `may_own`: one of
    the words ends in "his"."""

    __slots__ = ("may_own", "phrases", "words")

    def __init__(self, words: list[tuple[Entry, Cut]], phrases: dict[str, list[tuple[Term, Cut]]]) -> None:
        self.words = words
        self.phrases = phrases
        self.may_own = any(cut.tail == "ه" for _, cut in words)


def _openings(found: list[tuple[Term, Cut]]) -> Openings:
    phrases: dict[str, list[tuple[Term, Cut]]] = {}
    for term, cut in found:
        for second in term.rest[0] if term.rest else ():
            phrases.setdefault(second, []).append((term, cut))
    return Openings([(term.entry, cut) for term, cut in found if not term.rest], phrases)


def _past_quotes(forms: list[str], i: int, count: int) -> int:
    """Index of the token after `i` that is no quotation mark."""
    j = i + 1
    while j < count and forms[j] in _QUOTES:
        j += 1
    return j


def _match_rest(forms: list[str], j: int, term: Term, count: int) -> int:
    """Index of the last token of a phrase whose second word stands at `j`; -1 where the phrase does not stand."""
    for allowed in term.rest[1:]:
        j = _past_quotes(forms, j, count)
        if j >= count or forms[j] not in allowed:
            return -1
    return j


def _rest_forms(word: str, article: Article, verb: bool) -> frozenset[str]:
    forms = {word, word + "ا"}
    if article == "may" and not verb and not word.startswith("ال"):
        forms.add("ال" + word)
    return frozenset(forms)


def _fits(term: Term, cut: Cut) -> bool:
    if cut.tail in _NO_TAILS or (len(cut.core) < 3 and (cut.tail or len(cut.lead) > 1)):
        return False
    if term.verb:
        preposition = cut.lead[-1:] if cut.lead[-1:] in ("ب", "ل", "ك", "س") else ""
        return not cut.article and (not preposition or (term.verb == "present" and preposition in ("ل", "س")))
    if "س" in cut.lead:
        return False
    if cut.lead.endswith("ك") and not cut.article and len(cut.core) <= _SHORT:
        return False  # "كبير" is big, not like a well; "كان" is was, not like that.
    if term.rest and cut.tail:
        return False
    if term.article == "must":
        return cut.article
    return not (cut.article and (term.article == "not" or cut.tail))


def _load(lexicon: Lexicon, folders: list[Traversable]) -> None:
    for folder in folders:
        for name, loader in _LOADERS.items():
            file = folder / name
            if file.is_file():
                try:
                    loader(lexicon, file)
                except KeyError as error:
                    if not file.name.endswith(".csv"):
                        raise
                    raise LexiconError(f"{file.name}: its first line names no column {error}; add it") from error


def _rows(file: Traversable) -> Iterator[tuple[int, dict[str, str]]]:
    text = file.read_text(encoding="utf-8-sig")
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        if None in row or None in row.values():
            raise LexiconError(
                f"{file.name}, line {number}: the number of columns is not that of the first line; mend it"
            )
        # What many words have in common (a kind, an actor) is one string: the decisions look it up again and again.
        yield number, {column: intern(value) for column, value in row.items()}


def _add_verb(lexicon: Lexicon, words: str, entry_of: Callable[[str, Any], Entry]) -> None:
    """Add all forms of "perfect imperfect"; `entry_of(lemma, form)` gives the entry of each."""
    perfect, imperfect = words.split()
    lemma = intern(fold(perfect))
    for form in verb_forms(perfect, imperfect):
        lexicon.add(form.form, entry_of(lemma, form), verb=form.tense)


def _add_noun(lexicon: Lexicon, words: str, entry_of: Callable[[str, str], Entry]) -> None:
    """Add all forms of "singular plural ..."; `entry_of(lemma, number)` gives the entry of each."""
    singular, *plurals = words.split()
    lemma = intern(fold(singular))
    for form in noun_forms(singular, plurals):
        lexicon.add(form.form, entry_of(lemma, form.number))


def _load_events(lexicon: Lexicon, file: Traversable) -> None:
    for told, event in yaml.load(file.read_text(encoding="utf-8"), Loader=_YAML_LOADER).items():
        type_id = intern(told)
        lexicon.type_names.setdefault(type_id, (event.get("ar", type_id), event.get("en", type_id)))
        for words in event.get("verbs", ()):
            _add_verb(lexicon, words, lambda lemma, f, t=type_id: Trigger(t, lemma, f.tense, f.number, f.feminine))  # type: ignore[misc]
        for words in event.get("passives", ()):
            if len(words.split()) == 2:
                _add_verb(lexicon, words, lambda m, f, t=type_id: Trigger(t, m, "passive", f.number, f.feminine))  # type: ignore[misc]
        for words in event.get("nouns", ()):
            _add_noun(lexicon, words, lambda lemma, number, t=type_id: Trigger(t, lemma, "noun", number))  # type: ignore[misc]
        for words in event.get("phrases", ()):
            lexicon.add(words, Trigger(type_id, intern(fold(words)), "phrase"))


def _load_refine(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        lexicon.refine[row["type"], row["weapon"]] = row["becomes"]


def _load_senses(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        lexicon.senses.setdefault(row["type"], [row["type"]]).append(row["other"])


def _load_light_verbs(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        _add_verb(lexicon, row["verb"], lambda lemma, _form, v=row["voice"]: LightVerb(lemma, v))  # type: ignore[misc]


def _load_weapons(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        words = row["word"]
        if " " in words and not _is_noun_list(words):
            lexicon.add(words, Weapon(fold(words), row["class"], row["en"]))
        else:
            _add_noun(lexicon, words, lambda lemma, _n, r=row: Weapon(lemma, r["class"], r["en"]))  # type: ignore[misc]


def _is_noun_list(words: str) -> bool:
    """Whether words are one noun with its plurals ("قذيفة قذائف"), which hold its consonants in their order, and not a
    phrase ("القوات الجوية", "سترة ناسفة")."""
    singular, *plurals = (fold(word) for word in words.split())
    root = [letter for letter in singular if letter not in _WEAK]
    return all(_holds(plural, root) for plural in plurals)


def _holds(word: str, letters: list[str]) -> bool:
    rest = iter(word)
    return all(letter in rest for letter in letters)


def _load_things(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        _add_noun(lexicon, row["word"], lambda lemma, number, r=row: Thing(lemma, r["object"], number))  # type: ignore[misc]


def _load_people(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        _add_noun(
            lexicon,
            row["word"],
            lambda lemma, number, r=row: People(lemma, r["who"], number, r["group"], r["actor"], r["outcome"]),  # type: ignore[misc]
        )


def _load_harm(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        outcome = row["outcome"]
        if row["form"] == "verb":
            _add_verb(lexicon, row["words"], lambda lemma, _f, o=outcome: Harm(lemma, o, "verb"))  # type: ignore[misc]
        elif row["form"] == "phrase":
            lexicon.add(row["words"], Harm(fold(row["words"]), outcome, "phrase"))
        else:
            _add_noun(lexicon, row["words"], lambda lemma, _n, o=outcome: Harm(lemma, o, "noun"))  # type: ignore[misc]


def _load_speech(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        form, goes_on = row["form"], bool(row["continues"])
        if form == "verb":
            _add_verb(lexicon, row["words"], lambda lemma, _f, c=goes_on: Speech(lemma, "verb", c))  # type: ignore[misc]
        elif form in ("noun", "masdar"):
            _add_noun(lexicon, row["words"], lambda lemma, _n, f=form, c=goes_on: Speech(lemma, f, c))  # type: ignore[misc]
        else:
            lexicon.add(row["words"], Speech(fold(row["words"]), form, goes_on))


def _load_tellers(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        words, kind = row["words"], row["kind"]
        named = bool(row.get("named"))
        if " " in words and row.get("plural") != "yes":
            lexicon.add(words, Teller(words, kind, named))
        else:
            entry = Teller(words.split()[0], kind, named)
            _add_noun(lexicon, words, lambda _l, _n, e=entry: e)  # type: ignore[misc]


def _load_titles(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        kind = row["kind"]
        if kind == "monitor":
            lexicon.add(row["word"], Title(fold(row["word"]), kind))
        else:
            _add_noun(lexicon, row["word"], lambda lemma, _n, k=kind: Title(lemma, k))  # type: ignore[misc]


def _load_cues(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        for word in row["words"].split():
            lexicon.add(word, Cue(fold(word), row["cue"]))


def _load_connectives(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        lexicon.add(row["word"], Connective(fold(row["word"]), row["kind"]), free=False)


def _load_grammar(lexicon: Lexicon, file: Traversable) -> None:
    roles = lexicon.grammar._asdict()
    for number, row in _rows(file):
        if row["role"] not in roles:
            raise LexiconError(f"{file.name}, line {number}: no role {row['role']!r}; choose one of {', '.join(roles)}")
        roles[row["role"]].add(fold(row["word"]))


def _load_actors(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        lexicon.actor_names[row["actor"]] = (row["ar"], row["en"])


_ADJECTIVE_ENDINGS: Final = ("", "ه", "ون", "ين", "ان", "ات", "تين", "تان", "ا")


def _load_actor_names(lexicon: Lexicon, file: Traversable) -> None:
    for number, row in _rows(file):
        actor = row["actor"]
        unlisted = actor == "-"
        if not unlisted and actor not in lexicon.actor_names:
            raise LexiconError(
                f"{file.name}, line {number}: no actor {actor!r} in actors.csv; add it there or mend the id"
            )
        # "-": a party known by name that has no id in the actors' list.
        canonical = row["name"] if unlisted else lexicon.actor_names[actor][0]
        countries = frozenset(row["country"].split())
        entry = PartyName("" if unlisted else actor, row["form"], canonical, countries, row["from"], row["to"])
        if row["form"] == "adj":
            base = fold(row["name"])
            for ending in _ADJECTIVE_ENDINGS:
                lexicon.add(base + ending, entry)
        else:
            lexicon.add(row["name"], entry, free=False)


def _load_party_heads(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        _add_noun(
            lexicon,
            row["word"],
            lambda lemma, number, r=row: PartyHead(lemma, r["class"], number, bool(r["alone"])),  # type: ignore[misc]
        )


def _load_countries(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        for name in row["names"].split():
            lexicon.add(name, Country(row["country"]), free=False)
        for adjective in row["adjectives"].split():
            for ending in _ADJECTIVE_ENDINGS:
                lexicon.add(fold(adjective) + ending, Country(row["country"]))


def _load_generic_names(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        lexicon.add(row["word"], Generic(row["word"], tuple(row["actors"].split())))


def _load_generic_places(lexicon: Lexicon, file: Traversable) -> None:
    for _, row in _rows(file):
        lexicon.add(row["word"], GenericPlace(fold(row["word"])), free=False)


_LOADERS: Final[dict[str, Callable[[Lexicon, Traversable], None]]] = {
    "events.yaml": _load_events,
    "refine.csv": _load_refine,
    "senses.csv": _load_senses,
    "light_verbs.csv": _load_light_verbs,
    "weapons.csv": _load_weapons,
    "things.csv": _load_things,
    "people.csv": _load_people,
    "harm.csv": _load_harm,
    "speech.csv": _load_speech,
    "tellers.csv": _load_tellers,
    "titles.csv": _load_titles,
    "cues.csv": _load_cues,
    "connectives.csv": _load_connectives,
    "grammar.csv": _load_grammar,
    "actors.csv": _load_actors,
    "actor_names.csv": _load_actor_names,
    "party_heads.csv": _load_party_heads,
    "countries.csv": _load_countries,
    "generic_names.csv": _load_generic_names,
    "generic_places.csv": _load_generic_places,
}


@cache
def default_lexicon() -> Lexicon:
    """The built-in lexicon, loaded once."""
    return Lexicon([resources.files("sijill.lexicon") / "data"])


@cache
def lexicon_with(overlay: Path) -> Lexicon:
    """The built-in lexicon with a user's folder laid over it."""
    if not overlay.is_dir():
        raise LexiconError(f"{overlay}: no such folder; --lexicon takes a folder of CSV and YAML files")
    return Lexicon([resources.files("sijill.lexicon") / "data", overlay])
