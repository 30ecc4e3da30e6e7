"""The headings of a digest: governorates at the heads of lines ("إدلب:"), under which the news of each stands."""

from __future__ import annotations

from sijill.arabic.words import Kind, Tokens
from sijill.gazetteer import Gazetteer, PlaceKind
from sijill.mentions.place_roles import FEWEST_HEADINGS, stands_as_heading
from sijill.mentions.places import PlaceMention


def headings(mentions: list[PlaceMention], tokens: Tokens, gazetteer: Gazetteer) -> tuple[tuple[int, str], ...]:
    """The first token under each heading and its governorate's name, in order; none where there is no digest."""
    found: list[tuple[int, str]] = []
    for mention in mentions:
        cued = mention.cue is not None and mention.first > 0 and tokens.kind[mention.first - 1] is Kind.WORD
        if mention.relation != "in" or not stands_as_heading(tokens, mention.first - cued, mention.last):
            continue
        entries = [gazetteer.place(row) for row in mention.candidates]
        entries = [entry for entry in entries if entry.admin1_row >= 0]
        if entries:
            best = max(entries, key=lambda entry: (entry.kind is PlaceKind.GOVERNORATE, entry.weight))
            found.append((mention.last + 1, gazetteer.place(best.admin1_row).name))
    return tuple(found) if len({name for _, name in found}) >= FEWEST_HEADINGS else ()
