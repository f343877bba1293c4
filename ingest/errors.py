"""The exceptions of the ingest package.

IngestError
├── DocumentRejected     one file cannot be taken in; the reason is a message key with values
└── IngestInterrupted    another ingest holds the lock
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a file was rejected; each is a key of the message catalogue (`ingest.rejected.<value>`)."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    WRONG_TYPE = "wrong_type"
    NO_TEXT_LAYER = "no_text_layer"
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"
    FRONT_MATTER = "front_matter"


class IngestError(Exception):
    """Root of all that this package raises on purpose."""


class DocumentRejected(IngestError):
    """This file is not taken in; the rest of the batch goes on. `detail` is for the log and the table."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class IngestInterrupted(IngestError):
    """Another ingest is running against the same data directory."""
