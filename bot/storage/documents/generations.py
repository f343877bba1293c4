"""Generations that replicas share, in PostgreSQL.

The row that says what is published says who may write, too (see `writer_lease`), and every change asks in its own
transaction whether that still is who makes it.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.blocking import BlockingDatabase
from bot.storage.documents.writer_lease import BEAT, LEASE, WriterLease, require, server_time
from bot.storage.errors import StorageError
from bot.storage.migrations.numbered import MIGRATIONS, migrate
from bot.storage.schema.base import versions
from bot.storage.schema.generations import index_files, index_generations, index_history, index_state
from bot.storage.scrubbing import tidy
from bot.storage.transactions import Transactions
from knowledge.archive import ArchiveBusy, ArchiveFailed, ArchiveOutdated, ArchiveState, Kept

LOOK: Final = 0.2
"""Seconds between two looks whether the lock is free."""
PART: Final = 4 * 2**20
"""Bytes of a file that are sent at a time."""
T = TypeVar("T")

_log = logging.getLogger(__name__)


class SqlArchive:
    """Implements `knowledge.archive.Archive`. Brings the database's schema up to date when it is first used, but for
    those who only `look`.

    Safe to use from several threads, of which one writes.
    """

    def __init__(self, url: str, *, lease: float = LEASE, beat: float = BEAT, look: bool = False) -> None:
        self._database = BlockingDatabase(url)
        self._lease = WriterLease(lease, beat)
        self._holder: str | None = None
        self._ready = look

    def state(self) -> ArchiveState:
        """See Archive."""
        columns = index_state.c
        query = select(columns.generation, columns.checksum, columns.changes, columns.erasures, columns.note)

        def find(connection: Connection) -> ArchiveState:
            return ArchiveState(*connection.execute(query).one())

        return self._read("which generation is published could not be read", find)

    def kept(self) -> Sequence[Kept]:
        """See Archive."""
        query = select(index_generations).order_by(index_generations.c.name)

        def find(connection: Connection) -> Sequence[Kept]:
            return [Kept(each.name, each.checksum, each.record, each.since) for each in connection.execute(query)]

        return self._read("the generations could not be read", find)

    def put(self, name: str, checksum: str, folder: Path, record: bytes | None = None) -> None:
        """See Archive. Parts that an earlier try has stored are replaced."""

        def is_there(connection: Connection) -> bool:
            row = select(index_generations.c.name).where(index_generations.c.name == name)
            return connection.execute(row).first() is not None

        def keep(connection: Connection) -> None:
            there = update(index_generations).where(index_generations.c.name == name)
            if not is_there(connection):
                row = {"name": name, "checksum": checksum, "record": record, "since": server_time(connection)}
                connection.execute(insert(index_generations).values(row))
            elif record is not None:
                connection.execute(there.values(record=record, since=server_time(connection)))
            _changed(connection)

        if not self._read("the generations could not be read", is_there):
            for path in sorted(folder.iterdir()):
                self._put_file(name, path)
        self._write(f"generation {name} could not be kept", keep)

    def get(self, name: str, folder: Path) -> None:
        """See Archive."""

        def count(connection: Connection) -> list[tuple[str, int]]:
            if connection.scalar(select(index_generations.c.name).where(index_generations.c.name == name)) is None:
                raise ArchiveFailed(f"generation {name} is not kept any more")
            mine = select(index_files.c.file, func.count()).where(index_files.c.generation == name)
            return [(row[0], row[1]) for row in connection.execute(mine.group_by(index_files.c.file))]

        for file, parts in self._read(f"generation {name} could not be read", count):
            with (folder / file).open("xb") as written:
                for part in range(parts):
                    written.write(self._part(name, file, part))

    def publish(self, name: str, checksum: str, replaced: str | None, line: str | None) -> None:
        """See Archive."""

        def point(connection: Connection) -> None:
            kept = update(index_generations).where(index_generations.c.name == name)
            if not connection.execute(kept.values(record=None)).rowcount:
                raise ArchiveFailed(f"generation {name} is not kept")
            expected = index_state.c.generation.is_not_distinct_from(replaced)
            # Another try after a commit that was not confirmed finds it done.
            mine = update(index_state).where(or_(expected, index_state.c.generation == name))
            found = connection.scalar(select(index_state.c.generation))
            if not connection.execute(mine.values(generation=name, checksum=checksum)).rowcount:
                raise ArchiveOutdated(f"{found} is published by now, not {replaced}")
            if line is not None and found != name:
                connection.execute(insert(index_history).values(line=line))
            _changed(connection)

        self._write(f"generation {name} could not be published", point)

    def history(self) -> Sequence[str]:
        """See Archive."""
        query = select(index_history.c.line).order_by(index_history.c.number)

        def find(connection: Connection) -> Sequence[str]:
            return list(connection.scalars(query))

        return self._read("the history of publications could not be read", find)

    def remember(self, lines: Sequence[str]) -> None:
        """See Archive."""

        def add(connection: Connection) -> None:
            if lines and connection.execute(select(index_history.c.number).limit(1)).first() is None:
                connection.execute(insert(index_history), [{"line": each} for each in lines])

        self._write("the history of publications could not be kept", add)

    def drop(self, names: Sequence[str]) -> None:
        """See Archive."""

        def remove(connection: Connection) -> None:
            current = connection.scalar(select(index_state.c.generation))
            gone = [each for each in names if each != current]
            connection.execute(delete(index_generations).where(index_generations.c.name.in_(gone)))
            connection.execute(delete(index_files).where(index_files.c.generation.in_(gone)))
            _changed(connection)

        self._write("generations could not be deleted", remove)

    def sweep(self) -> None:
        """See Archive."""
        orphans = index_files.c.generation.not_in(select(index_generations.c.name))

        def remove(connection: Connection) -> None:
            connection.execute(delete(index_files).where(orphans))

        self._write("what writers have left could not be deleted", remove)

    def erased(self) -> None:
        """See Archive."""

        def count(connection: Connection) -> None:
            connection.execute(update(index_state).values(erasures=index_state.c.erasures + 1))
            _changed(connection)

        self._write("that everything was erased could not be told", count)
        # What was deleted would stay in the database's files for a while, which is no matter as long as nobody asks.
        self._run(lambda main: tidy(main, (index_files, index_generations)))

    def keep_note(self, note: str) -> None:
        """See Archive."""

        def put(connection: Connection) -> None:
            connection.execute(update(index_state).values(note=note))

        self._run(lambda main: main.write("a note could not be kept", put))

    @contextmanager
    def locked(self, wait: float) -> Iterator[None]:
        """See Archive."""
        holder, until = secrets.token_hex(16), time.monotonic() + wait
        while not self._run(lambda main: self._lease.take(main, holder)):
            if time.monotonic() >= until:
                raise ArchiveBusy(f"another machine writes; waited {wait:g} s for it")
            time.sleep(LOOK)
        self._holder = holder
        beating = self._database.begin(lambda main: self._lease.keep(main, holder))
        try:
            yield
        finally:
            beating.cancel()
            self._holder = None
            try:
                self._run(lambda main: self._lease.let_go(main, holder))
            except ArchiveFailed as error:
                _log.warning("%s; it is free in %.0f s", error, self._lease.seconds)

    def close(self) -> None:
        """See Archive."""
        self._database.close()

    def _put_file(self, name: str, path: Path) -> None:
        values = {"generation": name, "file": path.name}
        number = 0
        with path.open("rb") as file:
            while (content := file.read(PART)) or not number:
                row = upsert(index_files).values(**values, part=number, content=content)
                row = row.on_conflict_do_update(constraint=index_files.primary_key, set_={"content": content})
                self._write(f"generation {name} could not be kept", partial(Connection.execute, statement=row))
                number += 1

    def _part(self, name: str, file: str, number: int) -> bytes:
        place = (index_files.c.generation == name, index_files.c.file == file, index_files.c.part == number)
        query = select(index_files.c.content).where(*place)

        def find(connection: Connection) -> bytes:
            content: bytes | None = connection.scalar(query)
            if content is None:
                raise ArchiveFailed(f"generation {name} is not kept any more")
            return content

        return self._read(f"generation {name} could not be read", find)

    def _read(self, what: str, action: Callable[[Connection], T]) -> T:
        return self._run(lambda main: main.read(what, action))

    def _write(self, what: str, action: Callable[[Connection], object]) -> None:
        """Do it while the lock is held, and not at all where it is somebody else's by now. Done twice it changes
        nothing."""
        holder = self._holder

        def guarded(connection: Connection) -> None:
            require(connection, holder)
            action(connection)

        self._run(lambda main: main.write(what, guarded))

    def _run(self, work: Callable[[Transactions], Coroutine[Any, Any, T]]) -> T:
        async def done(main: Transactions) -> T:
            if not self._ready:
                await migrate(main.engine, MIGRATIONS, versions)
                await main.write("what is published could not be kept", _with_row)
                self._ready = True
            return await work(main)

        try:
            return self._database.run(done)
        except StorageError as error:
            raise ArchiveFailed(str(error)) from error


def _with_row(connection: Connection) -> None:
    """A database that was put together from a copy may lack the one row."""
    row = upsert(index_state).values(id=1, changes=0, erasures=0, note="")
    connection.execute(row.on_conflict_do_nothing())


def _changed(connection: Connection) -> None:
    connection.execute(update(index_state).values(changes=index_state.c.changes + 1))
