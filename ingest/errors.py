"""The exceptions of the ingest package.

IngestError
├── DocumentRejected     one file cannot be taken in; the reason is a message key with values
├── PageNotRead          no text could be recognised on a scanned page
├── AddressRefused       a web address may not be fetched; the problem is a message key
├── IngestInterrupted    another ingest holds the lock
└── IsolationUnavailable the system cannot lock parsers in, so nothing is parsed
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
    MACROS = "macros"
    UNSAFE = "unsafe"
    ARCHIVE = "archive"
    CHANGING = "changing"
    NO_SPACE = "no_space"
    ADDRESS = "address"
    ROBOTS = "robots"
    UNREACHABLE = "unreachable"
    NOT_THERE = "not_there"
    SITE_MAP = "site_map"
    TOO_MANY = "too_many"


class IngestError(Exception):
    """Root of all that this package raises on purpose."""


class DocumentRejected(IngestError):
    """This file is not taken in; the rest of the batch goes on. `detail` is for the log and the table.

    `unread` are pages that only text recognition could read; `remark` is as in LoadedDocument.
    """

    def __init__(self, reason: Reason, detail: str = "", unread: tuple[int, ...] = (), remark: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
        self.unread = unread
        self.remark = remark


class PageNotRead(IngestError):
    """No text was recognised on a scanned page; it stays unread. The message is for the log."""


class AddressProblem(StrEnum):
    """Why an address is refused; each is a key of the message catalogue (`web_sources.refused.<value>`)."""

    NO_ADDRESS = "no_address"
    NOT_HTTPS = "not_https"
    CREDENTIALS = "credentials"
    BY_NUMBER = "by_number"
    NOT_LISTED = "not_listed"


class AddressRefused(IngestError):
    """Nothing was asked of it. `host` is the machine where the list of sites is the reason."""

    def __init__(self, problem: AddressProblem, host: str = "") -> None:
        super().__init__(f"{problem}: {host}" if host else str(problem))
        self.problem = problem
        self.host = host


class IngestInterrupted(IngestError):
    """Another ingest is running against the same data directory."""


class IsolationUnavailable(IngestError):
    """A process cannot give up the network and other programs on this system, so no file may be parsed in it."""


class DraftOutdated(IngestError):
    """Another generation was published since this draft was made; it has to be prepared again."""


class NoSuchGeneration(IngestError):
    """There is no draft, or generation, of this name, or its files are gone."""
