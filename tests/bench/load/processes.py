"""The processes of a run: client, replicas, model, balancer, database; each is ended by whoever started it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.teams.receiving.endpoint import PATH
from tests.bench.load.places import tenants
from tests.bench.load.plan import Plan
from tests.e2e.processes import free_port, start, stop
from tests.fakes.teams import APP_ID
from tests.program import FYREN, ROOT, environment

Json = dict[str, Any]
DEADLINE = 300.0
"""Seconds for a client's orderly end, beyond what its plan takes."""


class ClientFailed(Exception):
    """The client ended before it was through."""


@dataclass(slots=True)
class ClientProcess:
    """The client, told what to do line by line."""

    process: subprocess.Popen[str]
    folder: Path

    def variables(self) -> Json:
        """The service's, by which it finds Microsoft's side; told once, when that listens."""
        return self._heard()

    def get_ready(self, urls: Sequence[str], plan: Plan) -> None:
        """Everybody stands before their first question, and nothing is measured yet."""
        self._tell({"urls": [f"{url}{PATH}" for url in urls], "plan": plan.as_json()})
        self._heard()

    def begin(self) -> float:
        """When the streams begin, on the machine's monotonic clock."""
        self._tell({})
        begun: float = self._heard()["begun"]
        return begun

    def end(self) -> Json:
        """Wait until it is through; everything that happened."""
        self._heard()
        self.process.wait(DEADLINE)
        told: Json = json.loads((self.folder / "client.json").read_text(encoding="utf-8"))
        return told

    def _tell(self, order: Json) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def _heard(self) -> Json:
        return heard(self.process)


def heard(process: subprocess.Popen[str]) -> Json:
    """The next line of a process, which is JSON. Raises ClientFailed where it has ended instead."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise ClientFailed(f"ended with {process.wait()}")
    told: Json = json.loads(line)
    return told


@contextmanager
def client(folder: Path) -> Iterator[ClientProcess]:
    """A client that is being started."""
    with _python("tests.bench.load.client", str(folder)) as process:
        yield ClientProcess(process, folder)


@contextmanager
def balancer(ports: Sequence[int]) -> Iterator[str]:
    """A balancer before these ports; its address."""
    with _python("tests.bench.load.balancer", *map(str, ports)) as process:
        yield f"http://127.0.0.1:{heard(process)['port']}"


@contextmanager
def model(folder: Path, port: int, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A language model's server on a port."""
    notes = ("--port", str(port), "--notes", str(folder / "model.jsonl"))
    with _python("tests.bench.model_server", *notes, *options) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process


@contextmanager
def _python(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(DEADLINE)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


@dataclass(slots=True)
class Replica:
    """`fyren serve` as it is installed: with an app registration, so that every caller proves who they are."""

    data_dir: Path
    variables: Mapping[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it says, and what those said that it replaced."""
        return self.data_dir / f"serve-{self.port}.log"

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self.process is not None
        return self.process.pid

    def start(self) -> float:
        """Start it and wait until it is ready; the seconds that takes."""
        begun = time.monotonic()
        self.process = start(
            [*FYREN, "serve", "--port", str(self.port)],
            address=f"{self.url}/readyz",
            folder=ROOT,
            env=environment(self.data_dir, self.variables),
            log=self.log,
        )
        return time.monotonic() - begun

    def kill(self) -> None:
        """SIGKILL, to it and to what it started: nothing is cleaned up."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As an operator stops it."""
        if self.process is not None:
            stop(self.process)


def registered(variables: Mapping[str, str], count: int) -> dict[str, str]:
    """The settings of a bot that answers so many tenants, each of a municipality of its own."""
    among = tenants(count)
    return {
        "FYREN_TEAMS_APP_ID": APP_ID,
        "FYREN_TEAMS_APP_TYPE": "managed_identity",
        "FYREN_TEAMS_TENANT_ID": among[0].id,
        "FYREN_TEAMS_ALLOWED_TENANTS": ",".join(each.id for each in among),
        "FYREN_TENANT_ORGANISATIONS": ",".join(f"{each.id}={each.municipality}" for each in among),
        **variables,
    }
