"""Plays a scenario: starts everything, presses, lets happen what is to happen, and compares the rows afterwards."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.load import databases, rows, summary
from tests.bench.load.databases import Place
from tests.bench.load.meanwhile import Meanwhile
from tests.bench.load.processes import ClientProcess, Replica, balancer, client, model, registered
from tests.bench.load.scenarios import Happening, Scenario
from tests.bench.load.watching import Watching, logged
from tests.bench.model_bench import model_settings
from tests.bench.teams_bench import cpu_seconds
from tests.e2e.processes import free_port

Json = dict[str, Any]


@dataclass(slots=True)
class Stage:
    """A running service with its client. `events` are what happened when, in seconds of the monotonic clock."""

    replicas: list[Replica]
    place: Place
    client: ClientProcess
    urls: list[str]
    end_model: Callable[[], None]
    meanwhile: Meanwhile
    events: list[Json] = field(default_factory=list)

    def happen(self, what: Happening) -> None:
        """Let it happen; what takes long goes on beside."""
        self.events.append({"at": time.monotonic(), "what": what})
        if what == "kill":
            self.replicas[0].kill()
            took = self.replicas[0].start()
            self.events.append({"at": time.monotonic(), "what": "ready again", "took": took})
        elif what == "kill one":
            self.replicas[-1].kill()
        elif what == "model gone":
            self.end_model()
        else:
            self.meanwhile.begin(what)


def play(scenario: Scenario, index: Path, logs: Path | None = None) -> Json:
    """Everything that was measured, on a copy of an index. What replicas logged is left in a folder for `logs`."""
    on = summary.machine()
    with TemporaryDirectory(prefix="fyren-load-") as name, staged(scenario, index, Path(name)) as stage:
        try:
            return _played(scenario, stage, on)
        finally:
            for number, replica in enumerate(stage.replicas if logs is not None else ()):
                shutil.copy(replica.log, f"{logs}/{scenario.name}-{number}.log")


def _played(scenario: Scenario, stage: Stage, on: Mapping[str, Any]) -> Json:
    plan = scenario.plan

    def pids() -> list[int]:
        return [each.pid for each in stage.replicas]

    stage.client.get_ready(stage.urls, plan)
    with Watching(pids, stage.place.wal) as watching:
        cpu = sum(cpu_seconds(each) for each in pids())
        begun = stage.client.begin()
        spent = _Spent(pids, begun + plan.seconds)
        for after, what in scenario.happenings:
            time.sleep(max(0.0, begun + after - time.monotonic()))
            stage.happen(what)
        service_cpu = spent.wait() - cpu
        stage.meanwhile.wait()
        told = stage.client.end()
    for replica in stage.replicas:
        if replica.process is not None and replica.process.poll() is None:
            replica.stop()
    checked = rows.check(stage.place, told)
    return summary.of(
        scenario,
        told,
        samples=watching.samples,
        events=stage.events + stage.meanwhile.events,
        rows=checked,
        on=on,
        logged=logged([each.log for each in stage.replicas]),
        # What a replica had used that was killed is gone with it.
        service_cpu=None if any(what.startswith("kill") for _, what in scenario.happenings) else service_cpu,
    )


class _Spent:
    """The processor seconds of all replicas at a moment that comes later."""

    def __init__(self, pids: Callable[[], list[int]], at: float) -> None:
        self._pids = pids
        self._at = at
        self._cpu = 0.0
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        time.sleep(max(0.0, self._at - time.monotonic()))
        self._cpu = sum(cpu_seconds(each) for each in self._pids())

    def wait(self) -> float:
        """The seconds, once the moment has come."""
        self._thread.join()
        return self._cpu


@contextmanager
def staged(scenario: Scenario, index: Path, folder: Path) -> Iterator[Stage]:
    """Everything started, in a folder that nobody else uses."""
    with ExitStack() as stack:
        kind = databases.postgresql() if scenario.database == "postgresql" else databases.sqlite(folder)
        place = stack.enter_context(kind)
        people = stack.enter_context(client(folder))
        databases.prepare(place)
        settings = registered(people.variables(), scenario.plan.tenants) | place.variables | dict(scenario.settings)
        end_model = _nothing
        if scenario.model:
            port = free_port()
            process = stack.enter_context(model(folder, port, *scenario.model))
            settings |= model_settings(port)
            end_model = process.kill
        settings.pop("FYREN_LOG_LEVEL", None)  # that of a model's settings; people's services tell what they do
        meanwhile = Meanwhile(place, folder)
        meanwhile.prepare([what for _, what in scenario.happenings])
        replicas = []
        for number in range(scenario.replicas):
            data_dir = folder / f"data-{number}"
            shutil.copytree(index, data_dir / "index", symlinks=True)
            replica = Replica(data_dir, settings)
            stack.callback(replica.stop)
            replica.start()
            replicas.append(replica)
        meanwhile.ready(replicas[0].url)
        urls = [each.url for each in replicas]
        if len(urls) > 1:
            urls = [stack.enter_context(balancer([each.port for each in replicas]))]
        yield Stage(replicas, place, people, urls, end_model, meanwhile)


def _nothing() -> None:
    """Where there is no model, none can go."""
