"""Of a state of affairs that has changed since the report, an answer tells both halves, dated."""

from __future__ import annotations

import pytest

from knowledge.advisor import Advisor, AdvisorOptions
from knowledge.model import Answer, Change, DocumentKind, PassageKind
from knowledge.quotes import MAX_LENGTH
from tests.fakes.knowledge import MemoryIndex, ShownKeys, WordList, document, judged_by_coverage, passage

THEN = "I maj 2024 väntade rapporten på att Journalia skulle införas (avsnitt 3.1, sidan 16)."
NOW = "I november 2026 är Journalia stoppat."
CHANGE = passage(
    f"{THEN} {NOW}",
    "Journalia är stoppat",
    document="andrat",
    title="Ändrat",
    kind=PassageKind.DEFINITION,
    change=Change(names=("Journalia", "JRN"), pages=(16, 17), document="journalia"),
)
REPORT = passage(
    "Rapporten beskriver systemet Journalia för vården i regionen.", "3.1 Omvärlden", "Vårdens system", pages=(16,)
)
ELSEWHERE = passage("Rapporten nämner fiberutbyggnaden i Dalsland.", "3.1 Omvärlden", "Fiber", pages=(16,))
OTHER_PAGE = passage("Rapporten nämner Journalia i förbigående för skolan.", "4 Analys", "Skolan", pages=(52,))
SHEET = passage("Journalia drivs av regionen och betalas av kommunerna.", "Vem som driver", document="journalia")
DOCUMENTS = (
    document(),
    document("journalia", kind=DocumentKind.INITIATIVE),
    document("andrat", kind=DocumentKind.GUIDE),
)


async def ask(question: str, *passages: object) -> Answer:
    given = [one for one in (REPORT, ELSEWHERE, OTHER_PAGE, SHEET, CHANGE) if not passages or one in passages]
    index = MemoryIndex([one for one in given if one is not CHANGE] + [CHANGE], DOCUMENTS)
    return await advisor(index).ask(question)


def advisor(index: MemoryIndex) -> Advisor:
    options = AdvisorOptions(operating_point=0.0)
    return Advisor(index, None, WordList(), ShownKeys(), options, answerability=judged_by_coverage())


async def test_what_the_report_said_is_followed_by_what_holds_now_with_its_own_citation() -> None:
    answer = await ask("Vilket system för vården beskriver rapporten?", REPORT)
    quoted = {citation.passage.id: citation.quote for citation in answer.citations}
    assert REPORT.id in quoted
    assert quoted[CHANGE.id] == NOW
    assert f"{NOW} [{len(quoted)}]" in answer.text


async def test_a_question_about_the_present_state_gets_what_the_report_said() -> None:
    answer = await ask("Vem driver Journalia nu?", SHEET)
    quoted = {citation.passage.id: citation.quote for citation in answer.citations}
    assert SHEET.id in quoted
    assert THEN in quoted[CHANGE.id]


@pytest.mark.parametrize(
    ("question", "told"),
    [("När betalas Journalia av kommunerna?", True), ("Hur ofta betalas Journalia av kommunerna?", False)],
)
async def test_a_question_for_a_day_is_about_a_state_and_one_for_a_time_limit_is_not(question: str, told: bool) -> None:
    answer = await ask(question, SHEET)
    assert (THEN in " ".join(citation.quote for citation in answer.citations)) is told


async def test_the_change_itself_is_quoted_whole() -> None:
    answer = await ask("Är Journalia stoppat?")
    quoted = {citation.passage.id: citation.quote for citation in answer.citations}
    assert quoted[CHANGE.id].split("\n") == [THEN, NOW]


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("Vad står om fiberutbyggnaden i Dalsland?", ELSEWHERE),
        ("Nämns skolan i förbigående?", OTHER_PAGE),
        ("Vem betalar systemet?", SHEET),
    ],
)
async def test_other_subjects_and_pages_and_questions_are_left_alone(question: str, source: object) -> None:
    answer = await ask(question, source)
    assert CHANGE.id not in {citation.passage.id for citation in answer.citations}


async def test_a_short_name_is_found_as_a_word_only() -> None:
    short = passage("Rapporten nämner JRN och dess drift i regionen.", "3.1 Omvärlden", "Drift", pages=(17,))
    within = passage("Rapporten nämner JRNX och dess drift i regionen.", "3.1 Omvärlden", "Drift", pages=(17,))
    for source, is_told in ((short, True), (within, False)):
        index = MemoryIndex([source, CHANGE], DOCUMENTS)
        answer = await advisor(index).ask("Vad nämner rapporten om drift i regionen?")
        assert (CHANGE.id in {citation.passage.id for citation in answer.citations}) is is_told


async def test_room_is_made_for_the_present_state() -> None:
    long = passage(
        " ".join(f"Rapporten säger om Journalia att del {number} av vårdens system är viktig." for number in range(40)),
        "3.1 Omvärlden",
        "Vårdens system",
        pages=(16,),
    )
    index = MemoryIndex([long, CHANGE], DOCUMENTS)
    answer = await advisor(index).ask("Vad säger rapporten om del 3 av vårdens system?")
    assert NOW in answer.text
    assert len(answer.text) <= MAX_LENGTH + 100
