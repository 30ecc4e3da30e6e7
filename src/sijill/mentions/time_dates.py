"""Dates, months, years and seasons as they are written."""

from __future__ import annotations

from typing import Final

from sijill.arabic.number_values import number_chain
from sijill.arabic.words import Kind
from sijill.mentions.time_cursor import Cursor
from sijill.mentions.time_values import Calendar, CalendarDate, Direction, Month, Range, Season, Value, Year

_SHIFT: Final = {"last": -1, "this": 0, "next": 1, "previous": -1}
_SPANS: Final = {"الي", "حتي", "-", "–", "و"}


def read_date(cursor: Cursor, i: int) -> tuple[CalendarDate, int] | None:
    """A date at token `i` ("5 من شهر آب الماضي", "الثالث من أيار 2015", "2018/11/07") and the token after it."""
    if i < cursor.end and cursor.kind[i] is Kind.NUMBER:
        numeric = _read_numeric(cursor, i)
        if numeric is not None:
            return numeric
    start = cursor.day_number(i)
    if start is None:
        return None
    day, past = start
    end = _day_to(cursor, past)
    if end is not None and end[0] > day:
        found = _month_of_day(cursor, day, end[1], end[0])
        if found is not None:
            return found
    return _month_of_day(cursor, day, past, None)


def _day_to(cursor: Cursor, i: int) -> tuple[int, int] | None:
    """The second day of "3 و5 آب", "3-5 آب", "3 إلى 5 آب", "الثالث والخامس من آب"."""
    if cursor.is_form(i, *_SPANS):
        return cursor.day_number(i + 1)
    quantity = cursor.numbers.get(i)
    if quantity is not None and quantity.ordinal and cursor.form[i].startswith("و"):
        return cursor.day_number(i)
    return None


def _month_of_day(cursor: Cursor, day: int, i: int, day_to: int | None) -> tuple[CalendarDate, int] | None:
    """The month behind a day number, by name or as "the last month", with its year."""
    j = i + 1 if cursor.is_form(i, "من", "/") else i
    named = j + 1 if cursor.role(j, "month-noun") is not None and not cursor.lead(j) else j
    month = cursor.month(named) if not cursor.lead(named) else None
    if month is not None:
        name, past = month
        if cursor.is_form(i, "/") and not name.stands_alone and name.calendar == "hijri":
            # "2/صفر" is a score: صفر is nought too.
            return None
        direction, year, past = read_year_part(cursor, past, name.calendar)
        return CalendarDate(day, name.month, name.calendar, year, direction, day_to), past
    if cursor.is_form(j, "هذا") and cursor.role(j + 1, "the-unit-one") == "month":
        return CalendarDate(day, day_to=day_to, month_shift=0), j + 2
    shift = _SHIFT.get(cursor.role(j + 1, "direction") or "")
    if cursor.role(j, "the-unit-one") == "month":
        if cursor.role(j + 1, "direction") == "same":
            return CalendarDate(day, day_to=day_to, same_month=True), j + 2
        if shift is not None:
            return CalendarDate(day, day_to=day_to, month_shift=shift), j + 2
    if cursor.role(j, "direction") == "this" and cursor.form[j].startswith("ال") and cursor.kind[i - 1] is Kind.NUMBER:
        return CalendarDate(day, day_to=day_to, month_shift=0), j + 1
    return None


def _read_numeric(cursor: Cursor, i: int) -> tuple[CalendarDate, int] | None:
    """ "19-11-2021", "2021/11/19", "5.8.2015"; with "هـ" behind it of the Hijri calendar."""
    spaced = cursor.is_form(i + 1, "/") and cursor.is_form(i + 3, "/") and i + 4 < cursor.end
    first, last = (i, i + 4) if spaced else number_chain(cursor.tokens, i)
    if first != i or last - first != 4 or not all(cursor.form[k].isdigit() for k in (i, i + 2, i + 4)):
        return None
    form = cursor.form
    a, b, c = form[i], form[i + 2], form[i + 4]
    if form[i + 1] == ":" or form[i + 1] != form[i + 3] or len(b) > 2:
        return None
    if len(a) == 4 and len(c) <= 2:
        year, month, day = int(a), int(b), int(c)
    elif len(c) == 4 and len(a) <= 2:
        year, month, day = int(c), int(b), int(a)
    else:
        return None
    if month > 12 >= day:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1300 <= year <= 2100):
        return None
    calendar, past = _era(cursor, year, last + 1)
    return CalendarDate(day, month, calendar, Year(year, calendar=calendar)), past


def read_short_numeric(cursor: Cursor, i: int) -> tuple[CalendarDate, int] | None:
    """ "5/7" or "5/7/21", which is a date only where words before it say so."""
    first, last = number_chain(cursor.tokens, i)
    if first != i or last - first not in (2, 4) or cursor.form[i + 1] not in "/-":
        return None
    if len(cursor.form[i]) > 2 or len(cursor.form[i + 2]) > 2:
        return None
    day, month = int(cursor.form[i]), int(cursor.form[i + 2])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    if last - first == 2:
        return CalendarDate(day, month), last + 1
    year = cursor.form[last]
    return (CalendarDate(day, month, "gregorian", Year(2000 + int(year))), last + 1) if len(year) == 2 else None


def _era(cursor: Cursor, year: int, i: int) -> tuple[Calendar, int]:
    if cursor.role(i, "era-hijri") is not None:
        return "hijri", i + 1
    if cursor.role(i, "era") is not None and cursor.tokens.end[i - 1] + 1 >= cursor.tokens.start[i]:
        return "gregorian", i + 1
    return ("hijri" if year < 1600 else "gregorian"), i


def read_year_part(cursor: Cursor, i: int, calendar: Calendar) -> tuple[Direction | None, Year | None, int]:
    """What follows a month: "الماضي", "2018", "من العام الماضي", "من عام 2015" in any order that is written."""
    direction = _direction(cursor, i)
    if direction is not None:
        i += 1
    j = i + 1 if cursor.is_form(i, "من", "،", ",") else i
    if j > i and cursor.form[i] != "من" and cursor.year_number(j) is None:
        j = i
    number = cursor.year_number(j)
    if number is not None and not _counts(cursor, number[1]):
        its_calendar, past = _era(cursor, number[0], number[1])
        if its_calendar != calendar and cursor.role(past - 1, "era-hijri") is None and number[0] < 1600:
            return direction, None, i
        past += _direction(cursor, past) is not None
        return direction, Year(number[0], calendar=its_calendar), past
    told = read_year(cursor, j)
    if told is not None and told[0].portion is None:
        return direction, told[0], told[1]
    return direction, None, i


def _direction(cursor: Cursor, i: int) -> Direction | None:
    value = cursor.role(i, "direction")
    return value if value in ("last", "this", "next") else None  # type: ignore[return-value]


def _counts(cursor: Cursor, i: int) -> bool:
    """Whether the four digits before token `i` count what follows ("2000 مقاتل")."""
    return False if i >= cursor.end else cursor.role(i, "unit-many") is not None


def read_year(cursor: Cursor, i: int) -> tuple[Year, int] | None:
    """ "عام 2012", "العام 2013 الماضي", "العام الماضي", "هذا العام", and the token after it."""
    if cursor.is_form(i, "هذا", "هذه", "وهذا") and cursor.role(i + 1, "the-unit-one") == "year":
        return Year(shift=0), i + 2
    if cursor.role(i, "year-noun") is None:
        return None
    j = i + 1
    new = cursor.is_form(j, "الجديد")
    number = cursor.year_number(j + new) or cursor.year_in_words(j)
    if number is not None:
        calendar, past = _era(cursor, number[0], number[1])
        past += cursor.role(past, "direction") in ("last", "this", "next")
        return Year(number[0], calendar=calendar), past
    if cursor.role(i, "the-unit-one") != "year" or cursor.named(i - 1, "before-general"):
        return None
    value = cursor.role(j, "direction")
    if value in _SHIFT:
        if value == "previous":
            return Year(shift=-1, same=True), j + 1
        past = j + 1
        number = cursor.year_number(past)
        if number is not None:
            return Year(number[0]), number[1]
        return Year(shift=_SHIFT[value]), past
    if value == "same":
        return Year(shift=0, same=True), j + 1
    if cursor.is_form(j, "قبل") and cursor.role(j + 1, "direction") == "last":
        return Year(shift=-2), j + 2
    return None


def read_month(cursor: Cursor, i: int, portion: str | None = None) -> tuple[Month | Range, int] | None:
    """A month without a day; names that are other words too only where a word before or after makes them months."""
    noun = cursor.role(i, "month-noun") is not None
    j = i + 1 if noun else i
    if noun and cursor.lead(j):
        return None
    found = cursor.month(j)
    if found is None:
        return None
    name, past = found
    direction, year, past = read_year_part(cursor, past, name.calendar)
    month = Month(name.month, name.calendar, year, direction, portion)
    second = _second_month(cursor, past) if not portion else None
    if second is not None and (name.stands_alone or noun or second[0].year is not None):
        return Range(month, second[0]), second[1]
    if noun or portion or direction or year or _is_month(cursor, i, name.stands_alone, past):
        return month, past
    return None


def _second_month(cursor: Cursor, i: int) -> tuple[Month, int] | None:
    """ "وآب 2015" after a month: the two together."""
    if cursor.lead(i) != "و":
        return None
    found = cursor.month(i)
    if found is None or (not found[0].stands_alone and cursor.year_number(found[1]) is None):
        return None
    name, past = found
    direction, year, past = read_year_part(cursor, past, name.calendar)
    return Month(name.month, name.calendar, year, direction), past


def _is_month(cursor: Cursor, i: int, stands_alone: bool, past: int) -> bool:
    if cursor.lead(i) not in ("", "و") and not stands_alone:
        return False
    if past - i > 1 and cursor.is_form(i + 1, "/", "("):
        return True
    before = cursor.form[i - 1] if i > 0 else ""
    if before in ("من", "ومن") and cursor.is_form(past, "الي", "حتي", "وحتي"):
        return cursor.month(past + 1) is not None
    if before in ("في", "وفي", "منذ", "ومنذ", "خلال", "وخلال", "بحلول"):
        return stands_alone or cursor.tokens.text[cursor.tokens.start[i]] != "أ"
    return stands_alone and (
        bool(cursor.lead(i)) or past - i > 1 or before in ("من", "بين", "حتي", "الي", "قبل", "بعد", "طوال", "شهري")
    )


def read_season(cursor: Cursor, i: int) -> tuple[Season, int] | None:
    """ "صيف 2012", "صيف العام الماضي", "الصيف الماضي"."""
    season = cursor.role(i, "season")
    if season is not None:
        number = cursor.year_number(i + 1)
        if number is not None:
            return Season(season, Year(number[0])), number[1]
        told = read_year(cursor, i + 1)
        return (Season(season, told[0]), told[1]) if told is not None else None
    season = cursor.role(i, "the-season")
    direction = _direction(cursor, i + 1)
    return (Season(season, None, direction), i + 2) if season is not None and direction is not None else None


def read_bare_year(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """Four digits that a word before makes a year ("في 2017", "حرب 2006"), also two of them ("2011-2015")."""
    number = cursor.year_number(i)
    if number is None:
        return None
    year, past = number
    joined = cursor.year_number(past + 1) if cursor.is_form(past, "-", "–", "و", "الي", "حتي", "/") else None
    plain = cursor.form[past] in "-–/" if past < cursor.end else False
    if joined is not None and joined[0] > year >= 1900 and (plain or _tells_year(cursor, i, "before-years")):
        return Range(Year(year), Year(joined[0])), joined[1]
    if not _tells_year(cursor, i) or year < 1900 or _counts(cursor, past):
        return None
    return Year(year), past


def _tells_year(cursor: Cursor, i: int, *more: str) -> bool:
    before = cursor.form[i - 1].removeprefix("و") if i > 0 else ""
    names = cursor.lexicon.names
    if before in names["before-year"] or any(before in names[role] for role in more):
        return True
    return before in names["named-by-year"] or before.removeprefix("ب") in names["named-by-year"]
