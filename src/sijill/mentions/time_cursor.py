"""A look at the tokens of one sentence as words of time: what every grammar of time expressions stands on."""

from __future__ import annotations

from typing import Final, Literal

from sijill.arabic.number_words import BOUNDS, phrase_at
from sijill.arabic.numbers import Quantity
from sijill.arabic.words import Kind, Tokens
from sijill.mentions.time_words import TIME_WORDS, Lexicon, MonthName, Phrase, TimeWord, lexicon

Vagueness = Literal["exact", "about", "less"]


_NO_PHRASES: Final[list[Phrase]] = []


class Cursor:
    """The tokens with their words of time and quantities; `end` is one past the sentence being read."""

    __slots__ = ("_phrases", "end", "form", "kind", "lexicon", "numbers", "tokens", "words")

    def __init__(self, tokens: Tokens, numbers: list[Quantity]) -> None:
        self.tokens = tokens
        self.form = tokens.form
        self.kind = tokens.kind
        self.words: list[TimeWord | None] = list(map(TIME_WORDS.__getitem__, tokens.form))
        self.numbers = {quantity.first: quantity for quantity in numbers}
        self.lexicon: Lexicon = lexicon()
        self.end = len(tokens)
        self._phrases: dict[int, list[Phrase]] = {}

    def role(self, i: int, role: str) -> str | None:
        """The value of token `i` in a role, or None when it has it not."""
        if not 0 <= i < self.end:
            return None
        word = self.words[i]
        return word.roles.get(role) if word is not None else None

    def lead(self, i: int) -> str:
        """The clitics before the word of time at `i`."""
        word = self.words[i] if 0 <= i < self.end else None
        return word.lead if word is not None else ""

    def is_form(self, i: int, *forms: str) -> bool:
        """Whether token `i` is one of the folded forms."""
        return 0 <= i < self.end and self.form[i] in forms

    def named(self, i: int, role: str) -> bool:
        """Whether token `i` stands in the list of names of a role."""
        return 0 <= i < self.end and self.form[i] in self.lexicon.names[role]

    def phrase(self, i: int, role: str) -> tuple[str, int] | None:
        """The longest phrase of a role at `i`, of one word or more: its value and the token after it."""
        word = self.words[i] if i < self.end else None
        if word is None:
            return None
        if "phrase" in word.roles:
            for phrase in self.phrases(i):
                if phrase.role == role:
                    return phrase.value, i + len(phrase.words)
        single = word.roles.get(role)
        return (single, i + 1) if single is not None else None

    def phrases(self, i: int) -> list[Phrase]:
        """All phrases of more than one word that stand at `i`, the longest first."""
        found = self._phrases.get(i)
        if found is None:
            form = self.form
            word = self.words[i]
            if word is None or i + 1 >= len(form) or form[i + 1] not in word.seconds:
                return _NO_PHRASES
            candidates = self.lexicon.phrases.get(form[i][len(word.lead) :], ())
            found = self._phrases[i] = [p for p in candidates if form[i + 1 : i + len(p.words)] == p.tail]
        return found

    def month(self, i: int) -> tuple[MonthName, int] | None:
        """The month named at `i`, with its other name behind it ("تموز/يوليو", "تموز (يوليو)"), and the token after."""
        found = self._month(i)
        if found is None:
            return None
        name, past = found
        stroke = past + 1 if self.is_form(past, "/", "(", "-", "–", "\\") else past
        other = self._month(stroke) if not self.lead(stroke) else None
        if other is None or other[0].month != name.month or other[0].calendar != name.calendar:
            return found
        past = other[1]
        if stroke > found[1] and self.is_form(stroke - 1, "(") and self.is_form(past, ")"):
            past += 1
        return MonthName(name.month, name.calendar, True), past

    def _month(self, i: int) -> tuple[MonthName, int] | None:
        if self.role(i, "month") is None:
            return None
        head = self.form[i][len(self.lead(i)) :]
        months = self.lexicon.months
        if i + 1 < self.end and (head, self.form[i + 1]) in months:
            return months[head, self.form[i + 1]], i + 2
        name = months.get((head,))
        return (name, i + 1) if name is not None else None

    def day_number(self, i: int) -> tuple[int, int] | None:
        """A day of the month in digits or as an ordinal, and the token after it."""
        if self.is_form(i, "ال"):
            i += 1
        if i >= self.end:
            return None
        if self.kind[i] is Kind.NUMBER:
            form = self.form[i]
            return (int(form), i + 1) if len(form) <= 2 and 1 <= int(form) <= 31 else None
        quantity = self.numbers.get(i)
        if quantity is None or quantity.low is None or quantity.low != quantity.high or not 1 <= quantity.low <= 31:
            return None
        definite = quantity.ordinal or self.form[i].lstrip("وبل").startswith("ا")
        return (quantity.low, quantity.last + 1) if definite else None

    def year_number(self, i: int) -> tuple[int, int] | None:
        """A year in four digits and the token after it and its era."""
        if i >= self.end or self.kind[i] is not Kind.NUMBER or len(self.form[i]) != 4:
            return None
        year = int(self.form[i])
        if not 1300 <= year <= 2100:
            return None
        return year, i + 1

    def year_in_words(self, i: int) -> tuple[int, int] | None:
        """A year written out ("ألفين وأحد عشر") and the token after it."""
        quantity = self.numbers.get(i)
        if quantity is None or quantity.low is None or quantity.low != quantity.high or quantity.ordinal:
            return None
        return (quantity.low, quantity.last + 1) if 1900 <= quantity.low <= 2100 else None

    def count(self, i: int) -> tuple[int | None, Vagueness, int] | None:
        """A number of units at `i`: the number (None: some), how sure it is, and the token of the unit."""
        if self.is_form(i, "ال"):
            i += 1
        if i >= self.end:
            return None
        quantity = self.numbers.get(i)
        if quantity is not None and not quantity.ordinal:
            if quantity.rule == "one-of":
                return None
            if quantity.low is not None and quantity.low == quantity.high:
                return quantity.low, "about" if quantity.approximate else "exact", quantity.last + 1
            if quantity.low is None and quantity.high is not None:
                return quantity.high + 1, "less", quantity.last + 1
            return None, "about", quantity.last + 1
        bound = phrase_at(self.tokens, i, BOUNDS)
        if bound is not None and bound[1] < self.end:
            return None, "less" if bound[0] == "less-than" else "about", bound[1]
        return (None, "about", i + 1) if self.role(i, "few") is not None else None
