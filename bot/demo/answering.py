"""People and what they answer, from a seed: near 2024 on the whole, other in each municipality, each person a little.

An answer on a scale comes from a point on a normal curve (an ordered probit model): the person's own leaning, that of
the municipality in the item's area, what has moved since the round before, and chance; the tendency says where one
level ends and the next begins. So the whole is distributed as the tendency is, unless something has moved.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from statistics import NormalDist
from typing import Final

from bot.demo.places import IT, OVERALL, SERVICES, Heads
from bot.demo.tendencies import Tendency
from bot.demo.words import Words
from bot.maturity.instrument import Instrument, Item, Kind, Null
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.rounds import Round
from bot.maturity.session import Source

OF_TOWN, OF_PERSON = 0.35, 0.5
OF_CHANCE = (1 - OF_TOWN**2 - OF_PERSON**2) ** 0.5
"""Standard deviations of what an answer is made of, so that together they are 1."""

SKIPPED, NOT_APPLICABLE = 0.02, 0.01
WRITES: Final = 0.4
"""The share who write something where words of one's own are asked for."""

TWO_ROLES: Final = 0.02
ENGLISH: Final = 0.02
MODE: Final = "teams_chat"
NOTICE: Final = "demo"

FACTS: Final = frozenset({"forum", "roller"})
"""Items about what a municipality has: its people mostly say the same."""
SEEN, IMAGINED = 0.92, 0.06
"""The shares who tick what their municipality has, and what it has not."""

OPERATIONS: Final[Mapping[str, Mapping[str, float]]] = {
    IT: {"it": 1},
    OVERALL: {"kommunstyrelse": 5, "administration": 4, "ekonomi": 2, "hr": 1},
    SERVICES: {
        "socialtjanst": 30,
        "utbildning": 28,
        "samhallsbyggnad": 14,
        "kultur": 9,
        "administration": 7,
        "ekonomi": 4,
        "hr": 4,
        "naringsliv": 3,
    },
}
"""Weights of areas of operation, by role."""

_CURVE = NormalDist()


@dataclass(frozen=True)
class World:
    """What stays the same from round to round: the questions, how people tend to answer, how municipalities differ."""

    instrument: Instrument
    tendencies: Mapping[str, Tendency]
    words: Words
    seed: int

    @cached_property
    def leanings(self) -> Mapping[tuple[str, str], float]:
        """How far an organisation lies off in an area."""
        dice = random.Random(f"{self.seed} leanings")
        names = [each.id for each in self.instrument.organisations]
        return {(name, area.id): dice.gauss(0, OF_TOWN) for name in names for area in self.instrument.areas}

    @cached_property
    def has(self) -> frozenset[tuple[str, str, str]]:
        """What organisations have: organisation, item, option."""
        dice = random.Random(f"{self.seed} facts")
        return frozenset(
            (each.id, item, code)
            for each in self.instrument.organisations
            for item in sorted(FACTS & self.tendencies.keys())
            for code, share in self.tendencies[item].ticks.items()
            if dice.random() < share
        )

    @cached_property
    def steps(self) -> Mapping[str, Sequence[float]]:
        """For each item, up to which part of the curve (0-1) each of its options reaches."""
        found = {}
        for item, each in self.tendencies.items():
            total = sum(each.weights)
            found[item] = [part / total for part in accumulate(each.weights)]
        return found


@dataclass(frozen=True, slots=True)
class People:
    """Makes responses to a round. `moved` is by how much its answers lie higher than the tendency, by area, in standard
    deviations; `days` are the first and the last on which responses are sent in."""

    world: World
    held: Round
    dice: random.Random
    days: tuple[date, date]
    moved: Mapping[str, float]

    def everybody(self, heads: Heads) -> Iterator[Response]:
        """A response for every head."""
        for (organisation, role), number in heads.items():
            for _ in range(number):
                roles = (OVERALL, SERVICES) if role == SERVICES and self.dice.random() < TWO_ROLES else (role,)
                yield self._response(organisation, roles)

    def group(self, organisation: str, roles: tuple[str, ...]) -> Response:
        """What a group answers together."""
        return self._response(organisation, roles, Source.CONSENSUS)

    def _response(self, organisation: str, roles: tuple[str, ...], source: Source = Source.INDIVIDUAL) -> Response:
        instrument, dice = self.world.instrument, self.dice
        own = dice.gauss(0, OF_PERSON)
        answers: dict[str, ItemAnswer] = {}
        codes: dict[str, tuple[str, ...]] = {}
        asked = instrument.routed(roles, codes)
        while len(asked) > len(answers):  # an answer may bring about another question
            for item in asked:
                if item.id not in answers:
                    answers[item.id] = self._answer(item, organisation, own)
                    codes[item.id] = answers[item.id].codes
            asked = instrument.routed(roles, codes)
        operations = OPERATIONS[roles[-1]]
        served = instrument.organisation(organisation)
        first, last = self.days
        return Response(
            round=self.held.id,
            instrument=instrument.id,
            instrument_version=instrument.version,
            digest=instrument.digest,
            submitted=first + timedelta(days=round(dice.triangular(0, (last - first).days, 2))),
            source=source,
            mode=MODE,
            language="en" if dice.random() < ENGLISH else "sv",
            notice=NOTICE,
            organisation=organisation,
            municipalities=served.municipalities if served is not None else (),
            roles=roles,
            operation=dice.choices(list(operations), list(operations.values()))[0],
            answers=tuple(answers[item.id] for item in asked),
        )

    def _answer(self, item: Item, organisation: str, own: float) -> ItemAnswer:
        dice = self.dice
        if item.kind is Kind.TEXT:
            text = self.world.words.about(item.id, dice) if dice.random() < WRITES else ""
            return ItemAnswer(item.id, text=text, null=None if text else Null.SKIPPED)
        tendency = self.world.tendencies[item.id]
        null = self._null(tendency.unknown)
        if null is not None:
            return ItemAnswer(item.id, null=null, security=item.security)
        if item.kind is Kind.CHOICES:
            return ItemAnswer(item.id, self._ticked(item, organisation, tendency), security=item.security)
        at = own + self.world.leanings[organisation, item.area] + self.moved.get(item.area, 0)
        place = bisect_left(self.world.steps[item.id], _CURVE.cdf(dice.gauss(at, OF_CHANCE)))
        return ItemAnswer(item.id, (item.options[min(place, len(item.options) - 1)].code,), security=item.security)

    def _null(self, unknown: float) -> Null | None:
        lot = self.dice.random()
        if lot < unknown:
            return Null.DONT_KNOW
        if lot < unknown + NOT_APPLICABLE:
            return Null.NOT_APPLICABLE
        return Null.SKIPPED if lot < unknown + NOT_APPLICABLE + SKIPPED else None

    def _ticked(self, item: Item, organisation: str, tendency: Tendency) -> tuple[str, ...]:
        def share(code: str) -> float:
            if item.id not in FACTS:
                return tendency.ticks[code]
            return SEEN if (organisation, item.id, code) in self.world.has else IMAGINED

        ticked = tuple(code for code in tendency.ticks if self.dice.random() < share(code))
        none = tuple(option.code for option in item.options if option.exclusive)
        return ticked or none[:1]
