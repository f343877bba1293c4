"""The process in which the dashboard's charts are drawn: `python -m bot.charts.vega.worker`.

A job comes as a line of JSON on standard input, and its answer goes as a line to the original standard output. The
JavaScript engine that vl-convert holds, its memory, and the seconds until it is ready are here and not in the service.
It reaches no network: a specification that names an address is refused.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from typing import Final

import vl_convert
from pydantic import ValidationError

from bot.charts.vega.job import DRAWN, JOB, Drawn

MEMORY: Final = 1024
"""Megabytes of data that the process may have; its engine reserves much more than it uses, about 150."""
ENOUGH: Final = 320
"""Megabytes in use, after which the process ends with its last answer and another takes over."""
IDLE: Final = 300
"""Seconds without a job after which the process ends."""

STATM: Final = Path("/proc/self/statm")


def main() -> int:
    """Draw one job after another, until there are no more, or enough."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY << 20, MEMORY << 20))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get into the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the service ends this process itself
    while _memory() < ENOUGH:
        signal.alarm(IDLE)
        line = sys.stdin.buffer.readline()
        signal.alarm(0)
        if not line:
            return 0
        answers.write(DRAWN.dump_json(_drawn(line)) + b"\n")
        answers.flush()
    return 0


def _drawn(line: bytes) -> Drawn:
    try:
        job = JOB.validate_json(line)
        svg = vl_convert.vegalite_to_svg(job.spec, allowed_base_urls=[], format_locale=job.numbers)
    except (ValidationError, ValueError) as error:
        return Drawn(error=str(error)[:500])
    return Drawn(svg=svg)


def _memory() -> float:
    """How much the process uses now, in megabytes; 0 where the system does not tell.

    Its peak would not do: a process inherits that of the one that started it.
    """
    try:
        pages = int(STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * resource.getpagesize() / (1 << 20)


if __name__ == "__main__":
    sys.exit(main())
