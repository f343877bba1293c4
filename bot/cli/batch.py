"""Batch files: one JSON object a line, read as it comes; a bad line is reported and the rest goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.cli.console import Console


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    id: str | int | None = None
    question: str | None = None
    query: str | None = None
    context: list[str] = Field(default_factory=list)


_LINE = TypeAdapter(_Line)


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a batch; `context` holds the earlier ones, oldest first."""

    id: str | int
    question: str
    context: tuple[str, ...] = ()


class Batch:
    """Questions of a file, or the single one of the command line; `failed` once a line could not be read."""

    def __init__(self, path: str | None, question: str | None, console: Console) -> None:
        self._path = path
        self._question = question
        self._console = console
        self.failed = False

    def __iter__(self) -> Iterator[Item]:
        if self._path is None:
            yield Item("q1", self._question or "")
            return
        with _opened(self._path, self._console) as file:
            for number, line in enumerate(file, start=1):
                item = self._read(number, line) if line.strip() else None
                if item is not None:
                    yield item

    def _read(self, number: int, line: str) -> Item | None:
        try:
            read = _LINE.validate_json(line.encode("utf-8", "replace"))
        except ValidationError as error:
            detail = "; ".join(_detail(each["loc"], each["msg"]) for each in error.errors(include_url=False))
            self._skip(number, detail)
            return None
        question = read.question if read.question is not None else read.query
        if question is None:
            self._skip(number, "question: Field required")
            return None
        return Item(read.id if read.id is not None else f"q{number}", question, tuple(read.context))

    def _skip(self, number: int, detail: str) -> None:
        self.failed = True
        self._console.note(self._console.say("cli.batch.bad_line", number=number, detail=detail))


def _detail(location: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(map(str, location))}: {message}" if location else message


@contextmanager
def _opened(path: str, console: Console) -> Iterator[TextIO]:
    if path == "-":
        yield sys.stdin
        return
    try:
        file = open(path, encoding="utf-8-sig", errors="replace")  # noqa: SIM115 - closed below
    except OSError as error:
        raise console.fail("cli.batch.unreadable", path=path, detail=error.strerror) from error
    with file:
        yield file
