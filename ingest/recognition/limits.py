"""What reading a document's scanned pages may cost, and why they were left unread where they were."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Remark(StrEnum):
    """Why scanned pages were not read; each is a key of the message catalogue (`recognition.remark.<value>`)."""

    MISSING = "missing"
    NO_SWEDISH = "no_swedish"
    OFF = "off"
    GIVEN_UP = "given_up"


LACKING = frozenset({Remark.MISSING, Remark.NO_SWEDISH, Remark.OFF})
"""What is no fault of the file, and may be otherwise another time."""


@dataclass(frozen=True, slots=True)
class RecognitionLimits:
    """`pages` and `seconds` are for a document; `page_seconds`, for drawing as for reading, and the rest for a page.

    `memory` and `text` are in bytes. After `failures` pages in a row that could not be drawn or read, the document is
    given up, since each may have cost all of its time.
    """

    pages: int = 500
    seconds: float = 1800.0
    page_seconds: float = 60.0
    memory: int = 1_500_000_000
    text: int = 5_000_000
    failures: int = 3
