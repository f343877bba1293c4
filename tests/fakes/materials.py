"""Hand-made editions as what exports are made from, and the texts that they are said in."""

from __future__ import annotations

from functools import cache

from bot.conversation.texts import Texts
from bot.exports.material import Material
from bot.knowledge_base import LIBRARY
from bot.maturity.baseline import Distribution, baseline_of
from bot.maturity_check import SURVEY
from bot.results.trend import trend
from bot.results.views import federation_view, municipality_view, public_view
from knowledge.survey import loading
from tests.fakes.editions import edition, hostile_edition, hostile_round, main_instrument, previous_edition, round_of

PROGRAM = "2026.11.0"


@cache
def texts() -> Texts:
    """The catalogues."""
    return Texts.load()


@cache
def baseline() -> dict[str, Distribution]:
    """The survey of 2024."""
    return dict(baseline_of(loading.load(LIBRARY / SURVEY)))


def federation() -> Material:
    """What the federation takes out, with a round before."""
    view, before = federation_view(edition()), federation_view(previous_edition())
    changed = trend(view.edition, before.edition, main_instrument())
    return Material(view, round_of(), changed, baseline(), PROGRAM)


def contact(municipality: str = "uddevalla") -> Material:
    """What a municipality's contact takes out."""
    return Material(municipality_view(edition(), municipality), round_of(), None, baseline(), PROGRAM)


def public() -> Material:
    """What is published."""
    return Material(public_view(edition()), round_of(), program=PROGRAM)


def hostile() -> Material:
    """A material whose words are attacks on pages."""
    return Material(federation_view(hostile_edition()), hostile_round(), None, baseline(), PROGRAM)
