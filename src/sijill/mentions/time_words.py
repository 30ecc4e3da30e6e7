"""The words of time, read from `lexicon/data/calendar/*.csv`, and what a single token says as one of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from sijill.arabic.fold import fold
from sijill.arabic.words import Memo
from sijill.mentions.time_values import Calendar

_UNITS: Final = frozenset({"unit-one", "unit-two", "unit-many", "the-unit-one", "the-unit-two", "the-unit-many"})
_DATES: Final = frozenset({"month", "month-noun", "demonstrative", "direction", "the-unit-one"})
_LEADS: Final = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "وك")


class TimeWord(NamedTuple):
    """A token as a word of time: its roles, each with a value, and the clitics before it."""

    roles: dict[str, str]
    lead: str
    alone: bool
    """It says something of time by itself, not only as the first of a phrase ("في", "على")."""
    seconds: frozenset[str]
    """The second words of the phrases it opens."""
    unit: bool
    """A number before it may tell an amount of time with it ("3 أيام")."""
    dates: bool
    """A number before it may be a day of the month with it ("5 من شهر آب", "15 هذا الشهر")."""


class MonthName(NamedTuple):
    """A month's name; `stands_alone` is False for names that are other words too ("مارس", "رجب")."""

    month: int
    calendar: Calendar
    stands_alone: bool


class Phrase(NamedTuple):
    """Some folded words in a row, those after the first, their role and value."""

    words: tuple[str, ...]
    tail: list[str]
    role: str
    value: str


class Lexicon(NamedTuple):
    """All files, indexed by folded word; phrases by their first word, the longest first."""

    words: dict[str, dict[str, str]]
    phrases: dict[str, list[Phrase]]
    months: dict[tuple[str, ...], MonthName]
    names: dict[str, frozenset[str]]


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("sijill.lexicon") / "data" / "calendar" / name).read_text("utf-8")
    return iter(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The words of time; the files are read once."""
    words: dict[str, dict[str, str]] = {}
    phrases: dict[str, list[Phrase]] = {}
    for row in _rows("words.csv"):
        parts = tuple(fold(row["word"]).split())
        if len(parts) == 1:
            words.setdefault(parts[0], {})[row["role"]] = row["value"]
        else:
            phrases.setdefault(parts[0], []).append(Phrase(parts, list(parts[1:]), row["role"], row["value"]))
            words.setdefault(parts[0], {})["phrase"] = ""
    for row in _rows("weekdays.csv"):
        role = "weekday" if row["definite"] == "yes" else "bare-weekday"
        words.setdefault(fold(row["word"]), {})[role] = str(int(row["weekday"]) - 1)
    months: dict[tuple[str, ...], MonthName] = {}
    for row in _rows("months.csv"):
        parts = tuple(fold(row["word"]).split())
        calendar: Calendar = "hijri" if row["calendar"] == "hijri" else "gregorian"
        months[parts] = MonthName(int(row["month"]), calendar, row["stands_alone"] == "yes")
        words.setdefault(parts[0], {})["month"] = ""
    for found in phrases.values():
        found.sort(key=lambda phrase: -len(phrase.words))
    names: dict[str, set[str]] = {}
    for row in _rows("names.csv"):
        names.setdefault(row["role"], set()).add(fold(row["word"]))
    return Lexicon(words, phrases, months, {role: frozenset(found) for role, found in names.items()})


class Portion(NamedTuple):
    """The days of a month and the months of a year that "early", "middle" and the like stand for."""

    first_day: int
    last_day: int
    first_month: int
    last_month: int


@lru_cache(maxsize=1)
def portions() -> dict[str, Portion]:
    """The portions of months and years by name."""
    return {row.pop("portion"): Portion(**{k: int(v) for k, v in row.items()}) for row in _rows("portions.csv")}


@lru_cache(maxsize=1)
def seasons() -> dict[str, tuple[int, int]]:
    """The first month of each season and how many months it has."""
    return {row["season"]: (int(row["first_month"]), int(row["months"])) for row in _rows("seasons.csv")}


def time_word(form: str) -> TimeWord | None:
    """What a token's form says as a word of time, or None."""
    words = lexicon().words
    if form in words:
        return _as(form, "")
    for lead in _LEADS:
        core = form.removeprefix(lead)
        if core == form or len(core) < 2:
            continue
        if core in words:
            return _as(core, lead)
        if lead.endswith("ل") and core.startswith("ل") and "ا" + core in words:
            return _as("ا" + core, lead, core)
    return None


def _as(word: str, lead: str, written: str | None = None) -> TimeWord:
    """A word of the lexicon as it stands after its clitics; phrases are known by it as it is written."""
    roles = lexicon().words[word]
    phrases = lexicon().phrases.get(word if written is None else written, ())
    alone = len(roles) > 1 or "phrase" not in roles
    seconds = frozenset(phrase.tail[0] for phrase in phrases)
    return TimeWord(roles, lead, alone, seconds, not _UNITS.isdisjoint(roles), not _DATES.isdisjoint(roles))


TIME_WORDS: Final[Memo[TimeWord | None]] = Memo(time_word)
"""`time_word` of every form met."""
