"""GeoJSON (RFC 7946): a feature for each incident, at the places told; without geometry where none is on the map."""

from __future__ import annotations

from typing import Any

import msgspec

from sijill.export.figures import figures
from sijill.export.incident import Incident, LeftOut

_DECIMALS = 6


def file(incidents: list[Incident]) -> tuple[bytes, list[LeftOut]]:
    """A feature collection in UTF-8; positions are longitude, latitude, in WGS 84."""
    features = [feature(incident) for incident in incidents]
    return msgspec.json.format(msgspec.json.encode({"type": "FeatureCollection", "features": features}), indent=1), []


def feature(incident: Incident) -> dict[str, Any]:
    """The feature of an incident."""
    points = [
        [round(spot.lon, _DECIMALS), round(spot.lat, _DECIMALS)]
        for spot in incident.places
        if spot.lat is not None and spot.lon is not None
    ]
    geometry = (
        {"type": "Point", "coordinates": points[0]}
        if len(points) == 1
        else {"type": "MultiPoint", "coordinates": points}
        if points
        else None
    )
    properties = {key: value for key, value in figures(incident).items() if key not in ("lat", "lon")}
    return {"type": "Feature", "id": incident.id, "geometry": geometry, "properties": properties}
