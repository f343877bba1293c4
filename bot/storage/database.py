"""The databases of a running Fyren: opened, brought to the newest schema, closed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.maturity.days import Today, swedish_days
from bot.maturity.instrument_file import parse
from bot.storage.engine import open_engine
from bot.storage.errors import StorageError
from bot.storage.journal import SqlJournal
from bot.storage.maturity import SqlCheckStore
from bot.storage.migrations.numbered import IDENTITY_MIGRATIONS, MIGRATIONS, migrate
from bot.storage.pulse import Pulse
from bot.storage.rounds import ReadInstrument
from bot.storage.schema.base import identity_versions, versions
from bot.storage.transactions import Transactions


@dataclass(frozen=True, slots=True)
class Database:
    """The open databases and the repositories in them."""

    main: Transactions
    identity: Transactions
    journal: SqlJournal
    check: SqlCheckStore
    pulse: Pulse

    async def ping(self) -> bool:
        """Whether both databases answer within two seconds, and take writes where they last refused one."""
        return await self.pulse.beats()

    async def close(self) -> None:
        """Close every connection."""
        await self.pulse.close()
        await self.identity.engine.close()
        await self.main.engine.close()


async def open_database(
    url: str, identity_url: str, *, today: Today | None = None, read: ReadInstrument = parse
) -> Database:
    """Open and migrate both databases, and finish the closing of rounds that was interrupted.

    `identity_url` is where the keys of rounds are; with `url` itself they are in the same database. `today` is the day,
    today in Sweden by default. Raises StorageError where a database cannot be used, SchemaTooNew where it is newer.
    """
    main = await _open(url)
    try:
        identity = main if identity_url == url else await _open(identity_url)
    except BaseException:
        await main.engine.close()
        raise
    try:
        await migrate(main.engine, MIGRATIONS, versions)
        await migrate(identity.engine, IDENTITY_MIGRATIONS, identity_versions)
        check = SqlCheckStore(main, identity, read=read, today=today or await swedish_days())
        await check.finish_closings()
    except BaseException:
        await identity.engine.close()
        await main.engine.close()
        raise
    pulse = Pulse(((main, versions), (identity, identity_versions)))
    return Database(main, identity, SqlJournal(main), check, pulse)


async def _open(url: str) -> Transactions:
    engine = await asyncio.to_thread(open_engine, url)  # it imports the driver
    await asyncio.to_thread(_make_folder, url)
    return Transactions(engine)


def _make_folder(url: str) -> None:
    """SQLite makes its file, but not the folder that the file is in."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return
    folder = Path(parsed.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"the folder {folder} cannot be made: {error.strerror}") from error
