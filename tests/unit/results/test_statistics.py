"""Intervals and tests, held against published tables and against what is worked out by hand."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.results.statistics import fisher, mann_whitney, share_interval


@pytest.mark.parametrize(
    ("count", "answered", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_those_of_newcombe_s_table(count: int, answered: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, table I, method 3 (Wilson's score without continuity correction)."""
    interval = share_interval(count, answered, None)
    assert interval is not None
    assert [round(end, 4) for end in interval] == [low, high]


def test_an_interval_worked_out_by_hand() -> None:
    """10 of 20: centre one half, half width z * sqrt(1/80 + z^2/1600) / (1 + z^2/20) with z = 1.96."""
    interval = share_interval(10, 20, None)
    assert interval == pytest.approx((0.5 - 0.2007, 0.5 + 0.2007), abs=0.0001)


def test_the_more_of_those_invited_have_answered_the_narrower_and_a_census_has_none() -> None:
    """25 of 50 of 99: the answers count as 50 * 98 / 49 = 100, of which 50."""
    assert share_interval(25, 50, 99) == share_interval(50, 100, None)
    assert share_interval(25, 50, 50) is None
    assert share_interval(25, 50, 40) is None


@pytest.mark.parametrize(("count", "answered"), [(1, 0), (0, 0), (3, 2), (-1, 5)])
def test_counts_that_cannot_be_have_no_interval(count: int, answered: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        share_interval(count, answered, None)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), st.data())
def test_an_interval_holds_its_share_and_narrows_as_more_answer(answered: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, answered))
    invited = data.draw(st.integers(answered + 1, 4 * answered + 2))
    loose, tight = share_interval(count, answered, None), share_interval(count, answered, invited)
    assert loose is not None
    assert tight is not None
    assert 0 <= loose[0] <= count / answered + 1e-9
    assert count / answered - 1e-9 <= loose[1] <= 1
    assert loose[0] - 1e-9 <= tight[0] <= tight[1] <= loose[1] + 1e-9


def test_fisher_s_tea_tasting() -> None:
    """Fisher 1935: three of four cups right. 17 of the 70 ways are as good or better (0.2429), and as many as bad."""
    assert fisher(3, 1, 1, 3) == pytest.approx(34 / 70)
    assert fisher(4, 0, 0, 4) == pytest.approx(2 / 70)


def test_where_nothing_differs_nothing_is_found() -> None:
    assert fisher(0, 4, 0, 7) == fisher(5, 0, 3, 0) == 1
    assert mann_whitney((0, 4, 0), (0, 9, 0)) == 1
    assert mann_whitney((7, 4, 9), (7, 4, 9)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("people", "before", "needed"), [(51, 9, 19), (51, 4, 13), (51, 25, 36), (18, 2, 9), (18, 7, 14), (10, 1, 7)]
)
def test_what_change_can_be_told_from_chance_against_2024(people: int, before: int, needed: int) -> None:
    """18 % to 37 %, 8 % to 25 %, 49 % to 71 % of 51; 11 % to 50 %, 39 % to 78 % of 18; 10 % to 70 % of 10."""
    assert fisher(before, people - before, needed, people - needed) < 0.05
    assert fisher(before, people - before, needed - 1, people - needed + 1) >= 0.05


def test_of_ten_half_must_become_all() -> None:
    assert fisher(5, 5, 10, 0) < 0.05 <= fisher(5, 5, 9, 1)


def test_ranks_with_ties_worked_out_by_hand() -> None:
    """Ten and ten on four levels with five ties each: ranks 3, 8, 13, 18. U is 130 - 55 = 75 against 50, its variance
    100 / 12 * (21 - 480 / 380) = 164.47, so that z with continuity correction is 24.5 / 12.825 = 1.910."""
    assert mann_whitney((4, 3, 2, 1), (1, 2, 3, 4)) == pytest.approx(0.0561, abs=0.0001)


def test_a_few_with_ties_are_counted_out() -> None:
    """Three and three on ranks 1.5, 3.5 and 5.5 (two each): of the 20 ways 2 give the first three 6.5 or less, and 2 as
    much on the other side."""
    assert mann_whitney((2, 1, 0), (0, 1, 2)) == pytest.approx(4 / 20)


def test_a_published_example_of_ranks() -> None:
    """Hollander and Wolfe 1973, page 69: permeability of membranes at term and before, one-sided p 0.1272."""
    term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    before = [1.15, 0.88, 0.90, 0.74, 1.21]
    levels = sorted(term + before)
    p = mann_whitney([term.count(level) for level in levels], [before.count(level) for level in levels])
    assert p == pytest.approx(2 * 0.1272, abs=0.0001)


@pytest.mark.parametrize(("before", "now"), [((), ()), ((1, 2), (1, 2, 3)), ((0, 0), (1, 2)), ((1, 2), (3, -1))])
def test_what_is_no_pair_of_distributions_is_not_tested(before: tuple[int, ...], now: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="distributions"):
        mann_whitney(before, now)


@settings(max_examples=25, deadline=None)
@given(*[st.lists(st.integers(0, 12), min_size=6, max_size=6).filter(any)] * 2)
def test_a_p_value_is_the_same_every_time_and_from_both_sides(before: list[int], now: list[int]) -> None:
    p = mann_whitney(before, now)
    assert 0 < p <= 1
    assert mann_whitney(before, now) == p
    assert mann_whitney(before[::-1], now[::-1]) == mann_whitney(now, before) == pytest.approx(p)


def test_nothing_is_told_from_a_single_answer() -> None:
    assert mann_whitney((1, 0), (0, 500)) == mann_whitney((0, 500), (1, 0)) == 1


def test_nothing_heavy_is_loaded_before_a_number_is_wanted() -> None:
    """The command line and the pages start without scipy, statsmodels and pandas."""
    told = "import sys, bot.results.comparison, bot.results.trend, bot.results.areas, bot.results.advice; print("
    heavy = "[each for each in ('scipy', 'statsmodels', 'pandas') if each in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", told + heavy], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
