"""Answers that grow in the terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cli.console import Console
from bot.cli.growing import GrowingAnswer
from bot.conversation.replies import AnswerReply, TextReply
from bot.conversation.texts import Texts
from knowledge.composing.ports import Reading, Searching, Written
from tests.fakes.advice import answered


def test_sentences_come_once_and_what_is_left_comes_with_the_sources(capsys: pytest.CaptureFixture[str]) -> None:
    growing = GrowingAnswer(Console(Texts.load(), json=False))
    for advance in (Searching(), Reading(1), Reading(6), Written("Ett [1]."), Written("Ett [1]. Två [2].")):
        growing.tell(advance)
    said = capsys.readouterr()
    assert said.out == "\nEtt [1].\nTvå [2].\n"
    assert said.err.splitlines() == [
        "Söker i underlaget …",
        "Läser ett stycke i underlaget …",
        "Läser 6 stycken i underlaget …",
    ]
    whole = AnswerReply("a", replace(answered(), text="Ett [1]. Två [2]. Tre [3]."))
    [rest, beside] = growing.rest([whole, TextReply("Bredvid")])
    assert isinstance(rest, AnswerReply)
    assert rest.answer.text == "Tre [3]."
    assert beside == TextReply("Bredvid")


def test_an_answer_that_became_another_one_is_shown_whole() -> None:
    growing = GrowingAnswer(Console(Texts.load(), json=False))
    growing.tell(Written("Ett [1]."))
    other = AnswerReply("a", replace(answered(), text="Något annat."))
    assert growing.rest([other]) == [other]
