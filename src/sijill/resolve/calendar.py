"""Days, months and years of the Gregorian and the Hijri (Umm al-Qura) calendar as intervals."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from sijill.mentions.time_values import Calendar, Month, Unit, Year
from sijill.mentions.time_words import portions, seasons

Interval = tuple[date, date]
_DAYS: Final[dict[Unit, int]] = {"day": 1, "night": 1, "week": 7}
_MONTHS: Final[dict[Unit, int]] = {"month": 1, "year": 12}


def day_of(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a date, or None where there is no such day or the calendar's table does not reach it."""
    if calendar == "gregorian":
        try:
            return date(year, month, day)
        except ValueError:
            return None
    # Loaded only for Hijri dates: its tables cost more time than all else in resolving.
    from hijridate import Hijri

    try:
        return Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None


def month_of(calendar: Calendar, year: int, month: int) -> Interval | None:
    """The first and last day of a month."""
    start = day_of(calendar, year, month, 1)
    if start is None:
        return None
    if calendar == "gregorian":
        return start, start.replace(day=monthrange(year, month)[1])
    from hijridate import Hijri

    return start, start + timedelta(days=Hijri(year, month, 1).month_length() - 1)


def year_in(calendar: Calendar, day: date) -> int:
    """The calendar's year on a Gregorian day; outside the Hijri table an estimate, for which no date will be found."""
    if calendar == "gregorian":
        return day.year
    from hijridate import Gregorian

    try:
        return int(Gregorian.fromdate(day).to_hijri().year)
    except (ValueError, OverflowError):
        return day.year - 579


def months_later(day: date, months: int) -> date | None:
    """The same day some months later (or earlier), the month's last where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_later(day: date, days: int) -> date | None:
    """The day some days later (or earlier), or None beyond the years of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def moved(day: date, unit: Unit, n: int) -> date | None:
    """The day `n` units later (or earlier); hours count as the days they fill, begun ones too."""
    if unit in _DAYS:
        return days_later(day, n * _DAYS[unit])
    if unit in _MONTHS:
        return months_later(day, n * _MONTHS[unit])
    if unit in ("hour", "minute"):
        hours = abs(n) if unit == "hour" else abs(n) // 60
        days = -(-hours // 24)
        return days_later(day, -days if n < 0 else days)
    return None


def month_span(value: Month, year: int) -> Interval | None:
    """The days of a month, or of the portion of it told, in a year."""
    span = month_of(value.calendar, year, value.month)
    if span is None or value.portion is None:
        return span
    portion = portions()[value.portion]
    length = (span[1] - span[0]).days + 1
    return (
        span[0] + timedelta(days=portion.first_day - 1),
        span[0] + timedelta(days=min(portion.last_day, length) - 1),
    )


def year_span(value: Year, number: int) -> Interval | None:
    """The days of a year, or of the portion of it told."""
    first, last = 1, 12
    if value.portion is not None:
        portion = portions()[value.portion]
        first, last = portion.first_month, portion.last_month
    start, end = month_of(value.calendar, number, first), month_of(value.calendar, number, last)
    return (start[0], end[1]) if start is not None and end is not None else None


def season_span(season: str, year: int) -> Interval | None:
    """A season of a year; winter is the one that ends in it."""
    first, months = seasons()[season]
    start = day_of("gregorian", year - (first + months > 13), first, 1)
    following = months_later(start, months) if start is not None else None
    return (start, following - timedelta(days=1)) if start is not None and following is not None else None
