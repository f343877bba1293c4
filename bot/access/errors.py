"""The exceptions of the access package.

AccessError
└── AccessStoreFailed      sessions or the audit log could not be read or written; nothing was changed
"""

from __future__ import annotations


class AccessError(Exception):
    """Root of what this package raises."""


class AccessStoreFailed(AccessError):
    """What the stores of sessions and of the audit log raise."""
