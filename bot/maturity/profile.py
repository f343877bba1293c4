"""What a person gets back after sending the answers in: areas, comparison with 2024, and what to go on with.

Nothing here may be shown, or made, before the answers are sent in: it would colour those that are still to come. To
see to that is up to the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.maturity.baseline import Comparison, Distribution, compare
from bot.maturity.instrument import Instrument, Wording
from bot.maturity.recommendations import AdviceFile, Recommendation, choose
from bot.maturity.routing import items_of
from bot.maturity.scoring import AreaScore, area_scores
from bot.maturity.session import Session


@dataclass(frozen=True, slots=True)
class AreaResult:
    """An area with its title, and the title of the role from which it is seen where a person has several."""

    title: Wording
    score: AreaScore
    role: Wording | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's or a group's result. `comparisons` are in the order of the items, of those that 2024 has too."""

    areas: tuple[AreaResult, ...]
    comparisons: tuple[Comparison, ...]
    recommendations: tuple[Recommendation, ...]


def profile(
    instrument: Instrument, session: Session, baseline: Mapping[str, Distribution], advice: AdviceFile | None
) -> Profile:
    """The result of a session. An empty `baseline` gives no comparisons, and no `advice` no recommendations."""
    items = items_of(session, instrument)
    roles = {role.id: role.title for role in instrument.roles}
    scores = area_scores(instrument, items, session.answers, session.background.roles)
    compared = (compare(item, session.answers.get(item.id), baseline) for item in items)
    return Profile(
        areas=tuple(AreaResult(instrument.area(score.area).title, score, roles.get(score.role)) for score in scores),
        comparisons=tuple(one for one in compared if one is not None),
        recommendations=choose(advice, instrument, items, session.answers),
    )
