"""The exceptions of the maturity check.

MaturityError
├── DataInvalid            a data file cannot be used; the message names file and line
├── Refused                a move that the session does not allow; nothing has changed
└── StoreFailed            what a store raises; nothing that it was asked to write is written
    ├── Conflict           somebody else was faster: read again, and decide anew
    ├── RoundClosed        the round takes no answers, or does not exist
    └── AlreadyAnswered    another group has answered for the same organisation
"""

from __future__ import annotations


class MaturityError(Exception):
    """Root of what this package raises."""


class DataInvalid(MaturityError):
    """An instrument or its advice cannot be used; the message is `file:line: what is wrong`."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"{file}:{line}: {what}")
        self.file = file
        self.line = line
        self.what = what


class Refused(MaturityError):
    """A move that the session does not allow. `reason` is a key of the texts under `check.refused`."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


class StoreFailed(MaturityError):
    """The store could not be read or written."""


class Conflict(StoreFailed):
    """The stored version is another than the one that the change was made from."""


class RoundClosed(StoreFailed):
    """The round is closed or gone."""


class AlreadyAnswered(StoreFailed):
    """A group has already answered for one of these municipalities in this round."""
