"""The exceptions of the charts package.

ChartError
└── DrawingFailed     the picture could not be drawn, or not in time
"""

from __future__ import annotations


class ChartError(Exception):
    """Root of all that this package raises on purpose."""


class DrawingFailed(ChartError):
    """The message says why, for the log."""
