"""Intervals and tests. The formulas are statsmodels' and scipy's; here stands which of them, and why.

Importing those takes about two seconds and a hundred megabytes, so each is loaded with the first number that needs it.
A service calls `prepare` before, off the event loop. Intervals are for compiling, tests for pages too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import comb
from typing import Final

CONFIDENCE: Final = 0.95
SIGNIFICANT: Final = 0.05
"""A difference is certain where the p-value is below this, and it is not on other grounds too weak to be called so."""
IN_PERCENT: Final = 20
"""Answers from which on shares are told in percent; below, as counts: one answer would be more than five percent."""
_WAYS = 9_999
"""Ways to deal answers out to two sides that are all looked at, which takes less than a tenth of a second."""


def prepare() -> None:
    """Load what the tests need, so that no page waits for it. Blocks for a second or two."""
    mann_whitney((2, 0), (0, 2))


def share_interval(count: int, answered: int, invited: int | None) -> tuple[float, float] | None:
    """The 95 % interval of a share (0-1): `count` of those who `answered`, of so many who were `invited`.

    None where everybody invited has answered: a census has no sampling error. Wilson's interval, which holds for small
    numbers and for shares near 0 and 1 (Brown, Cai and DasGupta 2001). Where the number of invited is known, the
    answers count as more than they are: n (N - 1) / (N - n), which is the size of a sample from an endless population
    with the variance that the share has here (Cochran 1977, Sampling Techniques, section 3.2; the interval is taken at
    this effective size as Korn and Graubard 1998 do). Raises ValueError for counts that cannot be.
    """
    if not 0 <= count <= answered or not answered:
        raise ValueError(f"{count} of {answered} is no share")
    if invited is not None and answered >= invited:
        return None
    size = answered if invited is None else answered * (invited - 1) / (invited - answered)

    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 - heavy, see the module's docstring

    low, high = proportion_confint(count / answered * size, size, alpha=1 - CONFIDENCE, method="wilson")
    return max(0.0, float(low)), min(1.0, float(high))


@lru_cache(maxsize=4_096)
def fisher(a: int, b: int, c: int, d: int) -> float:
    """The p-value of Fisher's exact test, two-sided: `a` chose it and `b` did not, then; `c` and `d`, now.

    Two-sided sums up all tables that are no likelier than this one. 1 where there is nothing to compare. Results are
    kept, as pages ask for the same ones again; so they are of `mann_whitney`.
    """
    from scipy.stats import fisher_exact  # noqa: PLC0415 - heavy, see the module's docstring

    return min(1.0, float(fisher_exact([[a, b], [c, d]]).pvalue))


def mann_whitney(before: Sequence[int], now: Sequence[int]) -> float:
    """The p-value of the Mann-Whitney U test, two-sided, from how many chose each level, the lowest first.

    Answers on six levels are full of ties. The normal approximation corrects for those (and for continuity), while
    scipy's exact method must not be used with any. Of very few answers, where the approximation is too rough, all ways
    to deal them out to two sides are looked at instead: of five and ten, or seven and seven. 1 where all stand on one
    level, and where one side is a single answer, of which nothing can be told.

    Both sides need the same levels. Raises ValueError where a side has no answers.
    """
    if len(before) != len(now) or not any(before) or not any(now) or min(*before, *now) < 0:
        raise ValueError("two distributions over the same levels, with answers in both")
    return _mann_whitney(tuple(before), tuple(now))


@lru_cache(maxsize=4_096)
def _mann_whitney(before: tuple[int, ...], now: tuple[int, ...]) -> float:
    fewest = min(sum(before), sum(now))
    if fewest == 1 or sum(one + other > 0 for one, other in zip(before, now, strict=True)) == 1:
        return 1.0

    import numpy as np  # noqa: PLC0415 - loaded with scipy
    from scipy.stats import PermutationMethod, mannwhitneyu  # noqa: PLC0415 - heavy, see the module's docstring

    levels = np.arange(len(before))
    people = sum(before) + sum(now)
    method = PermutationMethod(n_resamples=_WAYS) if comb(people, fewest) <= _WAYS else "asymptotic"
    tested = mannwhitneyu(np.repeat(levels, before), np.repeat(levels, now), alternative="two-sided", method=method)
    return min(1.0, float(tested.pvalue))
