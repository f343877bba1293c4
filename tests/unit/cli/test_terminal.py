"""Replies as a terminal shows them, and answers as the command line's contract has them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.cli.table import table
from bot.cli.terminal import answer_data, answer_text, by_number, folds, offers, render, reply_data
from bot.conversation.card import (
    Block,
    Button,
    Buttons,
    CardReply,
    DoneReply,
    Field,
    FileReply,
    Fold,
    Gauge,
    Line,
    Look,
    NoticeReply,
    Select,
    Table,
)
from bot.conversation.replies import AnswerReply, FigureReply, MenuReply, Reply, TextReply
from bot.conversation.texts import Texts
from bot.conversation.turn import Action
from knowledge.model import Answer, Bar, Citation, Figure, Status, Timing, Unit
from tests.fakes.advice import QUOTED, answered
from tests.fakes.figures import ALTERNATIVE
from tests.fakes.figures import FIGURE as DRAWN

TEXTS = Texts.load()
FIGURE = Figure("3", "Hur?", Unit.RESPONDENT, (Bar("Saknas", 50.0), Bar("Delvis", 5.5), Bar("Vet ej", None)))


def button(title: str, typed: str = "", **data: str) -> Button:
    return Button(title, Action("check.do", data), typed=typed)


LEVELS = ("Icke-existerande", "Ostrukturerad", "Utvecklingsfas")
ITEM = CardReply(
    "Fråga 4 av 11.",
    (
        Line("Fråga 4 av 11 · Styrning", Look.SUBTLE),
        Line("Hur väl etablerad är portföljstyrning i kommunen?", Look.HEADING),
        Fold("Vad menas med frågan?", (Line("Att prioritera mellan insatser."),)),
        Buttons(tuple(button(f"{n}. {each}", str(n)) for n, each in enumerate(LEVELS, 1)), stacked=True),
        Fold("Vad betyder nivåerna?", tuple(Line(f"{each}: så här.") for each in LEVELS)),
        Field("comment", "Kommentar", "Skriv inte namn."),
        Buttons((button("Vet ej"), button("Hoppa över", "hoppa över"), button("Ändra", "ändra fråga 4"))),
        Line("Du kan också skriva numret.", Look.SUBTLE),
    ),
    "check.item.4",
)
BACKGROUND = CardReply(
    "För vem svarar du?",
    (
        Select(
            "organisation",
            "Kommun",
            (("u", "Uddevalla"), ("t", "Trollhättan"), ("m", "Mellerud")),
            ("t",),
            compact=True,
        ),
        Select("roles", "Roll", (("it", "IT-nära"), ("v", "Verksamhetsnära")), ("it",), many=True),
        Field("words", "Ditt svar", value="Redan skrivet"),
        Field("more", "Mer"),
        Buttons((button("Fortsätt"),)),
    ),
)
RESULT = CardReply(
    "Tack.",
    (
        Line("Tack, dina svar är inskickade."),
        Gauge("Styrning", 50.0, "50 av 100"),
        Gauge("Ekonomi", None, "för få svar"),
        Table("Dina svar", ("Nr", "Fråga", "Svar"), (("1", "Portföljstyrning", "Vet ej"), ("12", "Forum", "IT-råd"))),
        Buttons((button("Mina svar som fil", item="x"), button("Radera mina svar"))),
    ),
)
PENDING = CardReply(
    "Stämmer det?",
    (
        Line("Jag tolkar det som Utvecklingsfas. Stämmer det?"),
        Line("Alla svar: 1. Icke-existerande, 2. Ostrukturerad."),
        Buttons((button("Ja, Utvecklingsfas"), button("Nej, visa alla svar"))),
    ),
)


def shown(reply: Reply, width: int = 100, first_fold: int = 1) -> str:
    return render(reply, TEXTS, "sv", width, first_fold)


def test_a_card_lists_what_can_be_pressed_with_what_to_write_instead() -> None:
    assert (
        shown(ITEM)
        == """\
Fråga 4 av 11 · Styrning
Hur väl etablerad är portföljstyrning i kommunen?

  ?1  Vad menas med frågan?

  1. Icke-existerande
  2. Ostrukturerad
  3. Utvecklingsfas

  ?2  Vad betyder nivåerna?

Kommentar: Skriv inte namn.

  Vet ej · Hoppa över · Ändra (ändra fråga 4)

Du kan också skriva numret."""
    )


def test_lists_show_what_is_chosen_and_fields_what_they_hold() -> None:
    assert (
        shown(BACKGROUND)
        == """\
Kommun:
  Uddevalla · Trollhättan · Mellerud
  Valt: Trollhättan
Roll:
  [x] IT-nära
  [ ] Verksamhetsnära

Ditt svar: Redan skrivet
Mer

  Fortsätt"""
    )


def test_gauges_are_bars_with_words_and_tables_are_columns() -> None:
    assert (
        shown(RESULT)
        == f"""\
Tack, dina svar är inskickade.

Styrning
  {"█" * 20} 50 av 100
Ekonomi
  för få svar

Dina svar
Nr  Fråga             Svar
1   Portföljstyrning  Vet ej
12  Forum             IT-råd

  Mina svar som fil · Radera mina svar"""
    )


@pytest.mark.parametrize("width", [30, 40, 60, 100])
def test_cards_keep_to_the_width(width: int) -> None:
    table = Table("Dina svar", ("Nr", "Fråga", "Svar"), (("1", "Portföljstyrning i kommunen", "ord " * 60),))
    gauge = Gauge("Styrning", 42.0, "42 av 100 (3 av 4 frågor)")
    for reply in (ITEM, BACKGROUND, RESULT, PENDING, CardReply("x", (table, gauge))):
        assert max(map(len, shown(reply, width).splitlines())) <= width


def test_a_long_cell_is_wrapped_in_its_column() -> None:
    table = Table("Svar", ("Nr", "Svar"), (("1", "Portföljstyrning är på gång"), ("2", "Nej")))
    assert shown(CardReply("x", (table,)), 24).splitlines() == [
        "Svar",
        "Nr  Svar",
        "1   Portföljstyrning är",
        "    på gång",
        "2   Nej",
    ]


def test_what_is_folded_is_counted_across_the_cards_of_a_turn() -> None:
    assert [fold.title for fold in folds([TextReply("x"), ITEM, RESULT])] == [
        "Vad menas med frågan?",
        "Vad betyder nivåerna?",
    ]
    assert "  ?4  Vad menas med frågan?" in shown(ITEM, first_fold=4).splitlines()


def test_lines_and_notices_are_shown_as_they_are() -> None:
    change = button("Ändra", "ändra fråga 4")
    assert shown(DoneReply("✓ Fråga 4: Delvis", (change,), "m1")) == "✓ Fråga 4: Delvis"
    assert shown(NoticeReply("Omgången är stängd.")) == "Omgången är stängd."
    assert shown(FileReply("svar.csv", "text/csv", b"", "Dina svar.", "k")) == "Dina svar."


@pytest.mark.parametrize(
    "card",
    [
        ITEM,
        BACKGROUND,
        PENDING,
        CardReply("x", (Buttons((button("Ändra", "ändra fråga 4"),)),)),
        CardReply("x", (Buttons((button("4. Delvis"),)),)),
        CardReply("x", (Fold("Visa", (Line("x"),)), Buttons((button("Ja"),)))),
    ],
)
def test_a_number_that_means_something_to_a_card_is_not_the_terminals(card: CardReply) -> None:
    assert not by_number([TextReply("Svar", ("Och ekonomin?",)), card])
    assert offers([TextReply("Svar", ("Och ekonomin?",)), card]) == [("Och ekonomin?", None)]


def test_buttons_that_say_nothing_else_to_write_can_be_chosen_by_number() -> None:
    assert by_number([RESULT])
    assert offers([RESULT]) == [
        ("Mina svar som fil", Action("check.do", {"item": "x"})),
        ("Radera mina svar", Action("check.do", {})),
    ]


def test_a_card_as_json_has_all_of_it() -> None:
    blocks: tuple[Block, ...] = (
        Line("Rad", Look.HEADING),
        Table("Tabell", ("A",), (("1",),)),
        Gauge("Styrning", 42.0, "42 av 100"),
        Buttons((button("4. Delvis", "4", code="4"),), stacked=True),
        Field("f", "Fält", "Tips", "Värde", multiline=False, limit=7),
        Select("s", "Val", (("a", "Ett"),), ("a",), many=True, required=True),
        Fold("Visa", (Line("Dolt"),)),
    )
    assert reply_data(CardReply("Kort", blocks, "check.item.4"), TEXTS, "sv") == {
        "type": "card",
        "summary": "Kort",
        "key": "check.item.4",
        "blocks": [
            {"type": "line", "text": "Rad", "look": "heading"},
            {"type": "table", "caption": "Tabell", "head": ["A"], "rows": [["1"]]},
            {"type": "gauge", "label": "Styrning", "percent": 42.0, "told": "42 av 100"},
            {
                "type": "buttons",
                "stacked": True,
                "buttons": [
                    {"title": "4. Delvis", "typed": "4", "main": False, "verb": "check.do", "data": {"code": "4"}}
                ],
            },
            {
                "type": "field",
                "id": "f",
                "label": "Fält",
                "hint": "Tips",
                "value": "Värde",
                "multiline": False,
                "limit": 7,
            },
            {
                "type": "select",
                "id": "s",
                "label": "Val",
                "options": [{"value": "a", "title": "Ett"}],
                "chosen": ["a"],
                "many": True,
                "required": True,
            },
            {
                "type": "fold",
                "title": "Visa",
                "blocks": [{"type": "line", "text": "Dolt", "look": "plain"}],
            },
        ],
    }


def test_lines_notices_and_files_as_json() -> None:
    change = {"title": "Ändra", "typed": "ändra fråga 4", "main": False, "verb": "check.do", "data": {}}
    done = DoneReply("✓ Fråga 4", (button("Ändra", "ändra fråga 4"),), "m1")
    assert reply_data(done, TEXTS, "sv") == {
        "type": "done",
        "text": "✓ Fråga 4",
        "buttons": [change],
        "message": "m1",
    }
    assert reply_data(NoticeReply("Stängd."), TEXTS, "sv") == {"type": "notice", "text": "Stängd."}
    file = FileReply("svar.csv", "text/csv", "\ufeffFråga;Svar\r\n".encode(), "Dina svar.", "k")
    assert reply_data(file, TEXTS, "sv") == {
        "type": "file",
        "name": "svar.csv",
        "media_type": "text/csv",
        "description": "Dina svar.",
        "content": "Fråga;Svar\r\n",
    }


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
    menu = MenuReply("Hjälp", "Välj", (Button("Ämne", Action("ask", {"question": "Vad?"})),))
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
    menu = MenuReply("Hjälp", "Välj", (Button("Ämne", Action("ask", {"question": "Vad?"})),))
    answer = AnswerReply("id", answered())
    replies: list[Reply] = [answer, TextReply("Hej"), menu, DoneReply("x"), FigureReply(FIGURE, "Figur 3")]
    replies += [ITEM, BACKGROUND, RESULT, NoticeReply("x"), FileReply("a.csv", "text/csv", b"a", "b", "c")]
    for reply in replies:
        assert json.loads(json.dumps(reply_data(reply, TEXTS, "sv")))["type"]


def test_tables_align_numbers_to_the_right_and_have_no_trailing_spaces() -> None:
    assert table(("Fil", "Stycken", "Not"), [("a.md", 12, ""), ("längre.md", 3, "x")]) == [
        "Fil        Stycken  Not",
        "a.md            12",
        "längre.md        3  x",
    ]
