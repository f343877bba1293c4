"""Whole applications are started here, and compile their pages' templates when they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import read_once


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        read_once.templates(patch)
        yield
