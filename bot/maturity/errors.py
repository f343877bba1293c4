"""The exceptions of the maturity check.

MaturityError
├── DataInvalid            a data file cannot be used; the message names file and line
├── Refused                a move that the session does not allow; nothing has changed
├── ThresholdTooLow        a disclosure threshold below the least that is allowed
└── StoreFailed            what a store raises; nothing that it was asked to write is written
    ├── Conflict           somebody else was faster: read again, and decide anew
    ├── RoundClosed        the round takes no answers, or does not exist
    │   └── StepRefused    the round's state does not allow the step, or the step lacks something
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


class ThresholdTooLow(MaturityError, ValueError):
    """A round would show cells of so few people that somebody could be made out."""

    def __init__(self, label: str, threshold: int) -> None:
        super().__init__(f"round {label}: the disclosure threshold {threshold} is too low")
        self.label = label
        self.threshold = threshold


class StoreFailed(MaturityError):
    """The store could not be read or written."""


class Conflict(StoreFailed):
    """The stored version is another than the one that the change was made from."""


class RoundClosed(StoreFailed):
    """The round is closed or gone."""


class StepRefused(RoundClosed):
    """A step in a round's life that is not allowed now. `reason` is a key of the texts under `cli.maturity.refused`."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


class AlreadyAnswered(StoreFailed):
    """A group has already answered for one of these municipalities in this round."""
