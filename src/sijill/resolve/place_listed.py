"""Lists of villages that lie close together: a member of a little known name is no namesake far off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sijill.gazetteer import Entry
from sijill.mentions.places import PlaceMention
from sijill.resolve.place_features import Choice, km_between
from sijill.resolve.place_quarters import Strayed

_TOGETHER_KM: Final = 25.0
"""The others of the list lie no farther from one of them."""
_ASTRAY_KM: Final = 30.0
_LEAST: Final = 3
"""So many others are known at least."""
_MOST_ASTRAY: Final = 3
"""No more than one in so many lies elsewhere: else the list goes over the country."""
_LITTLE_KNOWN: Final = 0.3


def outlying(
    mentions: Sequence[PlaceMention], best: Sequence[Entry | None], choices: Sequence[Sequence[Choice]]
) -> Iterator[Strayed]:
    """The little known members of such lists whose places lie far from all the others."""
    first = 0
    for past in range(1, len(mentions) + 1):
        if past < len(mentions) and mentions[past].listed:
            continue
        if past - first > _LEAST:
            yield from _outlying_of(range(first, past), mentions, best, choices)
        first = past


def _outlying_of(
    members: range,
    mentions: Sequence[PlaceMention],
    best: Sequence[Entry | None],
    choices: Sequence[Sequence[Choice]],
) -> Iterator[Strayed]:
    known = [(n, entry) for n in members if (entry := best[n]) is not None and not mentions[n].area]
    around = ([b for _, b in known if km_between(a, b) <= _TOGETHER_KM] for _, a in known)
    together = max(around, key=len, default=[])
    elsewhere = len(known) - len(together)
    if len({entry.row for entry in together}) < _LEAST or elsewhere * _MOST_ASTRAY > len(known):
        return
    rows = {entry.row for entry in together}
    held_alike = {mentions[n].within for n, entry in known if entry.row in rows}
    for n, entry in known:
        held = any(name == "named-container" for name, _ in choices[n][0].features)
        if entry.weight > _LITTLE_KNOWN or (held and mentions[n].within not in held_alike):
            continue  # What is said to hold the whole list speaks for each namesake in it.
        nearest = min(together, key=lambda other: km_between(entry, other))
        away = km_between(entry, nearest)
        if away > _ASTRAY_KM:
            yield Strayed(n, nearest, away)
