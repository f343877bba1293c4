"""Who answers: how many people in which role for each organisation of Fyrbodal, and how many were asked."""

from __future__ import annotations

import random
from collections.abc import Mapping
from math import ceil
from typing import Final

from bot.maturity.rounds import Invited

IT, OVERALL, SERVICES = "it_nara", "overgripande", "verksamhetsnara"
"""The roles of the main instrument."""

SHARED_IT: Final = "sml-it"
SERVED: Final = ("lysekil", "munkedal", "sotenas")
"""The municipalities whose IT it runs, so that they have no IT people of their own."""

INHABITANTS: Final[Mapping[str, float]] = {
    "bengtsfors": 9.1,
    "dals-ed": 4.7,
    "fargelanda": 6.3,
    "lysekil": 14.1,
    "mellerud": 9.1,
    "munkedal": 10.5,
    "orust": 15.4,
    "sotenas": 9.0,
    "stromstad": 13.3,
    "tanum": 12.8,
    "trollhattan": 59.0,
    "uddevalla": 57.0,
    "vanersborg": 39.7,
    "amal": 12.1,
}
"""In thousands, roughly: it decides who is large and who is small, and nothing else."""

GROWTH: Final = 0.75
"""A municipality twice as large has 2 ** GROWTH times as many who answer."""

TURNOUT: Final = (0.45, 0.85)
"""The lowest and the highest share of those close to services who answer when they are asked."""

Heads = Mapping[tuple[str, str], int]
"""How many answer, by organisation and role."""


def heads(respondents: int) -> Heads:
    """So many people, most of them close to services: one to three with a view of the whole municipality, and one for
    its IT, but for Uddevalla's two, Dals-Ed's none, and the one who answers for SML-IT."""
    found: dict[tuple[str, str], int] = {}
    for place, thousands in INHABITANTS.items():
        found[place, OVERALL] = 1 + (thousands > 9.5) + (thousands > 30)
        found[place, IT] = {"uddevalla": 2, "dals-ed": 0}.get(place, int(place not in SERVED))
    found[SHARED_IT, IT] = 1
    weights = {place: thousands**GROWTH for place, thousands in INHABITANTS.items()}
    left = max(respondents - sum(found.values()), len(weights))
    for place, number in _divided(left, weights).items():
        found[place, SERVICES] = number
    return found


def invited(answering: Heads, dice: random.Random) -> Invited:
    """How many were asked, by municipality and role; of SML-IT one for each municipality that it serves."""
    asked: dict[tuple[str, str], int] = {}
    for (place, role), number in answering.items():
        if place == SHARED_IT:
            continue
        if role == SERVICES:
            asked[place, role] = ceil(number / dice.uniform(*TURNOUT))
        else:
            asked[place, role] = number + (1 if role == OVERALL else dice.random() < 0.4)
    for place in INHABITANTS:
        # Somebody was asked even where nobody answered.
        for role in (IT, OVERALL, SERVICES):
            asked.setdefault((place, role), 1)
    return asked


def _divided(number: int, weights: Mapping[str, float]) -> dict[str, int]:
    """A number in whole parts by weight; what is left over goes to the largest remainders."""
    total = sum(weights.values())
    exact = {name: number * weight / total for name, weight in weights.items()}
    parts = {name: int(part) for name, part in exact.items()}
    by_rest = sorted(exact, key=lambda name: (parts[name] - exact[name], name))
    for name in by_rest[: number - sum(parts.values())]:
        parts[name] += 1
    return parts
