"""What the load benchmark makes of turns: nothing that was lost may pass for answered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.load import bars, summary
from tests.bench.load.percentiles import percentile
from tests.bench.load.plan import Plan, Stream
from tests.bench.load.recovery import recovered
from tests.bench.load.scenarios import Scenario

PLAN = Plan((Stream("press", "press", 10.0, 10.0), Stream("ask", "ask", 1.0, 10.0)))
ROWS = {
    "answers_looked_at": 0,
    "questions_looked_at": 0,
    "responses": 0,
    "lost": 0,
    "doubled": 0,
    "again": 0,
    "findings": [],
}


def turn(due: float, wait: float | None = 0.1, *, stream: str = "press", **changes: Any) -> dict[str, Any]:
    """Due so many seconds after the start, which is at 100; without a wait it got no reply."""
    at = 100.0 + due
    replied = 0.0 if wait is None else at + wait
    whole = {"stream": stream, "activity": f"{stream}-{due}", "due": at, "acknowledged": replied, "replied": replied}
    return whole | {"tries": 1, "refused": False, "trouble": "" if wait is not None else "no reply"} | changes


def figures(turns: list[dict[str, Any]], *, scenario: Scenario | None = None, **told: Any) -> dict[str, Any]:
    whole = {"begun": 100.0, "turns": turns, "doubled": [], "doubled_after_resending": [], "wrong": [], "cpu": 1.0}
    whole |= {"strangers": 0, "most_late": 0.0, **told}
    scenario = scenario or Scenario("L01", "a test", PLAN)
    return summary.of(
        scenario, whole, samples=[], events=[], rows=ROWS, logged=[], on=summary.machine(), service_cpu=1.0
    )


def missed(found: dict[str, Any]) -> set[str]:
    return {bar.name for bar in bars.of(found) if not bar.is_held}


def good() -> list[dict[str, Any]]:
    return [turn(number / 10) for number in range(100)] + [turn(float(each), 0.4, stream="ask") for each in range(10)]


def test_l01_what_is_answered_in_time_holds_every_bar() -> None:
    assert missed(figures(good())) == set()


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"turns": [*good(), turn(9.95, None)]}, "turns lost"),
        ({"doubled": ["x"]}, "replies that came twice"),
        ({"wrong": ["x"]}, "replies that are not what was to be said"),
        ({"turns": [*good(), *(turn(9.9, 0.6) for _ in range(8))]}, "presses, 95th percentile"),
    ],
)
def test_l01_whatever_is_wrong_misses_a_bar(changed: dict[str, Any], name: str) -> None:
    assert missed(figures(**{"turns": good(), **changed})) == {name}


def test_l03_a_queue_is_counted_where_it_is_answered() -> None:
    plan = Plan((Stream("10", "press", 10.0, 1.0), Stream("20", "press", 20.0, 1.0, 1.0)))
    turns = [turn(number / 10, 1.0, stream="10") for number in range(10)]
    found = figures(turns, scenario=Scenario("L03", "a ramp", plan))
    assert [each["throughput"] for each in found["streams"].values()] == [0.0, 10.0]


def test_l05_a_kill_is_felt_until_the_last_turn_that_was_late() -> None:
    events = [{"at": 3.0, "what": "kill"}]
    turns = [turn(number / 10) for number in range(100)]
    turns += [turn(2.95, 15.0, tries=2), turn(3.2, 4.0, tries=3), turn(5.05, 2.0), turn(5.1, 0.2)]
    told = recovered(turns, events, 100.0)
    assert told is not None
    assert told["seconds"] == pytest.approx(2.05)
    assert (told["late"], told["under_way"]) == (2, 1)
    assert told["longest_under_way_s"] == pytest.approx(15.0)
    assert told["calm_p95_ms"] == pytest.approx(100.0)
    assert recovered(turns, [], 100.0) is None


def test_l05_a_turn_that_never_came_back_is_never_recovered_from() -> None:
    told = recovered([turn(1.0), turn(4.0), turn(9.0, None)], [{"at": 3.0, "what": "kill one"}], 100.0)
    assert told is not None
    assert told["seconds"] == pytest.approx(6.0)


def test_l04_growth_is_told_by_quarters_and_by_a_slope() -> None:
    told = summary.quarters([(float(at), 100.0 + at / 36) for at in range(0, 400, 10)], 400.0)
    assert told["slope_an_hour"] == pytest.approx(100.0)
    assert told["first_quarter"] < told["last_quarter"] < told["most"]
    assert summary.quarters([(0.0, 1.0)] * 3, 10.0) == {}


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([], 0.95) is None
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(each) for each in range(100)], 0.95) == 95.0
