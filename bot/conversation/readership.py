"""Whose documents an answer may be made from, by who asks and where."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.access import EVERYBODY, Audience


class Readership:
    """What the people of each tenant may read; for every other tenant, what everybody may."""

    def __init__(self, audiences: Mapping[str, Audience] | None = None) -> None:
        """`audiences` are by the tenant's id, in small letters."""
        self._audiences = dict(audiences or {})

    def of(self, tenant: str, *, personal: bool) -> Audience:
        """In a chat of their own, what the tenant's people may read; among others, what everybody may.

        A team or group chat may have guests and members of other organisations, who read the answer as well.
        """
        return self._audiences.get(tenant.lower(), EVERYBODY) if personal else EVERYBODY
