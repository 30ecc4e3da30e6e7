"""Who looks: roles, and what a viewer is shown in which language."""

from __future__ import annotations

from enum import IntEnum

import msgspec

from sijill.errors import OptionError
from sijill.show.words import Language

LARGEST = 2**53 - 1
"""No number of anything is larger: what is larger is told wrongly by programs that count in floating point."""


class MissingError(OptionError):
    """Something that is not in the record, or not for this viewer."""


def known(number: int, what: str) -> int:
    """A number that could be one of the record's. Raises `MissingError`."""
    if not 0 < number <= LARGEST:
        raise MissingError(f"{what}{number}: there is none")
    return number


class Role(IntEnum):
    """What somebody may do; each may do what those before may. The number orders, the name in lower case is written."""

    NOBODY = 0
    """A visitor of a site that has no public view: sees the door."""
    PUBLIC = 1
    """A visitor of the public view: sees what is final, without what can harm."""
    READER = 2
    CODER = 3
    """Reads, comments, decides about claims."""
    REVIEWER = 4
    """Decides about incidents too: state, merge, split."""
    ADMINISTRATOR = 5

    @property
    def label(self) -> str:
        """The role as it is written."""
        return self.name.lower()


ACCOUNT_ROLES = {role.label: role for role in Role if role >= Role.READER}


class Safety(msgspec.Struct, frozen=True):
    """What the public view withholds; everything that may harm somebody, until people decide otherwise."""

    people: bool = True
    """Parties that are no actors of the lexicon: persons, families, small groups."""
    sources: bool = True
    """Names of witnesses and other sources."""
    outlets: bool = True
    words: bool = True
    """The words of reports."""
    sites: bool = True
    """Places more exact than a town."""


class Viewer(msgspec.Struct, frozen=True):
    """Who asks for a page. `csrf` is what a form must bring back; `scopes` None: a person, not a token."""

    name: str
    role: Role
    language: Language = "ar"
    digits: str = "latin"
    months: str = "levant"
    theme: str = ""
    """`light`, `dark`, or empty: as the device has it."""
    csrf: str = ""
    scopes: tuple[str, ...] | None = None
    safety: Safety = Safety()
    """What is withheld from a viewer from outside."""

    @property
    def inside(self) -> bool:
        """Whether everything in the record is shown to them."""
        return self.role >= Role.READER

    def may(self, role: str) -> bool:
        """Whether the viewer has at least the role of this label."""
        return self.role >= Role[role.upper()]
