"""Periods and distances of time: "الأسبوع الماضي", "قبل يومين", "خلال الأيام الثلاثة الماضية", "بعد يوم من"."""

from __future__ import annotations

from typing import Final, NamedTuple, cast

from sijill.mentions.time_cursor import Cursor, Vagueness
from sijill.mentions.time_dates import read_month, read_year
from sijill.mentions.time_days import read_day
from sijill.mentions.time_values import (
    Ago,
    Day,
    Duration,
    Month,
    Offset,
    Part,
    Period,
    Range,
    SameDay,
    Stretch,
    Unit,
    Vague,
    Value,
    Year,
)

_SHIFT: Final = {"last": -1, "this": 0, "next": 1}
_VAGUE_UNITS: Final = {"decade", "century"}
_OF: Final = ("من", "علي", "عن")


class Amount(NamedTuple):
    """So many units: `n` None for "some"; `sure` "about" or "less" where the words say so; `past` the token after."""

    n: int | None
    unit: Unit
    sure: Vagueness
    past: int


def read_amount(cursor: Cursor, i: int) -> Amount | None:
    """ "3 أيام", "يومين", "أسبوع", "نحو شهر", "أيام", "بضع ساعات", "الأيام الثلاثة", "الـ24 ساعة"."""
    count = cursor.count(i)
    n, sure, j = count if count is not None else (None, "exact", i)
    for role, told in (("unit-one", 1), ("unit-two", 2), ("unit-many", None)):
        unit = cursor.role(j, role) or cursor.role(j, f"the-{role}")
        if unit is None or (j > i and cursor.lead(j)):
            continue
        if count is not None and (n is not None or sure == "less"):
            # "أقل من 24 ساعة" has its number; "أقل من يوم" is of the unit's own.
            return Amount(n if n is not None else told, cast(Unit, unit), sure, j + 1)
        if count is not None:
            return Amount(None, cast(Unit, unit), "about", j + 1)
        inner = cursor.count(j + 1) if told is None and cursor.role(j, f"the-{role}") is not None else None
        if inner is not None:
            return Amount(inner[0], cast(Unit, unit), inner[1], inner[2])
        past = j + 2 if told is not None and cursor.is_form(j + 1, "واحد", "واحده", "اثنين", "كامل", "كامله") else j + 1
        return Amount(told, cast(Unit, unit), sure, past)
    return None


def read_ago(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """What follows "قبل": so many units ago, or before another event; before a date it tells no day."""
    if cursor.is_form(i - 1, "من") and cursor.numbers.get(i + 1) is None:
        return None
    day = read_day(cursor, i + 1) if i + 1 < cursor.end else None
    if day is not None and isinstance(day[0], Day):
        return Vague("before a time"), day[1]
    month = read_month(cursor, i + 1) if i + 1 < cursor.end else None
    if month is not None:
        return Vague("before a time"), month[1]
    amount = read_amount(cursor, i + 1)
    if amount is None:
        return None
    if _is_bare(cursor, i + 1, amount):
        return None
    past = _few(cursor, amount.past)
    if cursor.is_form(past, *_OF) and not cursor.is_form(past + 1, "الان", "اليوم"):
        return Offset(_sure(amount), amount.unit, -1, True), past + 1
    if amount.unit in ("hour", "minute") and amount.sure != "less":
        return Ago(amount.n, amount.unit), past
    if _sure(amount) is None or amount.unit in _VAGUE_UNITS:
        return Vague("some time ago"), past
    return Ago(amount.n, amount.unit), past


def read_after(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """What follows "بعد": so many units after the event in the words that follow, or after the one told before."""
    amount = read_amount(cursor, i + 1)
    if amount is None or _is_bare(cursor, i + 1, amount):
        return None
    past = _few(cursor, amount.past)
    complement = cursor.is_form(past, *_OF)
    return Offset(_sure(amount), amount.unit, 1, complement), past + complement


def _is_bare(cursor: Cursor, i: int, amount: Amount) -> bool:
    """Whether the amount is no more than "الساعة" or "الشهر"."""
    return amount.past == i + 1 and cursor.role(i, "the-unit-one") is not None


def read_told_offset(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """ "بعدها بيومين", "قبل ذلك بـ3 أيام"."""
    if cursor.role(i, "told-after") is not None:
        sign, j = 1, i + 1
    elif cursor.role(i, "told-before") is not None:
        sign, j = -1, i + 1
    elif cursor.is_form(i + 1, "ذلك") and cursor.role(i, "before") is not None:
        sign, j = -1, i + 2
    elif cursor.is_form(i + 1, "ذلك") and cursor.role(i, "after") is not None:
        sign, j = 1, i + 2
    else:
        return None
    j += cursor.is_form(j, "ب")
    amount = read_amount(cursor, j)
    if amount is None or not (cursor.is_form(j - 1, "ب") or cursor.form[j].startswith("ب")):
        return None
    return Offset(_sure(amount), amount.unit, sign, False), amount.past


def read_during(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """What follows "خلال" and its like: a stretch of time up to now, or from now on; not "during the clashes"."""
    cue = cursor.phrase(i, "during")
    if cue is None:
        return None
    j = cue[1]
    if cursor.is_form(j, "ال") or j >= cursor.end:
        j += 1
    if cursor.is_form(j, "الليل"):
        return Part("overnight"), j + 1
    named = read_month(cursor, j) or read_year(cursor, j) or read_period(cursor, j)
    if named is not None:
        return named
    amount = read_amount(cursor, j)
    if amount is None:
        return None
    if _is_bare(cursor, j, amount):
        # "خلال العام" without a number or "last" is the present one.
        return (Period(amount.unit, 0), j + 1) if amount.unit in ("week", "month", "year") else None
    short = amount.sure == "less" or "اقل" in cursor.form[i : cue[1]]
    return _stretch(cursor, amount, short)


def read_stretch(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """ "الأيام الثلاثة الماضية", "الـ24 ساعة الماضية", "آخر 48 ساعة" without a word of "during" before them."""
    last = cursor.role(i, "last-of") is not None
    j = i + 1 if last else i
    amount = read_amount(cursor, j + cursor.is_form(j, "ال"))
    if amount is None:
        return None
    past = _few(cursor, amount.past)
    if last and (amount.n is not None or amount.past > j + 1):
        return _stretch(cursor, amount, False)
    direction = cursor.role(past, "direction")
    if direction == "previous" and amount.n is None:
        return Vague("a period without bounds"), past + 1
    if direction not in ("last", "recent", "next"):
        return None
    if amount.n == 1 and amount.sure == "exact" and cursor.role(i, "the-unit-one") is not None:
        return None
    return _stretch(cursor, amount, False)


def _stretch(cursor: Cursor, amount: Amount, short: bool) -> tuple[Value, int] | None:
    past = _few(cursor, amount.past)
    direction = cursor.role(past, "direction")
    if direction == "next":
        n = amount.n if amount.sure == "exact" else None
        return (Stretch(n, amount.unit, True) if n else Vague("the time to come")), past + 1
    past += direction in ("last", "recent")
    if amount.unit in ("hour", "minute") and (amount.n is not None or direction in ("last", "recent")):
        return Stretch(amount.n, amount.unit), past
    if short and amount.n == 1 and amount.unit in ("day", "night"):
        return Stretch(1, "day"), past
    if amount.n is None or amount.sure != "exact" or amount.unit in _VAGUE_UNITS:
        return Vague("a period without bounds"), past
    return Stretch(amount.n, amount.unit), past


def read_duration(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """A number of units, or their dual, that no word makes a time: how long, or how old."""
    amount = read_amount(cursor, i)
    if amount is None or (amount.past == i + 1 and cursor.role(i, "unit-two") is None):
        return None
    return Duration(amount.n, amount.unit), amount.past


def _few(cursor: Cursor, i: int) -> int:
    """Past "القليلة", "متوالية", "ونصف العام" and the like after a unit."""
    adjectives = ("القليله", "قليله", "القليل", "معدوده", "متواليه", "متتاليه", "عده", "متواصله", "الواحد", "فقط")
    if cursor.is_form(i, "ونصف"):
        return i + 2 if cursor.role(i + 1, "the-unit-one") is not None else i + 1
    return i + 1 if cursor.is_form(i, *adjectives) else i


def _sure(amount: Amount) -> int | None:
    return amount.n if amount.sure == "exact" else None


def read_period(cursor: Cursor, i: int, portion: str | None = None) -> tuple[Value, int] | None:
    """ "الأسبوع الماضي", "هذا الشهر", "العام المقبل"; with a portion also "(نهاية) الشهر"."""
    demonstrative = cursor.role(i, "demonstrative")
    if demonstrative is not None:
        unit = cursor.role(i + 1, "the-unit-one")
        if unit in ("week", "month", "year") and demonstrative == "this" and not _future(cursor, i + 2):
            return Period(cast(Unit, unit), 0, portion), i + 2
        return None
    unit = cursor.role(i, "the-unit-one")
    if unit == "night":
        return _night(cursor, i)
    if unit not in ("week", "month", "year"):
        return None
    if unit == "year":
        year = read_year(cursor, i)
        if year is not None:
            told = year[0]
            if told.number is None and not told.same and told.shift is not None:
                return Period("year", told.shift, portion), year[1]
            return told._replace(portion=portion), year[1]
        if cursor.named(i - 1, "before-general"):
            return None
    direction = cursor.role(i + 1, "direction") or ""
    if direction in _SHIFT:
        return Period(cast(Unit, unit), _SHIFT[direction], portion), i + 2
    if cursor.is_form(i + 1, "قبل") and cursor.role(i + 2, "direction") == "last":
        return Period(cast(Unit, unit), -2, portion), i + 3
    if portion is not None:
        return Period(cast(Unit, unit), 0, portion), i + 1
    return None


def _future(cursor: Cursor, i: int) -> bool:
    return cursor.role(i, "direction") == "next"


def _night(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """ "الليلة الماضية" is the night to this day; "الليلة" alone is tonight."""
    direction = cursor.role(i + 1, "direction")
    if direction == "last":
        return Range(Day(shift=-1, part="night"), Day(shift=0, part="night")), i + 2
    if cursor.is_form(i + 1, "قبل") and cursor.role(i + 2, "direction") == "last":
        return Range(Day(shift=-2, part="night"), Day(shift=-1, part="night")), i + 3
    if direction in ("same", "next", "following"):
        return (SameDay(0) if direction == "same" else Vague("a night to come")), i + 2
    return (Day(shift=0, part="night"), i + 1) if not cursor.lead(i) or cursor.lead(i) == "و" else None


def read_portion(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """ "أواخر آب الماضي", "مطلع العام", "الثلث الأخير من أيار", "نهاية عام 2016", "بداية الأسبوع"."""
    found = cursor.phrase(i, "portion")
    if found is None or cursor.lead(i) not in ("", "و", "ف", "ب", "ل"):
        return None
    portion, j = found
    j += cursor.is_form(j, "من")
    month = read_month(cursor, j, portion)
    if month is not None:
        return month
    year = read_year(cursor, j)
    if year is not None and (year[0].number is not None or year[0].same):
        return year[0]._replace(portion=portion), year[1]
    period = read_period(cursor, j, portion)
    if period is not None and not isinstance(period[0], (Range, Day, SameDay, Month)):
        return period
    number = cursor.year_number(j)
    if number is not None and number[0] >= 1900 and cursor.role(number[1], "unit-many") is None:
        return Year(number[0], portion=portion), number[1]
    return None
