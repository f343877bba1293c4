"""Known questions, asked before and after."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from ingest.gate import AT_ONCE, compare
from ingest.gate_report import Verdict
from knowledge.errors import IndexDamaged
from knowledge.evaluation.questions import EvaluationQuestion
from knowledge.model import Answer, Citation, Status
from tests.fakes.knowledge import passage


def answered(text: str, document: str = "avfall") -> Answer:
    source = passage(text, "Avsnitt", document=document)
    return Answer("?", Status.ANSWERED, "sv", f"{text} [1]", (Citation(1, source, text),))


REFUSED = Answer("?", Status.REFUSED, "sv", "Det vet jag inte.")


@dataclass
class Told:
    """Answers what it has been given; counts how many questions it holds at a time."""

    answers: Mapping[str, Answer]
    asked: list[str] = field(default_factory=list)
    now: int = 0
    most: int = 0

    async def ask(self, question: str, context: Sequence[str] = ()) -> Answer:
        self.asked.append(question)
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return self.answers[question]


def question(text: str, **expected: object) -> EvaluationQuestion:
    return EvaluationQuestion.model_validate({"id": text, "question": text, **expected})


@pytest.mark.parametrize(
    ("expected", "before", "after", "verdict"),
    [
        ({}, answered("Ja."), answered("Ja."), None),
        ({}, REFUSED, REFUSED, None),
        ({}, answered("Ja."), answered("Nej."), Verdict.CHANGED),
        ({}, answered("Ja.", "avfall"), answered("Ja.", "skola"), Verdict.CHANGED),
        ({}, answered("Ja."), REFUSED, Verdict.REFUSED),
        ({}, REFUSED, answered("Ja."), Verdict.CHANGED),
        ({"class": "answerable"}, REFUSED, answered("Ja."), Verdict.ANSWERED),
        ({"class": "refuse"}, REFUSED, answered("Ja."), Verdict.ANSWERED_WRONGLY),
        ({"class": "refuse"}, answered("Ja."), REFUSED, Verdict.REFUSED_RIGHTLY),
        ({"documents": "avfall"}, answered("Ja."), answered("Ja.", "skola"), Verdict.OTHER_SOURCE),
        ({"documents": "avfall"}, answered("Ja.", "skola"), answered("Ja."), Verdict.RIGHT_SOURCE),
        ({"documents": "avfall"}, answered("Ja."), answered("Nej."), Verdict.CHANGED),
        ({"documents": "avfall"}, answered("Ja.", "skola"), REFUSED, Verdict.CHANGED),
        ({"documents": "avfall"}, answered("Ja."), REFUSED, Verdict.REFUSED),
        ({"class": "answerable", "facts": [["2026"]]}, answered("2026."), answered("2030."), Verdict.OTHER_SOURCE),
        (
            {"documents": "avfall", "facts": [["2026"]]},
            answered("År 2026."),
            answered("År 2030."),
            Verdict.FACT_MISSING,
        ),
    ],
)
async def test_a_question_is_better_worse_or_otherwise(
    expected: dict[str, object], before: Answer, after: Answer, verdict: Verdict | None
) -> None:
    report = await compare([question("Vad?", **expected)], Told({"Vad?": before}), Told({"Vad?": after}))
    found = [*report.better, *report.worse, *report.changed]
    assert [change.verdict for change in found] == ([verdict] if verdict is not None else [])
    assert report.asked == len(found) + report.unchanged == 1
    for change in found:
        assert (change.before.text, change.after.text) == (before.text, after.text)
        assert [each.document for each in change.after.citations] == [each.passage.document for each in after.citations]


async def test_questions_are_bounded_in_number_and_in_how_many_are_asked_at_a_time() -> None:
    questions = [question(f"Fråga {number}?") for number in range(20)]
    before = Told({each.question: answered("Ja.") for each in questions})
    after = Told({each.question: REFUSED for each in questions})
    told: list[tuple[int, int]] = []
    report = await compare(questions, before, after, most=12, progress=lambda done, total: told.append((done, total)))
    assert (report.asked, report.skipped, len(report.worse)) == (12, 8, 12)
    assert [change.question for change in report.worse] == [each.question for each in questions[:12]]
    assert told == [(number, 12) for number in range(1, 13)]
    assert 1 < before.most <= AT_ONCE


async def test_no_question_is_begun_once_time_has_run_out() -> None:
    questions = [question("Vad?")]
    asking = Told({"Vad?": REFUSED})
    report = await compare(questions, asking, asking, seconds=0)
    assert (report.asked, report.skipped, asking.asked) == (0, 1, [])


async def test_what_cannot_be_asked_is_an_error() -> None:
    class Broken(Told):
        async def ask(self, question: str, context: Sequence[str] = ()) -> Answer:
            raise IndexDamaged("gone")

    with pytest.raises(IndexDamaged, match="gone"):
        await compare([question("Vad?")], Told({"Vad?": REFUSED}), Broken({}))
