"""The exceptions of the exports.

ExportError
└── ReportFailed     the report could not be set, or not in time
"""

from __future__ import annotations


class ExportError(Exception):
    """Root of what this package raises."""


class ReportFailed(ExportError):
    """The message says why, for the log."""
