"""What an export is made from, beside the words of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.maturity.baseline import Distribution
from bot.maturity.rounds import Round
from bot.results.trend import Trend
from bot.results.views import View


@dataclass(frozen=True, slots=True)
class Material:
    """A view of a round's edition, and what it can be held against.

    `trend` is the change since an earlier round, made for the same audience; None where there is none. `baseline` are
    the results of 2024 by the item's id there; empty leaves the comparison out. `program` is Fyren's version.
    """

    view: View
    round: Round
    trend: Trend | None = None
    baseline: Mapping[str, Distribution] = field(default_factory=dict)
    program: str = ""
