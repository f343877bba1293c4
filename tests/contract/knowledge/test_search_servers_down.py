"""A server of searches that is away, slow or busy: told within seconds, asked again only where that may help."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from knowledge.adapters.postgresql_server import PostgresqlServer, libpq_url
from knowledge.adapters.search_server import Gain, SearchServer
from knowledge.adapters.search_servers import ServerConfig, build_server
from knowledge.adapters.server_retries import ATTEMPTS
from knowledge.errors import IndexUnavailable
from tests.databases import DATABASE
from tests.fakes.knowledge import vector_of

NOBODY = "http://127.0.0.1:9"
COLLECTIONS = {"result": {"collections": [{"name": "fyren-20260101-a.passages"}]}, "status": "ok", "time": 0.0}


def qdrant_at(url: str, key: str = "", **seconds: int) -> SearchServer:
    """Imported where it is asked: the client takes seconds, in every process that tests are collected in."""
    from knowledge.adapters.qdrant_points import connect
    from knowledge.adapters.qdrant_server import QdrantServer

    return QdrantServer(connect(url, key, **seconds))


class Played:
    """An HTTP server that answers with one status after the other, the last one for ever; 0 never answers."""

    def __init__(self, *statuses: int) -> None:
        self.left = list(statuses)
        self.asked: list[dict[str, str]] = []
        self.over = threading.Event()
        played = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                played.asked.append(dict(self.headers))
                status = played.left.pop(0) if len(played.left) > 1 else played.left[0]
                if not status:
                    played.over.wait(20)
                    return
                body = json.dumps(COLLECTIONS if status == 200 else {"status": {"error": "secret"}}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def play() -> Iterator[Any]:
    played: list[Played] = []

    def started(*statuses: int) -> Played:
        played.append(Played(*statuses))
        return played[-1]

    yield started
    for one in played:
        one.stop()


@pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection:UserWarning")
def test_qdrant_is_asked_again_while_it_is_busy(play: Any) -> None:
    server = play(503, 429, 200)
    qdrant = qdrant_at(server.url, "the-key")
    assert qdrant.names() == ["20260101-a"]
    assert [headers["api-key"] for headers in server.asked] == ["the-key"] * 3
    qdrant.close()


@pytest.mark.parametrize(("status", "times"), [(503, ATTEMPTS), (401, 1), (500, 1)])
def test_qdrant_that_refuses_is_unavailable_and_its_words_are_not_told(play: Any, status: int, times: int) -> None:
    server = play(status)
    qdrant = qdrant_at(server.url)
    with pytest.raises(IndexUnavailable, match=str(status)) as failure:
        qdrant.check()
    assert "secret" not in str(failure.value)
    assert len(server.asked) == times
    qdrant.close()


def test_qdrant_that_does_not_answer_is_unavailable_at_the_first_timeout(play: Any) -> None:
    server = play(0)
    qdrant = qdrant_at(server.url, timeout=1)
    with pytest.raises(IndexUnavailable):
        qdrant.check()
    assert len(server.asked) == 1
    qdrant.close()


def test_a_server_that_is_away_is_unavailable() -> None:
    for server in (qdrant_at(NOBODY), PostgresqlServer("postgresql://u:p@127.0.0.1:9/d", timeout=0.2)):
        for ask in (
            server.check,
            server.names,
            lambda server=server: server.words("g", [Gain(0, "a", 1.0)], ("",), 3),
            lambda server=server: server.questions("g", vector_of("a"), ("",), 3),
        ):
            with pytest.raises(IndexUnavailable):
                ask()
        server.close()


def test_postgresql_ends_a_search_that_takes_too_long(postgresql_server: Any) -> None:
    server = PostgresqlServer(postgresql_server.get_uri(DATABASE), timeout=0.2)
    with pytest.raises(IndexUnavailable, match="QueryCanceled"):
        server._run(lambda connection: connection.execute("SELECT pg_sleep(5)"))
    server.check()
    server.close()


def test_postgresql_is_asked_again_where_a_connection_was_lost(postgresql_server: Any) -> None:
    server = PostgresqlServer(postgresql_server.get_uri(DATABASE))
    tries: list[int] = []

    def once(connection: Any) -> list[tuple[int]]:
        tries.append(connection.info.backend_pid)
        if len(tries) == 1:
            connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        found: list[tuple[int]] = connection.execute("SELECT 7").fetchall()
        return found

    assert server._run(once) == [(7,)]
    assert len(set(tries)) == 2
    server.close()


def test_a_generation_that_postgresql_does_not_hold_is_unavailable(postgresql_server: Any) -> None:
    server = PostgresqlServer(postgresql_server.get_uri(DATABASE))
    with pytest.raises(IndexUnavailable, match="42P01"):
        server.texts("nowhere", vector_of("a"), ("",), 3)
    server.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql+asyncpg://u:p%40@h:5433/d", "postgresql://u:p%40@h:5433/d"),
        ("postgresql://u@h/d?ssl=verify-full&command_timeout=3", "postgresql://u@h/d?sslmode=verify-full"),
        ("postgresql+asyncpg://u@/d?host=%2Ftmp%2Fx", "postgresql://u@/d?host=%2Ftmp%2Fx"),
    ],
)
def test_the_url_of_the_database_is_one_for_its_other_driver_too(url: str, expected: str) -> None:
    assert libpq_url(url) == expected


def test_the_settings_say_which_server_searches() -> None:
    assert build_server(ServerConfig()) is None
    servers = [
        build_server(ServerConfig("postgresql", "postgresql://h/d")),
        build_server(ServerConfig("qdrant", NOBODY)),
    ]
    assert [type(server).__name__ for server in servers] == ["PostgresqlServer", "QdrantServer"]
    for server in servers:
        assert server is not None
        server.close()
