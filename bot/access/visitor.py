"""Who looks at a page."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access.permissions import Permission, allows
from bot.access.roles import Role


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person as the sign-in service names them.

    `subject` is that service's id of the person within `tenant`, for the audit log; `name` is shown to the person and
    kept nowhere but in the session, and beside the id of who works with documents (`bot.documents.people`).
    `municipalities` (organisation ids of the instrument) are those of a contact or of a municipality's administrator.
    """

    subject: str = ""
    tenant: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    municipalities: frozenset[str] = frozenset()

    @property
    def signed_in(self) -> bool:
        """Whether anybody is."""
        return bool(self.subject and self.roles)

    def may(self, permission: Permission, municipality: str = "") -> bool:
        """Whether any of the person's roles has the permission; see `bot.access.permissions.allows`."""
        if permission is Permission.BE_ANYBODY:
            return True
        return self.signed_in and any(
            allows(role, permission, municipality, self.municipalities) for role in self.roles
        )


ANYBODY = Visitor()
"""Somebody who has not signed in."""
