"""What the register says of every table, and D17: what other roles of the database than Fyren's own can read."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.ports import Entry, Place
from bot.storage.database import Database, open_database
from bot.storage.documents import queue_schema
from bot.storage.engine import Engine, open_engine
from bot.storage.migrations.row_security import PREFIX
from bot.storage.personal.register import IDENTITY_TABLES, QUEUE_TABLES, TABLES, Way, Whose
from bot.storage.schema.base import identity, main
from tests.deploy.handbook import blocks, pages
from tests.fakes.advice import answered

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TENANTS = ("11111111-aaaa", "22222222-bbbb")
READER = "reader_of_the_first"


def test_every_table_says_whose_data_it_holds_and_what_becomes_of_it() -> None:
    assert TABLES.keys() == main.tables.keys()
    assert IDENTITY_TABLES.keys() == identity.tables.keys()
    assert QUEUE_TABLES.keys() == set(queue_schema.TABLES)
    for name, entry in {**TABLES, **IDENTITY_TABLES, **QUEUE_TABLES}.items():
        assert entry.kept, name
        of_people = entry.whose is not Whose.NOBODY
        assert of_people == (entry.export is not Way.NOTHING) == (entry.erase is not Way.NOTHING), name


def test_a_column_of_a_tenant_or_a_person_is_known_to_the_register() -> None:
    for name, table in main.tables.items():
        columns = table.columns.keys()
        assert (TABLES[name].tenant == "tenant") == ("tenant" in columns), name
        if {"by", "subject", "actor", "owner", "asker", "rater", "conversation", "address"} & set(columns):
            assert TABLES[name].whose is not Whose.NOBODY, name


async def run(engine: Engine, *statements: str) -> None:
    for statement in statements:
        await engine.run(statement)


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    """Two tenants have asked something, and a role may read what is the first one's, in every table."""
    database = await open_database(postgresql_url, postgresql_url)
    for tenant in TENANTS:
        entry = Entry(f"a-{tenant}", NOON, Place(tenant, "a:1"), f"Fråga från {tenant}?", answered(), "user-1")
        await database.journal.record(entry)
    engine = database.main.engine
    group = f'"{PREFIX}{TENANTS[0]}"'
    await run(
        engine,
        f"CREATE ROLE {group} NOLOGIN NOBYPASSRLS",
        f"CREATE ROLE {READER} LOGIN NOSUPERUSER NOBYPASSRLS IN ROLE {group}",
        f"GRANT USAGE ON SCHEMA public TO {group}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {group}",
    )
    yield database
    await run(engine, f"DROP OWNED BY {group}", f"DROP ROLE {READER}", f"DROP ROLE {group}")
    await database.close()


@pytest.fixture
async def reader(database: Database, postgresql_url: str) -> AsyncIterator[Engine]:
    url = make_url(postgresql_url).set(username=READER)
    engine = open_engine(url.render_as_string(hide_password=False))
    yield engine
    await engine.close()


async def test_d17_a_tenants_role_reads_its_own_rows_without_asking_for_them(
    database: Database, reader: Engine
) -> None:
    def asked(connection: Connection) -> list[str]:
        return list(connection.execute(text("SELECT question FROM answers")).scalars())

    assert await reader.read(asked) == [f"Fråga från {TENANTS[0]}?"]
    assert len(await database.main.engine.read(asked)) == 2


async def test_d17_what_belongs_to_no_tenant_is_empty_to_everybody_else(database: Database, reader: Engine) -> None:
    def counted(connection: Connection) -> dict[str, int]:
        return {
            name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0  # noqa: S608 - the schema's names
            for name in inspect(connection).get_table_names()
            if name in main.tables
        }

    seen, all_there = await reader.read(counted), await database.main.engine.read(counted)
    assert all_there["audit_head"] == 1
    assert {name: count for name, count in seen.items() if count} == {"answers": 1}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answers SET tenant = '11111111-aaaa' WHERE tenant = '22222222-bbbb'",
        "DELETE FROM answers",
        "UPDATE answers SET question = ''",
    ],
)
async def test_d17_nor_does_it_change_anything(database: Database, reader: Engine, statement: str) -> None:
    assert await reader.write(lambda connection: connection.execute(text(statement)).rowcount) == 0
    for role in (f'"{PREFIX}{TENANTS[1]}"', "postgres"):
        with pytest.raises(SQLAlchemyError):
            await reader.run(f"SET ROLE {role}")


async def test_d17_every_table_is_closed(database: Database) -> None:
    def guarded(connection: Connection) -> set[str]:
        query = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity"
        return set(connection.execute(text(query)).scalars())

    def policies(connection: Connection) -> set[str]:
        return set(connection.execute(text("SELECT tablename FROM pg_policies")).scalars())

    engine = database.main.engine
    assert await engine.read(guarded) >= main.tables.keys()
    assert await engine.read(policies) == {name for name, entry in TABLES.items() if entry.tenant}


async def test_d17_the_roles_of_readers_are_made_as_the_handbook_says(postgresql_url: str) -> None:
    [statements] = [text for page in pages() for kind, text in blocks(page) if kind == "sql"]
    [group] = set(re.findall(rf'"({PREFIX}[^"]+)"', statements))
    database = await open_database(postgresql_url, postgresql_url)
    engine = database.main.engine
    await run(engine, *statements.strip().splitlines(), f'GRANT USAGE ON SCHEMA public TO "{group}"')
    reader = open_engine(make_url(postgresql_url).set(username="statistik").render_as_string(hide_password=False))
    count = text("SELECT count(*) FROM answers")
    for tenant in (group.removeprefix(PREFIX), *TENANTS):
        entry = Entry(f"a-{tenant}", NOON, Place(tenant, "a:1"), "Fråga?", answered(), "user-1")
        await database.journal.record(entry)
    assert await reader.read(lambda connection: connection.scalar(count)) == 1
    await reader.close()
    await run(engine, f'DROP OWNED BY "{group}"', "DROP ROLE statistik", f'DROP ROLE "{group}"')
    await database.close()
