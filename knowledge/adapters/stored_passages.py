"""Passages in a file, one JSON object a line, each read when it is asked for.

Beside the lines stands a table with a row a passage: where its line begins, how many questions came before its own,
and which document it is of. What would otherwise need a look at every passage is read from there.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, overload

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from knowledge.errors import IndexDamaged
from knowledge.model import Document, Passage

KEPT = 4096
"""Passages that are kept after reading: those of popular answers return again and again."""

_PASSAGE = TypeAdapter(Passage)
Table = NDArray[np.int64]
"""A row a passage and one more: where the line begins, questions before, document; the last row has the ends."""
BEGIN, QUESTIONS, DOCUMENT = range(3)


class StoredPassages(Sequence[Passage]):
    """The passages of one generation; safe to share between threads. Reading one raises IndexDamaged if it is none."""

    def __init__(self, path: Path, table: Table) -> None:
        """Opens the lines without reading them. Raises ValueError where they do not fit the table, and OSError."""
        size = path.stat().st_size
        if table.ndim != 2 or table.shape[1] != 3 or not len(table) or table[-1, BEGIN] != size:
            raise ValueError(f"{path.name} does not fit the table of passages")
        if (np.diff(table[:, BEGIN]) < 1).any() or (np.diff(table[:, QUESTIONS]) < 0).any():
            raise ValueError("the table of passages is not in order")
        self._lines: mmap.mmap | bytes = b""
        if size:
            with path.open("rb") as file:
                self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # Plain numbers: taking one from a mapped array costs more than the look-up that it is for.
        self._begins = array("q", np.ascontiguousarray(table[:, BEGIN]).tobytes())
        # What is kept does not know these passages: they go, with the mapped file, when nobody holds them any more.
        self._read = partial(_read, self._lines, self._begins, path.parent.name)
        self._kept = lru_cache(maxsize=KEPT)(self._read)

    def __len__(self) -> int:
        return len(self._begins) - 1

    def __iter__(self) -> Iterator[Passage]:
        return map(self._read, range(len(self)))  # past what is kept: a look at all would push the popular ones out

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Passage]: ...
    def __getitem__(self, place: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(place, slice):
            return ChosenPassages(self, range(len(self))[place])
        return self._kept(range(len(self))[place])


def _read(lines: mmap.mmap | bytes, begins: array[int], generation: str, position: int) -> Passage:
    try:
        return _PASSAGE.validate_json(lines[begins[position] : begins[position + 1]])
    except ValidationError as error:
        raise IndexDamaged(f"generation {generation}: passage {position} is not readable") from error


class ChosenPassages(Sequence[Passage]):
    """Some passages of many, still read one by one."""

    def __init__(self, passages: Sequence[Passage], positions: Sequence[int]) -> None:
        self._passages = passages
        self.positions = positions

    def __len__(self) -> int:
        return len(self.positions)

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Passage]: ...
    def __getitem__(self, place: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(place, slice):
            return ChosenPassages(self._passages, self.positions[place])
        return self._passages[self.positions[place]]


class PassageWriter:
    """Writes passages one by one, and remembers what the table and `marked` are made of."""

    def __init__(self, file: IO[bytes], documents: Iterable[Document]) -> None:
        """`documents` are those that passages may be of."""
        self._file = file
        self._numbers = {(each.origin, each.path): number for number, each in enumerate(documents)}
        self._rows = array("q")
        self._begin = 0
        self._questions = 0
        self.count = 0
        self.changes: list[int] = []
        self.figures: list[int] = []

    def add(self, passage: Passage) -> None:
        """The next line. Raises ValueError for a passage of no listed document, or with text that no file can hold."""
        number = self._numbers.get((passage.origin, passage.path))
        if number is None:
            raise ValueError(f"passage {passage.id} is of {passage.path}, which is not among the documents")
        line = _PASSAGE.dump_json(passage) + b"\n"
        self._file.write(line)
        self._rows.extend((self._begin, self._questions, number))
        if passage.change is not None:
            self.changes.append(self.count)
        if passage.figure is not None:
            self.figures.append(self.count)
        self._begin += len(line)
        self._questions += len(passage.questions)
        self.count += 1

    @property
    def table(self) -> Table:
        """The table of what has been written."""
        rows = array("q", self._rows)
        rows.extend((self._begin, self._questions, -1))
        return np.frombuffer(rows, dtype=np.int64).reshape(-1, 3)
