"""The date that a document gives itself in its opening lines, as `Antagen av kommunfullmäktige 2024-05-17`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from ingest.model import Block, BlockKind

_OPENING = 12
"""Blocks in which the date is looked for."""
_LONGEST = 300
_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
_DATE = (
    r"(?:(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"
    rf"|(?P<d>\d{{1,2}})\s+(?P<m>{'|'.join(_MONTHS)})\s+(?P<y>(?:19|20)\d\d))"
)
_STATED = re.compile(
    r"\b(?:datum|daterad|upprättad|beslutad|beslutsdatum|antagen|antaget|fastställd|fastställt|reviderad|uppdaterad|"
    rf"senast ändrad|gäller från(?: och med)?)\b[^.\d]{{0,80}}?{_DATE}(?!\d)",
    re.IGNORECASE,
)


def stated_date(blocks: Sequence[Block]) -> str | None:
    """The latest date that the opening states as the document's own, in ISO form; None where there is none."""
    found: list[str] = []
    for block in blocks[:_OPENING]:
        if block.kind is BlockKind.HEADING or len(block.text) > _LONGEST:
            continue
        for match in _STATED.finditer(block.text.replace("|", " ")):
            date = _date(match)
            found += [date] if date else []
    return max(found, default=None)


def _date(match: re.Match[str]) -> str | None:
    year, month, day = match.group("year"), match.group("month"), match.group("day")
    if year is None:
        year, day = match.group("y"), match.group("d")
        month = str(_MONTHS.index(match.group("m").lower()) + 1)
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
