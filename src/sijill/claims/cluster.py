"""A claim as the decisions fill it, before its values are written out."""

from __future__ import annotations

from typing import final

from sijill.claims.seen import TriggerMention
from sijill.mentions.parties import PartyMention


@final
class Cluster:
    """The triggers that tell one claim, the fullest first, its type, the log-odds that it is one, and its values:
    places, times, harm and the source as indices into the scene's lists."""

    __slots__ = (
        "harm",
        "initiators",
        "odds",
        "places",
        "places_inherited",
        "source",
        "source_kind",
        "targets",
        "time",
        "time_inherited",
        "triggers",
        "type",
    )

    def __init__(self, triggers: list[TriggerMention], type: str, odds: float) -> None:
        self.triggers = triggers
        self.type = type
        self.odds = odds
        self.source: int | None = None
        self.source_kind = "outlet"
        self.initiators: list[PartyMention] = []
        self.targets: list[PartyMention] = []
        self.places: list[int] = []
        self.places_inherited = False
        self.time: int | None = None
        self.time_inherited = False
        self.harm: list[int] = []
