"""What a time expression says, before it is resolved against any clock."""

from __future__ import annotations

from typing import Literal, NamedTuple

Calendar = Literal["gregorian", "hijri"]
Direction = Literal["last", "this", "next", "nearest"]
Unit = Literal["minute", "hour", "day", "night", "week", "month", "year", "decade", "century"]


class Year(NamedTuple):
    """A year told by its number, or by its distance from the present one; `same` is the year told before."""

    number: int | None = None
    shift: int | None = None
    calendar: Calendar = "gregorian"
    portion: str | None = None
    same: bool = False


class Month(NamedTuple):
    """A month by name, of a year told or not, whole or a portion of it ("early")."""

    month: int
    calendar: Calendar = "gregorian"
    year: Year | None = None
    direction: Direction | None = None
    portion: str | None = None


class CalendarDate(NamedTuple):
    """A day, or the days `day` to `day_to`, of a month told by name, by its distance from the present one, or not.

    `same_month`: of the month of the time told before.
    """

    day: int
    month: int | None = None
    calendar: Calendar = "gregorian"
    year: Year | None = None
    direction: Direction | None = None
    day_to: int | None = None
    month_shift: int | None = None
    same_month: bool = False


class Day(NamedTuple):
    """A day by its distance from today, by weekday (0 is Monday; `weekday_to` of "the night Sunday to Monday"),
    by date, or by several of them, with the part of the day and the hour told."""

    shift: int | None = None
    weekday: int | None = None
    weekday_to: int | None = None
    direction: Direction | None = None
    date: CalendarDate | None = None
    part: str | None = None
    hour: int | None = None


class Season(NamedTuple):
    """A season, of a year told or the last one."""

    season: str
    year: Year | None = None
    direction: Direction | None = None


class Period(NamedTuple):
    """A week, month or year by its distance from the present one, whole or a portion of it."""

    unit: Unit
    shift: int
    portion: str | None = None


class Stretch(NamedTuple):
    """So many units up to now ("the last three days"), or from now on. `n` None: a few hours."""

    n: int | None
    unit: Unit
    ahead: bool = False


class Ago(NamedTuple):
    """So many units before now. `n` None: a few hours or minutes."""

    n: int | None
    unit: Unit


class Offset(NamedTuple):
    """So many units after (or before, negative) another event.

    `complement`: the other event stands in the words that follow ("بعد يومين من ..."); else it was told before.
    """

    n: int | None
    unit: Unit
    sign: int
    complement: bool


class SameDay(NamedTuple):
    """The day told before, shifted ("the same day", "the next day")."""

    shift: int


class Part(NamedTuple):
    """A part of the day alone; `today` where the words say so ("this morning")."""

    part: str | None
    hour: int | None = None
    today: bool = False


class Since(NamedTuple):
    """From the start of another time up to now."""

    start: Value


class Range(NamedTuple):
    """From the start of one time to the end of another."""

    start: Value
    end: Value


class Duration(NamedTuple):
    """How long something takes, or how old someone is: no date."""

    n: int | None
    unit: Unit


class Vague(NamedTuple):
    """A time that tells no day: "recently", "in past days", "until Sunday"."""

    why: str


Value = (
    Year | Month | Day | Season | Period | Stretch | Ago | Offset | SameDay | Part | Since | Range | Duration | Vague
)
