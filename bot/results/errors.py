"""The exceptions of the results.

ResultsError
├── EditionInvalid      a stored edition cannot be read
└── NotForAudience      what was asked for is not to be seen by whoever asks
"""

from __future__ import annotations


class ResultsError(Exception):
    """Root of what this package raises."""


class EditionInvalid(ResultsError):
    """A stored edition is of another form, or damaged."""


class NotForAudience(ResultsError):
    """The audience may not see this municipality, or there is nothing of this name."""
