"""Migrating a database that has data in it, from every schema that there has been, also when it is interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from bot.storage.engine import Engine, open_engine
from bot.storage.errors import SchemaTooNew
from bot.storage.migrations.numbered import MIGRATIONS, migrate
from bot.storage.schema.base import identity, main
from tests.contract.storage.migrating import SCHEMAS, stop_halfway
from tests.contract.storage.processes import started

Tables = Mapping[str, list[dict[str, Any]]]


def fill_1(connection: Connection) -> None:
    """The journal, as schema 1 has it."""
    for number in range(3):
        connection.execute(
            text(
                "INSERT INTO answers (id, at, tenant, conversation, question, answer, status, language, citations, "
                "generator, generation) VALUES (:id, '2026-11-01 12:00:00', 'tenant-a', 'conversation-1', "
                "'Vad är SML-IT?', 'Å, ä och ö 🤔 [1]', 'answered', 'sv', '[{\"n\": 1}]', 'extractive', 'g1')"
            ),
            {"id": f"a{number}"},
        )
        connection.execute(text("INSERT INTO deliveries VALUES (:id, 'sent-1')"), {"id": f"a{number}"})
    connection.execute(text("INSERT INTO feedback VALUES ('a1', 'r1', '2026-11-01 12:01:00', true, 'bra svar')"))


def fill_2(connection: Connection) -> None:
    """The journal and the check, as schema 2 has them: a round that is open and one that was closed."""
    fill_1(connection)
    statements = (
        "INSERT INTO rounds (id, label, instrument, digest, status, opens, closes, practice) "
        "VALUES (:id, :label, 'koll 1', 'd', :status, '2026-11-01', '2026-12-15', false)",
        "INSERT INTO responses VALUES (:id, :id, 'owner', 'consensus', 1, 'koll', '1', 'd', '2026-11-02', 'terminal', "
        "'sv', '2026-10', 'uddevalla', '[\"uddevalla\"]', '[\"it\"]', 'skola')",
        "INSERT INTO response_answers VALUES (:id, 'portfolj', 0, '[\"3\"]', NULL, '', 'på gång', NULL)",
        "INSERT INTO consensus_municipalities VALUES (:id, 'uddevalla', :id)",
    )
    for name, status in (("r1", "open"), ("r2", "closed")):
        for statement in statements:
            row = {"id": name, "label": f"2026:{name}", "status": status}
            connection.execute(text(statement), {key: row[key] for key in row if f":{key}" in statement})
    connection.execute(text("INSERT INTO drafts VALUES ('r1', 'owner', 'individual', 1, :sealed)"), {"sealed": b"x"})


def fill_3(connection: Connection) -> None:
    """As schema 2, with what is known of rounds, an edition and an entry of the audit log."""
    fill_2(connection)
    for statement in (
        "UPDATE rounds SET closed_on = '2026-12-16', diary_number = 'KS 1', threshold = 6 WHERE id = 'r2'",
        "INSERT INTO invited VALUES ('r1', 'uddevalla', 'it', 3)",
        "INSERT INTO visibilities VALUES ('r1', 'uddevalla', 'own', '2026-11-02', 'oid-1')",
        "INSERT INTO editions VALUES ('r2', 1, '2026-12-16', 'd', '{}', 'sum')",
        "INSERT INTO edition_members VALUES ('r2', 'r2', 1)",
        "INSERT INTO audit_log VALUES (1, '2026-12-16T08:00:00+00:00', 'system', '', 'round_closed', '2026:r2', '{}', "
        "'0', 'h')",
    ):
        connection.execute(text(statement))


def fill_4(connection: Connection) -> None:
    """Version 4 added sessions of the web pages."""
    fill_3(connection)
    connection.execute(
        text(
            "INSERT INTO web_sessions VALUES "
            "('h', 'oid-1', 't', 'Frida', '[\"federation\"]', '[]', '2026-12-16 08:00', '2026-12-16 08:00')"
        )
    )


def fill_5(connection: Connection) -> None:
    """Version 5 added who is reminded, and where the digest goes."""
    fill_4(connection)
    for statement in (
        "INSERT INTO reminders VALUES ('r1', 'owner', 'individual', 'paused', '2026-12-01', 1, '2026-12-08', NULL)",
        "INSERT INTO reminder_refusals VALUES ('mark')",
        "INSERT INTO digest_channel VALUES (1, 'somewhere', 'sv')",
        "INSERT INTO digest_weeks VALUES ('2026-49')",
    ):
        connection.execute(text(statement))


def fill_6(connection: Connection) -> None:
    """Version 6 added keys of the read API, and messages of webhooks."""
    fill_5(connection)
    for statement in (
        "INSERT INTO api_keys VALUES ('k', 'd', 'Power BI', '', '2026-12-01', '2027-12-01', NULL, NULL)",
        "INSERT INTO webhook_deliveries VALUES "
        "('m', 't', 'round_opened', '{}', '2026-12-01 08:00', '2026-12-01 08:00', 1, 'waiting')",
    ):
        connection.execute(text(statement))


def fill_7(connection: Connection) -> None:
    """Version 7 added budgets of the language model."""
    fill_6(connection)
    for statement in (
        "INSERT INTO budgets VALUES ('2026-12', 'total', '', 10, 5)",
        "INSERT INTO budget_reservations VALUES ('r', '2026-12-01 08:00', '2026-12', 't', 'p', 5)",
    ):
        connection.execute(text(statement))


def fill_8(connection: Connection) -> None:
    """Version 8 added the notes of answers, and the questions that were picked for evaluation."""
    fill_7(connection)
    statement = (
        "INSERT INTO evaluation_questions VALUES "
        "('a1', '2026-12-01 08:00', 'oid-1', 'Vad är SML-IT?', false, '[]', '[]', '')"
    )
    connection.execute(text(statement))


def fill_9(connection: Connection) -> None:
    """Version 9 added questions for a person."""
    fill_8(connection)
    statement = (
        "INSERT INTO cases (id, at, question, language, origin, address, status, reply, replied_at, by, handed, "
        "posted, document, generation) VALUES ('c1', '2026-12-01 08:00', 'Vem beslutar?', 'sv', 'origin', 'address', "
        "'answered', 'Nämnden.', '2026-12-02 08:00', 'oid-1', 'waiting', true, '', '')"
    )
    connection.execute(text(statement))


def fill_10(connection: Connection) -> None:
    """Version 10 added when a reply is tried again."""
    fill_9(connection)
    connection.execute(text("UPDATE cases SET tries = 1, try_at = '2026-12-02 09:00' WHERE id = 'c1'"))


def fill_11(connection: Connection) -> None:
    """Version 11 added files that were sent to become documents."""
    fill_10(connection)
    statement = (
        "INSERT INTO ingest_jobs VALUES ('j1', '2026-12-01 08:00', 'oid-1', 't', '', '[]', 'published', '', '', '[]', "
        "'{}', 'null', 'g2', 'g1', '2026-12-01 09:00', '', null)"
    )
    connection.execute(text(statement))


def fill_12(connection: Connection) -> None:
    """Version 12 added jobs without files, and what people are called."""
    fill_10(connection)
    for statement in (
        "INSERT INTO ingest_jobs (id, at, by, tenant, owner, files, state, note, problem, outcomes, difference, gate, "
        "generation, base, done_at, holder, held_at, kind, paths) VALUES ('j1', '2026-12-01 08:00', 'oid-1', 't', '', "
        "'[]', 'published', '', '', '[]', '{}', 'null', 'g2', 'g1', '2026-12-01 09:00', '', null, 'removal', "
        "'[\"a.pdf\"]')",
        "INSERT INTO document_people VALUES ('t', 'oid-1', 'Adam', '2026-12-01 08:00')",
    ):
        connection.execute(text(statement))


def fill_13(connection: Connection) -> None:
    """Version 13 added chats in which files were sent."""
    fill_12(connection)
    statement = "INSERT INTO document_chats VALUES ('c1', '2026-12-01 08:00', '{}', 'sv', 'j1', 'm1', '', '', null)"
    connection.execute(text(statement))


def fill_14(connection: Connection) -> None:
    """Version 14 added activities that are taken, and pauses."""
    fill_13(connection)
    for statement in (
        "INSERT INTO taken_activities VALUES ('k', '2026-12-01 08:00', 'h', 200, '2026-12-01 09:00')",
        "INSERT INTO pauses VALUES ('t', '2026-12-01 08:00', 'oid-1', 'underhåll')",
    ):
        connection.execute(text(statement))


def fill_15(connection: Connection) -> None:
    """Version 15 added generations and files that replicas share."""
    fill_14(connection)
    connection.execute(text("INSERT INTO index_generations VALUES ('g1', 'c', :x, '2026-12-01 08:00')"), {"x": b"x"})
    connection.execute(text("INSERT INTO index_files VALUES ('g1', 'passages', 0, :x)"), {"x": b"x"})
    connection.execute(text("INSERT INTO index_history VALUES (1, '{}')"))
    connection.execute(text("INSERT INTO document_uploads VALUES ('j1', 'a', 0, '2026-12-01 08:00', :x)"), {"x": b"x"})


def fill_16(connection: Connection) -> None:
    """Version 16 added whose turn it is to work in the background."""
    fill_15(connection)
    connection.execute(text("INSERT INTO background_work VALUES ('weekly', 'h', null, '2026-12-01 08:00')"))


def fill_17(connection: Connection) -> None:
    """Version 17 added who asked."""
    fill_16(connection)
    for table in ("answers", "cases"):
        connection.execute(text(f"UPDATE {table} SET asker = 'mark'"))  # noqa: S608 - the schema's names


def fill_18(connection: Connection) -> None:
    """Version 18 added how often documents were tried to be read."""
    fill_17(connection)
    connection.execute(text("UPDATE ingest_jobs SET tries = 1, due_at = '2026-12-01 08:00'"))


def fill_19(connection: Connection) -> None:
    """Version 19 added where the check's notice is shown."""
    fill_18(connection)
    connection.execute(text("INSERT INTO shown_notices VALUES ('mark', 'r1', 'individual', '2026-12-01')"))


OLDER: Mapping[int, Callable[[Connection], None]] = dict(
    enumerate(
        (
            *(fill_1, fill_2, fill_3, fill_4, fill_5, fill_6, fill_7, fill_8),
            *(fill_9, fill_10, fill_11, fill_12, fill_13, fill_14, fill_15, fill_16),
            *(fill_17, fill_18, fill_19),
        ),
        start=1,
    )
)
"""What puts rows into every table of an older schema of the main database. The identity database has had one schema."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


def content(connection: Connection) -> Tables:
    """Every table with its rows, but for the times at which migrations were applied."""
    return {
        name: sorted(
            (
                {key: value for key, value in row.items() if key != "applied"}
                for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()  # noqa: S608 - the schema's names
            ),
            key=repr,
        )
        for name in inspect(connection).get_table_names()
    }


def without_versions(tables: Tables) -> Tables:
    return {name: rows for name, rows in tables.items() if not name.endswith("schema_versions")}


def earlier(tables: Tables, before: Tables) -> Tables:
    """Those of the tables and columns that were there before."""
    columns = {name: set(rows[0]) for name, rows in before.items() if rows}
    return without_versions(
        {
            name: sorted(({key: row[key] for key in row if key in columns[name]} for row in tables[name]), key=repr)
            for name in columns
        }
    )


async def older(engine: Engine, version: int) -> Tables:
    """The database as a program of that time left it."""
    await migrate(engine, MIGRATIONS[:version])
    await engine.write(OLDER[version])
    before = await engine.read(content)
    assert all(before.values()), "every table of the older schema should have rows"
    return before


def test_d05_every_older_schema_is_tested_with_data() -> None:
    assert list(OLDER) == list(range(1, len(MIGRATIONS)))


@pytest.mark.parametrize("version", OLDER)
async def test_d05_data_of_every_older_schema_is_the_same_in_the_newest(url: str, version: int) -> None:
    engine = open_engine(url)
    before = await older(engine, version)
    await migrate(engine)
    after = await engine.read(content)
    assert after.keys() == main.tables.keys()
    assert earlier(after, before) == without_versions(before)
    await engine.close()


@pytest.mark.parametrize("after", [1, 7, None], ids=["first statement", "in the middle", "all but the commit"])
def test_d05_a_migration_that_is_killed_leaves_the_older_schema_and_runs_again(url: str, after: int | None) -> None:
    version = len(MIGRATIONS) - 1
    before = asyncio.run(_prepared(url, version))
    with started(stop_halfway, url, "main", after) as running:
        assert running.next() == b"halfway"
        running.kill()
    still, newest = asyncio.run(_looked_at_and_migrated(url, "main"))
    assert still == before
    assert newest.keys() == main.tables.keys()
    assert earlier(newest, before) == without_versions(before)


def test_d05_the_identity_database_survives_it_too(url: str) -> None:
    with started(stop_halfway, url, "identity", None) as running:
        assert running.next() == b"halfway"
        running.kill()
    still, newest = asyncio.run(_looked_at_and_migrated(url, "identity"))
    assert without_versions(still) == {}
    assert newest.keys() == identity.tables.keys()


@pytest.mark.parametrize("schema", SCHEMAS)
async def test_d05_a_newer_schema_is_refused_and_left_as_it_is(url: str, schema: str) -> None:
    engine = open_engine(url)
    migrations, table = SCHEMAS[schema]
    await migrate(engine, (*migrations, lambda connection: None), table)
    before = await engine.read(content)
    with pytest.raises(SchemaTooNew):
        await migrate(engine, migrations, table)
    assert await engine.read(content) == before
    await engine.close()


async def _prepared(url: str, version: int) -> Tables:
    engine = open_engine(url)
    try:
        return await older(engine, version)
    finally:
        await engine.close()


async def _looked_at_and_migrated(url: str, schema: str) -> tuple[Tables, Tables]:
    """What is there, and what is there after another try."""
    engine = open_engine(url)
    try:
        still = await engine.read(content)
        await migrate(engine, *SCHEMAS[schema])
        return still, await engine.read(content)
    finally:
        await engine.close()
