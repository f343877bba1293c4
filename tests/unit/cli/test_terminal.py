"""Replies as a terminal shows them, and answers as the command line's contract has them."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.cli.table import table
from bot.cli.terminal import answer_data, answer_text, offers, render, reply_data
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, AnswerReply, Choice, DoneReply, FigureReply, MenuReply, Reply, TextReply
from knowledge.model import Answer, Bar, Citation, Figure, Status, Timing, Unit
from tests.fakes.advice import QUOTED, answered
from tests.fakes.figures import ALTERNATIVE
from tests.fakes.figures import FIGURE as DRAWN

TEXTS = Texts.load()
FIGURE = Figure("3", "Hur?", Unit.RESPONDENT, (Bar("Saknas", 50.0), Bar("Delvis", 5.5), Bar("Vet ej", None)))


def test_an_answer_lists_its_sources_below_with_section_and_pages() -> None:
    text = answer_text(answered("Hur?", notes=["Obs: troligen ett tryckfel."]), TEXTS)
    body, note, sources = text.rsplit("\n\n", 2)
    assert body.endswith("[1]")
    assert note == "Obs: troligen ett tryckfel."
    assert sources == "Källor:\n[1] Statusrapport, 3.2.2 Styrning > Portföljstyrning, s. 28–29"


def test_a_source_without_pages_has_its_address_instead() -> None:
    law = replace(QUOTED, pages=(), headings=("Artikel 26",), title="AI-förordningen")
    answer = Answer("?", Status.ANSWERED, "en", "x [1]", (Citation(1, law, "x", "https://example.org/ai"),))
    assert answer_text(answer, TEXTS).endswith("Sources:\n[1] AI-förordningen, Artikel 26, https://example.org/ai")


def test_bars_are_drawn_to_scale_and_a_missing_number_is_told() -> None:
    lines = render(FigureReply(FIGURE, "Figur 3. Hur?"), TEXTS, "sv").splitlines()
    assert lines[0] == "Figur 3. Hur?"
    assert lines[1].count("█") == 20
    assert lines[2].count("█") == 2
    assert lines[2].endswith("5,5 %")
    assert lines[3].endswith("anges inte i källan")


def test_long_text_is_wrapped_and_tables_are_not() -> None:
    row = "| " + " | ".join(["cell"] * 40) + " |"
    lines = render(TextReply("ord " * 60 + "\n" + row), TEXTS, "sv").splitlines()
    assert len(lines) == 4
    assert max(map(len, lines[:3])) <= 100
    assert lines[3] == row


def test_everything_offered_can_be_chosen_by_number() -> None:
    menu = MenuReply("Hjälp", "Välj", (Choice("Ämne", Action("ask", {"question": "Vad?"})),))
    replies: list[Reply] = [TextReply("Hej", ("Ett?",)), menu, DoneReply("x")]
    assert offers(replies) == [("Ett?", None), ("Ämne", Action("ask", {"question": "Vad?"}))]


def test_an_answer_as_json_follows_the_contract() -> None:
    data = answer_data("q1", answered("Hur?", notes=["Obs."]), TEXTS)
    assert list(data) == [
        "id",
        "status",
        "language",
        "answer",
        "citations",
        "notes",
        "figure",
        "suggestions",
        "generator",
        "timing_ms",
    ]
    assert data["citations"] == [
        {
            "n": 1,
            "document": "statusrapport-2024",
            "title": "Statusrapport",
            "section": "3.2.2 Styrning > Portföljstyrning",
            "page": [28, 29],
            "quote": "Portföljstyrning saknas i 17 procent av svaren.",
        }
    ]
    assert (data["status"], data["generator"]) == ("answered", "extractive")
    assert set(data["timing_ms"]) == {"retrieve", "answer", "total"}


def test_an_answer_as_json_names_its_figure() -> None:
    assert answer_data("q1", answered("Hur?"), TEXTS)["figure"] is None
    told = answer_data("q1", answered("Hur?", figure=DRAWN), TEXTS)["figure"]
    assert told == {
        "number": "3",
        "title": "Portföljstyrning",
        "question": "Hur väl etablerad är portföljstyrning i kommunen?",
        "unit": "respondent",
        "bars": [
            {"label": "Icke-existerande", "percent": 17.0},
            {"label": "Delvis etablerad", "percent": 5.5},
            {"label": "Väl fungerande", "percent": 2.0},
            {"label": "Fullt etablerad", "percent": 0.0},
            {"label": "Vet ej", "percent": None},
        ],
        "alt": ALTERNATIVE,
    }
    assert reply_data(FigureReply(DRAWN, "Figur 3"), TEXTS, "sv")["figure"] == told


def test_a_refusal_as_json_has_no_citations_and_pages_may_be_null() -> None:
    refusal = Answer("?", Status.REFUSED, "sv", "Det framgår inte.", timing=Timing(1.0, 2.0, 3.0))
    assert answer_data("q1", refusal, TEXTS)["citations"] == []
    cited = Answer("?", Status.ANSWERED, "sv", "x [1]", (Citation(1, replace(QUOTED, pages=()), "x"),))
    assert answer_data("q1", cited, TEXTS)["citations"][0]["page"] is None


def test_every_reply_can_be_written_as_json() -> None:
    menu = MenuReply("Hjälp", "Välj", (Choice("Ämne", Action("ask", {"question": "Vad?"})),))
    answer = AnswerReply("id", answered())
    for reply in (answer, TextReply("Hej"), menu, DoneReply("x"), FigureReply(FIGURE, "Figur 3")):
        assert json.loads(json.dumps(reply_data(reply, TEXTS, "sv")))["type"]


def test_tables_align_numbers_to_the_right_and_have_no_trailing_spaces() -> None:
    assert table(("Fil", "Stycken", "Not"), [("a.md", 12, ""), ("längre.md", 3, "x")]) == [
        "Fil        Stycken  Not",
        "a.md            12",
        "längre.md        3  x",
    ]
