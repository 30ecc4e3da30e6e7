"""A claim as the decisions fill it, before its values are written out."""

from __future__ import annotations

from dataclasses import dataclass, field

from sijill.claims.seen import TriggerMention
from sijill.mentions.parties import PartyMention


@dataclass(slots=True)
class Cluster:
    """The triggers that tell one claim, the fullest first, its type, the log-odds that it is one, and its values:
    places, times, harm and the source as indices into the scene's lists."""

    triggers: list[TriggerMention]
    type: str
    odds: float
    source: int | None = None
    source_kind: str = "outlet"
    initiators: list[PartyMention] = field(default_factory=list)
    targets: list[PartyMention] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    places_inherited: bool = False
    time: int | None = None
    time_inherited: bool = False
    harm: list[int] = field(default_factory=list)
