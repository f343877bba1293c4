"""What a process and its children take, looked at while they run."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self


class Watch:
    """Looks at a process and its children ten times a second: their memory, and the processor's time of publishing."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.peak = 0.0
        self.own = 0.0
        """The most that the process had while it was looked at; `peak` is the most since its start."""
        self.with_processes = 0.0
        self.publishing_cpu: dict[int, float] = {}
        self.processes: dict[str, float] = {}
        """The most that each kind of process beside it had, by its module."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            own = _status(self._pid, "VmRSS")
            # One that is only just being started is still its parent's double, in memory too.
            beside = [each for each in _children(self._pid) if _module(each) != _module(self._pid)]
            self.peak = max(self.peak, _status(self._pid, "VmHWM"))
            self.own = max(self.own, own)
            self.with_processes = max(self.with_processes, own + sum(_status(each, "VmRSS") for each in beside))
            for each in beside:
                module = _module(each)
                self.processes[module] = max(self.processes.get(module, 0.0), _status(each, "VmRSS"))
                if module == "bot.publishing.worker":
                    self.publishing_cpu[each] = max(self.publishing_cpu.get(each, 0.0), _cpu(each))


def memory(pid: int) -> float:
    """Resident megabytes of a process now."""
    return _status(pid, "VmRSS")


def _status(pid: int, name: str) -> float:
    """Megabytes; nothing of a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


def _children(pid: int) -> Iterator[int]:
    try:
        told = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return
    for each in (int(child) for line in told for child in line.split()):
        yield each
        yield from _children(each)


def _module(pid: int) -> str:
    """What follows `-m` on the command line."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return ""
    return words[words.index("-m") + 1] if "-m" in words else words[0]


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
