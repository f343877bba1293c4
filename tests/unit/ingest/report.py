"""Where the status report's own text lies during development; the project itself does not contain it."""

from __future__ import annotations

from pathlib import Path

import pytest

_TEXT = Path(__file__).parents[3].parent / "shared" / "report" / "status-report-2024.txt"


def report_text() -> str:
    """The text as extraction gave it; skips the test where it is not there."""
    if not _TEXT.is_file():
        pytest.skip(f"the status report's text is not on this machine ({_TEXT.name} in ../shared/report)")
    return _TEXT.read_text(encoding="utf-8")
