"""The ids of the codebook: types of claims and the groups that scoring is lenient within, kinds of sources, things.

What each of them means stands in `docs/codebook.md`.
"""

from __future__ import annotations

from typing import get_args

from sijill.model import SourceKind

GROUPS: dict[str, tuple[str, ...]] = {
    "strike": ("air-strike", "drone-strike", "shelling", "chemical-attack"),
    "blast": ("explosion", "car-bomb", "suicide-attack"),
    "fighting": ("armed-clash", "attack", "raid", "interception"),
    "killing": ("assassination", "execution", "killing", "injury", "body-found", "torture"),
    "detention": ("abduction", "arrest", "release", "exchange"),
    "ground": ("capture", "withdrawal", "control", "siege", "deployment"),
    "campaign": ("operation-start", "operation-halt", "ceasefire", "defection"),
    "property": ("seizure", "destruction"),
    "people": ("displacement", "aid", "crossing"),
    "street": ("protest", "riot"),
}
GROUP_OF: dict[str, str] = {type_: group for group, types in GROUPS.items() for type_ in types}
TYPES: tuple[str, ...] = tuple(GROUP_OF)
SOURCE_KINDS: tuple[str, ...] = get_args(SourceKind)
OBJECTS: tuple[str, ...] = (
    "building",
    "vehicle",
    "tunnel",
    "position",
    "weapons",
    "hospital",
    "school",
    "mosque",
    "market",
    "other",
)
