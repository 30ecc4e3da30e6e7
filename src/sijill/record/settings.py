"""The settings of one record, kept in it, so that everyone who works on it works by the same."""

from __future__ import annotations

import msgspec

from sijill.capture.item import Limits
from sijill.errors import OptionError


class Timestamps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An authority that says when a line of the ledger stood (RFC 3161). It is asked after each add."""

    authority: str
    """Its address, `http://` or `https://`."""
    roots: str
    """The certificates that its answers must lead to, as PEM."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Defaults are for one documenter alone; a team asks for a second person."""

    limits: Limits = Limits()
    second_person: tuple[str, ...] = ()
    """Fields whose correction or acceptance counts only when two people agree."""
    timestamps: Timestamps | None = None
    final_needs_second: bool = False
    """Whether `final` can be set only by another person than the one who set `reviewed`."""


def parse(text: str | bytes) -> Settings:
    """Settings from JSON. Raises `OptionError` naming the fault."""
    try:
        return msgspec.json.decode(text, type=Settings)
    except msgspec.DecodeError as error:
        raise OptionError(f"settings: {error}") from error
