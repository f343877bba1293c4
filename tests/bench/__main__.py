"""Every bar of speed and memory in one run, each beside what was measured: `make bench`.

Measured on the index in the data folder, which a copy of is served. Fyren and the stock bot are measured in the same
run, so a busy machine is busy for both; times alone mean something on a quiet machine only.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from bot.settings import Settings
from bot.teams.receiving.endpoint import PATH
from tests.bench import (
    check_bench,
    ingest_bench,
    ingest_service,
    model_bench,
    results_bench,
    side_by_side,
    telemetry_bench,
)
from tests.bench.bars import Bar, at_least, at_most
from tests.bench.teams_bench import Server, compare
from tests.e2e.processes import free_port, stop
from tests.program import FYREN, ROOT, environment

QUESTIONS = ROOT / "tests" / "evals" / "gate.jsonl"
HELP = ("hjälp",)
TURNS, ROUNDS, WARM_UP = 200, 3, 20
SETTLED = 3.0
"""Seconds after which a service that nobody asks anything has done what it does at its start."""


def bars(data_dir: Path, folder: Path) -> Iterator[Bar]:
    """Measures one bar after the other."""
    with _served(data_dir, folder) as (seconds, process):
        yield Bar("second start, until questions can be answered", seconds, 3, "s", at_most)
        time.sleep(SETTLED)
        yield Bar("memory of the idle service", _memory(process.pid), 450, "MB", at_most)
    yield Bar("fyren ask --batch, median of timing_ms.total", _median_answer(data_dir), 60, "ms", at_most)
    yield from _check_bars(check_bench.measure(data_dir / "index"))
    yield from results_bench.bars(results_bench.measure(data_dir / "index"))
    yield from model_bench.bars(model_bench.measure(data_dir / "index"))
    yield from ingest_bench.bars(ingest_bench.measure(data_dir / "index"))
    yield from ingest_service.bars(ingest_service.measure(data_dir / "index"))
    yield from telemetry_bench.bars()
    yield from side_by_side.bars(data_dir / "index")
    found = compare(_server(data_dir), HELP, rounds=ROUNDS, turns=TURNS, warm_up=WARM_UP)
    detail = _beside(found, "cpu_ms_per_turn", "ms")
    yield Bar("help turn: CPU time, of a stock echo bot's", found["cpu_ratio"], 0.45, "", at_most, detail)
    found = compare(_server(data_dir, _questions()), HELP, rounds=ROUNDS, turns=TURNS, warm_up=WARM_UP)
    detail = _beside(found, "turns_per_second", "a second")
    yield Bar("question turn: throughput, of a stock echo bot's", found["throughput_ratio"], 0.5, "", at_least, detail)


def _check_bars(found: dict[str, float]) -> Iterator[Bar]:
    """The maturity check: what a press costs, its commit aside, and how long fifty people wait."""
    press, stock, commit = (found[f"{name}_cpu_ms"] for name in ("press", "stock", "commit"))
    detail = f"Fyren {press:.1f} ms, of which a commit {commit:.1f} ms; stock {stock:.1f} ms"
    yield Bar(
        "card turn without its commit: CPU time, of a stock echo bot's",
        (press - commit) / stock,
        0.6,
        "",
        at_most,
        detail,
    )
    median, burst = found["median_ms"], found["burst_p95_ms"]
    detail = f"{found['presses']:.0f} presses, median {median:.0f} ms; all fifty in one moment: {burst:.0f} ms"
    yield Bar("fifty people answering at once, 95th percentile", found["p95_ms"], 150, "ms", at_most, detail)


def _beside(found: dict[str, Any], figure: str, unit: str) -> str:
    return f"Fyren {found['fyren'][figure]} {unit}, stock {found['stock'][figure]} {unit}"


def _questions() -> list[str]:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines if line.strip()]


def _serve(data_dir: Path, port: int) -> list[str]:
    # `env` hands the settings over, so that the benchmark can start the service as a plain command.
    settings = [f"{name}={value}" for name, value in environment(data_dir, {"FYREN_LOG_LEVEL": "ERROR"}).items()]
    return ["env", *settings, *FYREN, "serve", "--port", str(port)]


def _server(data_dir: Path, texts: Sequence[str] = HELP) -> Server:
    port = free_port()
    return Server("fyren", _serve(data_dir, port), f"http://127.0.0.1:{port}{PATH}", texts)


@contextmanager
def _served(data_dir: Path, folder: Path) -> Iterator[tuple[float, subprocess.Popen[bytes]]]:
    """A running service, and how many seconds it took to be ready."""
    address = f"http://127.0.0.1:{free_port()}/readyz"
    command = _serve(data_dir, urlsplit(address).port or 0)
    start = time.perf_counter()
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        while True:
            try:
                with urllib.request.urlopen(address, timeout=1):
                    break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None:
                    raise RuntimeError((folder / "serve.log").read_text(encoding="utf-8")) from None
                time.sleep(0.02)
        yield time.perf_counter() - start, process
    finally:
        stop(process)


def _memory(process: int) -> float:
    """Resident megabytes."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _median_answer(data_dir: Path) -> float:
    command = [*FYREN, "ask", "--json", "--batch", str(QUESTIONS)]
    done = subprocess.run(command, env=environment(data_dir), capture_output=True, text=True, check=True)
    totals: list[float] = [json.loads(line)["timing_ms"]["total"] for line in done.stdout.splitlines()]
    return statistics.median(totals)


def main() -> int:
    """Print every bar; 1 where one is missed."""
    with TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        shutil.copytree(Settings.read().index_dir, data_dir / "index", symlinks=True)
        measured = []
        for bar in bars(data_dir, Path(folder)):
            print(bar, flush=True)
            measured.append(bar)
    return 0 if all(bar.is_held for bar in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
