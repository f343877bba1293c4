"""PostgreSQL as a search server: pgvector's HNSW for vectors, its full-text index for our analysed terms.

A passage that holds a term is found by the full-text index, and scored by the inner product of what its terms count
with what the question's terms weigh: BM25 as the files have it, where PostgreSQL's own ranking knows no rare words.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import Connection
from psycopg.errors import QueryCanceled
from psycopg.sql import SQL, Composed, Identifier, Literal
from psycopg_pool import ConnectionPool, PoolTimeout

from knowledge.adapters import postgresql_tables as tables
from knowledge.adapters.postgresql_loading import APPROXIMATE, load
from knowledge.adapters.postgresql_tables import SCHEMA, dense_text, quoted, sparse_text, table
from knowledge.adapters.search_server import Gain
from knowledge.adapters.server_retries import retries
from knowledge.adapters.server_rows import Held, ServerRows
from knowledge.errors import IndexUnavailable
from knowledge.ports import Vectors

CONNECTIONS = 8
"""At most, and made when they are needed: a question takes one for some milliseconds, three times."""
TIMEOUT = 5.0
"""Seconds for a connection, and for one search."""
_SILENCE = 30
"""Seconds after which a connection on which nothing arrives any more is given up."""
_BREADTH = 400
"""HNSW's `ef_search`; an iterative scan goes on until there are as many as were asked for."""
_OF_ASYNCPG = frozenset({"async_fallback", "command_timeout", "prepared_statement_cache_size", "statement_cache_size"})

T = TypeVar("T")


class PostgresqlServer:
    """Implements `knowledge.adapters.search_server.SearchServer`; connects when it is first asked something."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT, approximate: int = APPROXIMATE) -> None:
        """`url` as SQLAlchemy or libpq writes it. From `approximate` rows of one owner on, HNSW searches them."""
        self._url = libpq_url(url)
        self._timeout = timeout
        self._approximate = approximate
        self._lock = Lock()
        self._pool: ConnectionPool[Connection] | None = None

    def hold(self, rows: ServerRows) -> None:
        """Take a generation in, block by block. Raises IndexUnavailable."""
        # A connection of its own, without the limits of those that people wait for.
        with _translated(), psycopg.connect(self._url, **self._arguments) as connection:
            tables.set_up(connection)
            connection.execute("SET search_path = fyren_index, public")
            load(connection, rows, self._approximate)

    def holds(self, held: Held) -> bool:
        """Whether exactly this generation is held. Raises IndexUnavailable."""
        return self._run(lambda connection: tables.is_held(connection, held))

    def names(self) -> Sequence[str]:
        """The generations that are held. Raises IndexUnavailable."""
        return self._run(tables.names)

    def drop(self, generation: str) -> None:
        """Forget a generation. Raises IndexUnavailable."""

        def forget(connection: Connection) -> None:
            if generation in tables.names(connection):
                tables.drop(connection, generation)

        self._run(forget)

    def words(self, generation: str, gains: Sequence[Gain], owners: Collection[str], k: int) -> list[tuple[int, float]]:
        """The k passages with the highest sums. Raises IndexUnavailable."""
        query = SQL(
            "SELECT position, -(impacts <#> %(gains)s::sparsevec) AS score FROM {}"
            " WHERE terms @@ %(any)s::tsquery AND owner = ANY(%(owners)s) ORDER BY score DESC, position LIMIT %(k)s"
        ).format(table("words", generation))
        values = {
            "gains": sparse_text((each.number for each in gains), (each.weight for each in gains)),
            "any": " | ".join(quoted(each.term) for each in gains),
            "owners": list(owners),
            "k": k,
        }
        found = self._run(lambda connection: connection.execute(query, values).fetchall())
        return [(position, score) for position, score in found]

    def texts(self, generation: str, vector: Vectors, owners: Collection[str], k: int) -> list[tuple[int, float]]:
        """The k passages whose texts are nearest. Raises IndexUnavailable."""
        found = self._nearest("texts", ("position",), generation, vector, owners, k)
        return [(position, -distance) for position, distance in found]

    def questions(
        self, generation: str, vector: Vectors, owners: Collection[str], k: int
    ) -> list[tuple[int, int, float]]:
        """The k nearest questions. Raises IndexUnavailable."""
        found = self._nearest("questions", ("number", "position", "which"), generation, vector, owners, k)
        return [(position, which, -distance) for _, position, which, distance in found]

    def check(self) -> None:
        """Raises IndexUnavailable where it does not answer."""
        self._run(lambda connection: connection.execute("SELECT 1"))

    def close(self) -> None:
        """Close every connection; the next question opens others."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _nearest(
        self, kind: str, columns: Sequence[str], generation: str, vector: Vectors, owners: Collection[str], k: int
    ) -> list[tuple[Any, ...]]:
        """One search an owner, each by the index of that owner, and the best of them all."""
        each = [_of_owner(kind, columns, generation, owner) for owner in owners]
        all_of_them = SQL(" UNION ALL ").join(SQL("({})").format(one) for one in each)
        query = SQL("SELECT * FROM ({}) AS found ORDER BY distance, 1 LIMIT %(k)s").format(all_of_them)
        values = {"vector": dense_text(vector), "k": k}
        return self._run(lambda connection: connection.execute(query, values).fetchall())

    @property
    def _arguments(self) -> dict[str, Any]:
        """Of every connection. `tcp_user_timeout` is for a server that is gone without a word."""
        return {
            "autocommit": True,
            "connect_timeout": max(1, round(self._timeout)),
            "tcp_user_timeout": _SILENCE * 1000,
            "keepalives_idle": _SILENCE,
            "prepare_threshold": None,  # a plan for any terms is a bad plan for most
        }

    def _run(self, action: Callable[[Connection], T]) -> T:
        with _translated():
            for attempt in retries(_passing):
                with attempt, self._opened().connection(timeout=self._timeout) as connection:
                    return action(connection)
        raise AssertionError("the loop ends with a result or a failure")

    def _opened(self) -> ConnectionPool[Connection]:
        with self._lock:
            if self._pool is None:
                settings = {
                    "search_path": f"{SCHEMA},public",
                    "statement_timeout": f"{round(self._timeout * 1000)}ms",
                    "jit": "off",  # it takes longer to compile such a search than to do it
                    "hnsw.ef_search": str(_BREADTH),
                    "hnsw.iterative_scan": "strict_order",
                }
                self._pool = ConnectionPool(
                    self._url,
                    kwargs={
                        **self._arguments,
                        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
                    },
                    min_size=0,
                    max_size=CONNECTIONS,
                    timeout=self._timeout,
                    reconnect_timeout=self._timeout,
                    check=ConnectionPool.check_connection,
                    name="fyren-index",
                    open=True,
                )
                weakref.finalize(self, self._pool.close)
            return self._pool


def libpq_url(url: str) -> str:
    """A URL of SQLAlchemy's as libpq reads it: without a driver, and with `sslmode` for what asyncpg calls `ssl`."""
    parts = urlsplit(url)
    options = [(key, value) for key, value in parse_qsl(parts.query) if key not in _OF_ASYNCPG]
    named = [("sslmode" if key == "ssl" else key, value) for key, value in options]
    return urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(named), ""))


def _of_owner(kind: str, columns: Sequence[str], generation: str, owner: str) -> Composed:
    """The owner stands in the query itself: only then does the planner see that the owner's index fits."""
    names = [Identifier(name) for name in columns]
    return SQL(
        "SELECT {}, embedding <#> %(vector)s::vector AS distance FROM {} WHERE owner = {}"
        " ORDER BY distance, {} LIMIT %(k)s"
    ).format(SQL(", ").join(names), table(kind, generation), Literal(owner), names[0])


def _passing(error: BaseException) -> bool:
    """A connection that was lost may be there again at once; what took too long once will do so again."""
    return isinstance(error, psycopg.OperationalError) and not isinstance(error, PoolTimeout | QueryCanceled)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        # No value of a query stands in the message: only what kind of failure it was.
        state = f" ({error.sqlstate})" if error.sqlstate else ""
        raise IndexUnavailable(f"the index in PostgreSQL does not answer: {type(error).__name__}{state}") from error
