"""The bootstrap: the same every time, as wide as statistics says, and paired where runs are compared."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.evaluation import intervals
from knowledge.evaluation.intervals import Interval, of_differences, of_means, resampled_means
from knowledge.evaluation.metrics import Values

NAN = math.nan


def column(*values: float) -> Values:
    return np.array(values, dtype=np.float64)[:, None]


def interval(values: Values) -> Interval:
    [found] = of_means(values)
    assert found is not None
    return found


def test_it_is_the_same_every_time_and_in_every_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    values = column(*[1.0] * 70, *[0.0] * 30)
    first = resampled_means(values)
    assert np.array_equal(first, resampled_means(values))
    assert not np.array_equal(first, resampled_means(values, seed=1))
    monkeypatch.setattr(intervals, "CHUNK", 1700)
    assert np.array_equal(first, resampled_means(values))


def test_a_share_has_the_width_that_the_binomial_gives_it() -> None:
    found = interval(column(*[1.0] * 160, *[0.0] * 40))
    error = math.sqrt(0.8 * 0.2 / 200)
    assert found.low == pytest.approx(0.8 - 1.96 * error, abs=0.01)
    assert found.high == pytest.approx(0.8 + 1.96 * error, abs=0.01)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_an_interval_lies_within_what_was_measured(values: list[float]) -> None:
    found = interval(column(*values))
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


def test_questions_that_a_measure_does_not_apply_to_count_for_nothing() -> None:
    [known] = of_means(column(1.0, 1.0, NAN, 1.0, NAN))
    assert known == Interval(1.0, 1.0)
    assert of_means(column(1.0)) == [None]
    assert of_means(column(1.0, NAN, NAN)) == [None]
    assert of_means(column(NAN, NAN)) == [None]
    assert of_means(np.zeros((0, 3))) == [None, None, None]


def test_a_difference_is_of_the_same_questions() -> None:
    """Two runs that differ much from question to question, and by one tenth in each."""
    before = column(*[0.0, 0.9] * 50)
    [found] = of_differences(before, before + 0.1)
    assert found is not None
    assert found.low == pytest.approx(0.1)
    assert found.high == pytest.approx(0.1)
    assert interval(before).high - interval(before).low > 0.15  # unpaired, the tenth would drown in this


def test_no_difference_is_exactly_none() -> None:
    before = column(*[1 / 3, 0.7, NAN, 1.0] * 20)
    assert of_differences(before, before.copy()) == [Interval(0.0, 0.0)]
