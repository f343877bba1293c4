"""The servers that searches may be done by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knowledge.adapters.search_server import SearchServer
from tests.databases import postgresql_server
from tests.fakes.search_servers import KINDS, running

__all__ = ["postgresql_server"]


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[SearchServer]:
    """Each kind of server, holding nothing."""
    yield from running(request.param, lambda: request.getfixturevalue("postgresql_server"))


@pytest.fixture(params=("files", *KINDS))
def searcher(request: pytest.FixtureRequest) -> Iterator[SearchServer | None]:
    """Each kind of server, and none: then searches are done in files."""
    if request.param == "files":
        yield None
    else:
        yield from running(request.param, lambda: request.getfixturevalue("postgresql_server"))
