"""What was asked, found and said is compared with what the set says is right, and with nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.evaluation import EvaluationQuestion, Judgement, evaluate
from knowledge.evaluation.judging import judge
from knowledge.model import Answer, Citation, Hit, Passage, Status
from tests.fakes.evaluation import ANSWER, Scripted, question
from tests.fakes.knowledge import GOALS, METHOD, PORTFOLIO, passage


async def test_every_question_is_asked_with_its_conversation_and_told_when_it_is_done() -> None:
    advisor = Scripted({"och då?": ANSWER, "nej": None})
    told: list[int] = []
    questions = [question("och då?", context=["Hur många svarade?"]), question("nej", **{"class": "refuse"})]
    await evaluate(questions, advisor, told.append)
    assert advisor.asked == [("och då?", ("Hur många svarade?",)), ("nej", ())]
    assert advisor.searched == [("och då?", 10)]  # what is to be refused has no right passage
    assert told == [1, 2]


@pytest.mark.parametrize(
    ("facts", "contained"),
    [
        ([], None),
        ([["18  PERSONER"]], True),
        ([["arton personer", "18 personer"]], True),
        ([["18 personer"], ["besvarades"]], True),
        ([["18 personer"], ["19 personer"]], False),
    ],
)
async def test_an_answer_contains_every_fact_in_one_of_its_spellings(facts: object, contained: bool | None) -> None:
    [result] = await evaluate([question("q", facts=facts)], Scripted({"q": ANSWER}))
    assert result.contains is contained


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({}, True),
        ({"pages": [11, 12]}, True),
        ({"pages": [11]}, False),
        ({"pages": None}, True),
        ({"documents": ["annan", "statusrapport-2024"]}, True),
        ({"documents": ["statusrapport-2024.md"]}, True),
        ({"documents": ["annan"]}, False),
        ({"documents": ["annan"], "passage": [METHOD.id]}, True),
        ({"passage": ["p0"]}, False),
        ({"documents": []}, True),  # told by the fact alone
        ({"documents": [], "facts": [["18 personer"], ["17 procent"]]}, False),
        ({"documents": [], "facts": [["2 metod"]]}, True),  # headings are read too
    ],
)
async def test_a_source_is_right_by_passage_or_place_or_facts(changes: dict[str, object], right: bool) -> None:
    [result] = await evaluate([question("q", **changes)], Scripted({"q": ANSWER}, {"q": [METHOD]}))
    assert (result.found, result.cited) == (right, right)


async def test_a_source_without_pages_is_right_by_document() -> None:
    unpaged = (replace(METHOD, pages=()), ANSWER[1])
    [result] = await evaluate([question("q", pages=[99])], Scripted({"q": unpaged}))
    assert result.cited


def hits(*passages: Passage) -> list[Hit]:
    return [Hit(rank, 1.0, one) for rank, one in enumerate(passages, start=1)]


def test_the_rank_is_that_of_the_first_right_one_among_ten() -> None:
    answer = Answer("q", Status.REFUSED, "sv", "")
    others = [passage(f"Annat {number}.", pages=(3,)) for number in range(12)]
    assert judge(question("q"), answer, hits(PORTFOLIO, METHOD, METHOD)).rank == 2
    assert judge(question("q"), answer, hits(*others[:9], METHOD)).rank == 10
    assert judge(question("q", pages=[12]), answer, hits(*others[:10], METHOD)).rank is None


def test_the_precision_is_the_share_of_citations_that_are_right() -> None:
    cited = tuple(Citation(n, one, one.text) for n, one in enumerate((METHOD, PORTFOLIO, GOALS), start=1))
    found = judge(question("q"), Answer("q", Status.ANSWERED, "sv", "", cited), ())
    assert found.cited
    assert found.precision == pytest.approx(1 / 3)
    found = judge(question("q"), Answer("q", Status.ANSWERED, "sv", "", cited[1:]), ())
    assert (found.cited, found.precision) == (False, 0.0)


def test_a_refusal_has_no_citations_to_be_precise_with() -> None:
    found = judge(question("q"), Answer("q", Status.REFUSED, "sv", "Vet inte."), hits(METHOD))
    assert found == Judgement(False, True, True, 1, False, False, None)


def test_what_the_set_does_not_say_is_not_judged() -> None:
    answer = Answer("q", Status.ANSWERED, "sv", "18 personer")
    bare = EvaluationQuestion.model_validate({"id": "q", "question": "Hur många?"})
    assert judge(bare, answer, hits(METHOD)) == Judgement(None, False)
    assert judge(question("q", **{"class": "refuse"}), answer, hits(METHOD)) == Judgement(True, False)
    only_class = EvaluationQuestion.model_validate({"id": "q", "question": "Hur många?", "class": "answerable"})
    assert judge(only_class, answer, hits(METHOD)) == Judgement(False, False)
