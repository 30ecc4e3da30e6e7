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
_KNOWN: Final = 0.5
"""A town known so well is meant in "أحياء حلب وحمص" itself."""
_QUARTER: Final = "حي"
_OURS: Final = "sijill"
"""The source of the rows that the news names: such a town may stand beside a quarter ("حي كذا والبرح")."""


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


def quarters_afar(
    mentions: Sequence[PlaceMention], best: Sequence[Entry | None], certain: Sequence[Entry]
) -> Iterator[Strayed]:
    """The members of a list after "أحياء" whose places lie far from every certain one."""
    listed = False
    pairs = list(zip(mentions, best, strict=True))
    quarters = {entry.row for mention, entry in pairs if entry and (mention.listed or mention.cue == _QUARTER)}
    outside = [entry for entry in certain if entry.row not in quarters]
    for n, (mention, entry) in enumerate(pairs):
        opens = mention.cue == _QUARTER and n + 1 < len(mentions) and mentions[n + 1].listed
        listed = opens or (listed and mention.listed and mention.cue in (None, _QUARTER))
        if not listed or entry is None or not outside or entry.source == _OURS or entry.weight > _KNOWN:
            continue
        nearest = min(outside, key=lambda other: km_between(entry, other))
        away = km_between(entry, nearest)
        if away > _ASTRAY_KM:
            yield Strayed(n, nearest, away)


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
