"""Facts about a document that people set: when it is in force, who looks it over until when, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingest.sources import owner_of_place
from knowledge.model import Document


@dataclass(frozen=True, slots=True)
class Facts:
    """Dates are ISO dates, empty where there is none; `owner` is a municipality's key, empty for everybody."""

    valid_from: str = ""
    valid_until: str = ""
    review_by: str = ""
    responsible: str = ""
    owner: str = ""


def facts_of(document: Document) -> Facts:
    """The facts of a document as it is."""
    return Facts(
        document.valid_from or "",
        document.valid_until or "",
        document.review_by or "",
        document.responsible or "",
        document.owner,
    )


def with_facts(document: Document, facts: Facts) -> Document:
    """The document with other facts."""
    return replace(
        document,
        valid_from=facts.valid_from or None,
        valid_until=facts.valid_until or None,
        review_by=facts.review_by or None,
        responsible=facts.responsible or None,
        owner=facts.owner,
    )


def owner_is_fixed(document: Document) -> bool:
    """Whether its place says whose it is: what was sent in for a municipality stays that municipality's, since what it
    sends again under the same name takes its place."""
    return bool(owner_of_place(document.path))
