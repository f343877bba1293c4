"""An archive of generations in memory, which a writer can die over at any point."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from knowledge.archive import ArchiveBusy, ArchiveFailed, ArchiveOutdated, ArchiveState, Kept


class Died(BaseException):
    """The process is gone."""


@dataclass(slots=True)
class Held:
    """What the server holds; several machines may have it."""

    state: ArchiveState = field(default_factory=lambda: ArchiveState(None, None, 0, 0, ""))
    kept: dict[str, Kept] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    holder: object | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class MemoryArchive:
    """Implements `knowledge.archive.Archive` for one machine. Its writer dies after `steps` steps, where that is given:
    a step is what a server does at once."""

    def __init__(self, held: Held | None = None, steps: int | None = None) -> None:
        self.held = held or Held()
        self.steps = steps
        self.fetched: list[str] = []

    def state(self) -> ArchiveState:
        return self.held.state

    def kept(self) -> Sequence[Kept]:
        return sorted(self.held.kept.values(), key=lambda each: each.name)

    def put(self, name: str, checksum: str, folder: Path, record: bytes | None = None) -> None:
        held = self.held
        if name not in held.kept:
            held.files[name] = {}
            for path in sorted(folder.iterdir()):
                self._step()
                held.files[name][path.name] = path.read_bytes()
        self._step()
        before = held.kept.get(name, Kept(name, checksum, None, datetime.now(UTC)))
        held.kept[name] = before if record is None else replace(before, record=record, since=datetime.now(UTC))
        self._change()

    def get(self, name: str, folder: Path) -> None:
        if name not in self.held.kept:
            raise ArchiveFailed(f"generation {name} is not kept any more")
        self.fetched.append(name)
        for file, content in self.held.files[name].items():
            (folder / file).write_bytes(content)

    def publish(self, name: str, checksum: str, replaced: str | None, line: str | None) -> None:
        self._step()
        held = self.held
        if name not in held.kept:
            raise ArchiveFailed(f"generation {name} is not kept")
        if held.state.generation not in (replaced, name):
            raise ArchiveOutdated(f"{held.state.generation} is published by now, not {replaced}")
        held.kept[name] = replace(held.kept[name], record=None)
        if line is not None:
            held.lines.append(line)
        held.state = replace(held.state, generation=name, checksum=checksum)
        self._change()
        self._step()

    def history(self) -> Sequence[str]:
        return tuple(self.held.lines)

    def remember(self, lines: Sequence[str]) -> None:
        self._step()
        if not self.held.lines:
            self.held.lines.extend(lines)

    def drop(self, names: Sequence[str]) -> None:
        self._step()
        for name in names:
            if name != self.held.state.generation:
                self.held.kept.pop(name, None)
                self.held.files.pop(name, None)
        self._change()

    def sweep(self) -> None:
        self._step()
        for name in self.held.files.keys() - self.held.kept.keys():
            del self.held.files[name]

    def erased(self) -> None:
        self._step()
        self.held.state = replace(self.held.state, erasures=self.held.state.erasures + 1)
        self._change()

    def keep_note(self, note: str) -> None:
        self.held.state = replace(self.held.state, note=note)

    @contextmanager
    def locked(self, wait: float) -> Iterator[None]:
        until = time.monotonic() + wait
        while True:
            with self.held.lock:
                if self.held.holder is None:
                    self.held.holder = self
                    break
            if time.monotonic() >= until:
                raise ArchiveBusy("another machine writes")
            time.sleep(0.01)
        try:
            yield
        finally:
            self.held.holder = None

    def close(self) -> None:
        """Nothing is open."""

    def _step(self) -> None:
        if self.held.holder is not self:
            raise ArchiveOutdated("another machine may write by now")
        if self.steps is not None:
            if not self.steps:
                raise Died
            self.steps -= 1

    def _change(self) -> None:
        self.held.state = replace(self.held.state, changes=self.held.state.changes + 1)
