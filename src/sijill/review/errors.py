"""What reviewing refuses."""

from __future__ import annotations

from sijill.errors import SijillError


class ReviewError(SijillError):
    """A decision that cannot stand; names it and says why."""
