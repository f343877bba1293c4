"""How people tend to answer an item: as in 2024 where it has numbers, misprints corrected; else as is likely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.maturity.baseline import Distribution, Share
from bot.maturity.instrument import Item, Kind
from knowledge.model import Unit
from knowledge.survey.model import DONT_KNOW

RARE: Final = 0.01
"""The share added to every option, as nobody having chosen it in 2024 does not mean that nobody ever will."""

UNKNOWN: Final = 0.04
"""The share who do not know, on items for which 2024 does not tell it."""

WITHOUT_NUMBERS: Final[Mapping[str, Sequence[float]]] = {
    "samv_erfarenhet": (2, 7, 20, 34, 28, 9),
    "samv_ledning": (2, 6, 17, 30, 33, 12),
    "sdk": (8, 17, 33, 28, 14, 0),
    "systemforvaltning_modell": (3, 1, 5, 1),
}
"""Weights by option of items without numbers in 2024; the first three follow what the report says in words."""

TICKS: Final[Mapping[str, float]] = {"forum": 2.0, "roller": 3.4, "org_hinder": 2.3, "tekniska_hinder": 2.1}
"""How many options of an item people tick; 2024 tells shares of ticks only."""

LIKELY_TICKS: Final = 2.0
SELDOM_TICKED: Final = 0.04
"""The share who tick an option that 2024 did not have."""


@dataclass(frozen=True, slots=True)
class Tendency:
    """`weights` of the options, in order, whose sum does not matter; of an item with several answers `ticks` are the
    shares (0-1) who tick each option but the exclusive one. `unknown` is the share who do not know."""

    weights: tuple[float, ...] = ()
    ticks: Mapping[str, float] = field(default_factory=dict)
    unknown: float = UNKNOWN


def tendency(item: Item, baseline: Mapping[str, Distribution]) -> Tendency:
    """The tendency of an item with options; `baseline` are the results of 2024 by their item."""
    then = baseline.get(item.baseline)
    if item.kind is Kind.CHOICES:
        return Tendency(ticks=_ticks(item, then))
    if item.id in WITHOUT_NUMBERS:
        return Tendency(tuple(WITHOUT_NUMBERS[item.id]))
    if then is None or then.unit is not Unit.RESPONDENT or not then.respondents:
        return Tendency((1.0,) * len(item.options))
    return _as_then(item, then, then.respondents)


def _as_then(item: Item, then: Distribution, respondents: int) -> Tendency:
    """Counts, those printed together divided evenly; who is left over stands on the options without a number."""
    weights = {option.code: RARE * respondents for option in item.options}
    counted = [share for share in then.shares if share.count is not None]
    for share in counted:
        for code in share.codes:
            if code in weights:
                weights[code] += (share.count or 0) / len(share.codes)
    left = respondents - sum(share.count or 0 for share in counted)
    blank = [code for share in then.shares if share.count is None for code in share.codes if code in weights]
    for code in blank:
        weights[code] += max(left, 0) / len(blank)
    return Tendency(tuple(weights.values()), unknown=_unknown(then.shares, respondents))


def _unknown(shares: Sequence[Share], respondents: int) -> float:
    said = [share.count for share in shares if DONT_KNOW in share.codes and share.count is not None]
    return sum(said) / respondents if said else UNKNOWN


def _ticks(item: Item, then: Distribution | None) -> Mapping[str, float]:
    percent = {code: share.percent for share in (then.shares if then else ()) for code in share.codes}
    each = TICKS.get(item.id, LIKELY_TICKS)
    return {
        option.code: min((percent.get(option.code) or 0) / 100 * each + SELDOM_TICKED, 0.95)
        for option in item.options
        if not option.exclusive
    }
