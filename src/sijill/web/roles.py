"""Who looks: roles, and what a viewer is shown in which language."""

from __future__ import annotations

from enum import IntEnum

import msgspec

from sijill.show.words import Language


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


class Viewer(msgspec.Struct, frozen=True):
    """Who asks for a page. `csrf` is what a form must bring back; `scopes` None: a person, not a token."""

    name: str
    role: Role
    language: Language = "ar"
    digits: str = "latin"
    months: str = "levant"
    csrf: str = ""
    scopes: tuple[str, ...] | None = None

    @property
    def inside(self) -> bool:
        """Whether everything in the record is shown to them."""
        return self.role >= Role.READER

    def may(self, role: str) -> bool:
        """Whether the viewer has at least the role of this label."""
        return self.role >= Role[role.upper()]
