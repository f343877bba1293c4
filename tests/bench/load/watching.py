"""What the replicas take while they are pressed, noted twice a second."""

from __future__ import annotations

import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.bench.process_watch import memory
from tests.bench.teams_bench import cpu_seconds

EVERY = 0.5
_NUMBERS = re.compile(r"[0-9]+")


@dataclass(slots=True)
class Watching:
    """Notes for each replica its memory (MB), open files, threads and processor time (s), and for all of them the
    write-ahead log of the database (MB). A process that is gone is noted as nothing."""

    pids: Callable[[], Sequence[int]]
    wal: Path | None
    every: float = EVERY
    samples: list[dict[str, Any]] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        assert self._thread is not None
        self._thread.join()

    def _look(self) -> None:
        while True:
            self.samples.append(self._sample())
            if self._ended.wait(self.every):
                return

    def _sample(self) -> dict[str, Any]:
        pids = self.pids()
        return {
            "at": time.monotonic(),
            "rss_mb": [round(memory(pid), 2) for pid in pids],
            "files": [_count(pid, "fd") for pid in pids],
            "threads": [_count(pid, "task") for pid in pids],
            "cpu": [cpu_seconds(pid) for pid in pids],
            "wal_mb": _size(self.wal),
        }


def _count(pid: int, what: str) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/{what}"))
    except OSError:
        return 0


def _size(path: Path | None) -> float:
    try:
        return 0.0 if path is None else path.stat().st_size / 1e6
    except OSError:
        return 0.0


def logged(logs: Sequence[Path]) -> list[list[Any]]:
    """The warnings and errors that were logged the most, without their numbers, and how often each was."""
    lines = [line for log in logs for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    told = [line for line in lines if "WARNING" in line or "ERROR" in line]
    return [list(each) for each in Counter(_NUMBERS.sub("#", line)[:200] for line in told).most_common(8)]
