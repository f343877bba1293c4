"""The misses that do most harm stand first."""

from __future__ import annotations

import pytest

from knowledge.evaluation import Result, Why, right, why, worst
from tests.fakes.evaluation import answerable, bare, refusable


@pytest.mark.parametrize(
    ("result", "missed"),
    [
        (answerable("a"), None),
        (answerable("a", rank=None), None),  # found or not, the answer is right
        (answerable("a", refused=True), Why.REFUSED),
        (answerable("a", contains=False), Why.FACT),
        (answerable("a", contains=False, cited=False), Why.SOURCE),
        (refusable("a"), None),
        (refusable("a", refused=False), Why.ANSWERED),
        (bare("a"), None),
    ],
)
def test_why_a_question_counts_as_missed(result: Result, missed: Why | None) -> None:
    assert why(result) is missed
    assert right(result) is (missed is None)


def test_harm_orders_them_and_sureness_within() -> None:
    results = [
        answerable("refused, almost answered", refused=True, confidence=0.4),
        answerable("refused, far off", refused=True, confidence=0.1),
        answerable("right", confidence=0.9),
        answerable("no fact", contains=False, confidence=0.99),
        answerable("source", cited=False, confidence=0.6),
        refusable("answered, unsure", refused=False, confidence=0.51),
        answerable("source, sure", cited=False, confidence=0.7),
        refusable("answered, sure", refused=False, confidence=0.97),
    ]
    ordered = [one.question.id for one in worst(results, 10)]
    assert ordered == [
        *("answered, sure", "answered, unsure", "source, sure", "source", "no fact"),
        *("refused, far off", "refused, almost answered"),
    ]
    assert [one.question.id for one in worst(results, 2)] == ordered[:2]
    assert worst(results, 0) == []


def test_without_confidence_they_stay_in_the_order_of_the_set() -> None:
    results = [answerable(name, cited=False) for name in "cab"]
    assert [one.question.id for one in worst(results, 10)] == ["c", "a", "b"]
