"""What can go wrong with questions and cases."""

from __future__ import annotations


class QuestionsError(Exception):
    """Root of this package's errors."""


class QuestionsStoreFailed(QuestionsError):
    """Questions or cases could not be read or written."""
