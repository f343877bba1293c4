"""What an Office file says of itself: title, dates, number of pages."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ingest.loaders.office.attribute_values import whole
from ingest.loaders.office.package import Package
from ingest.loaders.office.xml_parts import parse_if_there, related


@dataclass(frozen=True, slots=True)
class Properties:
    """`saved` is the ISO date of the last change, else of the making; `pages` is 0 where it is not told."""

    title: str = ""
    saved: str | None = None
    pages: int = 0


def office_properties(package: Package) -> Properties:
    """Raises DocumentRejected, ParseError."""
    core = parse_if_there(package, related(package, "", "core-properties"))
    kinds = ("extended-properties", "extendedProperties")  # the second in the strict kind of the format
    more = parse_if_there(package, next((part for kind in kinds if (part := related(package, "", kind))), ""))
    told: dict[str, str] = {}
    for element in [*(core if core is not None else ()), *(more if more is not None else ())]:
        told.setdefault(element.tag.rpartition("}")[2], (element.text or "").strip())
    return Properties(
        title=told.get("title", ""),
        saved=iso_date(told.get("modified", "")) or iso_date(told.get("created", "")),
        pages=whole(told.get("Pages")),
    )


def iso_date(text: str) -> str | None:
    """`2024-05-17T08:00:00Z` gives `2024-05-17`; None for what is no date."""
    try:
        return datetime.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None
