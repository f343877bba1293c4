"""Servers of searches for tests: PostgreSQL as it is, Qdrant as its client plays it in memory, and one that records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, TypeVar

from knowledge.adapters.postgresql_server import PostgresqlServer
from knowledge.adapters.search_server import Gain, SearchServer
from knowledge.adapters.server_rows import Held, ServerRows
from knowledge.errors import IndexUnavailable
from knowledge.ports import Vectors
from tests.databases import DATABASE

KINDS = ("postgresql", "qdrant")
IN_MEMORY = "ignore:(Payload indexes have no effect in|Local mode performs exact):UserWarning"
"""What the client says in memory, for `pytest.mark.filterwarnings`: there every search looks at every point."""

T = TypeVar("T")


def running(kind: str, postgresql: Callable[[], Any]) -> Iterator[SearchServer]:
    """A server of this kind, which forgets everything in the end; `postgresql` gives the one that tests share."""
    if kind == "qdrant":
        # The client takes seconds to import, and most processes that tests are collected in run none of these.
        from qdrant_client import QdrantClient

        from knowledge.adapters.qdrant_server import QdrantServer

        server: SearchServer = QdrantServer(QdrantClient(":memory:"))
    else:
        server = PostgresqlServer(postgresql().get_uri(DATABASE), approximate=1)
    yield server
    for name in server.names():
        server.drop(name)
    server.close()


class BreakableServer:
    """A server that stops answering when it is told to, after some more answers; counts what it is asked."""

    def __init__(self, server: SearchServer) -> None:
        self._server = server
        self.left: int | None = None
        self.asked: list[str] = []
        self.closed = False

    def hold(self, rows: ServerRows) -> None:
        self._answer("hold", lambda: self._server.hold(rows))

    def holds(self, held: Held) -> bool:
        return self._answer("holds", lambda: self._server.holds(held))

    def names(self) -> Sequence[str]:
        return self._answer("names", self._server.names)

    def drop(self, generation: str) -> None:
        self._answer("drop", lambda: self._server.drop(generation))

    def words(self, generation: str, gains: Sequence[Gain], owners: Collection[str], k: int) -> list[tuple[int, float]]:
        return self._answer("words", lambda: self._server.words(generation, gains, owners, k))

    def texts(self, generation: str, vector: Vectors, owners: Collection[str], k: int) -> list[tuple[int, float]]:
        return self._answer("texts", lambda: self._server.texts(generation, vector, owners, k))

    def questions(
        self, generation: str, vector: Vectors, owners: Collection[str], k: int
    ) -> list[tuple[int, int, float]]:
        return self._answer("questions", lambda: self._server.questions(generation, vector, owners, k))

    def check(self) -> None:
        self._answer("check", self._server.check)

    def close(self) -> None:
        self.closed = True

    def _answer(self, what: str, ask: Callable[[], T]) -> T:
        self.asked.append(what)
        if self.left is not None:
            if self.left <= 0:
                raise IndexUnavailable("the server is gone")
            self.left -= 1
        return ask()
