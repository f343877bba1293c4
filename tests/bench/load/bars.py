"""The figures of a run beside their limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.bench.bars import Bar, at_most
from tests.bench.load.summary import quarters

Json = Mapping[str, Any]
PRESS: Final = (("p95_ms", "95th percentile", 500.0), ("p99_ms", "99th percentile", 1000.0))
ASK: Final = 1500.0
ACKNOWLEDGED: Final = 5000.0
DRAINED, RECOVERED, SLOWER, DASHBOARD = 60.0, 10.0, 1.2, 2.0
GROWTH: Final = 0.05
"""The part by which memory may be larger in the last quarter of a soak than in the first."""


def of(found: Json) -> Iterator[Bar]:
    """Every bar that a scenario has."""
    name = str(found["name"])
    if name == "L07":
        yield Bar("slowest dashboard page", found["slowest_page_s"], DASHBOARD, "s", at_most, found["slowest_page"])
        return
    yield from _kept(found)
    if name.startswith("L02"):
        yield from _hall(found)
    elif name.startswith(("L01", "L05", "replicas")):
        yield from _campaign(found)
    elif name == "L04":
        yield from _soak(found)
    elif name == "L06":
        yield from _noisy(found)
    failed = [each for each in found["events"] if "failed" in each]
    if any("ended" in each or "failed" in each for each in found["events"]):
        detail = "; ".join(f"{each['what']}: {each['failed']}" for each in failed)
        yield Bar("work meanwhile that failed", len(failed), 0, "", at_most, detail)
    if found["recovery"]:
        told = found["recovery"]
        detail = f"{told['late']} late; {told['under_way']} under way waited {told['longest_under_way_s']:.0f} s"
        yield Bar("after the kill, until turns are answered in time", told["seconds"], RECOVERED, "s", at_most, detail)


def _kept(found: Json) -> Iterator[Bar]:
    rows = found["rows"]
    streams = found["streams"].values()
    lost = sum(each["lost"] for each in streams)
    detail = f"of {sum(each['due'] for each in streams)}, {found['resent']} sent again; {found['trouble'] or 'none'}"
    yield Bar("turns lost", lost, 0, "", at_most, detail)
    detail = f"{found['doubled_after_resending']} of those that were sent again"
    yield Bar("replies that came twice", found["doubled"], 0, "", at_most, detail)
    looked = f"{rows['answers_looked_at']} answers, {rows['questions_looked_at']} questions, "
    looked += f"{rows['responses']} responses; {rows['again']} answered anew after being sent again"
    looked += "".join(f"; {each}" for each in rows["findings"][:2])
    yield Bar("rows lost or doubled", rows["lost"] + rows["doubled"], 0, "", at_most, looked)
    yield Bar("replies that are not what was to be said", found["wrong_replies"], 0, "", at_most)


def _campaign(found: Json) -> Iterator[Bar]:
    press, ask = found["streams"]["press"], found["streams"]["ask"]
    detail = f"{press['due']} turns, median {_ms(press['p50_ms'])}; {cpu(found)}"
    # What a kill and its restart make people wait is told by how long it takes to recover.
    shares = PRESS if not found["recovery"] else PRESS[:0]
    for key, what, limit in shares:
        yield Bar(f"presses, {what}", _number(press[key]), limit, "ms", at_most, detail)
        detail = ""
    if found["recovery"]:
        calm = _number(found["recovery"]["calm_p95_ms"])
        yield Bar("presses outside of the kill, 95th percentile", calm, PRESS[0][2], "ms", at_most, detail)
    if not found["model"]:
        detail = f"{ask['due']} questions, median {_ms(ask['p50_ms'])}"
        limit = ASK if not found["recovery"] else float("inf")
        yield Bar("questions, 95th percentile", _number(ask["p95_ms"]), limit, "ms", at_most, detail)


def _hall(found: Json) -> Iterator[Bar]:
    press = found["streams"]["press"]
    detail = f"median {_ms(press['p50_ms'])}, p95 {_ms(press['p95_ms'])} until the reply; {cpu(found)}"
    what = "acknowledged, 99th percentile"
    yield Bar(what, _number(press["acknowledged_p99_ms"]), ACKNOWLEDGED, "ms", at_most, detail)
    yield Bar("drained after the last turn", found["drained"], DRAINED, "s", at_most)


def _soak(found: Json) -> Iterator[Bar]:
    yield from _campaign(found)
    for what, name in (("memory", "rss_mb"), ("open files", "files"), ("threads", "threads"), ("log", "wal_mb")):
        told = quarters([(each["at"], _sum(each[name])) for each in found["samples"]], found["seconds"])
        if told:
            grown = told["last_quarter"] / max(told["first_quarter"], 0.001)
            detail = f"{told['first_quarter']:.1f} then {told['last_quarter']:.1f}, "
            detail += (
                f"{told['slope_an_hour']:+.1f} an hour, {told['second_half_slope_an_hour']:+.1f} in the second half, "
            )
            detail += f"at most {told['most']:.1f}"
            yield Bar(f"{what}: last quarter, of the first", grown, 1 + GROWTH, "", at_most, detail)


def _noisy(found: Json) -> Iterator[Bar]:
    alike, others = (found["streams"][f"others, {which}"] for which in ("all alike", "one noisy"))
    slower = _number(others["p95_ms"]) / max(_number(alike["p95_ms"]), 0.001)
    detail = f"{_ms(alike['p95_ms'])} before, {_ms(others['p95_ms'])} beside a noisy one; "
    detail += f"medians {_ms(alike['p50_ms'])}, {_ms(others['p50_ms'])}"
    yield Bar("others' 95th percentile, of that before", slower, SLOWER, "", at_most, detail)


def cpu(found: Json) -> str:
    """What a turn took of the processors."""
    service = found["service_cpu_ms"]
    told = "not known of the service, which was killed" if service is None else f"service {service:.1f} ms"
    return f"CPU a turn: {told}, client {found['client_cpu_ms']:.1f} ms"


def _sum(value: float | list[float]) -> float:
    return float(sum(value)) if isinstance(value, list) else float(value)


def _number(value: float | None) -> float:
    return float("inf") if value is None else value


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} ms"
