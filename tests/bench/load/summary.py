"""From all that happened in a run to its figures: waits over time, what was lost, what was used, and the bars."""

from __future__ import annotations

import os
import platform
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from tests.bench.load.percentiles import percentile
from tests.bench.load.plan import Stream
from tests.bench.load.recovery import recovered
from tests.bench.load.scenarios import Scenario

Json = dict[str, Any]
WINDOW: Final = 5.0
"""Seconds of one point in a figure over time."""


def of(
    scenario: Scenario,
    told: Json,
    *,
    samples: Sequence[Json],
    events: Sequence[Json],
    rows: Json,
    logged: Sequence[Any],
    on: Mapping[str, Any],
    service_cpu: float | None,
) -> Json:
    """The figures of a run, as JSON. Times are seconds after the start of the streams, waits are milliseconds."""
    begun, turns = told["begun"], told["turns"]
    answered = [each for each in turns if each["replied"]]
    streams = scenario.plan.streams
    # A queue from one step of a ramp is answered in the next one.
    in_turn = all(one.ends <= other.begins for one, other in pairwise(streams))
    named = {name: [each for each in streams if each.name == name] for name in dict.fromkeys(e.name for e in streams)}
    happened = [{**each, "at": round(each["at"] - begun, 2)} for each in events]
    for each in happened:
        if "ended" in each:
            each["ended"] = round(each["ended"] - begun, 2)
    return {
        "name": scenario.name,
        "title": scenario.title,
        "database": scenario.database,
        "replicas": scenario.replicas,
        "model": bool(scenario.model),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": scenario.plan.seconds,
        "machine": on,
        "streams": {
            name: _stream(turns, name, of_name) | _answered(turns, None if in_turn else name, of_name, begun)
            for name, of_name in named.items()
        },
        "over_time": _over_time(answered, begun),
        "samples": _thinned([{**each, "at": round(each["at"] - begun, 1)} for each in samples]),
        "events": happened,
        "recovery": recovered(turns, happened, begun),
        "rows": rows,
        "logged": logged,
        "doubled": len(told["doubled"]),
        "doubled_after_resending": len(told["doubled_after_resending"]),
        "resent": sum(each["tries"] > 1 for each in turns),
        "wrong": told["wrong"][:10],
        "wrong_replies": len(told["wrong"]),
        "strangers": told["strangers"],
        "trouble": Counter(each["trouble"] for each in turns if each["trouble"]).most_common(5),
        "drained": max((each["replied"] for each in answered), default=begun) - begun - scenario.plan.seconds,
        "client_cpu_ms": told["cpu"] / max(1, len(turns)) * 1000,
        "service_cpu_ms": None if service_cpu is None else service_cpu / max(1, len(turns)) * 1000,
        "client_most_late_ms": told["most_late"] * 1000,
    }


def _answered(turns: Sequence[Json], name: str | None, streams: Sequence[Stream], begun: float) -> Json:
    """Replies a second while turns of a name were sent: to these, or to whatever had been sent before."""
    came = [each["replied"] for each in turns if name in (None, each["stream"])]
    during = sum(begun + each.begins <= at < begun + each.ends for each in streams for at in came)
    return {"throughput": during / sum(each.seconds for each in streams)}


def _stream(turns: Iterable[Json], name: str, streams: Sequence[Stream]) -> Json:
    mine = [each for each in turns if each["stream"] == name]
    waits = [(each["replied"] - each["due"]) * 1000 for each in mine if each["replied"]]
    acks = [(each["acknowledged"] - each["due"]) * 1000 for each in mine if each["acknowledged"]]
    return {
        "due": len(mine),
        "answered": len(waits),
        "refused": sum(each["refused"] for each in mine),
        "lost": sum(bool(each["trouble"]) for each in mine),
        "offered": len(mine) / sum(each.seconds for each in streams),
        **{f"p{round(share * 100)}_ms": percentile(waits, share) for share in (0.5, 0.95, 0.99)},
        "most_ms": max(waits, default=None),
        "acknowledged_p99_ms": percentile(acks, 0.99),
    }


def _over_time(answered: Iterable[Json], begun: float) -> dict[str, list[Json]]:
    """Percentiles of each stream in windows of five seconds, by when turns were due."""
    windows: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for each in answered:
        windows[each["stream"]][int((each["due"] - begun) // WINDOW)].append((each["replied"] - each["due"]) * 1000)
    return {
        stream: [
            {
                "at": number * WINDOW,
                "turns": len(waits),
                "p50_ms": percentile(waits, 0.5),
                "p95_ms": percentile(waits, 0.95),
                "p99_ms": percentile(waits, 0.99),
            }
            for number, waits in sorted(found.items())
        ]
        for stream, found in windows.items()
    }


def _thinned(samples: Sequence[Json], most: int = 400) -> list[Json]:
    """Every so manieth, so that a long run's file stays small."""
    return list(samples[:: max(1, len(samples) // most)])


def machine() -> Mapping[str, Any]:
    """What it runs on, and how busy that is now."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    model = next((line.partition(":")[2].strip() for line in told if line.startswith("model name")), "")
    return {
        "processor": model or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory, 1),
        "kernel": platform.release(),
        "python": sys.version.split()[0],
        "load_before": round(os.getloadavg()[0], 2),
    }


def quarters(samples: Iterable[tuple[float, float]], seconds: float) -> Json:
    """Whether something grew while turns were sent: the means of the first and the last quarter of the time, and the
    slope of the line that fits best, per hour (least squares), of the whole time and of its second half. A sample is a
    time and what there was then."""
    found = [each for each in samples if 0 <= each[0] <= seconds]
    if len(found) < 8:
        return {}
    quarter = len(found) // 4
    return {
        "first_quarter": sum(of for _, of in found[:quarter]) / quarter,
        "last_quarter": sum(of for _, of in found[-quarter:]) / quarter,
        "slope_an_hour": _slope(found) * 3600,
        "second_half_slope_an_hour": _slope(found[len(found) // 2 :]) * 3600,
        "most": max(of for _, of in found),
    }


def _slope(points: Sequence[tuple[float, float]]) -> float:
    middle = sum(at for at, _ in points) / len(points)
    mean = sum(of for _, of in points) / len(points)
    return sum((at - middle) * (of - mean) for at, of in points) / sum((at - middle) ** 2 for at, _ in points)
