"""Runs `fyren` as a person does: another process, with an environment and streams of its own."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.app import forked
from tests.program import FYREN, environment

TIMEOUT = 120


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines; anything else there is an error."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def data(self) -> dict[str, Any]:
        """The one JSON object of standard output."""
        [line] = self.lines
        return line


class Fyren:
    """`fyren` on one data folder; by default with neither library nor embedding engine, which makes it quick."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        quick = {"FYREN_BUILTIN_LIBRARY": "false", "FYREN_EMBEDDING_PROVIDER": "off"}
        self.env = environment(data_dir, quick | {f"FYREN_{name}": value for name, value in settings.items()})

    def __call__(self, *arguments: str | Path, stdin: str = "") -> Finished:
        """The command in a forked process, which needs no second for its imports."""
        return _finished(*forked.run([*map(str, arguments)], self.env, stdin, TIMEOUT))

    def started(self, *arguments: str | Path) -> Finished:
        """The command in a process that starts from nothing, as a person's does."""
        done = subprocess.run(
            [*FYREN, *map(str, arguments)],
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )
        return _finished(done.returncode, done.stdout, done.stderr)


def _finished(code: int, out: str, err: str) -> Finished:
    assert "Traceback" not in err, err
    return Finished(code, out, err)
