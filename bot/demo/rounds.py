"""The rounds of the demo: one that is over since long, one that was closed lately, and one that is open."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.demo.answering import People, World
from bot.demo.places import INHABITANTS, OVERALL, SERVICES, Heads, heads, invited
from bot.demo.tendencies import tendency
from bot.demo.words import Words
from bot.maturity.baseline import Distribution
from bot.maturity.instrument import Instrument, Kind
from bot.maturity.ports import Visibility
from bot.maturity.responses import Response
from bot.maturity.rounds import Round, RoundStatus

DEFAULT_RESPONDENTS: Final = 400
DEFAULT_SEED: Final = 1

LAST_TIME: Final[Mapping[str, float]] = {}
"""The first round lies where 2024 does."""

THIS_TIME: Final[Mapping[str, float]] = {
    "samverkan": 0.2,
    "styrning": 0.45,
    "organisation": 0.15,
    "ekonomi": -0.2,
    "teknik": 0.3,
}
"""By how much the answers have moved since, in standard deviations; people in each municipality differ by 1."""

DECISIONS: Final[Mapping[str, Visibility]] = dict.fromkeys(INHABITANTS, Visibility.FEDERATION) | {
    "bengtsfors": Visibility.OWN,
    "stromstad": Visibility.PUBLIC,
    "trollhattan": Visibility.PUBLIC,
    "uddevalla": Visibility.PUBLIC,
    "vanersborg": Visibility.PUBLIC,
}
"""How far municipalities let their statements be seen."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A round before there is anybody in it. `opens` and `closes` are counted in days from today.

    `moved` is as `People.moved`. Of all who might answer the part `turned_up` (0-1) does, in one municipality nobody,
    and `groups` answer together: each for an organisation in its roles.
    """

    opens: int
    closes: int
    moved: Mapping[str, float]
    turned_up: float = 1.0
    without: str = ""
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()


PLANS: Final = (
    Plan(-215, -180, LAST_TIME, turned_up=0.9, without="fargelanda", groups=(("mellerud", (OVERALL,)),)),
    Plan(-65, -25, THIS_TIME, groups=(("mellerud", (OVERALL,)), ("tanum", (OVERALL, SERVICES)))),
    Plan(-9, 40, THIS_TIME, turned_up=0.35),
)
"""The rounds of the demo, oldest first."""


@dataclass(frozen=True, slots=True)
class MadeRound:
    """A round as it stands when it opens; `responses` are all that it gets, with an id and an owner each. `closed` is
    the day on which it is closed, None where it stays open."""

    held: Round
    responses: Sequence[tuple[str, str, Response]]
    decisions: Mapping[str, Visibility]
    closed: date | None


def world_of(instrument: Instrument, baseline: Mapping[str, Distribution], seed: int) -> World:
    """How people tend to answer this instrument; `baseline` are the results of 2024."""
    tendencies = {item.id: tendency(item, baseline) for item in instrument.items if item.kind is not Kind.TEXT}
    return World(instrument, tendencies, Words.load(), seed)


def made_rounds(world: World, *, today: date, respondents: int = DEFAULT_RESPONDENTS) -> Iterator[MadeRound]:
    """The rounds of the demo, with so many respondents in the latest that is closed. The same world and day give the
    same rounds."""
    numbers: Counter[int] = Counter()
    for plan in PLANS:
        year = (today + timedelta(days=plan.opens)).year
        numbers[year] += 1
        yield made_round(world, plan, f"{year}:{numbers[year]}", heads(respondents), today)


def made_round(world: World, plan: Plan, label: str, answering: Heads, today: date) -> MadeRound:
    """A round by a plan, of those who might answer."""
    dice = random.Random(f"{world.seed} {label}")
    opens, closes = (today + timedelta(days=days) for days in (plan.opens, plan.closes))
    held = Round(
        label.replace(":", "-"),
        label,
        world.instrument,
        RoundStatus.OPEN,
        opens,
        closes,
        invited=invited(answering, dice),
        open_data=True,
    )
    there = {
        (place, role): round(number * plan.turned_up)
        for (place, role), number in answering.items()
        if place != plan.without
    }
    people = People(world, held, dice, (opens, min(closes, today)), plan.moved)
    given = [*people.everybody(there), *(people.group(*each) for each in plan.groups)]
    return MadeRound(
        held,
        [(f"{dice.getrandbits(128):032x}", f"{dice.getrandbits(256):064x}", each) for each in given],
        {place: each for place, each in DECISIONS.items() if place != plan.without},
        closes + timedelta(days=1) if closes < today else None,
    )
