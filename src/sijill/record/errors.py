"""What the record refuses."""

from __future__ import annotations

from sijill.errors import SijillError


class RecordError(SijillError):
    """A record that cannot be opened, written or trusted; names the record and says what to do."""
