"""The places of a board as arrays, and by name: so that a place among very many is found at once."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sijill.record.fact import Spot
from sijill.search.areas import area_of, kept_as
from sijill.search.query import Box, Near
from sijill.web.columns import Bools, Ints, Spots

DRAWN = frozenset({"site", "town", "district", "governorate", "region"})
"""Places as exact as this are drawn on a map; countries and places without a point are left to the table."""
_KM = 111.195
Floats = NDArray[np.float64]


class Atlas:
    """Places by number, grouped by what they are: one place of the gazetteer may be told in many ways.

    `group` is the number of each place's group; of each group, `head` is the number of the place that was told first.
    """

    def __init__(self, spots: Spots) -> None:
        self.spots = spots
        self._lock = threading.Lock()
        self._groups: dict[str, int] = {}
        self._by_name: dict[str, list[int]] = {}
        self._by_id: dict[str, list[int]] = {}
        self.group, self.head = np.zeros(0, np.int32), np.zeros(0, np.int32)
        self.lat, self.lon = np.zeros(0), np.zeros(0)
        self.drawn = np.zeros(0, np.bool_)

    def grown(self) -> Atlas:
        """The atlas with every place that the register knows by now."""
        with self._lock:
            start, end = len(self.group), len(self.spots.values)
            if start < end:
                self._add(start, self.spots.values[start:end])
        return self

    def _add(self, start: int, told: list[Spot]) -> None:
        groups, heads = [], []
        for n, spot in enumerate(told, start=start):
            key = spot.place_id or spot.name
            number = self._groups.get(key)
            if number is None:
                number = self._groups[key] = len(self._groups)
                heads.append(n)
            groups.append(number)
            for name in {spot.name, spot.admin1, spot.admin2}:
                if name:
                    self._by_name.setdefault(name, []).append(n)
            for name in {spot.place_id, spot.country}:
                if name:
                    self._by_id.setdefault(name, []).append(n)
        nowhere = math.nan
        lat = [nowhere if spot.lat is None or spot.lon is None else spot.lat for spot in told]
        lon = [nowhere if spot.lat is None or spot.lon is None else spot.lon for spot in told]
        drawn = [spot.precision in DRAWN and spot.lat is not None and spot.lon is not None for spot in told]
        self.lat, self.lon = np.concatenate([self.lat, lat]), np.concatenate([self.lon, lon])
        self.drawn = np.concatenate([self.drawn, np.array(drawn, np.bool_)])
        self.head = np.concatenate([self.head, np.array(heads, np.int32)])
        self.group = np.concatenate([self.group, np.array(groups, np.int32)])

    def meant(self, place: str, box: Box | None, near: Near | None) -> Bools:
        """Which places are the one asked for, or inside it, and inside the box and the circle."""
        size = len(self.group)  # it is put down last: the other arrays have at least so many
        lat, lon = self.lat[:size], self.lon[:size]
        found = np.ones(size, np.bool_)
        if place:
            named = (n for name in kept_as(place) for n in self._by_name.get(name, ()))
            numbers = [*named, *self._by_id.get(area_of(place), ()), *self._by_id.get(place, ())]
            found[:] = False
            found[[n for n in numbers if n < size]] = True
        # A place without a point is nowhere: no comparison with it holds.
        if box:
            found &= (box.south <= lat) & (lat <= box.north) & (box.west <= lon) & (lon <= box.east)
        if near:
            east = _KM * math.cos(math.radians(near.lat))
            found &= ((lat - near.lat) * _KM) ** 2 + ((lon - near.lon) * east) ** 2 <= near.km**2
        return found


class Spread:
    """How the incidents of a view lie over the groups of an atlas: arrays in step, the group of most incidents first.

    `place` is the number of the place that stands for the group.
    """

    def __init__(self, atlas: Atlas, incidents: NDArray[Any], killed: NDArray[Any]) -> None:
        told = np.flatnonzero(incidents)
        order = told[np.argsort(-incidents[told], kind="stable")]
        self.atlas = atlas
        self.place: Ints = atlas.head[order]
        self.incidents: Ints = incidents[order].astype(np.int32)
        self.killed = killed[order].astype(np.int64)
        self.lat, self.lon, self.drawn = atlas.lat[self.place], atlas.lon[self.place], atlas.drawn[self.place]

    def at(self, n: int) -> Spot:
        """The place in row `n`."""
        return self.atlas.spots.values[int(self.place[n])]
