"""Cards of any size stay within what Teams takes, and can still be pressed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.card import (
    Block,
    Button,
    Buttons,
    CardReply,
    Field,
    Fold,
    Gauge,
    Line,
    Look,
    Select,
    Table,
)
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Scope
from bot.teams.cards.card_size import fitted_card
from bot.teams.sending.replies import Renderer

TEXTS = Texts.load()
CUT = "Svaret är avkortat, eftersom Teams inte tar emot längre meddelanden."
LIMIT = 80 * 1024
SEND = Buttons((Button("Skicka", Action("send", {"draft": "d"})),))


def shown(*blocks: Block, summary: str = "Kort") -> list[dict[str, Any]]:
    body: list[dict[str, Any]] = fitted_card(CardReply(summary, blocks), TEXTS, "sv")["body"]
    return body


def size(*blocks: Block, summary: str = "Kort") -> int:
    [rendered] = Renderer(TEXTS).render([CardReply(summary, blocks)], Scope.PERSONAL, "sv")
    return len(json.dumps(rendered.payload, ensure_ascii=False).encode("utf-16-le"))


def words(element: dict[str, Any]) -> str:
    text: str = element["inlines"][0]["text"]
    return text


def kinds(elements: Sequence[dict[str, Any]]) -> list[str]:
    return [element["type"] for element in elements]


def test_a18_a_long_text_is_cut_between_words_and_says_so_above_the_buttons() -> None:
    body = shown(Line("Rubrik", Look.HEADING), Line('Ett "långt" ord 💡 ' * 20_000), Line("Slutet"), SEND)
    assert kinds(body) == ["TextBlock", "RichTextBlock", "RichTextBlock", "ActionSet"]
    assert words(body[1]).endswith(("Ett…", '"långt"…', "ord…", "💡…"))
    assert len(words(body[1])) > 10_000
    assert words(body[2]) == CUT
    assert size(Line('Ett "långt" ord 💡 ' * 20_000), SEND) < LIMIT


def test_a18_a_long_table_keeps_its_head_and_first_rows() -> None:
    table = Table("Svar", ("Nr", "Svar"), tuple((str(n), "Delvis etablerad") for n in range(5_000)))
    caption, cut, note, send = shown(table, SEND)
    assert words(caption) == "Svar"
    assert cut["rows"][0]["cells"][1]["items"][0]["inlines"][0]["text"] == "Svar"
    assert 50 < len(cut["rows"]) < 1_000
    assert (words(note), send["type"]) == (CUT, "ActionSet")
    assert size(table, SEND) < LIMIT


def test_a18_a_long_fold_is_cut_inside() -> None:
    fold = Fold("Visa allt", (Line("Först"), *(Line("ord " * 50) for _ in range(5_000))))
    toggle, note, _ = shown(fold, SEND)
    hidden = toggle["actions"][0]["card"]["body"]
    assert words(hidden[0]) == "Först"
    assert 20 < len(hidden) < 1_000
    assert words(note) == CUT


def test_what_can_be_filled_in_outlasts_what_is_told() -> None:
    comment = Field("comment", "Kommentar")
    body = shown(
        Line("ord " * 50_000), Gauge("Styrning", 42.0, "42"), comment, Select("s", "Välj", (("a", "A"),)), SEND
    )
    assert kinds(body) == [
        "RichTextBlock",
        "RichTextBlock",
        "Input.Text",
        "Input.ChoiceSet",
        "ActionSet",
    ]


def test_a_card_that_fits_is_left_alone() -> None:
    assert CUT not in json.dumps(shown(Line("ord " * 2_000), SEND), ensure_ascii=False)


def test_a_value_without_end_still_makes_a_card() -> None:
    assert size(Field("f", "Fält", value="å" * 200_000), SEND) < LIMIT


LONG = st.integers(0, 400).map(lambda count: 'ord "å" 💡\n' * count)
BLOCKS = st.one_of(
    LONG.map(Line),
    LONG.map(lambda text: Line(text, Look.HEADING)),
    LONG.map(lambda text: Fold("Visa", (Line(text), Line(text)))),
    LONG.map(lambda text: Table("Tabell", ("A", "B"), ((text, text),) * 7)),
    LONG.map(lambda text: Gauge(text or "x", 50.0, "50")),
    LONG.map(lambda text: Field("f", "Fält", text, text)),
    LONG.map(lambda text: Select("s", "Val", tuple((str(n), f"{n}{text}") for n in range(40)), missing=text)),
    LONG.map(lambda text: Buttons(tuple(Button(f"{n} {text}", Action("v", {"k": text})) for n in range(9)))),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(BLOCKS, max_size=12), LONG)
def test_a18_no_card_is_too_large(blocks: list[Block], summary: str) -> None:
    assert size(*blocks, summary=summary or "Kort") < LIMIT
