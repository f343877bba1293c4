"""Swedish unless clearly English."""

from __future__ import annotations

import pytest

from knowledge.language import language_of


@pytest.mark.parametrize(
    "text",
    [
        "What does NIS 2 require of us?",
        "how many have a digital council",
        "Who is responsible for the report?",
        "When does the AI Act apply",
        "is there any support for municipalities",
    ],
)
def test_english_questions_are_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Hur ser portföljstyrningen ut?",
        "vad är compliance",
        "vad innebär Data Governance Act",
        "vilka kommuner har en AI policy",
        "vad gor vi om vi blir hackade",
        "NIS2",
        "budget?",
        "",
        "???",
        "12345",
        "Cyber Resilience Act",
    ],
)
def test_everything_else_is_swedish(text: str) -> None:
    assert language_of(text) == "sv"


def test_a_swedish_letter_speaks_for_swedish() -> None:
    assert language_of("is the Åmål") == "en"
    assert language_of("the Åmål Vänersborg") == "sv"
