"""Who takes part: municipalities, each with a tenant, and their people."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.places import INHABITANTS

ROUND = "last"
"""The id of the round that is answered."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """One of the tenants whose people are answered, and the municipality that it belongs to."""

    number: int

    @property
    def id(self) -> str:
        """As Entra writes it."""
        return f"3b1d0c7a-0000-4000-8000-{self.number:012x}"

    @property
    def municipality(self) -> str:
        """Its key in the instrument."""
        return tuple(INHABITANTS)[self.number]


def tenants(count: int) -> list[Tenant]:
    """The first so many; there are fourteen."""
    return [Tenant(number) for number in range(count)]


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody in a chat of their own with Fyren."""

    number: int
    tenant: Tenant

    @property
    def chat(self) -> str:
        """The conversation's id."""
        return f"a:{self.number}"

    @property
    def user(self) -> str:
        """The object id in Entra."""
        return f"person-{self.number}"
