"""Made-up rounds for tests: of the shipped instrument, as small as one likes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from bot.demo.answering import World
from bot.demo.places import SERVICES, Heads
from bot.demo.rounds import PLANS, MadeRound, made_round, world_of
from bot.maturity.baseline import Distribution
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity_check import read_baseline

TODAY = date(2026, 11, 29)
SMALL: Heads = {(place, SERVICES): 6 for place in ("orust", "tanum")}
"""Twelve people: enough for something to be shown, and quickly compiled."""


@cache
def baseline() -> Mapping[str, Distribution]:
    """The results of 2024."""
    return read_baseline()


@cache
def world(seed: int = 1) -> World:
    """How people answer."""
    return world_of(load_folder(INSTRUMENTS)[MAIN], baseline(), seed)


@cache
def small_round(label: str = "2026:2") -> MadeRound:
    """A round of SMALL that is closed, without groups."""
    return made_round(world(), replace(PLANS[1], groups=()), label, SMALL, TODAY)
