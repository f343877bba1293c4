"""Calibration by hand: bins, expected calibration error, Brier score, AUC and operating points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.evaluation import reliability
from knowledge.evaluation.reliability import FEW, reliability_of
from tests.fakes.evaluation import answerable, bare, refusable


def test_four_questions_by_hand() -> None:
    found = reliability_of([0.9, 0.2, 0.6, 0.4], [True, False, False, True])
    assert (found.questions, found.answerable) == (4, 2)
    [only] = found.bins  # too few for more than one
    assert (only.low, only.high, only.count) == (0.2, 0.9, 4)
    assert only.confidence == pytest.approx(0.525)
    assert only.answerable == 0.5
    assert found.ece == pytest.approx(0.025)
    assert found.brier == pytest.approx((0.01 + 0.04 + 0.36 + 0.36) / 4)
    assert found.auc == 0.75  # 0.9 beats both, 0.4 beats 0.2 and loses to 0.6


def test_many_questions_have_bins_of_equal_width() -> None:
    found = reliability_of([0.05] * 50 + [0.95] * 40 + [1.0] * 10, [False] * 45 + [True] * 5 + [True] * 50)
    assert [(one.low, one.high, one.count, one.answerable) for one in found.bins] == [
        (0.0, 0.1, 50, 0.1),
        (0.9, 1.0, 50, 1.0),
    ]
    assert [one.confidence for one in found.bins] == pytest.approx([0.05, 0.96])
    assert found.ece == pytest.approx(0.5 * 0.05 + 0.5 * 0.04)


def test_a_confidence_on_the_edge_belongs_to_the_bin_above() -> None:
    found = reliability_of([0.3] * FEW, [True] * FEW)
    assert [(one.low, one.high, one.count) for one in found.bins] == [(0.3, 0.4, FEW)]


def test_few_questions_have_bins_of_equal_count() -> None:
    found = reliability_of([number / 30 for number in range(30)], [number >= 10 for number in range(30)])
    assert [one.count for one in found.bins] == [10, 10, 10]
    assert [one.answerable for one in found.bins] == [0.0, 1.0, 1.0]
    assert [(one.low, one.high) for one in found.bins] == [(0.0, 9 / 30), (10 / 30, 19 / 30), (20 / 30, 29 / 30)]


def test_ties_count_half() -> None:
    assert reliability_of([0.5, 0.5, 0.5], [True, False, False]).auc == 0.5
    assert reliability_of([0.5, 0.9, 0.5], [True, True, False]).auc == 0.75


def test_operating_points_keep_their_budget() -> None:
    """Of fifty that can be answered 0.02, 0.04 and 0.05 are one, two and two and a half."""
    good = [(number + 1) / 100 for number in range(50)]
    other = [0.005, 0.015, 0.025, 0.9]
    found = reliability_of(good + other, [True] * 50 + [False] * 4)
    assert [(one.budget, one.threshold) for one in found.points] == [(0.02, 0.02), (0.04, 0.03), (0.05, 0.03)]
    assert [one.false_refusals for one in found.points] == [0.02, 0.04, 0.04]
    assert [one.refusal_recall for one in found.points] == [0.5, 0.75, 0.75]


def test_one_in_twenty_may_be_refused_of_twenty() -> None:
    found = reliability_of([0.1, *[0.5] * 19, 0.2], [True] * 20 + [False])
    assert [one.refusal_recall for one in found.points] == [0.0, 0.0, 1.0]
    assert found.points[-1].false_refusals == 0.05


def test_questions_of_one_sort_have_no_auc() -> None:
    found = reliability_of([0.5, 0.6], [True, True])
    assert (found.auc, found.points) == (None, ())


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=250))
def test_whatever_is_measured_stays_within_its_bounds(pairs: list[tuple[float, bool]]) -> None:
    found = reliability_of([one for one, _ in pairs], [truth for _, truth in pairs])
    assert sum(one.count for one in found.bins) == found.questions == len(pairs)
    assert all(one.low - 1e-9 <= one.confidence <= one.high + 1e-9 for one in found.bins)
    assert 0.0 <= found.ece <= 1.0
    assert 0.0 <= found.brier <= 1.0
    assert found.auc is None or 0.0 <= found.auc <= 1.0
    assert all(one.false_refusals <= one.budget + 1e-9 for one in found.points)
    recalls = [one.refusal_recall for one in found.points]
    assert recalls == sorted(recalls)


def test_only_questions_with_confidence_and_truth_count() -> None:
    results = [answerable("a", confidence=0.8), answerable("b"), bare("c"), refusable("d", confidence=0.1)]
    found = reliability(results)
    assert found is not None
    assert (found.questions, found.answerable, found.auc) == (2, 1, 1.0)
    assert reliability([answerable("b"), bare("c")]) is None
