"""Rules that are read from files, read before the loop runs."""

from __future__ import annotations

import pytest

from tests.fakes.check_talk import rules


@pytest.fixture(autouse=True, scope="session")
def rules_are_read() -> None:
    """A running service reads them before its first turn, too."""
    rules()
