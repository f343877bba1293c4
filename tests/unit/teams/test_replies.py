"""The JSON of every kind of reply, whole."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.conversation.card import Button, DoneReply
from bot.conversation.replies import AnswerReply, FigureReply, MenuReply, Reply, TextReply
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Scope
from bot.teams.sending.replies import Renderer
from bot.web.figures import Addresses
from knowledge.model import Answer, Bar, Citation, Figure, Status, Unit
from tests.fakes.teams import source

RENDERER = Renderer(Texts.load())
QUOTE = "17 procent saknar portföljstyrning helt."
NOTE = "Obs: siffran 2 procent är troligen ett tryckfel."
SUGGESTIONS = ("Och projektstyrning?", "Vad hjälper?", "Och ekonomin?", "Och juridiken?")
FIGURE = Figure(
    "3",
    "Hur etablerad är portföljstyrningen?",
    Unit.RESPONDENT,
    (Bar("Finns inte", 17.0), Bar("Delvis *etablerad*", 5.5), Bar("Väl fungerande", 0.0), Bar("Vet ej", None)),
)
SHARES = "Finns inte: 17 %; Delvis *etablerad*: 5,5 %; Väl fungerande: 0 %; Vet ej: anges inte i källan."


def answer(**changes: Any) -> Answer:
    cited = source(
        title="Status för digitalisering i Fyrbodals kommuner",
        headings=("3.2.2 Kommunernas förutsättningar för styrning av digitalisering", "Portföljstyrning"),
    )
    whole = Answer(
        question="hur många har portföljstyrning",
        status=Status.ANSWERED,
        language="sv",
        text=f"”{QUOTE}” [2]",
        citations=(Citation(2, cited, QUOTE, "https://www.fyrbodal.se/rapport"),),
        notes=(NOTE,),
    )
    return replace(whole, **changes)


def payloads(*replies: Reply, scope: Scope = Scope.PERSONAL, language: str = "sv") -> list[dict[str, Any]]:
    return [rendered.payload for rendered in RENDERER.render(replies, scope, language)]


def utf16(payload: dict[str, Any]) -> int:
    return len(json.dumps(payload, ensure_ascii=False).encode("utf-16-le"))


def run(text: str, **look: Any) -> dict[str, Any]:
    return {"type": "TextRun", "text": text, **look}


def line(text: str, spacing: str = "Default", **look: Any) -> dict[str, Any]:
    return {"type": "RichTextBlock", "spacing": spacing, "inlines": [run(text, **look)]}


def test_an_answer_on_the_wire() -> None:
    reply = AnswerReply("svar-1", answer(), lead="Så här står det i rapporten:", suggestions=SUGGESTIONS)
    [rendered] = RENDERER.render([reply], Scope.PERSONAL, "en")
    assert rendered.answer == "svar-1"
    assert rendered.payload == {
        "type": "message",
        "textFormat": "markdown",
        "text": f"Så här står det i rapporten:\n\n”{QUOTE}” [1]\n\n{NOTE}",
        "entities": [
            {
                "type": "https://schema.org/Message",
                "@type": "Message",
                "@context": "https://schema.org",
                "additionalType": ["AIGeneratedContent"],
                "citation": [
                    {
                        "@type": "Claim",
                        "position": 1,
                        "appearance": {
                            "@type": "DigitalDocument",
                            "name": (
                                "Status för digitalisering i Fyrbodals kommuner, 3.2.2 Portföljstyrning, "
                                "s. 28\N{EN DASH}29"
                            ),
                            "abstract": QUOTE,
                            "url": "https://www.fyrbodal.se/rapport",
                        },
                    }
                ],
            }
        ],
        "channelData": {"feedbackLoop": {"type": "default"}},
    }


def test_a_refusal_is_labelled_and_can_be_rated_but_cites_nothing() -> None:
    refused = answer(status=Status.REFUSED, text="Det framgår inte av mitt underlag.", citations=(), notes=())
    [payload] = payloads(AnswerReply("svar-2", refused, suggestions=SUGGESTIONS))
    assert payload["text"] == "Det framgår inte av mitt underlag."
    assert payload["suggestedActions"] == {
        "actions": [{"type": "imBack", "title": each, "value": each} for each in SUGGESTIONS[:3]],
    }
    assert "citation" not in payload["entities"][0]
    assert payload["channelData"] == {"feedbackLoop": {"type": "default"}}


def test_an_english_answer_names_its_pages_in_english() -> None:
    [payload] = payloads(AnswerReply("a", answer(language="en")))
    assert payload["entities"][0]["citation"][0]["appearance"]["name"].endswith("p. 28\N{EN DASH}29")


def test_quotes_cannot_act() -> None:
    hostile = "<at>Alla</at> [klicka](https://ond.example) ![x](https://ond.example/p) **fet** [2]"
    [payload] = payloads(AnswerReply("a", answer(text=hostile, notes=("[1]: https://ond.example",))))
    assert payload["text"] == (
        "&lt;at>Alla&lt;/at> \\[klicka\\](https\\[:\\]//ond\\[.\\]example) "
        "!\\[x\\](https\\[:\\]//ond\\[.\\]example/p) \\*\\*fet\\*\\* [1]"
        "\n\n\\[1\\]: https\\[:\\]//ond\\[.\\]example"
    )


def test_a_text_on_the_wire() -> None:
    assert payloads(TextReply("Hej.\n- ett\n- två", ("Vad kräver NIS 2?",))) == [
        {
            "type": "message",
            "textFormat": "markdown",
            "text": "Hej.\n\n- ett\n- två",
            "suggestedActions": {
                "actions": [{"type": "imBack", "title": "Vad kräver NIS 2?", "value": "Vad kräver NIS 2?"}]
            },
        }
    ]


@pytest.mark.parametrize("scope", [Scope.GROUP, Scope.CHANNEL])
def test_suggestions_are_for_one_to_one_chats(scope: Scope) -> None:
    [payload] = payloads(TextReply("Hej", SUGGESTIONS), scope=scope)
    assert "suggestedActions" not in payload


def test_suggestions_stand_on_the_last_message_only() -> None:
    first, second = payloads(TextReply("Ett", ("a",)), TextReply("Två"))
    assert "suggestedActions" not in first
    assert [each["value"] for each in second["suggestedActions"]["actions"]] == ["a"]


def test_a_figure_on_the_wire_with_the_answers_suggestions_as_buttons() -> None:
    replies = (
        AnswerReply("a", answer(), suggestions=("Och projektstyrning?",)),
        FigureReply(FIGURE, "Figur 3", (NOTE,)),
    )
    message, picture = payloads(*replies, language="en")
    told = f"Figur 3 {SHARES} {NOTE}"
    assert "suggestedActions" not in message
    assert picture["summary"] == "Figur 3"
    [attachment] = picture["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["content"] == {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": told,
        "speak": told,
        "body": [
            line("Figur 3", weight="Bolder"),
            bar("Finns inte", "17 %", 17.0, (170, "accent"), (830, "emphasis")),
            bar("Delvis *etablerad*", "5,5 %", 5.5, (55, "accent"), (945, "emphasis")),
            bar("Väl fungerande", "0 %", 0.0, (1000, "emphasis")),
            row("Vet ej", "anges inte i källan", isSubtle=True),
            line(NOTE, spacing="Medium", isSubtle=True),
        ],
        "actions": [
            {
                "type": "Action.Submit",
                "title": "Och projektstyrning?",
                "data": {"say": "Och projektstyrning?"},
            }
        ],
    }


def test_with_a_picture_the_bars_are_in_it_and_a_table_stands_below() -> None:
    asked: list[tuple[Figure, str]] = []

    def pictures(figure: Figure, language: str) -> Addresses:
        asked.append((figure, language))
        return Addresses("https://fyren.example.se/light.png", "https://fyren.example.se/dark.png")

    [rendered] = Renderer(Texts.load(), pictures).render([FigureReply(FIGURE, "Figur 3")], Scope.GROUP, "sv")
    card = rendered.payload["attachments"][0]["content"]
    assert asked == [(FIGURE, "sv")]
    assert card["body"] == [
        line("Figur 3", weight="Bolder"),
        {
            "type": "Image",
            "url": "https://fyren.example.se/light.png",
            "themedUrls": [
                {"theme": "Light", "url": "https://fyren.example.se/light.png"},
                {"theme": "Dark", "url": "https://fyren.example.se/dark.png"},
            ],
            "altText": f"Stapeldiagram. Figur 3 {SHARES}",
            "size": "Stretch",
            "msTeams": {"allowExpand": True},
        },
        row("Finns inte", "17 %"),
        row("Delvis *etablerad*", "5,5 %"),
        row("Väl fungerande", "0 %"),
        row("Vet ej", "anges inte i källan", isSubtle=True),
    ]
    assert card["speak"] == f"Figur 3 {SHARES}"


def test_where_there_is_no_picture_of_a_figure_it_has_bars() -> None:
    reply = FigureReply(FIGURE, "Figur 3")
    [without] = Renderer(Texts.load(), lambda figure, language: None).render([reply], Scope.GROUP, "sv")
    assert [without.payload] == payloads(reply)


def row(label: str, share: str, **look: Any) -> dict[str, Any]:
    return {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {"type": "Column", "width": "stretch", "items": [line(label)]},
            {"type": "Column", "width": "auto", "items": [line(share, **(look or {"weight": "Bolder"}))]},
        ],
    }


def bar(label: str, share: str, percent: float, *columns: tuple[int, str]) -> dict[str, Any]:
    fallback = {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {"type": "Column", "width": width, "style": style, "minHeight": "12px", "spacing": "None", "items": []}
            for width, style in columns
        ],
    }
    drawn = {"type": "ProgressBar", "spacing": "Small", "value": percent, "max": 100, "fallback": fallback}
    return {"type": "Container", "spacing": "Small", "items": [row(label, share), drawn]}


def test_figures_are_spelled_in_the_readers_language() -> None:
    [card] = payloads(FigureReply(FIGURE, "Figure 3"), language="en")
    assert "5.5%" in card["attachments"][0]["content"]["fallbackText"]
    assert "not stated" in card["attachments"][0]["content"]["fallbackText"]


def test_a_menu_on_the_wire() -> None:
    ask = Action("ask", {"question": "Vad är NIS 2?"})
    data = {"question": "Vad är NIS 2?"}
    assert payloads(MenuReply("Ämnen", "Välj ett.\nEller skriv.", (Button("NIS 2", ask),))) == [
        {
            "type": "message",
            "summary": "Ämnen",
            "attachments": [
                {
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "content": {
                        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                        "type": "AdaptiveCard",
                        "version": "1.5",
                        "fallbackText": "Ämnen. Välj ett.\nEller skriv.",
                        "body": [
                            line("Ämnen", weight="Bolder"),
                            line("Välj ett."),
                            line("Eller skriv.", spacing="Small"),
                        ],
                        "actions": [
                            {
                                "type": "Action.Execute",
                                "title": "NIS 2",
                                "verb": "ask",
                                "data": data,
                                "fallback": {
                                    "type": "Action.Submit",
                                    "title": "NIS 2",
                                    "data": {"verb": "ask", "data": data},
                                },
                            }
                        ],
                    },
                }
            ],
        }
    ]


def test_all_buttons_of_a_long_menu_are_in_sight() -> None:
    choices = tuple(Button(f"Val {n}", Action("pick", {"n": str(n)})) for n in range(14))
    [payload] = payloads(MenuReply("Välj", "", choices))
    card = payload["attachments"][0]["content"]
    rows = [block["actions"] for block in card["body"] if block["type"] == "ActionSet"]
    assert "actions" not in card
    assert [len(row) for row in rows] == [6, 6, 2]


def test_a_done_line_on_the_wire() -> None:
    [payload] = payloads(DoneReply("Du frågade: Vad är NIS 2?"))
    assert payload["attachments"][0]["content"]["body"] == [line("Du frågade: Vad är NIS 2?")]


def test_a18_a_long_answer_is_cut_between_words_and_says_so() -> None:
    [payload] = payloads(AnswerReply("a", answer(text="Ett långt svar med många ord 💡. " * 10_000)))
    assert utf16(payload) < 80 * 1024
    text, _, ending = payload["text"].rpartition("\n\n")
    assert text.endswith("…")
    assert ending == "Svaret är avkortat, eftersom Teams inte tar emot längre meddelanden."


def test_the_largest_answer_and_figure_stay_below_the_limit() -> None:
    cited = source(title="T" * 300, headings=("H" * 300,), text="ord " * 500)
    citations = tuple(Citation(n, cited, "ord " * 200, f"https://fyrbodal.se/{n}") for n in range(1, 26))
    bars = tuple(Bar("Etikett " * 60, 12.5) for _ in range(60))
    replies = (
        AnswerReply("a", answer(text="ord " * 20_000, citations=citations, notes=("obs " * 3000,) * 9)),
        FigureReply(replace(FIGURE, bars=bars), "Bild " * 500, ("obs " * 3000,) * 9),
        MenuReply("Titel " * 500, "rad\n" * 500, tuple(Button(str(n), Action("v", {})) for n in range(30))),
    )
    for payload in payloads(*replies):
        assert utf16(payload) < 80 * 1024
