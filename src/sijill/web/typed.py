"""Values of a claim as people type them in the form of a correction, and as they are shown there."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sijill.arabic.fold import fold
from sijill.arabic.numbers import find_numbers
from sijill.arabic.words import Tokens, sentences
from sijill.errors import OptionError
from sijill.gazetteer import default_gazetteer
from sijill.lexicon import default_lexicon
from sijill.mentions.times import find_times
from sijill.record.decided import FIELDS
from sijill.resolve.times import resolve_time
from sijill.web.names import place_names

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


class MistypedError(OptionError):
    """A value that cannot be understood: what was typed, and what it should be (`day`, `number`)."""

    def __init__(self, typed: str, needed: str) -> None:
        form = {"day": "3 آذار 2018 or 2018-03-03", "number": "5, 5-8 or 5+"}[needed]
        super().__init__(f"{typed}: not a {needed}; write it as {form}")
        self.typed, self.needed = typed, needed


def shown_value(value: Any) -> str:
    """A value as it is typed in the form of a correction."""
    if value is None or value == []:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value[0], dict):
        return "، ".join(place_names(place.get("place_id"), place["name"])[0] for place in value)
    if isinstance(value[0], list) and len(value[0]) == 2:
        names = default_lexicon().actor_names
        return "، ".join(str(names[actor][0]) if actor in names else str(name) for actor, name in value)
    if isinstance(value[0], list):
        return "، ".join(
            (f"{n[0]}-{n[1]}" if n[1] not in (None, n[0]) else f"{n[0]}+" if n[1] is None else str(n[0]))
            for n in value
        )  # fmt: skip
    return " ".join(dict.fromkeys(str(part) for part in value))


def corrected(field: str, typed: str, today: date | None = None) -> Any:
    """What was typed as the value of a field: days in Arabic words (counted from `today`) or ISO, places by name,
    numbers as 5, 5-8, 5+."""
    typed = typed.strip()
    if field not in FIELDS:
        raise OptionError(f"{field}: no such field; one of {', '.join(FIELDS)}")
    if not typed:
        return None
    if field in ("type", "modality"):
        return typed
    if field == "date":
        return [day.isoformat() for day in typed_days(typed, today)]
    parts = [part.strip() for part in re.split("[،,;]", typed) if part.strip()]
    if field == "places":
        return [_place(part) for part in parts]
    if field in ("initiators", "targets"):
        return [_party(part) for part in parts]
    return [_range(part) for part in parts]


def typed_days(typed: str, today: date | None = None) -> tuple[date, date]:
    """First and last day of a date as a person types it; "yesterday" and the like count from `today`, and are no days
    without it. Raises `MistypedError`."""
    try:
        days = [date.fromisoformat(part) for part in typed.translate(_DIGITS).split()]
        if len(days) in (1, 2):
            return days[0], days[-1]
    except ValueError:
        pass
    tokens = Tokens(typed)
    for mention in find_times(tokens, sentences(tokens), find_numbers(tokens)):
        if told := resolve_time(mention, today):
            return told.start, told.end
    raise MistypedError(typed, "day")


def _party(name: str) -> list[str | None]:
    """An actor of the lexicon by id or by name, else the name as typed."""
    names = default_lexicon().actor_names
    folded = fold(name)
    known = next(
        (key for key, told in names.items() if name == key or folded in {fold(word) for word in told[:2]}), None
    )
    return [known, fold(names[known][0]) if known else folded]


def _place(name: str) -> dict[str, Any]:
    entry = default_gazetteer().by_id(name) or max(
        default_gazetteer().search(name), key=lambda entry: entry.weight, default=None
    )
    if entry is None:
        return {"name": fold(name)}
    precision = entry.kind.label if entry.kind.label in ("country", "governorate", "district", "region") else "town"
    return {
        "name": fold(entry.name), "place_id": entry.id, "lat": entry.lat, "lon": entry.lon, "precision": precision,
        "country": entry.country,
    }  # fmt: skip


def _range(told: str) -> list[Any]:
    found = re.fullmatch(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7})|(\+))?", told)
    if not found:
        raise MistypedError(told, "number")
    low = int(found[1])
    return [low, None if found[3] else int(found[2] or low), "unknown"]
