"""How far an ingest has come, on standard error: a moving bar for a person, a line a phase for a log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bot.cli.console import Console
from ingest.model import Advance
from ingest.model import Progress as Listener


@contextmanager
def ingest_progress(console: Console) -> Iterator[Listener]:
    """A listener for the pipeline; shows nothing as long as nothing is ingested."""
    if sys.stderr.isatty():
        with _MovingBars(console) as listener:
            yield listener
    else:
        yield _Lines(console)


class _Lines:
    """One line when a phase begins."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._phase = ""

    def __call__(self, advance: Advance) -> None:
        if advance.phase != self._phase:
            self._phase = advance.phase
            self._console.note(self._console.say(f"cli.progress.{advance.phase}"))


class _MovingBars:
    """One bar a phase; the display starts with the first news, since most commands ingest nothing."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=RichConsole(file=sys.stderr),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _MovingBars:
        return self

    def __exit__(self, *error: object) -> None:
        if self._tasks:
            self._bars.stop()

    def __call__(self, advance: Advance) -> None:
        if not self._tasks:
            self._bars.start()
        if advance.phase not in self._tasks:
            title = self._console.say(f"cli.progress.{advance.phase}")
            self._tasks[advance.phase] = self._bars.add_task(title, total=advance.total or None)
        self._bars.update(self._tasks[advance.phase], completed=advance.done, total=advance.total or None)
