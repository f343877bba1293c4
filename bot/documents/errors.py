"""What can go wrong while documents are taken in.

DocumentsError
├── DocumentsStoreFailed   jobs could not be read or written; nothing was changed
├── Postponed              a job cannot be read now, and waits for its next try
├── UploadRefused          what is sent cannot be taken; the reason is a message key
├── DraftStale             another state was published since the draft was made
└── DraftFailed            a draft could not be made, opened, published or thrown away; the reason is a message key
"""

from __future__ import annotations

from enum import StrEnum


class DocumentsError(Exception):
    """Root of this package's errors."""


class DocumentsStoreFailed(DocumentsError):
    """What the store of jobs raises."""


class Postponed(DocumentsError):
    """What a reader raises of a job that is to be brought to one again, in so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s")
        self.seconds = seconds


class Refusal(StrEnum):
    """Why an upload is not taken; each is a key of the message catalogue (`documents.refused.<value>`)."""

    NO_FILE = "no_file"
    FILE_TOO_LARGE = "file_too_large"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    QUEUE_FULL = "queue_full"
    DISK = "disk"


class UploadRefused(DocumentsError):
    """Nothing of the upload is kept. `name` is the file that it is about, if it is about one."""

    def __init__(self, reason: Refusal, name: str = "") -> None:
        super().__init__(f"{reason}: {name}" if name else str(reason))
        self.reason = reason
        self.name = name


class DraftStale(DocumentsError):
    """The draft must be made again on what is published now."""


class Problem(StrEnum):
    """Why there is no draft; each is a key of the message catalogue (`documents.problem.<value>`)."""

    ALL_REJECTED = "all_rejected"
    UNCHANGED = "unchanged"
    BUSY = "busy"
    EMBEDDING = "embedding"
    INDEX = "index"
    UNREACHABLE = "unreachable"
    FILES_GONE = "files_gone"
    OUTDATED = "outdated"
    GONE = "gone"
    BROKEN = "broken"


class DraftFailed(DocumentsError):
    """`detail` is for the log."""

    def __init__(self, reason: Problem, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
