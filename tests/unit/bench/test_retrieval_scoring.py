"""Ranks to scores, by hand; differences in pairs; bars; and what makes a hit right."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from knowledge.evaluation import EvaluationQuestion
from tests.bench.retrieval import scoring
from tests.bench.retrieval.corpora import (
    DEVELOPING,
    HELD_BACK,
    Case,
    Found,
    SameText,
    half,
    on_page,
    right_document,
    right_page,
    with_facts,
)
from tests.bench.retrieval.plain import Plain
from tests.bench.retrieval.scoring import Bar

RIGHT, WRONG = Found("rätt", "text"), Found("fel", "text")


def asked(**right: object) -> EvaluationQuestion:
    return EvaluationQuestion.model_validate({"id": "1", "question": "Vad?", "documents": ["rätt"], **right})


def cases(count: int) -> list[Case]:
    return [Case(asked(), "alla")] * count


def ranked(*places: int | None) -> list[list[Found]]:
    """A list of hits a question, the right one at that place."""
    return [[RIGHT if at == place else WRONG for at in range(1, 11)] for place in places]


def test_scores_are_those_computed_by_hand() -> None:
    found = scoring.scores(scoring.values(cases(4), ranked(1, 3, 6, None), right_document))
    assert [score.value for score in found] == pytest.approx(
        [1 / 4, 2 / 4, (1 + 1 / 3 + 1 / 6) / 4, (1 + 1 / math.log2(4) + 1 / math.log2(7)) / 4]
    )
    assert all(score.low <= score.value <= score.high for score in found)


def test_a_second_right_hit_adds_nothing() -> None:
    once, twice = [[WRONG, RIGHT, WRONG]], [[WRONG, RIGHT, RIGHT]]
    values = [scoring.values(cases(1), hits, right_document).tolist() for hits in (once, twice)]
    assert values[0] == values[1]


def test_a_difference_is_taken_question_by_question() -> None:
    before = scoring.values(cases(40), ranked(*[2] * 40), right_document)
    now = scoring.values(cases(40), ranked(*[1] * 40), right_document)
    gained = scoring.differences(before, now)[scoring.NDCG]
    assert (gained.value, gained.low, gained.high) == pytest.approx([1 - 1 / math.log2(3)] * 3)
    assert gained.is_beyond_noise
    assert not scoring.differences(now, now)[scoring.NDCG].is_beyond_noise


def test_a_bar_that_is_just_reached_holds() -> None:
    bar = Bar("hit@5", 0.1 + 0.2, 0.3)
    assert str(replace(bar, measured=0.7 + 0.1 + 0.1 + 0.07, limit=0.97)).endswith("ok")
    assert bar.holds
    assert str(replace(bar, measured=0.29)).endswith("0.290 ≥ 0.300 MISSED")


def test_a_page_counts_where_question_and_hit_have_one() -> None:
    question = asked(pages=[4, 5])
    assert right_page(question, Found("rätt", "text", frozenset({5, 6})))
    assert not right_page(question, Found("rätt", "text", frozenset({6})))
    assert not right_page(question, Found("fel", "text", frozenset({5})))
    assert right_page(question, RIGHT)
    assert right_page(asked(), Found("rätt", "text", frozenset({6})))


def test_on_a_text_without_pages_a_hit_that_was_not_located_is_wrong() -> None:
    assert on_page(asked(pages=[4]), Found("x", "text", frozenset({4})))
    assert not on_page(asked(pages=[4]), Found("x", "text"))


def test_every_fact_must_stand_in_text_or_heading() -> None:
    question = asked(facts=[["17 maj", "17/5"], ["Förbundet"]])
    assert with_facts(question, Found("x", "Den 17  MAJ", section="Förbundet beslutar"))
    assert not with_facts(question, Found("x", "Den 17 maj"))


def test_the_same_words_in_another_document_are_as_good() -> None:
    same = SameText([Plain("rätt.txt", "rätt", "Inledning.\n\n- Du ska ha\n  ett pass."), Plain("fel.txt", "fel", "x")])
    assert same.is_right(asked(), Found("fel", "Du ska ha ett pass"))
    assert not same.is_right(asked(), Found("fel", "Du ska ha ett visum"))
    assert not same.is_right(asked(), Found("fel", "..."))


def test_halves_are_the_same_in_every_run() -> None:
    assert [half(name) for name in ("ett", "två", "tre", "fyra")] == [DEVELOPING, DEVELOPING, HELD_BACK, DEVELOPING]
    halves = [half(str(number)) for number in range(200)]
    assert 70 < halves.count(DEVELOPING) < 130
    assert halves.count(DEVELOPING) + halves.count(HELD_BACK) == 200
