"""From the figures of runs to `deploy/benchmark.md`: what was measured, on what, and what was not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tests.bench.bars import Bar
from tests.bench.load import bars, plots
from tests.bench.load.scenarios import SCENARIOS
from tests.bench.load.summary import quarters
from tests.program import ROOT

Json = Mapping[str, Any]
PAGE: Final = ROOT / "deploy" / "benchmark.md"
PICTURES: Final = ROOT / "deploy" / "benchmark"
ORDER: Final = (*SCENARIOS, "L04", "L07")

HEAD: Final = """\
# Benchmark

What people wait for under load, and whether anything of theirs is lost. This page is written by
`python -m tests.bench.load report` from the figures of runs; nothing on it is estimated.

## How it is measured

The client is a process of its own. It plays the people, Teams' connector and Microsoft's keys: every activity carries a
signed token, the service fetches its own token, and replies go to the connector over TLS. Turns are sent at their times
whether earlier ones were answered or not, and a wait counts **from when a turn was due until its reply had come** to
the connector and its request was answered. What was not answered is sent again under the same id, as Teams does: after
15 s, or after 1 s where nobody listened. Every reply is checked for what it says. After each run the rows of the
database are compared with what people were told: each answer, one version for each press, one row for each question,
and the message that it was delivered as.

The service is `fyren serve` with its usual settings, an app registration, {tenants} tenants, and the built-in library.
A *press* is a button on a card of the maturity check, and stores an answer. A *question* is answered from the library,
without a language model where nothing else is said. Client, service and database share the machine's processors.
"""

NOT_COVERED: Final = """\
## What is not covered

- The network: everything is on one machine, so waits hold no way to Teams and back, and no TLS proxy in front.
- Microsoft's side: how Teams sends again, and how quickly its connector takes replies, is played by what is documented
  and by what others have seen.
- More processors: the client takes its part of those that the service has. With them apart, figures are better.
- A real language model: it is played by a process that answers within three to ten seconds.
- People: they press buttons, and write no comments and no answers in words.
"""


def write(figures: Path) -> None:
    """The page and its pictures, from every figure that there is."""
    runs = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(figures.glob("*.json"))}
    found = [runs[name] for name in ORDER if name in runs]
    if not found:
        raise SystemExit(f"there are no figures in {figures}")
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    parts = [HEAD.format(tenants=14), *_machine(found), *_table(found)]
    for run in found:
        parts += ["", *_section(run)]
    PAGE.write_text("\n".join([*parts, "", NOT_COVERED]), encoding="utf-8")


def _machine(runs: list[Json]) -> Iterator[str]:
    yield "## On what"
    yield ""
    machines = {json.dumps({**run["machine"], "load_before": 0}, sort_keys=True): run["machine"] for run in runs}
    for told in machines.values():
        yield f"- {told['processor']}, {told['cores']} processors, {told['memory_gb']:g} GB of memory,"
        yield f"  Linux {told['kernel'].partition('-')[0]}, Python {told['python']}"
    days = sorted({run["when"][:10] for run in runs})
    busiest = max(run["machine"]["load_before"] for run in runs)
    yield f"- {' to '.join(dict.fromkeys((days[0], days[-1])))}; load of the machine before a run at most {busiest:.1f}"
    yield "- Commands: `make bench-load`, and `python -m tests.bench.load soak 30` for the long run"
    yield ""


def _table(runs: list[Json]) -> Iterator[str]:
    yield "## Results"
    yield ""
    yield "| Run | What | Measured | Bar | |"
    yield "| --- | --- | --- | --- | --- |"
    for run in runs:
        for bar in bars.of(run):
            measured = f"{_number(bar.measured)} {bar.unit}".strip()
            yield f"| {run['name']} | {bar.name} | {measured} | {_limit(bar)} | {_verdict(bar)} |"
    yield ""
    missing = [name for name in ORDER if name not in {run["name"] for run in runs}]
    if missing:
        yield f"Not run: {', '.join(missing)}."


def _section(run: Json) -> Iterator[str]:
    yield f"## {run['name']}: {run['title']}"
    yield ""
    if run["name"] == "L07":
        yield from _pages(run)
        return
    replicas = f"{run['replicas']} replicas" if run["replicas"] > 1 else "one process"
    place = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[run["database"]]
    yield f"{run['seconds']:g} seconds, {replicas}, {place}, {run['when'].replace('T', ' ')[:16]} UTC. {bars.cpu(run)}."
    if run["events"]:
        yield f"Meanwhile: {'; '.join(map(_event, run['events']))}."
    yield ""
    if run["name"] == "L03":
        yield from _ramp(run)
    elif run["name"] == "L04":
        yield from _soak(run)
    else:
        yield from _waits(run)
    details = [f"- {bar.name}: {bar.detail}" for bar in bars.of(run) if bar.detail]
    if details:
        yield ""
        yield from details


def _event(each: Json) -> str:
    told = f"{each['what']} at {each['at']:.0f} s"
    if "took" in each:
        told += f" (ready after {each['took']:.1f} s)"
    if "ended" in each:
        told += f" until {each['ended']:.0f} s"
    for name in ("documents", "exports", "failed"):
        if name in each:
            told += f", {name}: {each[name]}"
    return told


def _streams(run: Json) -> Iterator[str]:
    yield "| Turns | a second | due | answered | put off | lost | median | p95 | p99 | slowest |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for name, each in run["streams"].items():
        shares = " | ".join(_ms(each[key]) for key in ("p50_ms", "p95_ms", "p99_ms", "most_ms"))
        counts = f"{each['due']} | {each['answered']} | {each['refused']} | {each['lost']}"
        yield f"| {name} | {each['offered']:.1f} | {counts} | {shares} |"


def _waits(run: Json) -> Iterator[str]:
    stream = "others, one noisy" if run["name"] == "L06" else next(iter(run["streams"]))
    windows = run["over_time"].get(stream, [])
    worst = max(windows, key=lambda each: each["p95_ms"], default=None)
    alt = f"Waits over {run['seconds']:g} seconds in windows of five"
    if worst is not None:
        middle = sorted(each["p95_ms"] for each in windows)[len(windows) // 2]
        alt += f": the 95th percentile is {middle:.0f} ms in the middle window "
        alt += f"and {worst['p95_ms']:.0f} ms at most, at {worst['at']:.0f} s"
    yield _picture(run, plots.waits([run], stream), alt)
    yield ""
    yield from _streams(run)


def _ramp(run: Json) -> Iterator[str]:
    streams = list(run["streams"].values())
    keeping = [each["offered"] for each in streams if _keeps_up(each)]
    knee = f"{keeping[-1]:g}" if keeping else "less than the first step"
    most = max(each["throughput"] for each in streams)
    told = quarters([(each["at"], sum(each["rss_mb"])) for each in run["samples"]], run["seconds"])
    alt = f"Up to {knee} turns a second are answered as they come; at most {most:.0f} are answered in a second"
    yield _picture(run, plots.ramp(run), alt)
    yield ""
    yield f"The knee: up to **{knee} turns a second** keep up (95th percentile below half a second, nobody put off)."
    yield f"Beyond it the service answers {most:.0f} a second at the most, and asks whoever is too many to try again."
    if told:
        yield f"Memory was {told['first_quarter']:.0f} MB in the first quarter of the ramp, "
        yield f"{told['last_quarter']:.0f} MB in the last, and {told['most']:.0f} MB at the most."
    yield ""
    yield from _streams(run)


def _keeps_up(stream: Json) -> bool:
    return not stream["refused"] and not stream["lost"] and stream["p95_ms"] is not None and stream["p95_ms"] < 500


def _soak(run: Json) -> Iterator[str]:
    alt = f"Over {run['seconds'] / 60:.0f} minutes, means of the first and of the last quarter"
    for what, name in (("MB of memory", "rss_mb"), ("open files", "files"), ("threads", "threads")):
        told = quarters([(each["at"], sum(each[name])) for each in run["samples"]], run["seconds"])
        if told:
            alt += f"; {what}: {told['first_quarter']:.0f} and {told['last_quarter']:.0f}"
    yield _picture(run, plots.soak(run), alt)
    yield ""
    yield from _streams(run)


def _pages(run: Json) -> Iterator[str]:
    yield f"{run['when'].replace('T', ' ')[:16]} UTC; {len(run['pages'])} kinds of address, every one fetched over"
    yield f"HTTP by somebody who is signed in. The service had {run['memory_mb']:.0f} MB at the most."
    yield ""
    yield "| Address | Kind | Slowest |"
    yield "| --- | --- | --- |"
    for each in run["pages"][:12]:
        yield f"| `{each['path']}` | {each['kind']} | {each['slowest_s']:.2f} s |"


def _picture(run: Json, svg: bytes, alt: str) -> str:
    name = f"{run['name'].lower()}.svg"
    (PICTURES / name).write_bytes(svg)
    return f"![{alt}](benchmark/{name})"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def _limit(bar: Bar) -> str:
    return "" if bar.limit == float("inf") else f"{'≤' if bar.holds(0, 1) else '≥'} {bar.limit:g} {bar.unit}".strip()


def _verdict(bar: Bar) -> str:
    if bar.limit == float("inf"):
        return ""
    return "held" if bar.is_held else "**missed**"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} ms"
