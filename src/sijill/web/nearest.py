"""Places of the gazetteer near a point: for choosing one on a map."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sijill.gazetteer import default_gazetteer
from sijill.gazetteer.index import Entry

_MOST, _FARTHEST_KM = 8, 25.0
_KM = 111.195


def nearest(lat: float, lon: float) -> list[Entry]:
    """The places nearest to a point, at most a few and none farther than 25 km."""
    ids, points = _points()
    north = (points[:, 0] - lat) * _KM
    east = (points[:, 1] - lon) * _KM * np.cos(np.radians(lat))
    away = north * north + east * east
    order = np.argsort(away)[:_MOST]
    found = [default_gazetteer().by_id(ids[n]) for n in order if away[n] <= _FARTHEST_KM**2]
    return [entry for entry in found if entry is not None]


@lru_cache(maxsize=1)
def _points() -> tuple[list[str], NDArray[Any]]:
    entries = [(entry.id, entry.lat, entry.lon) for entry in default_gazetteer()]
    return [entry[0] for entry in entries], np.array([entry[1:] for entry in entries], np.float64)
