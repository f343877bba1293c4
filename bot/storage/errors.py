"""The exceptions of the storage package.

StorageError            the database did not do what was asked; also a JournalFailed, as the journal's port says
└── SchemaTooNew        the database was written by a later version of Fyren
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.ports import JournalFailed


class StorageError(JournalFailed):
    """The database could not be reached, read or written."""


class SchemaTooNew(StorageError):
    """Older code must not write to a newer schema: restore a backup, or run the version that wrote it."""


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn what SQLAlchemy and its drivers raise into StorageError; values of the statement are left out."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise StorageError(f"{what}: {type(cause).__name__}: {str(cause).splitlines()[0][:200]}") from error
    except OSError as error:
        raise StorageError(f"{what}: {error}") from error
