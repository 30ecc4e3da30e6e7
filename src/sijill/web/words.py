"""The words of the interface (`words.csv`), and days and numbers as the reader writes them."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from functools import cache
from html import escape
from importlib import resources

from markupsafe import Markup

from sijill.incidents.derive import BETWEEN
from sijill.lexicon import default_lexicon
from sijill.show.words import Words
from sijill.web.names import known_actor, named, party_of
from sijill.web.roles import Viewer
from sijill.web.shapes import WITHHELD, PartyShown, PlaceShown

_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_ARABIC_FIGURES = _ARABIC_DIGITS | str.maketrans(",.%", "٬٫٪")
# Marks that turn the order of letters about: shown by their number, so that nobody is misled by what they do.
_TURNERS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]")


class Talk:
    """How one viewer is spoken to: `t` in templates."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer, self.language = viewer, viewer.language
        self.rtl = viewer.language == "ar"
        self._own = _table()[viewer.language]
        self._shared = Words(viewer.language, default_lexicon().type_names)

    def __call__(self, key: str) -> str:
        """The words for a key; a key that has none stands for itself."""
        return self._own.get(key) or self._shared[key]

    def type(self, type_id: str) -> str:
        """The name of a type of event."""
        return self._shared.type(type_id) if type_id else "—"

    def number(self, value: int | float | None) -> str:
        """A number in the reader's digits, in groups of three."""
        return "—" if value is None else self.figure(f"{value:,}")

    def count(self, number: int, key: str) -> str:
        """A number with its noun in the right form: `count-KEY` holds one, two, a few, many, with `|` between."""
        forms = self(f"count-{key}").split("|")
        return forms[_form(number) if len(forms) == 4 else int(number != 1)].format(self.number(number))

    def harmed(self, low: int | None, high: int | None, outcome: str) -> str:
        """People harmed: "3 killed", "3–5 killed"."""
        if low is not None and low == high:
            return self.count(low, outcome)
        return f"{self.range(low, high)} {self(outcome)}"

    def share(self, part: int, whole: int) -> str:
        """A part of a whole in percent; nothing for an empty whole."""
        return self.figure(f"{100 * part / whole:.0f}%") if whole else ""

    def named(self, kind: str, key: str) -> str:
        """The name of a party, place or source by the key that stands in an address."""
        return named(kind, key, self.language)

    def teller(self, key: str) -> str:
        """A source by the key of its page: an actor of the lexicon, a kind of source, or a name out of a report."""
        return self.party(party_of(key)) if known_actor(key) else self(key)

    def warning(self, code: str) -> str:
        """What a warning of the reader means, by its code; nothing for one that has no words here."""
        return self._own.get(f"warning-{code}", "")

    def month(self, iso: str) -> str:
        """A month and its year, for an axis."""
        return self.day(iso).split(" ", 1)[1]

    def side(self, value: str, words: str) -> str:
        """One side of a disagreement, as `derive` words it."""
        if words == WITHHELD:
            return self(WITHHELD)
        if value == "date":
            return self.day(words)
        if value == "place":
            return words
        if value == "initiator":
            return BETWEEN.join(self.party(party_of(key)) for key in words.split(BETWEEN))
        return self(words) if value == "denial" else self.digits(words.replace("-", "–"))

    def digits(self, words: str) -> str:
        """Words with their digits as the reader writes them."""
        return words.translate(_ARABIC_DIGITS) if self.viewer.digits == "arabic" else words

    def figure(self, number: str) -> str:
        """A number alone, its marks between thousands and of parts as the reader writes them too."""
        return number.translate(_ARABIC_FIGURES) if self.viewer.digits == "arabic" else number

    def range(self, low: int | None, high: int | None) -> str:
        """A range of numbers: 5, 5–8, 5+; a dash for nothing told."""
        if low is None:
            return self("a-number-of")
        return self.figure(f"{low:,}+" if high is None else f"{low:,}" if low == high else f"{low:,}–{high:,}")

    def day(self, iso: str | None) -> str:
        """A day with its month's name as the reader says it."""
        if not iso:
            return self("no-day")
        try:
            day = date.fromisoformat(iso[:10])
        except ValueError:
            return iso
        names = self(f"months-{self.viewer.months}" if self.rtl else "months-latin").split()
        return self.digits(f"{day.day} {names[day.month - 1].replace('_', ' ')} {day.year}")

    def days(self, first: str | None, last: str | None) -> str:
        """One day, or the first and the last."""
        return self.day(first) if first == last or not last else f"{self.day(first)} – {self.day(last)}"

    def moment(self, at: str | None) -> str:
        """A time of the record, in UTC."""
        return f"{self.day(at)} {self.digits(at[11:16])}" if at and len(at) > 15 else self.day(at)

    def place(self, place: PlaceShown) -> str:
        """A place's name."""
        if place.ar == WITHHELD:
            return self(WITHHELD)
        name = place.ar if self.rtl else place.en
        return name if place.relation == "in" else f"{self(place.relation)} {name}"

    def party(self, party: PartyShown) -> str:
        """A party's name."""
        if party.ar == WITHHELD:
            return self(WITHHELD)
        return party.ar if self.rtl else party.en


def _form(number: int) -> int:
    """Which form of an Arabic noun goes with a number: 0 one, 1 two, 2 three to ten, 3 the rest."""
    if number in (1, 2):
        return number - 1
    return 2 if 3 <= number % 100 <= 10 else 3


def said(words: str | None) -> Markup:
    """Words out of a report: escaped, set apart from the words around them, unable to turn the order of letters."""
    return Markup(f"<bdi>{inert(words or '')}</bdi>")


def inert(words: str) -> Markup:
    """Words out of a report, escaped; every mark that turns or hides is shown by its number."""
    return Markup(
        _TURNERS.sub(lambda m: f'<span class="turner" title="U+{ord(m[0]):04X}">·</span>', escape(words, quote=True))
    )


@cache
def _table() -> dict[str, dict[str, str]]:
    text = (resources.files("sijill.web") / "words.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    return {language: {row["key"]: row[language] for row in rows} for language in ("ar", "en")}
