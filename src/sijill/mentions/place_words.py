"""What each word tells about places: cues, directions, relations, demonyms, and words that rule a place out.

The words stand in `lexicon/data/places/*.csv`; a row without the article stands for the word with it too, a row with
the article for that alone.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import Final, cast, final

from sijill.arabic.words import Memo, cuts, folded_word
from sijill.errors import LexiconError
from sijill.folders import PACKAGE
from sijill.gazetteer import Gazetteer, Match, PlaceKind
from sijill.gazetteer.names import bare, name_words
from sijill.gazetteer.place import AREAS, KIND_OF
from sijill.model import Relation

CAPITAL: Final = 0.9
"""Governorates, capitals and countries: taken even where their names are two letters long (إب)."""
WELL_KNOWN: Final = 0.45
"""A place of at least this weight is taken after a preposition though its name is an ordinary word (في الباب)."""
RATHER_KNOWN: Final = 0.25
"""A place of at least this weight is taken in a list of places nearby though its name is an ordinary word."""
STRONG: Final = 0.3
"""A place of at least this weight is taken without a cue where its name is no ordinary word."""
TELLING: Final = 5
"""A name of so many letters is seldom another word."""
_WIDE: Final = AREAS | {PlaceKind.RIVER, PlaceKind.ROAD}
FOLDER: Final = PACKAGE / "lexicon" / "data" / "places"


DIRECTIONS: Final[dict[str, Relation]] = {
    "north": "north", "south": "south", "east": "east", "west": "west", "northeast": "northeast",
    "northwest": "northwest", "southeast": "southeast", "southwest": "southwest",
}  # fmt: skip
"""The relations that are directions; two may be joined to one ("north" + "east")."""


@final
class Cue:
    """A noun before a name that makes it a place: بلدة، مدينة، حقل ..."""

    __slots__ = ("any_word", "area", "definite", "elsewhere", "kept", "kinds", "many", "opens", "several", "word")

    def __init__(
        self,
        word: str,
        many: bool,
        several: bool,
        kept: bool,
        opens: bool,
        any_word: bool,
        definite: bool,
        area: bool,
        kinds: frozenset[PlaceKind],
        elsewhere: bool = False,
    ) -> None:
        self.word = word
        self.many = many
        self.several = several
        """Two or more: a list of names follows."""
        self.kept = kept
        """The noun is part of the name (حقل العمر), not dropped from it (بلدة الباغوز)."""
        self.opens = opens
        """It makes a place even of a name the gazetteer lacks."""
        self.any_word = any_word
        """And of an ordinary word with its article (جبل النار، دوار الزراعة)."""
        self.definite = definite
        """Of such words alone: سوق مكتظ is no name."""
        self.area = area
        self.kinds = kinds
        self.elsewhere = elsewhere
        """What bears a town's name after it lies in another town: شارع صنعاء."""


@final
class Lead:
    """One way to read a word as (the start of) a name: letters cut before it, its key, and what stands under it."""

    __slots__ = ("agrees", "article", "key", "letters", "longer", "ordinary", "rows", "weight")

    def __init__(
        self,
        letters: str,
        key: str,
        article: bool,
        rows: tuple[int, ...] = (),
        agrees: bool = False,
        weight: float = 0.0,
        ordinary: bool = False,
        longer: bool = False,
    ) -> None:
        self.letters = letters
        self.key = key
        self.article = article
        self.rows = rows
        """Places of this name; those with the article where the word has it, if there are such."""
        self.agrees = agrees
        """The article is as the name has it."""
        self.weight = weight
        """Of the best known among them."""
        self.ordinary = ordinary
        """An ordinary word or a person's name: it takes a cue to be a place."""
        self.longer = longer
        """Longer names begin with it."""


@final
class WordInfo:
    """All that is known of one folded word form. `lead` and `article` belong to the reading as a cue, direction ..."""

    __slots__ = (
        "adjective",
        "again",
        "anaphor",
        "area_noun",
        "areal",
        "article",
        "best",
        "cue",
        "demonym",
        "direction",
        "form",
        "given",
        "group",
        "hospital",
        "lead",
        "names",
        "nexts",
        "opens",
        "origin",
        "phrase_nexts",
        "phrases",
        "placer",
        "relation",
        "sense",
        "site_letters",
        "sites",
        "speech",
        "title",
    )

    def __init__(self, form: str, names: tuple[Lead, ...]) -> None:
        self.form = form
        self.lead: str = ""
        self.article: bool = False
        self.cue: Cue | None = None
        self.direction: str | None = None
        self.adjective: str | None = None
        """A direction as an adjective with the article: الشمالي، الغربية."""
        self.relation: Relation | None = None
        self.sense: str | None = None
        self.demonym: str | None = None
        self.area_noun: bool = False
        self.group: bool = False
        self.given: bool = False
        self.title: bool = False
        self.origin: bool = False
        self.hospital: bool = False
        self.speech: bool = False
        self.again: bool = False
        """With its article it stands for a place named before: المطار، القطاع."""
        self.placer: bool = False
        """What comes after it is likely a place: قصف، دخلت، أهالي."""
        self.anaphor: bool = False
        """It ends in a pronoun: ريفها، محيطها."""
        self.phrases: tuple[tuple[str, ...], ...] = ()
        """Phrases that begin with it and are no places (حلب اليوم), as bare words."""
        self.sites: tuple[tuple[str, ...], ...] = ()
        """Phrases that begin with it and are places told by what they are (القصر الرئاسي), as folded words."""
        self.site_letters: str = ""
        """The clitics before such a phrase."""
        self.names = names
        self.opens: bool = False
        """A name may begin here, or a cue that makes one."""
        self.best: Lead | None = None
        """The first reading under which places stand."""
        self.nexts: frozenset[str] = frozenset()
        """The words that may follow it in a longer name, bare."""
        self.phrase_nexts: frozenset[str] = frozenset()
        """The second words of its phrases, bare."""
        self.areal: bool = False
        """An area without a name of its own may begin here (الريف الشمالي، الحدود)."""


@final
class Places:
    """What the places of a name have in common. The rows looked at are the first `MOST_NAMESAKES`."""

    __slots__ = ("areas", "countries", "country", "state", "weight", "wide")

    def __init__(
        self, countries: frozenset[str], weight: float, country: str, areas: bool, state: bool, wide: bool
    ) -> None:
        self.countries = countries
        self.weight = weight
        """Of the best known."""
        self.country = country
        """Of the best known."""
        self.areas = areas
        """All are areas, rivers or roads."""
        self.state = state
        """Among the rows looked at is a country."""
        self.wide = wide
        """One is a country or a region."""


MOST_NAMESAKES: Final = 40


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one word list."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]


def words_of(name: str, column: str = "word") -> frozenset[str]:
    return frozenset(folded_word(row[column]) for row in rows(name) if row[column])


def _phrases(name: str) -> dict[str, list[tuple[str, ...]]]:
    """The phrases of a list as bare words, by their first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in rows(name):
        phrase = tuple(bare(word)[0] for word in name_words(row["phrase"]))
        if len(phrase) < 2:
            raise LexiconError(f"{name}.csv: {row['phrase']!r} is one word; a phrase has two or more")
        found.setdefault(phrase[0], []).append(phrase)
    return found


def _months() -> frozenset[str]:
    """The months, of two words the first: quarters and squares are called after their days."""
    with (FOLDER.parent / "calendar" / "months.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(folded_word(row["word"].split()[0]) for row in csv.DictReader(file))


class PlaceWords:
    """The word lists, read once."""

    def __init__(self) -> None:
        self.cues: dict[str, Cue] = {}
        for row in rows("cues"):
            self._add_cue(row)
        self.directions = {folded_word(row["word"]): row["relation"] for row in rows("directions")}
        self.relations = {folded_word(row["word"]): cast(Relation, row["relation"]) for row in rows("relations")}
        self.senses = {folded_word(row["word"]): row["sense"] for row in rows("prepositions")}
        self.demonyms: dict[str, str] = {}
        for row in rows("demonyms"):
            word = folded_word(row["adjective"])
            for form in (word, word + "ه", word + "ين", word + "ون"):
                self.demonyms[form] = row["country"]
        self.area_nouns = words_of("area_nouns")
        self.groups = words_of("groups")
        self.given = words_of("names", "name")
        self.titles = words_of("titles")
        self.origins = words_of("origins")
        self.hospitals = words_of("hospitals")
        self.speech = words_of("speech")
        self.again = words_of("again")
        self.placers = words_of("placers")
        self.common = words_of("common")
        self.capitals = {row["country"]: row["place"] for row in rows("capitals")}
        self.homes: dict[str, list[str]] = {}
        for row in rows("homes"):
            self.homes.setdefault(row["actor"], []).append(row["country"])
        self.not_names = words_of("not_names")
        self.ordinary = self.common | self.not_names | frozenset(self.senses)
        self.function_words = (
            self.not_names | frozenset(self.senses) | frozenset(self.relations) | frozenset(self.directions)
        )
        self.heads = words_of("compound_heads")
        self.trailers = words_of("name_trailers")
        self.facility_adjectives = words_of("facility_adjectives")
        self.honours = words_of("honours")
        self.not_zones = words_of("not_zones")
        self.ordinals = words_of("ordinals")
        self.months = _months()
        self.not_places = _phrases("not_places")
        self.sites: dict[str, list[tuple[str, ...]]] = {}
        for row in rows("sites"):
            words = tuple(name_words(row["phrase"]))
            self.sites.setdefault(bare(words[0])[0], []).append(words)

    def _add_cue(self, row: dict[str, str]) -> None:
        one = folded_word(row["word"])
        for column in ("word", "two", "many"):
            for word in row[column].split("|"):
                if word:
                    self.cues[folded_word(word)] = Cue(
                        word=one,
                        many=column == "many",
                        several=column != "word",
                        kept=row["kept"] == "yes",
                        opens=row["opens"] != "no",
                        any_word=row["opens"] in ("any", "definite"),
                        definite=row["opens"] == "definite",
                        area=row["area"] == "yes",
                        kinds=frozenset(KIND_OF[kind] for kind in row["kinds"].split("|") if kind),
                        elsewhere=row.get("elsewhere") == "yes",
                    )


@lru_cache(maxsize=1)
def place_words() -> PlaceWords:
    """The word lists."""
    return PlaceWords()


class WordReader:
    """Reads word forms against the word lists and one gazetteer, each form once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.words = place_words()
        self.infos: Memo[WordInfo | None] = Memo(self._read, 200_000)
        """What is known of a form; None if nothing."""
        self.found: Memo[tuple[list[Match], bool]] = Memo(gazetteer.lookup, 200_000)
        """The gazetteer's look-up of a key, remembered."""
        self._places: dict[tuple[int, ...], Places] = {}

    def lookup(self, key: str) -> tuple[list[Match], bool]:
        """As the gazetteer's, remembered."""
        return self.found[key]

    def places(self, rows: tuple[int, ...]) -> Places:
        """What the places of some rows have in common; there must be one."""
        found = self._places.get(rows)
        if found is None:
            if len(self._places) > 100_000:
                self._places.clear()
            entries = [self.gazetteer.place(row) for row in rows[:MOST_NAMESAKES]]
            best = max(entries, key=lambda entry: entry.weight)
            kinds = {self.gazetteer.place(row).kind for row in rows}
            found = self._places[rows] = Places(
                countries=frozenset(entry.country for entry in entries),
                weight=best.weight,
                country=best.country,
                areas=kinds <= _WIDE,
                state=any(entry.kind is PlaceKind.COUNTRY for entry in entries),
                wide=PlaceKind.COUNTRY in kinds or PlaceKind.REGION in kinds,
            )
        return found

    def _read(self, form: str) -> WordInfo | None:
        if not "\u0621" <= form[:1] <= "\u064a":
            return None
        words = self.words
        found: dict[str, object] = {}
        for cut in cuts(form):
            core = cut.core
            whole = "ال" + core if cut.article else core
            if cut.tail:
                if core in words.cues and "cue" not in found:
                    found |= {"cue": words.cues[core], "anaphor": True, "lead": cut.lead}
                elif core in words.relations and "relation" not in found:
                    found |= {"relation": words.relations[core], "anaphor": True, "lead": cut.lead}
                continue
            roles = self._roles(core, whole, cut.article, cut.lead)
            if roles:
                known = dict(found)
                found = {**roles, **known}
                if "lead" not in known:
                    found |= {"lead": cut.lead, "article": cut.article}
        phrases = [
            phrase
            for cut in cuts(form)
            if not cut.tail
            for phrase in words.not_places.get(bare("ال" + cut.core if cut.article else cut.core)[0], ())
        ]
        if phrases:
            found["phrases"] = tuple(dict.fromkeys(phrases))
        for cut in cuts(form):
            if not cut.tail and "sites" not in found:
                whole = "ال" + cut.core if cut.article else cut.core
                sites = [phrase for phrase in words.sites.get(bare(whole)[0], ()) if phrase[0] == whole]
                if sites:
                    found |= {"sites": tuple(sites), "site_letters": cut.lead}
        names = self._names(form)
        if not found and not names:
            return None
        info = WordInfo(form, names)
        for name, value in found.items():
            setattr(info, name, value)
        following = [self.gazetteer.following(lead.key) for lead in names if lead.longer]
        info.opens = bool(names or info.cue or info.sites)
        info.best = next((lead for lead in names if lead.rows), None)
        info.nexts = frozenset().union(*following)
        info.phrase_nexts = frozenset([phrase[1] for phrase in phrases])
        info.areal = _opens_area(info)
        return info

    def _roles(self, core: str, whole: str, article: bool, lead: str) -> dict[str, object]:
        words = self.words
        roles: dict[str, object] = {}
        if core in words.cues:
            roles["cue"] = words.cues[core]
        stem = core.removesuffix("ه")
        if core in words.directions:
            roles["direction"] = words.directions[core]
        if article and stem in words.directions and stem.endswith("ي"):
            roles["adjective"] = words.directions[stem]
        if whole in words.relations or (not article and core in words.relations):
            roles["relation"] = words.relations.get(whole) or words.relations[core]
        if whole in words.senses:
            roles["sense"] = words.senses[whole]
        if core in words.demonyms:
            roles["demonym"] = words.demonyms[core]
        if core in words.area_nouns:
            roles["area_noun"] = True
        if core in words.groups:
            roles["group"] = True
        if not lead:
            if whole in words.given:
                roles["given"] = True
            if whole in words.titles:
                roles["title"] = True
            if whole in words.placers:
                roles["placer"] = True
            if whole in words.speech:
                roles["speech"] = True
            if whole in words.hospitals or core in words.hospitals:
                roles["hospital"] = True
        if core in words.origins:
            roles["origin"] = True
        if article and whole in words.again:
            roles["again"] = True
        return roles

    def _names(self, form: str) -> tuple[Lead, ...]:
        leads: list[Lead] = []
        for cut in cuts(form):
            if cut.tail or len(cut.lead) > 2 or cut.lead[-1:] == "س":
                continue
            whole = "ال" + cut.core if cut.article else cut.core
            key, article = bare(whole)
            if len(key) < 2:
                continue
            if any(lead.letters == cut.lead and lead.key == key for lead in leads):
                continue
            matches, longer = self.lookup(key)
            if matches or longer:
                leads.append(self._lead(form, cut.lead, key, article, matches, longer))
        return tuple(leads)

    def _lead(self, form: str, letters: str, key: str, article: bool, matches: list[Match], longer: bool) -> Lead:
        words = self.words
        agreeing = tuple(match.row for match in matches if match.article == article)
        rows = agreeing or tuple(match.row for match in matches)
        weight = max((self.gazetteer.place(row).weight for row in rows), default=0.0)
        whole = "ال" + key if article else key
        ordinary = (
            (len(key) < 3 and weight < CAPITAL)
            or not words.ordinary.isdisjoint((whole, form))
            or (whole in words.given and weight < 0.5)
            or (weight < 0.9 and (whole in words.relations or key in words.directions))
        )
        return Lead(letters, key, article, rows, bool(agreeing), weight, ordinary, longer)


def _opens_area(info: WordInfo) -> bool:
    """Whether "ريف", "الحدود", "المنطقة" or "شمال" may begin an area here."""
    cue = info.cue.word if info.cue is not None else ""
    if cue == "ريف" or (cue in ("منطقه", "عاصمه") and info.article):
        return True
    if info.again:
        return True
    if info.area_noun and (info.article or info.direction or info.form.endswith("حدود")):
        return True
    return info.direction is not None and not info.article
