"""Times in Arabic text as they are told, before any clock: `find_times` gives them, `resolve.times` their days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from sijill.arabic.numbers import Quantity
from sijill.arabic.words import Kind, Tokens
from sijill.mentions.time_cursor import Cursor
from sijill.mentions.time_dates import read_bare_year, read_month, read_season, read_year
from sijill.mentions.time_days import read_day, read_same_day
from sijill.mentions.time_spans import (
    read_after,
    read_ago,
    read_amount,
    read_duration,
    read_during,
    read_period,
    read_portion,
    read_stretch,
    read_told_offset,
)
from sijill.mentions.time_values import (
    CalendarDate,
    Day,
    Month,
    Offset,
    Range,
    SameDay,
    Since,
    Stretch,
    Vague,
    Value,
    Year,
)

__all__ = ["TimeMention", "find_times"]

_DATE_MARKS: Final = frozenset("/:-–.")
_MONTH_REACH: Final = 11
"""How many tokens from a day's number its month may stand ("3 إلى ال 5 من شهر آب")."""
_SINCE_REACH: Final = 9
"""How many words of a noun may stand between "منذ" and the date of what it names ("منذ بدء الحملة في آذار 2015")."""
Reader = Callable[[Cursor, int], tuple[Value, int] | None]


class TimeMention(NamedTuple):
    """A time told by tokens `first` to `last`, both included; `kind` names the type of its value in lower case."""

    first: int
    last: int
    kind: str
    value: Value


def find_times(tokens: Tokens, sentence_ranges: list[tuple[int, int]], numbers: list[Quantity]) -> list[TimeMention]:
    """All times told, in the text's order, none overlapping another and none crossing a sentence."""
    cursor = Cursor(tokens, numbers)
    opening = _opening(cursor)
    n = 0
    found: list[TimeMention] = []
    for first, end in sentence_ranges:
        cursor.end = end
        past = first
        while n < len(opening) and opening[n] < end:
            i = opening[n]
            n += 1
            if i < past:
                continue
            told = _read(cursor, i)
            if told is None:
                continue
            value, after = told
            mention = _with_opener(cursor, i, past, value, after)
            found.append(mention)
            past = mention.last + 1
    return found


def _opening(cursor: Cursor) -> list[int]:
    """The tokens that may begin a time: numbers, and words of time; "في" and "على" only as part of a phrase."""
    opening = [
        i
        for i, word in enumerate(cursor.words)
        if word is not None and (word.alone or (word.seconds and cursor.phrases(i)))
    ]
    numbers = [i for i, kind in enumerate(cursor.kind) if kind is Kind.NUMBER]
    return sorted({*opening, *numbers, *cursor.numbers})


def _read(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """The time that begins at token `i`, a range where another time is joined to it, and the token after it."""
    word = cursor.words[i]
    if word is None:
        point = _read_counted(cursor, i)
        return _read_range(cursor, i, point) if point is not None else None
    roles = word.roles
    if "since" in roles:
        return _read_since(cursor, i)
    if "phrase" in roles or "vague" in roles:
        vague = cursor.phrase(i, "vague")
        if vague is not None:
            dated = _read_until(cursor, i) if "until" in roles else None
            told = read_told_offset(cursor, i) or (dated if dated is not None and dated[1] > vague[1] else None)
            return told or (Vague(cursor.tokens.quote(i, vague[1] - 1)), vague[1])
        prefix = _read_prefixed(cursor, i)
        if prefix is not None:
            return prefix
    if "until" in roles:
        return _read_until(cursor, i)
    if ("the-day-after" in roles or "the-day-before" in roles) and word.lead in ("", "و"):
        return _read_eve(cursor, i)
    point = _read_point(cursor, i)
    return _read_range(cursor, i, point) if point is not None else None


_BEFORE: Final[tuple[Reader, ...]] = (read_told_offset, read_day, read_ago)
_AFTER: Final[tuple[Reader, ...]] = (read_told_offset, read_day, read_after)
_UNIT: Final[tuple[Reader, ...]] = (read_stretch, read_period, read_same_day, read_day, read_year, read_duration)
_BY_ROLE: Final[tuple[tuple[str, tuple[Reader, ...]], ...]] = (
    ("before", _BEFORE),
    ("after", _AFTER),
    ("told-after", (read_told_offset,)),
    ("told-before", (read_told_offset,)),
    ("portion", (read_day, read_portion)),
    ("month", (read_month, read_season)),
    ("month-noun", (read_month,)),
    ("season", (read_season,)),
    ("the-season", (read_season,)),
    ("the-unit-one", _UNIT),
    ("the-unit-two", (read_stretch,)),
    ("the-unit-many", (read_stretch,)),
    ("unit-two", (read_duration,)),
    ("year-noun", (read_year,)),
    ("demonstrative", (read_same_day, read_period, read_day)),
    ("last-of", (read_stretch,)),
    ("day-shift", (read_same_day, read_day)),
)
_DAYS: Final = frozenset(
    {"day-shift", "weekday", "bare-weekday", "part", "part-adverb", "day-noun", "clock", "date-cue"}
)


def _read_point(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    word = cursor.words[i]
    assert word is not None
    roles = word.roles
    during = cursor.phrase(i, "during") if "during" in roles or "phrase" in roles else None
    if during is not None:
        return _read_prefixed(cursor, during[1]) or read_during(cursor, i)
    for role, readers in _BY_ROLE:
        if role in roles:
            for reader in readers:
                told = reader(cursor, i)
                if told is not None:
                    return told
    if "phrase" in roles:
        told = read_portion(cursor, i)
        if told is not None:
            return told
    if "now" in roles:
        return Day(shift=0), i + 1
    if not _DAYS.isdisjoint(roles) or "phrase" in roles:
        return read_day(cursor, i)
    return read_told_offset(cursor, i) or _read_counted(cursor, i)


def _read_counted(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """A time that begins with a number, or a word that is none of time."""
    if cursor.kind[i] is Kind.NUMBER or i in cursor.numbers:
        if cursor.words[i] is None and not _may_tell_time(cursor, i):
            return None
        return read_day(cursor, i) or read_stretch(cursor, i) or read_duration(cursor, i) or read_bare_year(cursor, i)
    return None


def _may_tell_time(cursor: Cursor, i: int) -> bool:
    """Whether the number at `i` may be read as a time at all; most count something else, and a look shows it.

    It may be a year, or stand in digits joined by marks, behind "يوم", or before a word that numbers tell time with.
    """
    form, words = cursor.form, cursor.words
    if len(form[i]) == 4 or form[i] == "ال":
        return True
    if i + 1 < len(form) and form[i + 1] in _DATE_MARKS:
        return True
    for j in (i - 1, i - 2):
        before = words[j] if j >= 0 else None
        if before is not None and "day-noun" in before.roles:
            return True
    quantity = cursor.numbers.get(i)
    last = quantity.last if quantity is not None else i
    after = words[last + 1] if last + 1 < len(words) else None
    if after is not None and after.unit:
        return True
    if cursor.day_number(i) is not None:
        for word in words[i + 1 : last + _MONTH_REACH]:
            if word is not None and word.dates:
                return True
    return False


def _read_prefixed(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """ "في وقت متأخر من مساء الجمعة", "في وقت سابق من هذا الشهر", "ساعات الصباح": the time with its lead."""
    prefix = cursor.phrase(i, "prefix") if i < cursor.end else None
    if prefix is None:
        return None
    j = prefix[1]
    if cursor.is_form(j, "من"):
        j += 1
    told = None
    if j < cursor.end and cursor.phrase(j, "during") is None:
        told = _read_point(cursor, j) if cursor.words[j] is not None else _read_counted(cursor, j)
    if told is not None and not isinstance(told[0], Offset):
        return told
    return (Vague(cursor.tokens.quote(i, prefix[1] - 1)), prefix[1]) if prefix[1] > i + 1 else None


def _read_since(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """ "منذ": a count of units, a time, or something named with its date, then perhaps "حتى" with another time."""
    j = i + 1
    if j >= cursor.end:
        return None
    if cursor.role(j, "demonstrative") == "that":
        noun = cursor.role(j + 1, "moment") is not None or cursor.is_form(j + 1, "اليوم")
        return Since(SameDay(0)), j + 1 + noun
    amount = None if _is_dated(cursor, j) else read_amount(cursor, j)
    if amount is not None:
        past = amount.past + cursor.is_form(amount.past, "القليله", "قليله", "عده", "مضت", "خلت", "طويله")
        if amount.unit in ("hour", "minute") and cursor.role(past, "part") is None:
            return Stretch(amount.n, amount.unit), past
        if amount.unit not in ("hour", "minute"):
            sure = amount.n is not None and amount.sure == "exact" and amount.unit not in ("decade", "century")
            return (Stretch(amount.n, amount.unit) if sure else Vague("since some time")), past
        j = past
    told = _point_at(cursor, j) or _read_named(cursor, j)
    if told is None or isinstance(told[0], (Vague, Offset)):
        return (Vague("since"), told[1]) if told is not None else None
    value, past = told
    if isinstance(value, Range):
        return value, past
    if cursor.is_form(past, "حتي", "وحتي", "الي", "ولغايه", "لغايه"):
        end = _point_at(cursor, past + 1)
        if end is not None and not isinstance(end[0], (Vague, Offset)):
            return Range(value, end[0]), end[1]
    return Since(value), past


def _is_dated(cursor: Cursor, j: int) -> bool:
    """Whether what stands at `j` is a date or a named period, though it could count units too."""
    if cursor.role(j, "the-unit-one") is not None or cursor.role(j, "day-noun") is not None:
        return read_amount(cursor, j) is None or cursor.role(j, "unit-one") is None or _has_day(cursor, j)
    return (cursor.role(j, "month-noun") is not None and cursor.month(j + 1) is not None) or _has_year(cursor, j)


def _has_day(cursor: Cursor, j: int) -> bool:
    return read_day(cursor, j) is not None


def _has_year(cursor: Cursor, j: int) -> bool:
    return cursor.role(j, "year-noun") is not None and read_year(cursor, j) is not None


def _point_at(cursor: Cursor, j: int) -> tuple[Value, int] | None:
    if j >= cursor.end:
        return None
    if cursor.is_form(j, "ال"):
        j += 1
    if j < cursor.end and cursor.words[j] is not None:
        prefix = _read_prefixed(cursor, j) if cursor.role(j, "phrase") is not None or cursor.role(j, "prefix") else None
        return prefix or _read_point(cursor, j)
    return _read_counted(cursor, j) if j < cursor.end else None


def _read_named(cursor: Cursor, j: int) -> tuple[Value, int] | None:
    """The date of what "منذ" names: "منذ بدء الاحتجاجات على الحدود في 30 مارس"."""
    started = cursor.role(j, "start") is not None
    if cursor.named(j, "named-by-year"):
        return None
    for k in range(j + 1, min(j + 1 + _SINCE_REACH, cursor.end)):
        if cursor.kind[k] in (Kind.PUNCT, Kind.BREAK) and cursor.form[k] not in "\"«»'“”":
            return None
        if cursor.role(k, "since") is not None:
            return None
        told = _point_at(cursor, k) if cursor.words[k] is not None or cursor.kind[k] is Kind.NUMBER else None
        if told is None and k in cursor.numbers:
            told = _point_at(cursor, k)
        if told is None:
            continue
        value = told[0]
        fixed = isinstance(value, (Month, Year)) or (isinstance(value, Day) and value.date is not None)
        if fixed or (started and isinstance(value, Day)):
            return told
        return None
    return None


def _read_until(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    cue = cursor.phrase(i, "until")
    if cue is None:
        return None
    told = _point_at(cursor, cue[1])
    if told is None or isinstance(told[0], (Offset, SameDay)):
        return None
    if cursor.is_form(i, "الي") and not isinstance(told[0], Day):
        return None
    return Vague("until a time"), told[1]


def _read_eve(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """ "غداة" what follows, "عشية" what follows: a day after it, a day before it."""
    day = read_day(cursor, i)
    if day is not None:
        return day
    if i + 1 >= cursor.end or cursor.kind[i + 1] is not Kind.WORD:
        return None
    return Offset(1, "day", 1 if cursor.role(i, "the-day-after") is not None else -1, True), i + 1


_TO: Final = ("الي", "حتي", "وحتي", "ولغايه", "لغايه")


def _read_range(cursor: Cursor, i: int, told: tuple[Value, int]) -> tuple[Value, int]:
    """The time with another one joined to it: "من الأحد إلى الثلاثاء", "الجمعة والسبت", "بين 25 تموز و3 آب"."""
    value, past = told
    if not isinstance(value, (Day, Month, Year)):
        return told
    if cursor.is_form(past, *_TO):
        other = _point_at(cursor, past + 1)
    elif cursor.lead(past) == "و" or cursor.is_form(past, "و", "-", "–"):
        other = _point_at(cursor, past if cursor.lead(past) == "و" else past + 1)
        if other is not None and not _is_one_time(cursor, i, value, other[0]):
            other = None
    else:
        return told
    if other is None or not isinstance(other[0], (Day, Month, Year, Range)):
        return told
    end = other[0].end if isinstance(other[0], Range) else other[0]
    return Range(value, end), other[1]


def _is_one_time(cursor: Cursor, i: int, value: Value, other: Value) -> bool:
    """Whether two times joined by "و" are one: after "بين" or "يومي", or when they follow each other.

    "في 16 أيار و28 حزيران" are two times.
    """
    if isinstance(other, Range):
        other = other.start
    if type(value) is not type(other):
        return False
    if cursor.is_form(i - 1, "بين", "وبين") or cursor.role(i - 1, "unit-pair") is not None:
        return True
    if isinstance(value, Day) and isinstance(other, Day):
        if value.date is not None or other.date is not None or other.part not in (None, value.part):
            return False
        if value.weekday is None or other.weekday is None:
            return value.shift is not None and other.shift is not None
        return (other.weekday - value.weekday) % 7 == 1
    if isinstance(value, Year) and isinstance(other, Year):
        return value.number is not None and other.number == value.number + 1
    return False


def _with_opener(cursor: Cursor, i: int, floor: int, value: Value, past: int) -> TimeMention:
    """The mention with the "بين" or "من" of a range, a day before it whose month follows, and its nouns."""
    first = i
    if isinstance(value, Day) and value.date is not None and _may_lie_ahead(cursor, i, value.date):
        value = value._replace(date=value.date._replace(direction="nearest"))
    if isinstance(value, (Range, Day)) and (isinstance(value, Range) or _is_span(value.date)):
        first = _opener(cursor, first, floor)
    return TimeMention(first, past - 1, type(value).__name__.lower(), value)


def _may_lie_ahead(cursor: Cursor, i: int, date: CalendarDate) -> bool:
    """Whether the words before a date without a year say that something begins or is due then."""
    if date.year is not None or date.direction is not None:
        return False
    if cursor.is_form(i - 1, "بحلول", "وبحلول"):
        return True
    return cursor.is_form(i - 1, "من") and cursor.is_form(i - 2, "ابتداء", "اعتبارا", "بدايه", "بدءا", "ابتداءا")


def _opener(cursor: Cursor, first: int, floor: int) -> int:
    for _ in range(2):
        noun = first > floor and cursor.role(first - 1, "unit-pair") is not None
        opener = first > floor and cursor.is_form(first - 1, "بين", "من", "وبين", "ومن", "ما")
        first -= noun or opener
    return first


def _is_span(date: CalendarDate | None) -> bool:
    return date is not None and date.day_to is not None
