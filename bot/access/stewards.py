"""Who may send documents in a chat, and whose documents those become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.access.permissions import Permission, unbounded
from bot.access.roles import Grants, granted
from bot.access.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Steward:
    """Somebody who manages documents: everybody's, or those of `municipalities` alone."""

    everything: bool
    municipalities: tuple[str, ...] = ()

    def covers(self, owner: str) -> bool:
        """Whether documents of this owner (empty: everybody's) are theirs to manage."""
        return self.everything or (owner != "" and owner in self.municipalities)

    @property
    def owner(self) -> str | None:
        """Whose documents become what they send: everybody's, or their municipality's; None where that is not clear."""
        if self.everything:
            return ""
        return self.municipalities[0] if len(self.municipalities) == 1 else None


class Stewards:
    """Knows people by their object id within a tenant. Teams tells nothing of their app roles or groups."""

    def __init__(self, grants: Grants | None = None, municipalities: Mapping[str, str] | None = None) -> None:
        """`grants` are by object id in small letters; `municipalities` are names by key, and no others count."""
        self._grants = grants or {}
        self._municipalities = municipalities or {}

    def of(self, tenant: str, user: str) -> Steward | None:
        """None where the person manages no documents. Asked anew for every turn: cards are pressed later, too."""
        roles, municipalities = granted([user.lower()], tenant.lower(), self._grants)
        if unbounded(roles, Permission.MANAGE_DOCUMENTS):
            return Steward(True)
        person = Visitor(user, tenant, roles=roles, municipalities=municipalities)
        own = {each for each in municipalities if person.may(Permission.MANAGE_DOCUMENTS, each)}
        known = tuple(sorted(own & self._municipalities.keys()))
        return Steward(False, known) if known else None
