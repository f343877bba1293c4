"""The JSON of cards in blocks: one whole, and every kind of block by itself."""

from __future__ import annotations

from typing import Any

import pytest

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
from bot.conversation.replies import Reply
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Scope
from bot.teams.sending.replies import Rendered, Renderer

RENDERER = Renderer(Texts.load())


def rendered(reply: Reply) -> Rendered:
    [only] = RENDERER.render([reply], Scope.PERSONAL, "sv")
    return only


def content(reply: Reply) -> dict[str, Any]:
    [attachment] = rendered(reply).payload["attachments"]
    card: dict[str, Any] = attachment["content"]
    return card


def body(*blocks: Block) -> Any:
    return content(CardReply("Kort", blocks))["body"]


def text(words: str, **look: Any) -> dict[str, Any]:
    spacing = look.pop("spacing", "Default")
    return {"type": "RichTextBlock", "spacing": spacing, "inlines": [{"type": "TextRun", "text": words, **look}]}


def heading(words: str) -> dict[str, Any]:
    return {
        "type": "TextBlock",
        "style": "heading",
        "size": "Medium",
        "weight": "Bolder",
        "wrap": True,
        "text": words,
    }


def answer(number: int, label: str, *, main: bool = False) -> Button:
    return Button(
        f"{number}. {label}", Action("check.answer", {"item": "p", "code": str(number)}), main=main, typed=str(number)
    )


def execute(number: int, label: str, **look: str) -> dict[str, Any]:
    title, data = f"{number}. {label}", {"item": "p", "code": str(number)}
    fallback = {"type": "Action.Submit", "title": title, **look, "data": {"verb": "check.answer", "data": data}}
    return {
        "type": "Action.Execute",
        "title": title,
        **look,
        "verb": "check.answer",
        "data": data,
        "fallback": fallback,
    }


def unfolding(title: str, hidden: str) -> dict[str, Any]:
    return {
        "type": "Action.ShowCard",
        "title": title,
        "card": {"type": "AdaptiveCard", "body": [text(hidden)]},
    }


def test_a_line_that_leads_to_a_page_says_where_it_leads() -> None:
    address = "https://fyren.example.se/questions/1"
    leads = {"selectAction": {"type": "Action.OpenUrl", "url": address}}
    assert body(Line(f"Svara här: {address}", address=address)) == [text(f"Svara här: {address}", **leads)]


def test_a_card_on_the_wire() -> None:
    reply = CardReply(
        "Fråga 4 av 11, Styrning. Hur väl etablerad?",
        (
            Line("Fråga 4 av 11 · Styrning", Look.SUBTLE),
            Line("Hur väl etablerad?", Look.HEADING),
            Buttons((answer(1, "Saknas"), answer(2, "Delvis")), stacked=True),
            Fold("Vad menas med frågan?", (Line("Att välja."),)),
            Fold("Vad betyder nivåerna?", (Line("1. Saknas: finns inte."),)),
            Field("comment", "Kommentar", "Skriv inte namn."),
        ),
        "check.item.4",
    )
    sent = rendered(reply)
    assert sent.key == "check.item.4"
    assert sent.answer is None
    told = (
        "Fråga 4 av 11, Styrning. Hur väl etablerad? Fråga 4 av 11 · Styrning. 1. Saknas; 2. Delvis. "
        "Vad menas med frågan? Vad betyder nivåerna? Kommentar."
    )
    assert sent.payload == {
        "type": "message",
        "summary": "Fråga 4 av 11, Styrning. Hur väl etablerad?",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "content": {
                    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                    "type": "AdaptiveCard",
                    "version": "1.5",
                    "fallbackText": told,
                    "speak": "Fråga 4 av 11, Styrning. Hur väl etablerad?",
                    "body": [
                        text("Fråga 4 av 11 · Styrning", isSubtle=True),
                        heading("Hur väl etablerad?"),
                        {"type": "ActionSet", "actions": [execute(1, "Saknas")]},
                        {"type": "ActionSet", "actions": [execute(2, "Delvis")]},
                        {
                            "type": "ActionSet",
                            "actions": [
                                unfolding("Vad menas med frågan?", "Att välja."),
                                unfolding("Vad betyder nivåerna?", "1. Saknas: finns inte."),
                            ],
                        },
                        {
                            "type": "Input.Text",
                            "id": "comment",
                            "label": "Kommentar",
                            "isMultiline": True,
                            "placeholder": "Skriv inte namn.",
                        },
                    ],
                },
            }
        ],
    }


def test_lines_keep_their_breaks_and_stand_out_as_asked() -> None:
    assert body(Line("ett\n\ntvå"), Line("tre", Look.STRONG), Line("fyra", Look.SUBTLE)) == [
        text("ett"),
        text("två", spacing="Small"),
        text("tre", weight="Bolder"),
        text("fyra", isSubtle=True),
    ]


def test_long_lines_are_whole() -> None:
    [shown] = body(Line("ord " * 400))
    assert len(shown["inlines"][0]["text"]) == 1599


@pytest.mark.parametrize(
    "words", ["*Fet* fråga", "4. Fråga", "[länk](https://ond.example)", "# Rubrik", "<at>Alla</at>", "{{DATE(2026)}}"]
)
def test_a_heading_that_would_act_is_shown_letter_by_letter(words: str) -> None:
    assert body(Line(words, Look.HEADING)) == [text(words, weight="Bolder", size="Medium")]


def test_a_table_has_a_caption_and_a_head_and_room_for_its_longest_cells() -> None:
    table = Table("Dina svar", ("Nr", "Svar"), (("1", "Vet ej *alls*"), ("2", "")))
    assert body(table) == [
        text("Dina svar", weight="Bolder"),
        {
            "type": "Table",
            "spacing": "Small",
            "firstRowAsHeaders": True,
            "columns": [{"width": 6}, {"width": 13}],
            "rows": [
                row([text("Nr", weight="Bolder")], [text("Svar", weight="Bolder")]),
                row([text("1")], [text("Vet ej *alls*")]),
                row([text("2")], []),
            ],
        },
    ]
    [_, wide] = body(Table("x", ("a", "b"), (("1", "ord " * 90),)))
    assert wide["columns"] == [{"width": 6}, {"width": 30}]


def row(*cells: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "TableRow", "cells": [{"type": "TableCell", "items": cell} for cell in cells]}


def test_a_gauge_tells_its_value_in_words_beside_its_bar() -> None:
    [drawn, bare] = body(Gauge("Styrning", 42.0, "42 av 100"), Gauge("Ekonomi", None, "för få svar"))
    label, bar = drawn["items"]
    assert [column["items"] for column in label["columns"]] == [
        [text("Styrning")],
        [text("42 av 100", weight="Bolder")],
    ]
    assert (bar["type"], bar["value"], bar["max"]) == ("ProgressBar", 42.0, 100)
    assert [column["width"] for column in bar["fallback"]["columns"]] == [420, 580]
    assert [column["items"] for column in bare["columns"]] == [[text("Ekonomi")], [text("för få svar", isSubtle=True)]]


def test_buttons_stand_six_in_a_row_or_each_by_itself() -> None:
    buttons = tuple(answer(number, "x") for number in range(1, 9))
    assert [len(row["actions"]) for row in body(Buttons(buttons))] == [6, 2]
    assert [len(row["actions"]) for row in body(Buttons(buttons, stacked=True))] == [1] * 8


def test_the_main_button_is_marked_in_clients_of_either_kind() -> None:
    assert body(Buttons((answer(1, "x", main=True),))) == [
        {"type": "ActionSet", "actions": [execute(1, "x", style="positive")]}
    ]


def test_a_field_shows_what_it_holds_and_cuts_nothing_that_is_written() -> None:
    [field] = body(Field("words", "Ditt svar", value="Redan skrivet", multiline=False, limit=10))
    assert field == {
        "type": "Input.Text",
        "id": "words",
        "label": "Ditt svar",
        "isMultiline": False,
        "value": "Redan skrivet",
    }


def test_a_list_to_choose_from_on_the_wire() -> None:
    select = Select(
        "organisation",
        "Kommun",
        (("a", "Ale"), ("b", "Bengtsfors")),
        chosen=("b",),
        compact=True,
        required=True,
        missing="Välj kommun.",
    )
    assert body(select) == [
        {
            "type": "Input.ChoiceSet",
            "id": "organisation",
            "label": "Kommun",
            "style": "compact",
            "isMultiSelect": False,
            "wrap": True,
            "choices": [{"title": "Ale", "value": "a"}, {"title": "Bengtsfors", "value": "b"}],
            "placeholder": "Välj kommun.",
            "value": "b",
            "isRequired": True,
            "errorMessage": "Välj kommun.",
        }
    ]


def test_several_choices_are_joined_and_numbered_ones_are_no_markdown_list() -> None:
    select = Select("roles", "Roll", (("it", "1. IT-nära"), ("v", "Verksamhet 2. steget")), ("it", "v"), many=True)
    [shown] = body(select)
    assert (shown["style"], shown["isMultiSelect"], shown["value"]) == ("expanded", True, "it,v")
    assert [choice["title"] for choice in shown["choices"]] == ["1.\N{NO-BREAK SPACE}IT-nära", "Verksamhet 2. steget"]
    assert {"placeholder", "isRequired"}.isdisjoint(shown)


def test_every_input_has_a_label_and_every_card_its_text_alternative() -> None:
    blocks: tuple[Block, ...] = (
        Line("Rubrik", Look.HEADING),
        Table("Tabell", ("A", "B"), (("1", "2"),)),
        Gauge("Styrning", 42.0, "42 av 100"),
        Select("s", "Välj", (("a", "Ett"), ("b", "Två"))),
        Field("f", "Skriv"),
        Fold("Visa", (Line("Dolt"),)),
    )
    card = content(CardReply("Kort om allt", blocks))
    inputs = [each for each in card["body"] if each["type"].startswith("Input.")]
    assert [each["label"] for each in inputs] == ["Välj", "Skriv"]
    assert card["speak"] == "Kort om allt"
    told = "Kort om allt. Rubrik. Tabell. A: 1; B: 2. Styrning: 42 av 100. Välj: Ett, Två. Skriv. Visa."
    assert card["fallbackText"] == told


def test_what_a_card_becomes_has_its_way_back() -> None:
    change = Button("Ändra", Action("check.show", {"item": "p"}), typed="ändra fråga 4")
    reply = DoneReply("✓ Fråga 4 · Portföljstyrning: Delvis", (change,))
    card = content(reply)
    assert card["body"] == [text("✓ Fråga 4 · Portföljstyrning: Delvis")]
    assert [(action["title"], action["verb"]) for action in card["actions"]] == [("Ändra", "check.show")]
    assert rendered(reply).payload["summary"] == "✓ Fråga 4 · Portföljstyrning: Delvis"


def test_a_notice_is_a_plain_message() -> None:
    assert rendered(NoticeReply("Omgången är *stängd*.")).payload == {
        "type": "message",
        "textFormat": "markdown",
        "text": "Omgången är \\*stängd\\*.",
    }


def test_a_file_asks_first_whether_it_is_wanted() -> None:
    reply = FileReply("mina-svar.csv", "text/csv", "å;ä".encode(), "Dina svar i 2026:1.", "check.file:7")
    assert rendered(reply).payload == {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.teams.card.file.consent",
                "name": "mina-svar.csv",
                "content": {
                    "description": "Dina svar i 2026:1.",
                    "sizeInBytes": 5,
                    "acceptContext": {"key": "check.file:7"},
                    "declineContext": {"key": "check.file:7"},
                },
            }
        ],
    }
