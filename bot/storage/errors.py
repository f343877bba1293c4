"""The exceptions of the storage package.

StorageError            the database did not do what was asked; also a JournalFailed, a StoreFailed, an
│                       AccessStoreFailed, an OutboxFailed, a QuestionsStoreFailed and a DocumentsStoreFailed, as the
│                       ports say
├── SchemaTooNew        the database was written by a later version of Fyren
├── DemoMismatch        the database holds made-up data and a real one was wanted, or the other way round
└── SealBroken          what was sealed was changed since, or belongs elsewhere

Conflict, RoundClosed and AlreadyAnswered come from `bot.maturity.errors` and are raised as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.access.errors import AccessStoreFailed
from bot.conversation.ports import JournalFailed
from bot.documents.errors import DocumentsStoreFailed
from bot.maturity.errors import StoreFailed
from bot.questions.errors import QuestionsStoreFailed
from bot.webhooks.errors import OutboxFailed

_QUOTES_A_VALUE = "invalid input for query argument"
"""How asyncpg begins the message in which it quotes what it was given."""


class StorageError(
    JournalFailed, StoreFailed, AccessStoreFailed, OutboxFailed, QuestionsStoreFailed, DocumentsStoreFailed
):
    """The database could not be reached, read or written."""


class SchemaTooNew(StorageError):
    """Older code must not write to a newer schema: restore a backup, or run the version that wrote it."""


class DemoMismatch(StorageError):
    """Made-up and real data are never mixed. `demo` is whether a database of made-up data was wanted."""

    def __init__(self, what: str, *, demo: bool) -> None:
        super().__init__(what)
        self.demo = demo


class SealBroken(StorageError):
    """A sealed content does not open: it was changed, is of another version, or was sealed for somebody else."""


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn what SQLAlchemy and its drivers raise into StorageError; values of the statement are left out."""
    try:
        yield
    except UnicodeError:
        raise StorageError(f"{what}: a text has characters that cannot be stored") from None
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        said = (str(cause).splitlines() or [""])[0][:200]
        if _QUOTES_A_VALUE in said:
            raise StorageError(f"{what}: a value cannot be stored") from None
        raise StorageError(f"{what}: {type(cause).__name__}: {said}") from error
    except OSError as error:
        raise StorageError(f"{what}: {type(error).__name__}: {error}") from error
