"""Days as news tells them: part of the day, clock, "today", weekday and date in any order that is written."""

from __future__ import annotations

from typing import Final

from sijill.arabic.words import Kind
from sijill.mentions.time_cursor import Cursor
from sijill.mentions.time_dates import read_date, read_short_numeric
from sijill.mentions.time_values import CalendarDate, Day, Direction, Part, SameDay, Vague, Value

_PM: Final = {"afternoon", "evening", "night"}
_PARTS: Final = frozenset({"part", "part-adverb", "before", "after", "portion"})
_LONGEST: Final = 30
"""No day is told in more tokens; what seems to be is no prose."""
_PARTS_ALONE: Final = {"night", "dawn", "morning", "evening"}


class _Found:
    """What has been read of a day so far."""

    __slots__ = ("date", "direction", "hour", "part", "shift", "weekday", "weekday_to")

    def __init__(self) -> None:
        self.shift: int | None = None
        self.weekday: int | None = None
        self.weekday_to: int | None = None
        self.direction: Direction | None = None
        self.date: CalendarDate | None = None
        self.part: str | None = None
        self.hour: int | None = None

    @property
    def has_day(self) -> bool:
        return self.shift is not None or self.weekday is not None or self.date is not None

    def value(self) -> Day:
        return Day(self.shift, self.weekday, self.weekday_to, self.direction, self.date, self.part, self.hour)


def read_day(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """The day told at token `i` and the token after it; a part of the day alone is a Part."""
    if cursor.is_form(i - 1, "كل"):
        return None
    found = _Found()
    j, past = i, i
    while j < min(cursor.end, i + _LONGEST):
        after = _read_piece(cursor, found, j, i)
        if after is None:
            glue = _glue(cursor, found, j)
            if glue is None:
                break
            j = glue
            continue
        j = past = after
        if cursor.is_form(j, ")") and cursor.is_form(_opening(cursor, i, j), "("):
            j = past = j + 1
    if found.has_day:
        return found.value(), past
    if (found.part is not None or found.hour is not None) and _part_stands(cursor, i, past, found):
        return Part(found.part, found.hour, today=cursor.is_form(i - 1, "هذا", "هذه")), past
    return None


def _opening(cursor: Cursor, i: int, j: int) -> int:
    """The opening bracket that the closing one at `j` may close, within the expression begun at `i`."""
    return next((k for k in range(j - 1, i, -1) if cursor.form[k] in "()"), -1)


def _read_piece(cursor: Cursor, found: _Found, j: int, i: int) -> int | None:
    """Read one piece of a day at `j` into `found`; the token after it, or None."""
    word = cursor.words[j]
    if word is None:
        return _read_date(cursor, found, j, i)
    roles = word.roles
    if "weekday" in roles or "bare-weekday" in roles:
        return _read_weekday(cursor, found, j)
    if "direction" in roles and found.weekday is not None and found.direction is None and found.date is None:
        return _read_direction(cursor, found, j)
    shift = cursor.phrase(j, "day-shift")
    if shift is not None and found.shift is None and (found.weekday is None or found.date is None):
        return _read_shift(cursor, found, j, int(shift[0]), shift[1])
    if "clock" in roles and found.hour is None:
        return _read_clock(cursor, found, j)
    if not _PARTS.isdisjoint(roles):
        return _read_part(cursor, found, j)
    return _read_date(cursor, found, j, i)


def _read_date(cursor: Cursor, found: _Found, j: int, i: int) -> int | None:
    if found.date is not None:
        return None
    cue = cursor.phrase(j, "date-cue")
    if cue is not None:
        j = cue[1]
        if cursor.is_form(j, "ل", "يوم"):
            j += 1
        if j >= cursor.end:
            return None
    date = read_date(cursor, j)
    if date is None and (cue is not None or found.has_day or _after_day_noun(cursor, j)) and j < cursor.end:
        date = read_short_numeric(cursor, j) if cursor.kind[j] is Kind.NUMBER else None
        if date is None and _after_day_noun(cursor, j):
            number = cursor.day_number(j)
            alone = number is not None and _ends(cursor, number[1])
            date = (CalendarDate(number[0]), number[1]) if number is not None and alone else None
    if date is None:
        return None
    found.date = date[0]
    return date[1]


def _ends(cursor: Cursor, i: int) -> bool:
    """Whether what stands at `i` closes a phrase: nothing, a mark that joins no digits, or a line's end."""
    return i >= cursor.end or (cursor.kind[i] in (Kind.PUNCT, Kind.BREAK) and cursor.form[i] not in "/-–:")


def _after_day_noun(cursor: Cursor, j: int) -> bool:
    before = j - 2 if cursor.is_form(j - 1, "ال") else j - 1
    return cursor.role(before, "day-noun") is not None


def _read_weekday(cursor: Cursor, found: _Found, j: int) -> int | None:
    word = cursor.words[j]
    assert word is not None
    if "weekday" in word.roles:
        weekday = int(word.roles["weekday"])
        if cursor.is_form(j + 1, "عشر", "عشره") or cursor.named(j - 1, "before-weekday"):
            return None
    elif cursor.is_form(j - 1, "يوم", "ويوم", "ليله") and not cursor.is_form(j - 2, "كل"):
        weekday = int(word.roles["bare-weekday"])
    else:
        return None
    if word.lead not in ("", "و", "ف", "ب", "ل"):
        return None
    if found.weekday is None:
        if word.lead and found.has_day:
            return None
        found.weekday = weekday
        return j + 1
    joined = not word.lead or (word.lead == "و" and found.part == "night")
    if found.weekday_to is None and found.part in ("night", "after-midnight") and joined and found.date is None:
        found.weekday_to = weekday
        return j + 1
    return None


def _read_direction(cursor: Cursor, found: _Found, j: int) -> int | None:
    value = cursor.role(j, "direction")
    if value in ("last", "this", "next"):
        found.direction = value  # type: ignore[assignment]
        return j + 1
    if value == "recent":
        found.direction = "last"
        return j + 1
    return None


def _read_shift(cursor: Cursor, found: _Found, j: int, shift: int, past: int) -> int | None:
    lead = cursor.lead(j)
    if found.has_day and lead:
        return None
    if shift == 0 and (lead in ("ب", "ل", "ك") or not _is_today(cursor, j, past)):
        return None
    if shift == -1 and (lead in ("ل", "ك") or cursor.named(past, "after-yesterday")):
        return None
    if shift == 1 and cursor.is_form(j, "غدا", "وغدا") and not _is_tomorrow(cursor, j, past):
        return None
    found.shift = shift
    return past


def _is_today(cursor: Cursor, j: int, past: int) -> bool:
    if cursor.role(past, "weekday") is not None:
        return True
    if cursor.named(j - 1, "before-today"):
        return False
    if cursor.named(j - 1, "titled-today") and cursor.named(j - 2, "medium"):
        return False
    if cursor.named(past, "after-today") or cursor.is_form(j - 1, "في", "وفي", "كل", "ذلك", "بعد", "قبل"):
        return False
    if cursor.role(past, "direction") in ("following", "previous", "same"):
        return False
    ordinal = cursor.numbers.get(past)
    return (
        ordinal is None
        or not ordinal.ordinal
        or cursor.month(ordinal.last + 1) is not None
        or _of(cursor, ordinal.last)
    )


def _of(cursor: Cursor, last: int) -> bool:
    return cursor.is_form(last + 1, "من") and cursor.month(last + 2) is not None


def _is_tomorrow(cursor: Cursor, j: int, past: int) -> bool:
    text = cursor.tokens.text[cursor.tokens.start[j] : cursor.tokens.end[j]]
    if "\u064b" in text or cursor.is_form(j - 1, "يوم", "مساء", "صباح", "فجر"):
        return True
    return past >= cursor.end or cursor.role(past, "weekday") is not None or cursor.kind[past] is not Kind.WORD


def _read_part(cursor: Cursor, found: _Found, j: int) -> int | None:
    """ "فجر", "مساء", "بعد منتصف ليل", "بعد ظهر", "صباحا"."""
    k = j
    after = cursor.role(j, "after") is not None
    if after or cursor.role(j, "before") is not None:
        k += 1
    midnight = cursor.role(k, "portion") == "middle" and (k == j or not cursor.lead(k))
    if midnight:
        k += 1
    part = cursor.role(k, "part") or cursor.role(k, "part-adverb")
    if part is None or (cursor.lead(k) and k > j):
        return None
    if found.part is not None and found.hour is None and found.part != "late":
        return None
    if midnight:
        if part != "night":
            return None
        part = "after-midnight" if after else "night"
    elif k > j:
        if part not in ("noon", "dawn"):
            return None
        part = "afternoon" if after else "morning"
    found.part = part
    if found.hour is not None and found.hour < 12 and (part in _PM or (part == "noon" and found.hour < 6)):
        found.hour += 12
    return k + 1


def _read_clock(cursor: Cursor, found: _Found, j: int) -> int | None:
    """ "الساعة 3:30 فجرا", "الساعة العاشرة والنصف", "الساعة 12:00 بتوقيت دمشق"."""
    k = j + 2 if cursor.is_form(j + 1, "ال") else j + 1
    if k >= cursor.end:
        return None
    if cursor.kind[k] is Kind.NUMBER and len(cursor.form[k]) <= 2:
        hour, past = int(cursor.form[k]), k + 1
        minutes = cursor.is_form(past, ":", ".", ",", "،") and past + 1 < cursor.end
        if (
            minutes
            and cursor.kind[past + 1] is Kind.NUMBER
            and cursor.tokens.start[past + 1] == cursor.tokens.end[past]
        ):
            past += 2
    else:
        quantity = cursor.numbers.get(k)
        if quantity is None or quantity.low is None:
            return None
        hour, past = quantity.low, quantity.last + 1
    if not 0 <= hour <= 24:
        return None
    if cursor.is_form(past, "والنصف", "والربع", "والثلث"):
        past += 1
    elif cursor.is_form(past, "الا") and past + 1 < cursor.end:
        past += 2
    elif cursor.role(minute := _after_number(cursor, past), "unit-one") == "minute":
        past = minute + 1
    if cursor.is_form(past, "بتوقيت", "بالتوقيت", "توقيت") and past + 1 < cursor.end:
        past += 2
    found.hour = hour % 24
    return past


def _after_number(cursor: Cursor, i: int) -> int:
    """The token after the minutes in "والنصف", "و20 دقيقة", "وعشرين دقيقة", or `i` itself."""
    j = i + 1 if cursor.is_form(i, "و") else i
    quantity = cursor.numbers.get(j)
    return quantity.last + 1 if quantity is not None else i


def _glue(cursor: Cursor, found: _Found, j: int) -> int | None:
    """Words and marks between two pieces of a day that belong to it: "يوم", "من", a comma, a bracket, a hyphen."""
    form = cursor.form[j]
    following = cursor.words[j + 1] if j + 1 < cursor.end else None
    if cursor.role(j, "day-noun") is not None and not (found.has_day and cursor.lead(j)):
        return j + 1
    if found.has_day and form in ("،", ",", "(", "-", "–", "/") and j + 1 < cursor.end:
        return _glue_mark(cursor, found, j, form)
    if form == "علي" and found.weekday is not None and following is not None and "weekday" in following.roles:
        return j + 1 if found.part in ("night", "after-midnight") else None
    if form in ("من", "في") and not found.has_day and (found.part is not None or found.hour is not None):
        return j + 1 if following is not None else None
    return None


def _glue_mark(cursor: Cursor, found: _Found, j: int, form: str) -> int | None:
    following = cursor.words[j + 1]
    roles = following.roles if following is not None else {}
    if form == "(":
        closing = any(cursor.is_form(k, ")") for k in range(j + 2, j + 9))
        one = ("weekday" in roles and found.weekday is None) or ("day-shift" in roles and found.shift is None)
        dated = found.date is None and read_date(cursor, j + 1) is not None
        return j + 1 if closing and (one or dated) else None
    if form in "-–/":
        paired = found.part in ("night", "after-midnight") and "weekday" in roles and found.weekday is not None
        return j + 1 if paired or (found.date is None and form != "/" and read_date(cursor, j + 1)) else None
    if found.shift is not None and found.weekday is None and found.date is None:
        return j + 1 if "weekday" in roles and following is not None and not following.lead else None
    dated = found.weekday is not None and found.date is None and following is None
    return j + 1 if dated and read_date(cursor, j + 1) is not None else None


def _part_stands(cursor: Cursor, i: int, past: int, found: _Found) -> bool:
    """Whether a part of the day without a day is one: "فجر" and "ظهر" alone are verbs, "صباح" a name."""
    if found.hour is not None or past - i > 1:
        return True
    if cursor.is_form(i - 1, "هذا", "هذه"):
        return True
    definite = cursor.form[i].lstrip("وف").startswith("ال") and found.part in _PARTS_ALONE
    return definite or cursor.role(i, "part-adverb") is not None


def read_same_day(cursor: Cursor, i: int) -> tuple[Value, int] | None:
    """ "اليوم نفسه", "ذلك اليوم", "اليوم التالي"; "اليوم الثالث" of something tells no day."""
    if cursor.role(i, "demonstrative") in ("that", "same") and cursor.role(i + 1, "day-shift") == "0":
        return SameDay(0), i + 2
    if cursor.role(i, "day-shift") != "0":
        return None
    value = cursor.role(i + 1, "direction")
    if value in ("following", "previous", "same"):
        return SameDay({"following": 1, "previous": -1, "same": 0}[value]), i + 2
    ordinal = cursor.numbers.get(i + 1)
    if ordinal is not None and ordinal.ordinal:
        return Vague("a day counted from an unstated one"), ordinal.last + 1
    return None
