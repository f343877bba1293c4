"""In the middle of a check an answer tells nothing of how others answered."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.check.unprimed import unprimed
from knowledge.model import Answer, Bar, Citation, Figure, Status, Unit
from tests.fakes.advice import answered
from tests.fakes.knowledge import passage

FIGURE = Figure("3", "Hur?", Unit.RESPONDENT, (Bar("Saknas", 17.0),))
DEFINITION = passage("Portföljstyrning är att prioritera.", "3.2.2", title="Rapport", pages=(28,))
RESULT = replace(passage("Den saknas hos många.", "3.2.2", title="Rapport", pages=(29,)), figure=FIGURE)


def answer(text: str, *notes: str) -> Answer:
    citations = (Citation(1, DEFINITION, DEFINITION.text), Citation(2, RESULT, RESULT.text))
    return Answer("Vad är det?", Status.ANSWERED, "sv", text, citations, notes, ("Mer?",), FIGURE)


def test_definitions_stay_and_results_go() -> None:
    told = unprimed(
        answer(
            "Så beskrivs det:\n\nPortföljstyrning är att prioritera. [1] Den saknas hos många. [2]\n\n17 procent. [1]",
            "Läget per 2026-11-01.",
            "Siffran 2 procent är ett tryckfel.",
        )
    )
    assert told.text == "Så beskrivs det:\n\nPortföljstyrning är att prioritera. [1]"
    assert [citation.n for citation in told.citations] == [1]
    assert told.notes == ("Läget per 2026-11-01.",)
    assert (told.figure, told.suggestions) == (None, ())


def test_an_answer_that_is_results_only_has_nothing_left() -> None:
    told = unprimed(answer("Så här blev svaren:\n\nDen saknas hos många. [2] Det gäller 17 % av svaren. [1][2]"))
    assert (told.text, told.citations, told.notes) == ("", (), ())


def test_a_refusal_stays_as_it_is() -> None:
    refused = replace(answer("Det framgår inte av mitt underlag."), status=Status.REFUSED, citations=(), figure=None)
    assert unprimed(refused).text == "Det framgår inte av mitt underlag."


def test_an_answer_without_shares_is_told_whole() -> None:
    whole = replace(answered("Hur?"), text="Det ska anmälas inom 24 timmar. [1]")
    assert unprimed(whole).text == whole.text
