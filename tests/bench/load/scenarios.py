"""What is played, by the name that it has in the catalogue of tests: rates, seconds, and what happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from tests.bench.load.plan import Plan, Stream

CAMPAIGN, ASKING, HALL = 15.0, 1.5, 60.0
"""Presses and questions a second: a campaign's peak, the questions beside it, and a hall where everybody answers."""
HALL_PEOPLE: Final = 500
CROWDED: Final = 40.0
STEP: Final = 15.0
"""Seconds at each rate of the ramp."""
RAMP: Final = (20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 100.0, 120.0, 150.0)
NOISY: Final = 10.0
"""How many times what others do the noisy tenant does."""
QUIET_RATE: Final = 0.3
"""Presses a second of each tenant in a campaign's peak hour: 4.2 of all fourteen."""
IN_TURN: Final = 3
"""How often the noisy tenant begins and ends, so that both are measured in the same minutes."""
SLOW_MODEL: Final = ("--wait", "3", "--wait-most", "9", "--pause", "0.01")
"""Three to ten seconds an answer."""

Happening = Literal["kill", "kill one", "model gone", "documents", "export"]
Kind = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One run. `happenings` are what happens so many seconds after the start of the streams; `settings` are those of
    the service that are not its usual ones, `model` the options of a model's server, where there is one."""

    name: str
    title: str
    plan: Plan
    database: Kind = "sqlite"
    replicas: int = 1
    model: tuple[str, ...] = ()
    happenings: tuple[tuple[float, Happening], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


def campaign(seconds: float) -> Plan:
    """Presses and questions beside them."""
    return Plan(
        (Stream("press", "press", CAMPAIGN, seconds), Stream("ask", "ask", ASKING, seconds)),
    )


def _campaign(short: float) -> Scenario:
    return Scenario("L01", "15 presses and 1.5 questions a second", campaign(60.0 * short))


def _with_model(short: float) -> Scenario:
    title = "15 presses and 1.5 questions a second, LLM stub 3–10 s"
    return Scenario("L01-model", title, replace(campaign(60.0 * short), warm_up=8), model=SLOW_MODEL)


def _hall(short: float) -> Scenario:
    plan = Plan((Stream("press", "press", HALL, 120.0 * short),), people=HALL_PEOPLE, settle=10.0, warm_up=0)
    return Scenario("L02", "60 presses a second", plan)


def _ramp(short: float) -> Scenario:
    seconds = STEP * short
    streams = tuple(Stream(f"{rate:g}", "press", rate, seconds, number * seconds) for number, rate in enumerate(RAMP))
    plan = Plan(streams, people=900, settle=15.0, warm_up=0)
    return Scenario("L03", "20 to 150 presses a second", plan)


def _soak(minutes: float) -> Scenario:
    plan = Plan((Stream("press", "press", CAMPAIGN, minutes * 60), Stream("ask", "ask", 0.5, minutes * 60)), people=400)
    return Scenario("L04", "15 presses and half a question a second for long", plan)


def _trouble(short: float) -> Scenario:
    """Everything at once; the model answers until it is gone."""
    seconds = max(150.0 * short, 70.0)
    happenings: tuple[tuple[float, Happening], ...] = (
        (5.0, "documents"),
        (10.0, "export"),
        (0.5 * seconds, "model gone"),
        (0.7 * seconds, "kill"),
    )
    plan = replace(campaign(seconds), settle=10.0, warm_up=8)
    title = "15 presses and 1.5 questions a second, 200 documents taken in, exports, model gone, killed once"
    return Scenario("L05", title, plan, model=SLOW_MODEL, happenings=happenings)


def _noisy(short: float) -> Scenario:
    """Everybody alike, and in turn with that the first tenant does ten times as much while the others go on."""
    seconds, others, streams = 20.0 * short, tuple(range(1, 14)), []
    rate = QUIET_RATE * len(others)
    for number in range(IN_TURN):
        begins = 2 * number * seconds
        streams += [
            Stream("others, all alike", "press", rate, seconds, begins, others),
            Stream("the first, as they", "press", QUIET_RATE, seconds, begins, (0,)),
            Stream("others, one noisy", "press", rate, seconds, begins + seconds, others),
            Stream("the noisy one", "press", QUIET_RATE * NOISY, seconds, begins + seconds, (0,)),
        ]
    plan = Plan(tuple(streams), people=280, warm_up=0)
    return Scenario("L06", "14 tenants alike, and one of them at ten times its rate", plan)


def _replicas(short: float) -> Scenario:
    seconds = max(60.0 * short, 40.0)
    plan = replace(campaign(seconds), settle=15.0)
    title = "two replicas on one PostgreSQL, one killed"
    return Scenario("replicas", title, plan, "postgresql", 2, happenings=((seconds / 3, "kill one"),))


def _crowded_replicas(short: float) -> Scenario:
    """At so many presses a second that some are under way at the replica that is killed."""
    seconds = max(60.0 * short, 40.0)
    streams = (Stream("press", "press", CROWDED, seconds), Stream("ask", "ask", ASKING, seconds))
    title = f"{CROWDED:g} presses a second at two replicas on one PostgreSQL, one killed"
    plan = Plan(streams, people=HALL_PEOPLE, settle=20.0)
    return Scenario("replicas-crowded", title, plan, "postgresql", 2, happenings=((seconds / 3, "kill one"),))


def _on_postgresql(make: Callable[[float], Scenario]) -> Callable[[float], Scenario]:
    def made(short: float) -> Scenario:
        scenario = make(short)
        return replace(scenario, name=f"{scenario.name}-postgresql", database="postgresql")

    return made


SCENARIOS: Final[Mapping[str, Callable[[float], Scenario]]] = {
    "L01": _campaign,
    "L01-model": _with_model,
    "L01-postgresql": _on_postgresql(_campaign),
    "L02": _hall,
    "L02-postgresql": _on_postgresql(_hall),
    "L03": _ramp,
    "L05": _trouble,
    "L06": _noisy,
    "replicas": _replicas,
    "replicas-crowded": _crowded_replicas,
}
"""By name; each takes the part of its usual time that it is to take. The soak takes minutes instead."""
SOAK: Final = _soak
