"""The exceptions of publishing.

PublishingError
└── CompilingFailed    a round's edition could not be compiled or kept; nothing of it is kept
"""

from __future__ import annotations


class PublishingError(Exception):
    """Root of what this package raises."""


class CompilingFailed(PublishingError):
    """No edition was made. The message says what went wrong, and nothing that anybody answered."""
