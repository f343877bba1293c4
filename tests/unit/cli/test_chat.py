"""A conversation in the terminal: what a line means, what is shown, and what becomes of a file."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.cli.chat import TENANT, Terminal
from bot.cli.console import Console
from bot.composition import Parts
from bot.conversation.card import Button, Buttons, CardReply, FileReply, Fold, Line
from bot.conversation.replies import AnswerReply, Reply, TextReply
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Event, Feedback, Message, Sender
from tests.fakes.advice import answered
from tests.fakes.teams import RecordingConversation

TEXTS = Texts.load()
FILE = FileReply("svar.csv", "text/csv", b"a;b", "Dina svar.", "k")
CARD = CardReply(
    "Fråga 4",
    (
        Fold("Vad menas med frågan?", (Line("Att prioritera."),)),
        Buttons((Button("4. Delvis", Action("check.answer", {"code": "3"}), typed="4"),)),
        Fold("Vad betyder nivåerna?", (Line("1. Saknas: finns inte."), Line("2. Delvis: ibland."))),
    ),
    "check.item.4",
)


class Served:
    async def reload(self) -> None:
        return


def terminal(*replies: Reply, as_json: bool = False) -> tuple[Terminal, RecordingConversation]:
    conversation = RecordingConversation(*replies)
    parts = SimpleNamespace(conversation=conversation, knowledge=SimpleNamespace(served=Served()))
    return Terminal(cast(Parts, parts), Console(TEXTS, json=as_json)), conversation


async def taken(terminal: Terminal, conversation: RecordingConversation, *replies: Reply) -> None:
    conversation.replies = replies
    await terminal.take(Message("hej"))


async def test_a_number_is_a_suggestion_until_a_card_with_numbers_of_its_own_is_open() -> None:
    talk, conversation = terminal()
    await taken(talk, conversation, TextReply("Hej", ("Ett?", "Två?", "Tre?", "Fyra?")))
    assert talk.event("4") == Message("Fyra?")
    await taken(talk, conversation, AnswerReply("a", answered(), suggestions=("Och ekonomin?",)), CARD)
    assert talk.event("1") == Message("1")
    assert talk.event("4") == Message("4")
    await taken(talk, conversation, TextReply("Kommentaren är sparad."))
    assert talk.event("4") == Message("4")
    await taken(talk, conversation, TextReply("Pausad.", ("Ett?",)))
    assert talk.event("1") == Message("Ett?")


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("+", Feedback(True)),
        ("- fel år", Feedback(False, "fel år")),
        ("vet ej", Message("vet ej")),
        ("ändra fråga 4", Message("ändra fråga 4")),
    ],
)
def test_other_lines_are_thumbs_and_messages(line: str, event: Event) -> None:
    assert terminal()[0].event(line) == event


async def test_suggestions_beside_such_a_card_have_no_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    talk, conversation = terminal()
    await taken(talk, conversation, TextReply("Svar", ("Och ekonomin?",)), CARD)
    assert capsys.readouterr().out.endswith("\n\n  -  Och ekonomin?\n")


async def test_a_turn_says_where_it_was_taken_and_cards_are_reported_as_shown() -> None:
    talk, conversation = terminal()
    await taken(talk, conversation, AnswerReply("svar-1", answered()), CARD, CardReply("x", (Line("x"),)))
    [turn] = conversation.turns
    assert (turn.sender, turn.mode, turn.pressed) == (Sender(TENANT, TENANT), "terminal", "")
    assert conversation.deliveries == [("svar-1", turn.conversation, turn.activity)]
    assert conversation.cards == [("check.item.4", turn.conversation, turn.activity)]


@pytest.mark.parametrize("line", ["?2", " ?2 ", "vad betyder nivåerna?"])
async def test_what_is_folded_away_unfolds_by_number_or_title(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    talk, conversation = terminal()
    await taken(talk, conversation, CARD)
    capsys.readouterr()
    assert talk.unfold(line)
    assert capsys.readouterr().out == ("\nVad betyder nivåerna?\n\n1. Saknas: finns inte.\n2. Delvis: ibland.\n")


async def test_a_question_mark_unfolds_the_first() -> None:
    talk, conversation = terminal()
    await taken(talk, conversation, CARD)
    assert talk.unfold("?")
    assert talk.unfold("?1")


@pytest.mark.parametrize("line", ["?0", "?3", "??", "4", "", "vad är NIS 2?"])
async def test_other_lines_unfold_nothing(line: str) -> None:
    talk, conversation = terminal()
    assert not talk.unfold("?")
    await taken(talk, conversation, CARD)
    assert not talk.unfold(line)
    await taken(talk, conversation, CardReply("x", (Line("x"),)))
    assert not talk.unfold("?")


async def test_in_json_nothing_is_folded_away(capsys: pytest.CaptureFixture[str]) -> None:
    talk, conversation = terminal(as_json=True)
    await taken(talk, conversation, CARD)
    assert not talk.unfold("?1")
    [card] = lines(capsys)
    assert [block["type"] for block in card["blocks"]] == ["fold", "buttons", "fold"]


def lines(capsys: pytest.CaptureFixture[str]) -> Sequence[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def told(terminal: Terminal, conversation: RecordingConversation, *replies: Reply) -> None:
    """As `taken`, for tests that look into folders, which would hold up an event loop."""
    asyncio.run(taken(terminal, conversation, *replies))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command was started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_is_saved_where_the_command_was_started_and_replaces_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk, conversation = terminal()
    (folder / "svar.csv").write_text("mitt eget")
    told(talk, conversation, FILE)
    told(talk, conversation, FILE)
    assert (folder / "svar.csv").read_text() == "mitt eget"
    assert (folder / "svar-2.csv").read_bytes() == (folder / "svar-3.csv").read_bytes() == b"a;b"
    shown = capsys.readouterr().out
    assert f"Filen är sparad som {folder / 'svar-2.csv'}." in shown
    assert f"Filen är sparad som {folder / 'svar-3.csv'}." in shown


@pytest.mark.parametrize("name", ["../svar.csv", "/svar.csv", "mapp/svar.csv"])
def test_a21_a_name_is_no_path(folder: Path, name: str) -> None:
    talk, conversation = terminal()
    told(talk, conversation, FileReply(name, "text/csv", b"a", "x", "k"))
    assert [path.name for path in folder.iterdir()] == ["svar.csv"]


def test_a_file_that_cannot_be_saved_is_told_and_the_conversation_goes_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk, conversation = terminal()
    told(talk, conversation, FileReply("x" * 300, "text/csv", b"a", "Dina svar.", "k"), TextReply("Mer"))
    shown = capsys.readouterr().out
    assert "gick inte att spara: File name too long" in shown
    assert shown.endswith("\nMer\n")


def test_in_json_a_file_is_in_the_output_and_nowhere_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talk, conversation = terminal(as_json=True)
    told(talk, conversation, FILE)
    assert lines(capsys)[0]["content"] == "a;b"
    assert list(folder.iterdir()) == []
