"""Times resolved to days, by the publication's clock or another time of the text.

Nothing falls back to the publication date: a time that tells no day resolves to None. The rules are the codebook's of
conflict reports: "since X" runs to publication, "last week" is the Monday to Sunday before, a weekday is the latest
at or before publication unless the words say "last" or "next".
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sijill.mentions.time_values import (
    Ago,
    CalendarDate,
    Day,
    Month,
    Offset,
    Part,
    Period,
    Range,
    SameDay,
    Season,
    Since,
    Stretch,
    Value,
    Year,
)
from sijill.mentions.times import TimeMention
from sijill.model import DatePrecision
from sijill.resolve.calendar import (
    Interval,
    day_of,
    days_later,
    month_of,
    month_span,
    months_later,
    moved,
    season_span,
    year_in,
    year_span,
)

__all__ = ["ResolvedTime", "resolve_main", "resolve_time"]

_SEARCH_YEARS: Final = 9
"""How far back a date without a year is looked for: 29 February may be eight years away."""
_SLACK: Final = timedelta(days=1)
"""Pages are stamped in other time zones: a date told may be a day after the stamp."""
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ResolvedTime(NamedTuple):
    """Days, both included, how precise the words are, the rule in words, and a warning (code, message) or None."""

    start: date
    end: date
    precision: DatePrecision
    rule: str
    warning: tuple[str, str] | None = None


def resolve_time(
    mention: TimeMention, published: datetime | date | None, *, anchor: tuple[date, date] | None = None
) -> ResolvedTime | None:
    """The days a time tells, or None where it tells none that can be known.

    `published` counts in its own zone, as the page does. `anchor` is the time of the text that the words count from.
    For "بعد يومين من X" it is the time of what happened two days after X, and the result is the day of X. For "بعد
    يومين", "في اليوم نفسه", "صباحا" and "منذ ذلك الحين" it is the time told before, and the result is what they tell.
    """
    try:
        return _Clock(published, anchor).resolve(mention.value)
    except OverflowError:
        # Before the year 1 and after 9999 there are no days to tell.
        return None


def resolve_main(mention: TimeMention, complement: tuple[date, date]) -> ResolvedTime | None:
    """The other way round for "بعد يومين من X": the day of what happened two days after X, X being at `complement`."""
    value = mention.value
    if not isinstance(value, Offset):
        return None
    return resolve_time(mention._replace(value=value._replace(complement=False)), None, anchor=complement)


class _Clock:
    """The times everything is resolved by."""

    __slots__ = ("anchor", "moment", "today")

    def __init__(self, published: datetime | date | None, anchor: Interval | None) -> None:
        self.moment = published if isinstance(published, datetime) else None
        self.today = published.date() if isinstance(published, datetime) else published
        self.anchor = anchor

    def resolve(self, value: Value) -> ResolvedTime | None:
        match value:
            case Day():
                return self._day(value)
            case Month():
                return self._month(value)
            case Year():
                return self._year(value)
            case Season():
                return self._season(value)
            case Since():
                return self._since(value)
            case Range():
                return self._range(value)
            case Offset():
                return self._offset(value)
            case SameDay():
                return self._same_day(value)
            case Part():
                return self._part(value)
            case Period() | Stretch() | Ago():
                return self._relative(value)
            case _:
                return None

    def _relative(self, value: Period | Stretch | Ago) -> ResolvedTime | None:
        if self.today is None:
            return None
        if isinstance(value, Period):
            return self._period(value, self.today)
        if isinstance(value, Stretch):
            return self._stretch(value, self.today)
        return self._ago(value, self.today)

    # Days

    def _day(self, value: Day) -> ResolvedTime | None:
        precision: DatePrecision = (
            "hour" if value.hour is not None else "part-of-day" if value.part is not None else "day"
        )
        if value.date is not None:
            return self._dated(value, value.date, precision)
        if self.today is None:
            return None
        if value.shift is not None:
            return self._shifted(value, value.shift, self.today, precision)
        return self._weekday(value, self.today, precision)

    def _shifted(self, value: Day, shift: int, today: date, precision: DatePrecision) -> ResolvedTime | None:
        day = days_later(today, shift)
        if day is None:
            return None
        if value.weekday is None or day.weekday() == value.weekday:
            return ResolvedTime(day, day, precision, "counted from publication")
        if shift > 0:
            nearest = today + timedelta(days=(value.weekday - today.weekday()) % 7 or 7)
        else:
            nearest = _weekday_before(today, value.weekday)
        word = {0: "today", -1: "yesterday", -2: "the day before yesterday", 1: "tomorrow"}.get(shift, "that day")
        warning = _disagreement(f"{word}, {_WEEKDAYS[value.weekday]}", today, nearest)
        return ResolvedTime(nearest, nearest, precision, "nearest such weekday at or before publication", warning)

    def _weekday(self, value: Day, today: date, precision: DatePrecision) -> ResolvedTime | None:
        if value.weekday is None:
            return None
        if value.weekday_to is not None:
            end = _weekday_before(today, value.weekday_to)
            start = end - timedelta(days=(value.weekday_to - value.weekday) % 7)
            first = end if value.part == "after-midnight" else start
            return ResolvedTime(first, end, "part-of-day", "the night between two weekdays")
        if value.direction == "next":
            day = today + timedelta(days=(value.weekday - today.weekday()) % 7 or 7)
            return ResolvedTime(day, day, precision, "next such weekday after publication")
        if value.direction == "last":
            day = _weekday_before(today - timedelta(days=1), value.weekday)
            return ResolvedTime(day, day, precision, "latest such weekday before publication")
        day = _weekday_before(today, value.weekday)
        return ResolvedTime(day, day, precision, "latest such weekday at or before publication")

    def _dated(self, value: Day, told: CalendarDate, precision: DatePrecision) -> ResolvedTime | None:
        near = value.shift is not None or value.weekday is not None
        start = self._calendar_day(told, told.day, near)
        if start is None:
            return None
        if told.day_to is not None:
            end = self._calendar_day(told, told.day_to, near)
            if end is None or end < start:
                return None
            return ResolvedTime(start, end, "days", "days of a month")
        rule = "date" if told.year is not None and told.year.number is not None else "latest such date"
        warning = None
        if value.weekday is not None and start.weekday() != value.weekday and value.weekday_to is None:
            warning = _disagreement(f"{_WEEKDAYS[value.weekday]}, {start.isoformat()}", start, start)
        return ResolvedTime(start, start, precision, rule, warning)

    def _calendar_day(self, told: CalendarDate, day: int, near: bool) -> date | None:
        if told.month is None:
            return self._day_of_this_month(told, day)
        year = self._year_number(told.year)
        if told.year is not None:
            return day_of(told.calendar, year, told.month, day) if year is not None else None
        if self.today is None:
            return None
        present = year_in(told.calendar, self.today)
        if told.direction == "next":
            found = (day_of(told.calendar, present + k, told.month, day) for k in range(_SEARCH_YEARS))
            return next((d for d in found if d is not None and d > self.today), None)
        # Beside "today" or a weekday a date is one of these days, though the page may be stamped before it.
        latest = self.today + (timedelta(days=7) if near else _SLACK)
        if told.direction == "this":
            return day_of(told.calendar, present, told.month, day)
        found = (day_of(told.calendar, present + 1 - k, told.month, day) for k in range(_SEARCH_YEARS + 1))
        if told.direction == "nearest":
            today = self.today
            return min((d for d in found if d is not None), key=lambda d: abs(d - today), default=None)
        return next((d for d in found if d is not None and d <= latest), None)

    def _day_of_this_month(self, told: CalendarDate, day: int) -> date | None:
        if told.same_month:
            return day_of("gregorian", self.anchor[0].year, self.anchor[0].month, day) if self.anchor else None
        if self.today is None:
            return None
        if told.month_shift is not None:
            month = months_later(self.today.replace(day=1), told.month_shift)
            return day_of("gregorian", month.year, month.month, day) if month is not None else None
        for back in range(3):
            month = months_later(self.today.replace(day=1), -back)
            found = day_of("gregorian", month.year, month.month, day) if month is not None else None
            if found is not None and found <= self.today + _SLACK:
                return found
        return None

    # Months, years, seasons

    def _year_number(self, year: Year | None) -> int | None:
        if year is None:
            return None
        if year.number is not None:
            return year.number
        if year.same:
            return self.anchor[0].year + (year.shift or 0) if self.anchor is not None else None
        return self.today.year + (year.shift or 0) if self.today is not None else None

    def _month(self, value: Month) -> ResolvedTime | None:
        year = self._year_number(value.year)
        if value.year is not None:
            span = month_span(value, year) if year is not None else None
        elif self.today is None:
            return None
        else:
            span = self._month_near(value, self.today)
        if span is None:
            return None
        start, end = self._capped(span)
        rule = f"{value.portion} part of the month" if value.portion else "month"
        return ResolvedTime(start, end, "days" if value.portion else "month", rule)

    def _month_near(self, value: Month, today: date) -> Interval | None:
        present = year_in(value.calendar, today)
        if value.direction == "next":
            spans = (month_span(value, present + k) for k in range(3))
            return next((s for s in spans if s is not None and s[0] > today), None)
        spans = (month_span(value, present + 1 - k) for k in range(4))
        if value.direction == "this":
            return month_span(value, present)
        if value.direction == "last":
            whole = value._replace(portion=None)
            starts = ((month_span(whole, present + 1 - k), month_span(value, present + 1 - k)) for k in range(4))
            return next((part for month, part in starts if month is not None and month[1] < today), None)
        return next((s for s in spans if s is not None and s[0] <= today), None)

    def _capped(self, span: Interval) -> Interval:
        """What has begun and is told of goes no further than the telling."""
        start, end = span
        return (start, self.today) if self.today is not None and start <= self.today < end else span

    def _year(self, value: Year) -> ResolvedTime | None:
        number = self._year_number(value)
        span = year_span(value, number) if number is not None else None
        if span is None:
            return None
        start, end = self._capped(span)
        rule = f"{value.portion} part of the year" if value.portion else "year"
        return ResolvedTime(start, end, "month" if value.portion else "year", rule)

    def _season(self, value: Season) -> ResolvedTime | None:
        year = self._year_number(value.year)
        if value.year is None and self.today is not None:
            spans = [season_span(value.season, self.today.year + 1 - k) for k in range(4)]
            if value.direction == "next":
                span = min((s for s in spans if s is not None and s[0] > self.today), default=None)
            else:
                ended = value.direction == "last"
                began = (s for s in spans if s is not None and (s[1] if ended else s[0]) < self.today)
                span = next(began, None)
        else:
            span = season_span(value.season, year) if year is not None else None
        return ResolvedTime(*self._capped(span), "season", "season") if span is not None else None

    # Distances

    def _period(self, value: Period, today: date) -> ResolvedTime | None:
        if value.unit == "week":
            return _week(value, today)
        if value.unit == "month":
            first = months_later(today.replace(day=1), value.shift)
            if first is None:
                return None
            span = month_span(Month(first.month, portion=value.portion), first.year)
        else:
            span = year_span(Year(portion=value.portion), today.year + value.shift)
        if span is None:
            return None
        start, end = self._capped(span)
        precision: DatePrecision = "month" if value.unit == "month" else "year"
        if value.portion:
            precision = "days" if value.unit == "month" else "month"
        rule = f"{value.portion} part of the {value.unit}" if value.portion else f"{value.unit} by its distance"
        return ResolvedTime(start, end, precision, rule)

    def _stretch(self, value: Stretch, today: date) -> ResolvedTime | None:
        n = value.n if value.n is not None else 1
        other = moved(today, value.unit, n if value.ahead else -n)
        if other is None or (value.n is None and value.unit not in ("hour", "minute")):
            return None
        if value.ahead:
            return ResolvedTime(today, other, "days", "so long from publication")
        end = today - timedelta(days=1) if value.unit == "night" else today
        precision: DatePrecision = "day" if other == end else "days"
        return ResolvedTime(other, end, precision, "so long up to publication")

    def _ago(self, value: Ago, today: date) -> ResolvedTime | None:
        if value.unit in ("hour", "minute"):
            if value.n is not None and self.moment is not None:
                try:
                    day = (self.moment - timedelta(hours=value.n if value.unit == "hour" else value.n / 60)).date()
                except OverflowError:
                    return None
                return ResolvedTime(day, day, "hour", "hours before publication")
            hours = value.n if value.n is not None and value.unit == "hour" else 1
            start = days_later(today, -max(1, hours // 24))
            end = start if hours >= 24 and hours % 24 == 0 else today
            if start is None or end is None:
                return None
            return ResolvedTime(start, end, "days", "hours before publication")
        if value.n is None:
            return None
        day_then = moved(today, value.unit, -value.n)
        if day_then is None:
            return None
        if value.unit == "month":
            span = month_of("gregorian", day_then.year, day_then.month)
            return ResolvedTime(*span, "month", "months before publication") if span is not None else None
        if value.unit == "year":
            return ResolvedTime(date(day_then.year, 1, 1), date(day_then.year, 12, 31), "year", "years before")
        return ResolvedTime(day_then, day_then, "day", "days before publication")

    def _offset(self, value: Offset) -> ResolvedTime | None:
        if self.anchor is None:
            return None
        few_hours = value.n is None and value.unit in ("hour", "minute")
        if value.n is None and not few_hours:
            return None
        sign = -value.sign if value.complement else value.sign
        # Hours before or after an event whose hour is not known leave it on its day.
        n = 0 if value.unit in ("hour", "minute") and (value.n or 0) < 24 else value.n or 0
        start, end = moved(self.anchor[0], value.unit, sign * n), moved(self.anchor[1], value.unit, sign * n)
        if start is None or end is None:
            return None
        return ResolvedTime(start, end, "day" if start == end else "days", "counted from another event")

    def _same_day(self, value: SameDay) -> ResolvedTime | None:
        if self.anchor is None:
            return None
        start, end = days_later(self.anchor[0], value.shift), days_later(self.anchor[1], value.shift)
        if start is None or end is None:
            return None
        return ResolvedTime(start, end, "day" if start == end else "days", "the day told before")

    def _part(self, value: Part) -> ResolvedTime | None:
        precision: DatePrecision = "hour" if value.hour is not None else "part-of-day"
        if value.today and self.today is not None:
            return ResolvedTime(self.today, self.today, precision, "part of the publication's day")
        if self.anchor is None:
            return None
        start, end = self.anchor
        before = days_later(start, -1) if value.part == "overnight" else start
        return ResolvedTime(before or start, end, precision, "part of the day told before")

    def _since(self, value: Since) -> ResolvedTime | None:
        if self.today is None:
            return None
        start = self._since_start(value.start, self.today)
        if start is None or start.start > self.today:
            return None
        precision: DatePrecision = "day" if start.start == self.today else "days"
        return ResolvedTime(start.start, self.today, precision, "since then up to publication", start.warning)

    def _since_start(self, value: Value, today: date) -> ResolvedTime | None:
        if isinstance(value, Part) and self.anchor is None:
            return ResolvedTime(today, today, "part-of-day", "part of the publication's day")
        if isinstance(value, Period) and value == Period("week", 0, "early"):
            value = Period("week", 0)
        return self.resolve(value)

    def _range(self, value: Range) -> ResolvedTime | None:
        end = self.resolve(value.end)
        if end is None:
            return None
        begun = _sharing(value.start, value.end)
        # What a range begins with is the latest such time before its end, whatever has happened since.
        start = _Clock(end.end if _has_no_year(begun) else self.moment or self.today, self.anchor).resolve(begun)
        if start is None or start.start > end.end:
            return None
        return ResolvedTime(
            start.start, end.end, "day" if start.start == end.end else "days", "from one time to another"
        )


def _has_no_year(value: Value) -> bool:
    if isinstance(value, Day):
        return value.shift is None and (value.date is None or value.date.year is None)
    return isinstance(value, Month) and value.year is None


def _sharing(start: Value, end: Value) -> Value:
    """The start of a range with the direction its end has for both ("بين 25 تموز و3 آب الماضيين")."""
    if isinstance(start, Day) and isinstance(end, Day) and start.date is None and start.direction == "last":
        return start._replace(direction=None)
    return start


def _weekday_before(day: date, weekday: int) -> date:
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def _disagreement(told: str, stamp: date, read: date) -> tuple[str, str]:
    stamped = f"{_WEEKDAYS[stamp.weekday()]} {stamp.isoformat()}"
    return "weekday-disagrees", f"the text says {told}, but that is {stamped}; read as {read.isoformat()}"


def _week(value: Period, today: date) -> ResolvedTime | None:
    monday = days_later(today, 7 * value.shift - today.weekday())
    sunday = days_later(monday, 6) if monday is not None else None
    if monday is None or sunday is None:
        return None
    if value.portion == "late" and value.shift != 0:
        return ResolvedTime(sunday - timedelta(days=2), sunday, "days", "end of the week")
    if value.portion is not None:
        return None
    return ResolvedTime(monday, today if value.shift == 0 else sunday, "week", "week from Monday")
