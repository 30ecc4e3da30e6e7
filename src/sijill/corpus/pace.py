"""How far linking is, and what is left by its pace: its steps take their shares of the whole, as they were measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple


class Linking(NamedTuple):
    """How far linking is: the step in hand, the share of the whole that is done, what that comes to in claims a second,
    and the seconds that are left by its pace (None: too early to say)."""

    step: str
    done: float
    per_second: float
    seconds_left: float | None


Tell = Callable[[Linking], None]
SHARES = {"claims": 0.15, "copies": 0.04, "pairs": 0.62, "clusters": 0.03, "incidents": 0.16}
"""Steps in their order, with the share of the time that each took of a million claims on DuckDB."""
_EARLY = 0.02


class Pace:
    """Tells a listener as the steps go on."""

    def __init__(self, tell: Tell | None, claims: int) -> None:
        self._tell, self._claims, self._began = tell, claims, time.monotonic()

    def at(self, step: str, part: float = 0.0) -> None:
        """So much of a step (0 to 1) is done."""
        if self._tell is None:
            return
        before = sum(share for name, share in list(SHARES.items())[: list(SHARES).index(step)])
        done = before + SHARES[step] * min(1.0, part)
        spent = time.monotonic() - self._began
        rate = self._claims * done / max(0.001, spent)
        self._tell(Linking(step, done, rate, spent * (1 - done) / done if done >= _EARLY else None))
