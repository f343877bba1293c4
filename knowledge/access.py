"""Who may retrieve which documents: a collection belongs to the federation, for everybody, or to one municipality.

A search gets an index that holds nothing else (`knowledge.ports.Index.readable_by`), so what somebody may not read has
no part in what is found, ranked, suggested, counted or corrected for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose documents may be retrieved: the federation's, and those of the municipalities whose keys are in `owners`.

    `everything`: those of every municipality, for whoever runs the service.
    """

    owners: frozenset[str] = frozenset()
    everything: bool = False

    def may_read(self, owner: str) -> bool:
        """Whether documents of this owner are open to it."""
        return self.everything or not owner or owner in self.owners

    def among(self, owners: Iterable[str]) -> frozenset[str]:
        """Those of the owners whose documents are open to it: audiences that agree in this read the same."""
        return frozenset(owner for owner in owners if self.may_read(owner))


EVERYBODY = Audience()
"""Reads what is the federation's."""
OPERATOR = Audience(everything=True)
"""Reads everything: the command line on the server itself, and administrators who look after documents."""


def people_of(municipality: str) -> Audience:
    """The people of one municipality, by its key; an empty one is nobody's."""
    return Audience(frozenset((municipality,))) if municipality else EVERYBODY
