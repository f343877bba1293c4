"""Other processes that use the same databases, to be killed at any moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from tests import forks


@dataclass(frozen=True, slots=True)
class Running:
    """A process, and what it tells."""

    process: BaseProcess
    told: Connection

    def next(self, patience: float = 60.0) -> bytes | None:
        """The next thing that it tells; None where it is dead and has told everything."""
        if not self.told.poll(patience):
            raise TimeoutError("the process does not tell anything")
        try:
            return self.told.recv_bytes()
        except (EOFError, OSError):  # OSError: killed in the middle of a word
            return None

    def kill(self) -> None:
        """SIGKILL: nothing is cleaned up."""
        self.process.kill()
        self.process.join()


@contextmanager
def started(work: Callable[..., None], *arguments: Any) -> Iterator[Running]:
    """Run `work(tell, *arguments)` in a process of its own; `tell` takes bytes. It is dead in the end."""
    context = forks.context()
    told, tell = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(tell, *arguments), daemon=True)
    process.start()
    tell.close()
    running = Running(process, told)
    try:
        yield running
    finally:
        running.kill()
        told.close()
        process.close()
