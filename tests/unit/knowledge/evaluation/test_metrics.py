"""The measures by hand, and the scores of a set with known results."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.evaluation import MEASURES, Judgement, evaluate, groups, score
from knowledge.evaluation.metrics import measured
from tests.fakes.evaluation import ANSWER, Scripted, answerable, bare, question, refusable
from tests.fakes.knowledge import METHOD, PORTFOLIO


def measures(judgement: Judgement) -> dict[str, float]:
    found = {name: measure(judgement) for name, measure in MEASURES.items()}
    return {name: value for name, value in found.items() if value is not None}


@pytest.mark.parametrize(
    ("rank", "recall", "hit", "mrr", "ndcg"),
    [
        (1, 1.0, 1.0, 1.0, 1.0),
        (2, 1.0, 0.0, 0.5, 0.6309297535714575),  # 1 / log2(3)
        (3, 1.0, 0.0, 1 / 3, 0.5),  # 1 / log2(4)
        (5, 1.0, 0.0, 0.2, 0.38685280723454163),  # 1 / log2(6)
        (6, 0.0, 0.0, 1 / 6, 0.3562071871080222),  # 1 / log2(7)
        (10, 0.0, 0.0, 0.1, 0.2890648263178879),  # 1 / log2(11)
        (None, 0.0, 0.0, 0.0, 0.0),
    ],
)
def test_the_ranked_measures_by_hand(rank: int | None, recall: float, hit: float, mrr: float, ndcg: float) -> None:
    found = measures(Judgement(False, False, True, rank, True, True, 1.0))
    assert found["recall_at_5"] == recall
    assert found["hit_at_1"] == hit
    assert found["mrr_at_10"] == pytest.approx(mrr)
    assert found["ndcg_at_10"] == pytest.approx(ndcg)


@given(st.integers(1, 10))
def test_ndcg_never_rates_a_place_lower_than_mrr_and_both_fall_with_it(rank: int) -> None:
    here, below = (measures(Judgement(False, False, True, each)) for each in (rank, rank + 1))
    assert here["mrr_at_10"] <= here["ndcg_at_10"] <= 1.0
    assert here["ndcg_at_10"] > below["ndcg_at_10"] > 0.0
    assert here["mrr_at_10"] > below["mrr_at_10"]


def test_only_what_applies_is_measured() -> None:
    assert measures(Judgement(None, False)) == {"refused": 0.0}
    assert measures(Judgement(True, True)) == {"refusal_recall": 1.0, "refused": 1.0}
    assert measures(Judgement(False, False)) == {"false_refusals": 0.0, "refused": 0.0}


async def test_the_scores_of_a_set_with_known_results() -> None:
    questions = [
        question("right"),
        question("wrong fact", facts=[["18 personer"], ["99 personer"]]),
        question("wrong page", pages=[99]),
        question("refused"),
        question("rightly refused", **{"class": "refuse"}),
        question("wrongly answered", **{"class": "refuse"}),
    ]
    advisor = Scripted(
        {"right": ANSWER, "wrong fact": ANSWER, "wrong page": ANSWER, "refused": None}
        | {"rightly refused": None, "wrongly answered": ANSWER},
        {"right": [PORTFOLIO, METHOD], "wrong fact": [METHOD], "wrong page": [METHOD], "refused": [PORTFOLIO]},
    )
    scores = score(await evaluate(questions, advisor))
    assert scores.questions == 6
    assert scores.recall_at_5 == 0.5
    assert scores.hit_at_1 == 0.25
    assert scores.mrr_at_10 == 0.375  # (1/2 + 1 + 0 + 0) / 4
    assert scores.ndcg_at_10 == pytest.approx((1 / math.log2(3) + 1) / 4)
    assert scores.contains == 0.5
    assert scores.cited == 0.5
    assert scores.citation_precision == pytest.approx(2 / 3)
    assert scores.false_refusals == 0.25
    assert scores.refusal_recall == 0.5
    assert scores.refused == pytest.approx(2 / 6)
    assert scores.ms_p50 == 3.5  # they take 1, 2, … 6 ms
    assert scores.ms_p95 == pytest.approx(5.75)


def test_what_applies_to_no_question_has_no_score() -> None:
    nothing = score([])
    assert (nothing.questions, nothing.ms_p50, nothing.ms_p95) == (0, 0.0, 0.0)
    assert {getattr(nothing, name) for name in MEASURES} == {None}
    bares = score([bare("a"), bare("b")])
    assert {name for name in MEASURES if getattr(bares, name) is not None} == {"refused"}
    assert measured([]).shape == (0, len(MEASURES))


def test_groups_are_classes_parts_reasons_and_languages() -> None:
    results = [
        answerable("a", part="report"),
        answerable("b", part="glossary", rank=None, language="en", kind="english"),
        refusable("c", reason="related"),
        refusable("d", reason="unknowable", refused=False),
    ]
    found = groups(results)
    assert list(found) == [
        *("all", "answerable", "english", "refuse"),
        *("report", "glossary", "related", "unknowable", "sv", "en"),
    ]
    assert {name: scores.questions for name, scores in found.items()}["refuse"] == 2
    assert (found["report"].hit_at_1, found["glossary"].hit_at_1, found["all"].hit_at_1) == (1.0, 0.0, 0.5)
    assert (found["related"].refusal_recall, found["unknowable"].refusal_recall) == (1.0, 0.0)
    assert found["refuse"].contains is None
    assert "sv" not in groups([answerable("a")])  # one language is all there is
