"""Mentions as the decisions see them: only what a feature asks for. They are asked for very often, and slots are read
faster than named tuples are."""

from __future__ import annotations

from typing import final


@final
class TriggerMention:
    """A word or phrase that may tell an event. `light` is the voice of the verb that governs it, or ""."""

    __slots__ = (
        "article",
        "base",
        "first",
        "last",
        "lead",
        "lemma",
        "light",
        "light_first",
        "number",
        "part",
        "sentence",
        "start",
        "tail",
        "type",
    )

    def __init__(
        self,
        first: int,
        last: int,
        start: int,
        type: str,
        base: str,
        lemma: str,
        part: str,
        number: str,
        article: bool,
        tail: str,
        lead: str,
        light: str,
        light_first: int,
        sentence: int,
    ) -> None:
        self.first = first
        self.last = last
        self.start = start
        self.type = type
        self.base = base
        """The type its words alone tell; `type` is what a weapon beside them makes of it."""
        self.lemma = lemma
        self.part = part
        self.number = number
        self.article = article
        self.tail = tail
        self.lead = lead
        self.light = light
        self.light_first = light_first
        self.sentence = sentence

    def of_type(self, type_id: str) -> TriggerMention:
        """The same words, told to tell a type."""
        if self.type == type_id:
            return self
        return TriggerMention(
            self.first, self.last, self.start, type_id, self.base, self.lemma, self.part, self.number, self.article,
            self.tail, self.lead, self.light, self.light_first, self.sentence,
        )  # fmt: skip


@final
class PlaceSeen:
    """A place: its words, its folded name, the clitics before it."""

    __slots__ = ("first", "last", "lead", "name")

    def __init__(self, first: int, last: int, name: str, lead: str) -> None:
        self.first = first
        self.last = last
        self.name = name
        self.lead = lead


@final
class PlaceView:
    """What the words around a place, and the gazetteer, say of it. `outer` is the first token with its cue."""

    __slots__ = (
        "area",
        "contained",
        "container",
        "country",
        "cue",
        "first",
        "hint",
        "kind",
        "lead",
        "outer",
        "relation",
    )

    def __init__(
        self,
        first: int,
        outer: int,
        lead: str,
        relation: str,
        cue: str,
        area: bool,
        hint: str,
        container: bool,
        contained: bool,
        country: bool,
        kind: str,
    ) -> None:
        self.first = first
        self.outer = outer
        self.lead = lead
        self.relation = relation
        self.cue = cue
        self.area = area
        self.hint = hint
        self.container = container
        self.contained = contained
        self.country = country
        self.kind = kind


@final
class TimeSeen:
    """A time: its words, its kind, and a key that is equal for equal times."""

    __slots__ = ("day", "first", "key", "kind", "last")

    def __init__(self, first: int, last: int, kind: str, key: str, day: str) -> None:
        self.first = first
        self.last = last
        self.kind = kind
        self.key = key
        self.day = day
        """How it stands to the day of publication: that day, the day before, earlier, or a longer stretch."""
