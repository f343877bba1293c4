"""Rules that are read from files, read before the loop runs."""

from __future__ import annotations

import pytest

from tests.fakes.check_talk import rules
from tests.unit.conversation.check.talk import Talk


@pytest.fixture(autouse=True, scope="session")
def rules_are_read() -> None:
    """A running service reads them before its first turn, too."""
    rules()


@pytest.fixture
def talk() -> Talk:
    return Talk()
