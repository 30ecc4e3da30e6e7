"""Datelines: a line that is nothing but a date, with its time, its place or zone, its outlet, and words such as
"published".

A line that holds any other word is no dateline, so a caption, a heading or a sentence with a date in it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import Final, NamedTuple

import msgspec

from sijill.arabic.fold import fold
from sijill.errors import OptionError
from sijill.page.outlets import part_outlet
from sijill.page.words import PageWords

MAX_LENGTH: Final = 160
"""No dateline is longer (two labelled dates with times and zones come to some 120 letters)."""
SHORT: Final = 40
"""A line up to this length is looked at for a date without a year, too."""
YEARS: Final = range(1990, 2101)
HIJRI_YEARS: Final = range(1410, 1501)
LONGEST_PHRASE: Final = 4
"""Words of the longest phrase that a dateline is searched for ("تم النشر في تاريخ")."""
MAX_STRANGERS: Final = 4
"""Words of a name (an author, an outlet) that may stand beside a date that says it is one by its label or time."""

_TOKEN: Final = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z\b|[+-]\d\d:?\d\d(?!\d))?)"
    r"|(?P<ymd>(?<!\d)\d{4}\s?[-/.\\]\s?\d{1,2}\s?[-/.\\]\s?\d{1,2}(?!\d))"
    r"|(?P<dmy>(?<!\d)\d{1,2}\s?[-/.\\]\s?\d{1,2}\s?[-/.\\]\s?(?:\d{4}|\d\d)(?!\d))"
    r"|(?P<offset>(?:gmt|utc|غرينتش|جرينتش)\s?[+-]\s?\d{1,2}(?::?\d\d)?|[+-]\d{1,2}(?::?\d\d)?\s?(?:gmt|utc)\b)"
    r"|(?P<time>(?<![\d:])\d{1,2}\s?:\s?\d\d(?:\s?:\s?\d\d)?(?:\s?[+-](?:0\d|1[0-4]):?[0-5]\d)?(?![\d:]))"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+(?:\.[^\W\d_](?![^\W\d_]))*)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_LABEL_ORDER: Final = {"published": 0, "": 1, "updated": 2}
_CHANNEL_STAMP: Final = re.compile(r"(?P<channel>[^\[\]\n]{1,80}),\s*\[(?P<stamp>[^\[\]\n]{8,30})\]:?")
_MAYBE_DATE: Final = re.compile(r"\d{4}|\d\s?[:/.\\-]\s?\d|منذ|قبل")
_DIGIT_OR_AGO: Final = re.compile(r"\d|منذ|قبل")
_OFFSET: Final = re.compile(r"[+-]\d\d:?\d\d$")


class Dateline(msgspec.Struct, frozen=True):
    """A line read as a dateline."""

    published: str | None
    """ISO 8601 as `Page.published`; None where the line is a date without a year or one of no known month."""
    labelled: bool = False
    """Whether the line itself says that this is the date of publication."""
    weekday_disagrees: bool = False
    outlet: str | None = None
    """The outlet that the line names, or the channel of a copied message ("Channel, [07.11.18 13:31]")."""


class _Token(NamedTuple):
    role: str
    value: str


class _Stamp(msgspec.Struct):
    """A date of the line and what stands by it."""

    day: date
    label: str = ""
    clock: time | None = None
    zone: tzinfo | None = None
    hijri: bool = False
    settled: bool = False
    """The time has its zone, or another time has followed: a later zone is not this time's."""


def read_dateline(line: str, words: PageWords) -> Dateline | None:
    """Read `line` as a dateline, or return None where it is something else."""
    if len(line) > MAX_LENGTH or not (_MAYBE_DATE if len(line) > SHORT else _DIGIT_OR_AGO).search(line):
        return None
    message = _CHANNEL_STAMP.fullmatch(line)
    if message:
        inner = read_dateline(message["stamp"], words)
        return msgspec.structs.replace(inner, labelled=True, outlet=message["channel"].strip()) if inner else None
    rest, outlet = part_outlet(line, words)
    date = _read(rest, words) if outlet else None
    return msgspec.structs.replace(date, outlet=outlet) if date else _read(line, words)


def _read(line: str, words: PageWords) -> Dateline | None:
    tokens: list[_Token] = []
    strangers = 0
    for token in _tokens(fold(line).lower(), words):
        strangers += token.role == "stranger"
        if strangers > MAX_STRANGERS:
            return None
        tokens.append(token)
    stamps = _stamps(tokens)
    if not stamps:
        return Dateline(None) if _is_date_shaped(tokens) else None
    labelled = any(stamp.label == "published" for stamp in stamps)
    if not (_strangers_fit(tokens, labelled, any(stamp.clock for stamp in stamps))):
        return None
    chosen = min(stamps, key=lambda stamp: (_LABEL_ORDER[stamp.label], stamp.hijri))
    weekdays = {int(token.value) for token in tokens if token.role == "weekday"}
    disagrees = bool(weekdays) and not any(stamp.day.weekday() in weekdays for stamp in stamps)
    return Dateline(_iso(chosen), labelled, disagrees)


def _strangers_fit(tokens: list[_Token], labelled: bool, timed: bool) -> bool:
    """Whether the words of no known meaning are few enough, and stand so, that they name an author or outlet."""
    at = [index for index, token in enumerate(tokens) if token.role == "stranger"]
    if not at:
        return True
    if at[-1] - at[0] >= len(at) + 1:
        return False
    if labelled or any(token.role == "byline" for token in tokens):
        return True
    before, after = at[0] - 1, at[-1] + 1
    if (before < 0) == (after >= len(tokens)):
        return False  # On both sides of the date, or in its midst.
    beside = tokens[after] if before < 0 else tokens[before]
    return timed and beside.role == "other"


def normalise_published(value: str) -> str:
    """Return a date or time given by the user in the form of `Page.published`.

    Raises OptionError where `value` is no ISO 8601 date or time.
    """
    given = value.strip()
    try:
        if len(given) <= 10:
            return date.fromisoformat(given).isoformat()
        return _moment(datetime.fromisoformat(given))
    except ValueError:
        raise OptionError(
            f"published: {value!r} is no date; write it as 2018-11-07 or 2018-11-07T13:31+02:00"
        ) from None


def zone_of(name: str) -> tzinfo:
    """The zone of that name in the zone database."""
    from zoneinfo import ZoneInfo  # Not every run meets a place; the database is not read before one does.

    return ZoneInfo(name)


def _moment(moment: datetime) -> str:
    exact = moment.second or moment.microsecond
    return moment.replace(microsecond=0).isoformat(timespec="seconds" if exact else "minutes")


def _tokens(line: str, words: PageWords) -> Iterator[_Token]:
    """Cut a folded line into dates, times, and known phrases (the longest first); other words are `stranger`."""
    found = [
        (match.lastgroup or "other", match[0])
        for match in _TOKEN.finditer(line)
        if not (match.lastgroup == "other" and match[0] in " \t\u00a0،")
    ]
    at = 0
    while at < len(found):
        role, text = found[at]
        at += 1
        if role != "word":
            yield _Token(role, text)
            continue
        run = [text]
        for next_role, next_text in found[at : at + LONGEST_PHRASE - 1]:
            if next_role != "word":
                break
            run.append(next_text)
        for size in range(len(run), 0, -1):
            known = _known(" ".join(run[:size]), words)
            if known:
                yield known
                at += size - 1
                break
        else:
            yield _Token("stranger", text)


def _known(phrase: str, words: PageWords) -> _Token | None:
    """What a folded phrase means in a dateline, or None."""
    entry = words.dateline.get(phrase)
    if entry is None and phrase.startswith("و"):
        entry = words.dateline.get(phrase[1:])
    if entry is not None:
        return _Token(*entry)
    if "byline" in (words.prefixes.get(phrase), words.labels.get(phrase)):
        return _Token("byline", "")
    if phrase in words.outlets or phrase in words.credits or phrase in words.buttons or phrase in words.glue:
        return _Token("filler", "")
    return None


def _stamps(tokens: list[_Token]) -> list[_Stamp]:
    """The dates of the line in order, each with its label, and with the time and zone that stand by it.

    What stands before the first date belongs to it; what follows a date belongs to that date, unless a label
    ("updated") has opened the next.
    """
    stamps: list[_Stamp] = []
    waiting = _Stamp(date.min)
    wanted = {int(token.value) for token in tokens if token.role == "weekday"}
    at = 0
    while at < len(tokens):
        stamp, used = _date_at(tokens, at, wanted)
        if stamp:
            stamp.label, stamp.clock = waiting.label, stamp.clock or waiting.clock
            stamp.zone, stamp.settled = stamp.zone or waiting.zone, waiting.settled
            stamps.append(stamp)
            waiting = _Stamp(date.min)
            at += used
            continue
        role, value = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else _Token("end", "")
        of = waiting if waiting.label or not stamps else stamps[-1]
        if role in {"published", "updated"}:
            waiting.label = role
        elif role == "time" or (role == "number" and at and tokens[at - 1].role == "clock"):
            if of.clock is None:
                of.clock, zone = _clock(value, following)
                of.zone = zone or of.zone
                of.settled = zone is not None
            else:
                of.settled = True
        elif role in {"zone", "offset"} and not of.settled:
            # A zone after the time is the time's; a place before it is where the report was written.
            next_times = of.clock and following.role == "time" and tokens[at - 1].role == "other"
            of.settled = of.clock is not None
            if not (next_times and of.zone):
                of.zone = _zone(role, value) or of.zone
        at += 1
    if waiting.clock and stamps and stamps[-1].clock is None:
        stamps[-1].clock, stamps[-1].zone = waiting.clock, stamps[-1].zone or waiting.zone
    return stamps


def _date_at(tokens: list[_Token], at: int, wanted: set[int]) -> tuple[_Stamp | None, int]:
    """A date that begins at token `at`, and how many tokens it takes."""
    role, value = tokens[at]
    if role == "iso":
        try:
            moment = datetime.fromisoformat(value.upper())
        except ValueError:
            return None, 0
        clock = moment.time().replace(second=0, microsecond=0)
        return (_Stamp(moment.date(), "", clock, moment.tzinfo) if moment.year in YEARS else None), 1
    if role in {"ymd", "dmy"}:
        first, second, third = (int(part) for part in re.findall(r"\d+", value))
        day = _numeric_ymd(first, second, third) if role == "ymd" else _numeric_dmy(first, second, third, wanted)
        if day:
            return _Stamp(day), 1
        year, month, number = (first, second, third) if role == "ymd" else (third, second, first)
        day = _hijri(year, month, number)
        return (_Stamp(day, hijri=True) if day else None), 1
    return _named(tokens, at)


def _numeric_ymd(year: int, month: int, day: int) -> date | None:
    return _day(year, month, day) or _day(year, day, month)


def _numeric_dmy(first: int, second: int, year: int, wanted: set[int]) -> date | None:
    """Day before month, as Arabic writes it, unless only the other order is a date or fits the weekday told."""
    if year < 100:
        year += 2000
    here, there = _day(year, second, first), _day(year, first, second)
    if here and there and wanted and here.weekday() not in wanted and there.weekday() in wanted:
        return there
    return here or there


def _day(year: int, month: int, day: int) -> date | None:
    if year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _hijri(year: int, month: int, day: int) -> date | None:
    if year not in HIJRI_YEARS:
        return None
    from hijridate import Hijri  # 20 ms to import, and few pages bear a Hijri date alone.

    try:
        return Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None


def _named(tokens: list[_Token], at: int) -> tuple[_Stamp | None, int]:
    """A date with a month by name at token `at`: day month year, month day year or year month day; the month's other
    names and punctuation may stand between."""
    numbers: list[int] = []
    month: _Token | None = None
    for used, token in enumerate(tokens[at : at + 9], start=1):
        if token.role == "number" and len(token.value) in (1, 2, 4):
            numbers.append(int(token.value))
        elif token.role in {"gregorian", "hijri"}:
            month = month or token
        elif used == 1 or not ((token.role == "other" and token.value in "/-,.()|") or token == ("filler", "")):
            return None, 0
        if len(numbers) == 2:
            if month is None:
                return None, 0
            hijri = month.role == "hijri"
            number, year = sorted(numbers)
            day = (_hijri if hijri else _day)(year, int(month.value), number)
            return (_Stamp(day, hijri=hijri) if day else None), used
    return None, 0


def _clock(value: str, after: _Token) -> tuple[time | None, tzinfo | None]:
    """A time of day, twelve-hour where the next token says so, and the offset written with it."""
    written = _OFFSET.search(value)
    hour, minute = ([int(part) for part in re.findall(r"\d+", value)] + [0])[:2]
    if after == ("meridian", "pm") and hour < 12:
        hour += 12
    elif after == ("meridian", "am") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None, None
    return time(hour, minute), _zone("offset", written[0]) if written else None


@cache
def _zone(role: str, value: str) -> tzinfo | None:
    """The zone that a place or an offset tells; None for a name shared by places in two zones."""
    if role == "zone":
        return zone_of(value) if value else None
    sign = -1 if "-" in value else 1
    digits = re.findall(r"\d+", value)
    hours = int(digits[0][:2])
    minutes = int(digits[1]) if len(digits) > 1 else int(digits[0][2:] or 0)
    if hours > 14 or minutes > 59:
        return None
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _iso(stamp: _Stamp) -> str:
    if stamp.clock is None:
        return stamp.day.isoformat()
    return _moment(datetime.combine(stamp.day, stamp.clock, stamp.zone))


def _is_date_shaped(tokens: list[_Token]) -> bool:
    """Whether the line is a date that cannot be resolved: no year, a month misspelt, "two hours ago", a time alone."""
    roles = [token.role for token in tokens]
    strangers = roles.count("stranger")
    if len(tokens) > 12 or strangers > 1:
        return False
    if strangers:
        return "weekday" in roles and any(len(t.value) == 4 for t in tokens if t.role == "number")
    if "ago" in roles:
        return "unit" in roles
    return "time" in roles or ("number" in roles and ("weekday" in roles or "gregorian" in roles))
