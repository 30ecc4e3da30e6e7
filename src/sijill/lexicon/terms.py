"""What the lexicon knows of one word or fixed phrase, by kind."""

from __future__ import annotations

from typing import Literal, NamedTuple, final

from sijill.arabic.words import Cut

TriggerPart = Literal["past", "present", "passive", "noun", "phrase"]


class Trigger(NamedTuple):
    """A word that tells an event: its type, its dictionary form, and what kind of word it is."""

    type: str
    lemma: str
    part: TriggerPart
    number: str = "sg"
    feminine: bool = False


class LightVerb(NamedTuple):
    """A verb that says who did or suffered an event told by a noun ("شن غارة", "تعرض لقصف")."""

    lemma: str
    voice: str


class PartyName(NamedTuple):
    """A name of a listed actor. `form`: name, adj (needs a head noun), country, or generic ("التنظيم")."""

    actor: str
    form: str
    canonical: str
    countries: frozenset[str] = frozenset()
    valid_from: str = ""
    valid_to: str = ""


class PartyHead(NamedTuple):
    """A noun that stands before a party's name and says what of it is meant (its aircraft, its positions ...)."""

    lemma: str
    role: str
    number: str = "sg"
    alone: bool = False
    """With a name after it, makes a party of its own even when the name is not listed ("لواء", "حركة")."""


class People(NamedTuple):
    """A noun for people: civilian, combatant or unknown; the group, actor and outcome it tells by itself."""

    lemma: str
    who: str
    number: str
    group: str = ""
    actor: str = ""
    outcome: str = ""


class Harm(NamedTuple):
    """A verb or noun that says what happened to the people beside it."""

    lemma: str
    outcome: str
    form: str


class Thing(NamedTuple):
    """A thing that can be destroyed or damaged."""

    lemma: str
    object: str
    number: str


class Weapon(NamedTuple):
    """A weapon or munition, and the class that refines an event's type."""

    lemma: str
    weapon: str
    en: str


class Speech(NamedTuple):
    """A word of saying; `continues`: it goes on with the teller before it ("وأضاف")."""

    lemma: str
    form: str
    continues: bool = False


class Teller(NamedTuple):
    """A noun or name for those who tell, and the kind of source they are."""

    name: str
    kind: str
    named: bool = False


class Title(NamedTuple):
    """A title or rank before a person's name; `kind` of source, or "voice": speaks for the party named beside it."""

    lemma: str
    kind: str


class Cue(NamedTuple):
    """A word that plans, denies, doubts or negates."""

    lemma: str
    cue: str


class Connective(NamedTuple):
    """A word that opens or links clauses."""

    lemma: str
    link: str


class Country(NamedTuple):
    """A word that shows which country a text is about."""

    code: str


class GenericPlace(NamedTuple):
    """A definite noun that stands for a place named before ("المنطقة")."""

    word: str


class Generic(NamedTuple):
    """A common noun that stands for the last named of some actors ("التنظيم")."""

    word: str
    actors: tuple[str, ...]


Entry = (
    Trigger
    | LightVerb
    | PartyName
    | PartyHead
    | People
    | Harm
    | Thing
    | Weapon
    | Speech
    | Teller
    | Title
    | Cue
    | Connective
    | Country
    | Generic
    | GenericPlace
)


class Grammar(NamedTuple):
    """Folded words that carry grammar rather than meaning, by what they do."""

    function: set[str]
    """They show the grammatical place of what follows."""
    cause: set[str]
    """They tie harm to what did it."""
    among: set[str]
    """They name some of those counted before ("بينهم")."""
    phrase_end: set[str]
    """They end the name of who tells."""
    past: set[str]
    """At the opening of a sentence they say that it tells what was before ("وكان", "سبق")."""
    aside: set[str]
    """They may stand between a word of saying and the name of who tells."""
    digest: set[str]
    """With a day beside them in a title they head a digest of that day's events ("حصاد يوم الجمعة")."""


class Term(NamedTuple):
    """A word or phrase of the lexicon as it is looked up.

    `rest` holds the forms allowed for each word after the first. `article`: whether the first word must ("must"),
    may ("may") or must not ("not") carry "ال".
    """

    entry: Entry
    rest: tuple[frozenset[str], ...]
    article: Literal["must", "may", "not"]
    verb: Literal["", "past", "present"] = ""


@final
class Hit:
    """A term found in a text: token indices, both included, and how its first word was cut."""

    __slots__ = ("cut", "entry", "first", "last")

    def __init__(self, first: int, last: int, entry: Entry, cut: Cut) -> None:
        self.first = first
        self.last = last
        self.entry = entry
        self.cut = cut


@final
class Hits:
    """The terms found in a text, in its order (`all`), and by kind of entry: most steps ask for a few kinds only."""

    __slots__ = ("_by_kind", "all")

    def __init__(self, hits: list[Hit]) -> None:
        self.all = hits
        by_kind: dict[type, tuple[list[int], list[Hit]]] = {}
        for n, hit in enumerate(hits):
            kind = type(hit.entry)
            found = by_kind.get(kind)
            if found is None:
                by_kind[kind] = ([n], [hit])
            else:
                found[0].append(n)
                found[1].append(hit)
        self._by_kind = by_kind

    def of(self, kind: type) -> list[Hit]:
        """Those whose entry is of a kind."""
        found = self._by_kind.get(kind)
        return found[1] if found is not None else []

    def of_any(self, *kinds: type) -> list[Hit]:
        """Those whose entry is of one of some kinds, in the text's order."""
        found: list[tuple[int, Hit]] = []
        for kind in kinds:
            mine = self._by_kind.get(kind)
            if mine is not None:
                found += zip(mine[0], mine[1], strict=True)
        found.sort(key=_position)
        return [hit for _, hit in found]


def _position(pair: tuple[int, Hit]) -> int:
    return pair[0]
