"""How far a long work has come, on standard error: a moving bar for a person, a line a phase for a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bot.cli.console import Console
from ingest.model import Advance
from ingest.model import Progress as Listener

PATIENCE = 1.0
"""Seconds before it is told how many questions have been asked; what is done sooner needs no bar."""

Tell = Callable[[str, int, int], None]
"""Told a phase, and how many of how many are done; 0 of all where that is not known."""


@contextmanager
def ingest_progress(console: Console) -> Iterator[Listener]:
    """A listener for the pipeline; shows nothing as long as nothing is ingested."""
    with _progress(console) as tell:

        def listener(advance: Advance) -> None:
            tell(advance.phase, advance.done, advance.total)

        yield listener


@contextmanager
def question_progress(console: Console, total: int, patience: float = PATIENCE) -> Iterator[Callable[[int], None]]:
    """A listener for how many of `total` questions are done; shows nothing before `patience` seconds have passed."""
    started = time.monotonic()
    with _progress(console) as tell:

        def listener(done: int) -> None:
            if time.monotonic() - started >= patience:
                tell("ask", done, total)

        yield listener


@contextmanager
def gate_progress(console: Console) -> Iterator[Callable[[int, int], None]]:
    """A listener for the quality gate; shows nothing as long as nothing is asked."""
    with _progress(console) as tell:
        yield lambda done, total: tell("ask", done, total)


@contextmanager
def _progress(console: Console) -> Iterator[Tell]:
    if sys.stderr.isatty():
        with _MovingBars(console) as tell:
            yield tell
    else:
        yield _Lines(console)


class _Lines:
    """One line when a phase begins."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._phase = ""

    def __call__(self, phase: str, done: int, total: int) -> None:
        if phase != self._phase:
            self._phase = phase
            self._console.note(self._console.say(f"cli.progress.{phase}"))


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

    def __call__(self, phase: str, done: int, total: int) -> None:
        if not self._tasks:
            self._bars.start()
        if phase not in self._tasks:
            title = self._console.say(f"cli.progress.{phase}")
            self._tasks[phase] = self._bars.add_task(title, total=total or None)
        self._bars.update(self._tasks[phase], completed=done, total=total or None)
