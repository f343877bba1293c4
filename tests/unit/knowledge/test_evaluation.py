"""Scores of a small set with known results, and question sets that say which line is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.errors import LibraryInvalid
from knowledge.evaluation import EvaluationQuestion, evaluate, load, score
from knowledge.model import Answer, Citation, Hit, Passage, Status, Timing
from tests.fakes.knowledge import METHOD, PORTFOLIO


class Scripted:
    """Implements `knowledge.evaluation.Answering` from a table: question -> cited passage and text, None to refuse."""

    def __init__(self, answers: dict[str, tuple[Passage, str] | None], found: dict[str, Sequence[Passage]]) -> None:
        self._answers = answers
        self._found = found
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.searched: list[tuple[str, int]] = []

    async def ask(self, question: str, context: Sequence[str] = ()) -> Answer:
        self.asked.append((question, tuple(context)))
        known = self._answers[question]
        timing = Timing(0.0, 0.0, float(len(self.asked)))
        if known is None:
            return Answer(question, Status.REFUSED, "sv", "Vet inte.", timing=timing)
        cited = (Citation(1, known[0], known[1]),)
        return Answer(question, Status.ANSWERED, "sv", f"{known[1]} [1]", cited, timing=timing)

    async def find(self, question: str, context: Sequence[str] = (), k: int = 10) -> Sequence[Hit]:
        self.searched.append((question, k))
        return [Hit(rank, 1.0 / rank, one) for rank, one in enumerate(self._found.get(question, ()), start=1)]


def question(name: str, **changes: object) -> EvaluationQuestion:
    values: dict[str, object] = {
        "id": name,
        "class": "answerable",
        "question": name,
        "documents": ["statusrapport-2024"],
        "facts": [["18 personer"]],
        "pages": [12],
    }
    return EvaluationQuestion.model_validate(values | changes)


ANSWER = (METHOD, "Enkäten besvarades av 18 personer.")


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
    told: list[int] = []
    scores = score(await evaluate(questions, advisor, told.append))
    assert scores.questions == 6
    assert scores.recall_at_5 == 0.5
    assert scores.contains == 0.5
    assert scores.cited == 0.5
    assert scores.false_refusals == 0.25
    assert scores.refusal_recall == 0.5
    assert told == [1, 2, 3, 4, 5, 6]
    assert {k for _, k in advisor.searched} == {5}
    assert len(advisor.searched) == 4  # what is to be refused has no right passage


async def test_the_conversation_before_a_question_is_passed_on() -> None:
    advisor = Scripted({"och då?": ANSWER}, {})
    await evaluate([question("och då?", context=["Hur många svarade?"])], advisor)
    assert advisor.asked == [("och då?", ("Hur många svarade?",))]


@pytest.mark.parametrize(
    ("facts", "contained"),
    [
        ([], True),
        ([["18  PERSONER"]], True),
        ([["arton personer", "18 personer"]], True),
        ([["18 personer"], ["besvarades"]], True),
        ([["18 personer"], ["19 personer"]], False),
    ],
)
async def test_an_answer_contains_every_fact_in_one_of_its_spellings(facts: object, contained: bool) -> None:
    [result] = await evaluate([question("q", facts=facts)], Scripted({"q": ANSWER}, {}))
    assert result.contains is contained


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({}, True),
        ({"pages": [11, 12]}, True),
        ({"pages": [11]}, False),
        ({"pages": None}, True),
        ({"documents": ["annan", "statusrapport-2024"]}, True),
        ({"documents": ["annan"]}, False),
        ({"documents": []}, False),
    ],
)
async def test_a_source_is_right_by_document_and_page(changes: dict[str, object], right: bool) -> None:
    [result] = await evaluate([question("q", **changes)], Scripted({"q": ANSWER}, {"q": [METHOD]}))
    assert (result.found, result.cited) == (right, right)


async def test_a_source_without_pages_is_right_by_document() -> None:
    unpaged = (replace(METHOD, pages=()), ANSWER[1])
    [result] = await evaluate([question("q", pages=[99])], Scripted({"q": unpaged}, {}))
    assert result.cited


async def test_a_question_to_be_refused_has_no_other_judgement() -> None:
    [result] = await evaluate([question("q", **{"class": "refuse"})], Scripted({"q": None}, {}))
    assert result.refused
    assert (result.found, result.contains, result.cited) == (None, None, None)


async def test_the_time_is_the_median() -> None:
    names = ["a", "b", "c"]
    results = await evaluate([question(name) for name in names], Scripted(dict.fromkeys(names, ANSWER), {}))
    assert score(results).milliseconds == 2.0


def test_the_scores_of_nothing_fail_no_gate() -> None:
    scores = score([])
    assert (scores.questions, scores.milliseconds, scores.false_refusals) == (0, 0.0, 0.0)
    assert scores.recall_at_5 == scores.contains == scores.cited == scores.refusal_recall == 1.0


def written(path: Path, *lines: str) -> Path:
    file = path / "set.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


GOOD = json.dumps({"id": "q1", "class": "followup", "question": "och då?", "context": ["Hur många?"]})


def test_a_question_set_is_read_line_by_line(tmp_path: Path) -> None:
    [one] = load(written(tmp_path, "", GOOD, "   "))
    assert (one.id, one.kind, one.question, one.context) == ("q1", "followup", "och då?", ("Hur många?",))
    assert one.pages is None


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        '{"id": "q2"}',
        '{"id": "q2", "class": "odd", "question": "?"}',
        '{"id": "q2", "class": "refuse", "question": "?", "typo": 1}',
        '{"id": "q2", "class": "refuse", "question": "?", "pages": ["tolv"]}',
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, bad: str) -> None:
    with pytest.raises(LibraryInvalid, match=r"set\.jsonl, line 3: "):
        load(written(tmp_path, GOOD, "", bad, GOOD))


@pytest.mark.parametrize("content", [b"\xff\xfe\n", None])
def test_a_set_that_cannot_be_read_is_invalid(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "set.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(LibraryInvalid, match=r"set\.jsonl"):
        load(file)


def test_a_line_separator_inside_a_question_is_part_of_it(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text('{"id": "q", "class": "refuse", "question": "a\u2028b"}\n', encoding="utf-8")
    assert load(file)[0].question == "a\u2028b"
