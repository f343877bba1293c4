"""Whose documents a visitor may send, look at and publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.access.permissions import Permission, unbounded
from bot.access.visitor import Visitor
from bot.documents.recording import Person


@dataclass(frozen=True, slots=True)
class Reach:
    """`owners` are the municipalities whose documents it is about; `everything` is also those of everybody."""

    everything: bool
    owners: tuple[str, ...]

    def covers(self, owner: str) -> bool:
        """Whether documents of this owner (empty: everybody's) are the visitor's to manage."""
        return self.everything or (owner != "" and owner in self.owners)

    def shows(self, owner: str) -> bool:
        """Whether a published document may be listed: everybody's, and those that are covered."""
        return not owner or self.covers(owner)

    @property
    def choices(self) -> tuple[str, ...]:
        """What an upload may belong to, the usual one first."""
        return ("", *self.owners) if self.everything else self.owners


def reach_of(visitor: Visitor, municipalities: Mapping[str, str]) -> Reach:
    """By the visitor's roles; a municipality's administrator never reaches beyond their own."""
    if unbounded(visitor.roles, Permission.MANAGE_DOCUMENTS):
        return Reach(True, tuple(sorted(municipalities, key=lambda each: municipalities[each])))
    own = {each for each in visitor.municipalities if visitor.may(Permission.MANAGE_DOCUMENTS, each)}
    return Reach(False, tuple(sorted(own & municipalities.keys())))


def person_of(visitor: Visitor) -> Person:
    """The visitor as somebody who does something to documents."""
    return Person(visitor.subject, visitor.tenant, visitor.name)
