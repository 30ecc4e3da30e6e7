"""Days, months and years of the Gregorian and the Hijri (Umm al-Qura) calendar as intervals."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from sijill.mentions.time_values import Calendar

Interval = tuple[date, date]


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
