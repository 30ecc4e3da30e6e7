"""Sijill reads reports of armed conflict, Arabic first, and keeps the record of what they claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sijill import compiled

if TYPE_CHECKING:
    from sijill.export.frame import frame
    from sijill.model import Claim, Report
    from sijill.reader import read
    from sijill.record import Record

compiled.install()

__all__ = ["Claim", "Record", "Report", "frame", "read"]


def __getattr__(name: str) -> Any:
    # Loaded when first asked for, so that a command which reads nothing does not pay for the reader.
    if name == "read":
        from sijill.reader import read

        return read
    if name in ("Claim", "Report"):
        from sijill import model

        return getattr(model, name)
    if name == "Record":
        from sijill.record import Record

        return Record
    if name == "frame":
        from sijill.export.frame import frame

        return frame
    raise AttributeError(f"module 'sijill' has no attribute {name!r}")
