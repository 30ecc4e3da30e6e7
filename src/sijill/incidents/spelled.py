"""An incident with its names as its claims write them; deriving knows them folded."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sijill.incidents.derive import BETWEEN, Contradiction, Derived


def spelled(told: Derived, names: Mapping[str, str]) -> Derived:
    """The same incident with the names of `names`, by folded form; ids of actors stand as they are."""
    return msgspec.structs.replace(
        told,
        places=tuple(msgspec.structs.replace(spot, name=names.get(spot.name, spot.name)) for spot in told.places),
        initiators=tuple((names.get(key, key), tellers) for key, tellers in told.initiators),
        targets=tuple((names.get(key, key), tellers) for key, tellers in told.targets),
        contradictions=spelled_sides(told.contradictions, names),
    )


def spelled_sides(found: tuple[Contradiction, ...], names: Mapping[str, str]) -> tuple[Contradiction, ...]:
    """Contradictions with the names of places and parties as they are written."""
    return tuple(_sides(one, names) if one.value in ("place", "initiator") else one for one in found)


def _sides(found: Contradiction, names: Mapping[str, str]) -> Contradiction:
    told = ((BETWEEN.join(names.get(name, name) for name in said.split(BETWEEN)), ids) for said, ids in found.sides)
    return msgspec.structs.replace(found, sides=tuple(told))
