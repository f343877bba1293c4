"""Sessions and sensitive answers as JSON, for sealing. Strict: what was not written here is not read here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from bot.maturity.responses import ItemAnswer
from bot.maturity.session import Session
from bot.storage.errors import StorageError

FORMAT: Final = 1
"""Goes up where an older session can no longer be read as a newer one; a new field with a default needs no new one."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A session with the format that it was written in."""

    format: Literal[1]
    session: Session


def session_to_json(session: Session) -> bytes:
    """Raises StorageError where a text has half a character, which UTF-8 cannot hold."""
    return _written(_sessions(), Envelope(FORMAT, session))


def session_from_json(content: bytes) -> Session:
    """Raises StorageError where it is of another format, has fields that sessions have not, or lacks some."""
    return _read(_sessions(), content).session


def answer_to_json(answer: ItemAnswer) -> bytes:
    """Raises StorageError as `session_to_json` does."""
    return _written(_answers(), answer)


def answer_from_json(content: bytes) -> ItemAnswer:
    """Raises StorageError as `session_from_json` does."""
    return _read(_answers(), content)


def _written(adapter: TypeAdapter[T], value: T) -> bytes:
    try:
        return adapter.dump_json(value)
    except PydanticSerializationError:
        raise StorageError("a text has characters that cannot be stored") from None


def _read(adapter: TypeAdapter[T], content: bytes) -> T:
    try:
        return adapter.validate_json(content, strict=True, extra="forbid")
    except ValidationError as error:
        # The details would quote what somebody answered.
        raise StorageError(f"a stored content is not of the form that it should have: {error.error_count()}") from None


@cache
def _sessions() -> TypeAdapter[Envelope]:
    return TypeAdapter(Envelope)


@cache
def _answers() -> TypeAdapter[ItemAnswer]:
    return TypeAdapter(ItemAnswer)
