"""A person meets Fyren in Teams: is welcomed, asks, checks a source, rates the answer, and presses a card's button."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from bot.conversation.texts import LANGUAGES, Texts
from tests.e2e.chat import PATIENCE, Chat
from tests.e2e.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

TEXTS = Texts.load()
THUMBS = """
SELECT liked, comment, question, answers.answer AS text, generation
FROM feedback JOIN answers ON answers.id = feedback.answer
"""
QUESTION = "Hur många har väl fungerande portföljstyrning?"


async def test_welcome_appears_once_with_starters_that_answer(chat: Chat) -> None:
    await expect(chat.messages()).to_have_count(1, timeout=PATIENCE)
    welcome = chat.messages().first
    # The client tells its language with one of two events, whichever comes first.
    told = {language: TEXTS.say("welcome.text", language) for language in LANGUAGES}
    said = " ".join((await welcome.inner_text()).split())
    language = next(each for each in LANGUAGES if " ".join(told[each].split()) in said)
    starters = TEXTS.lines("welcome.starters", language)
    for starter in starters:
        await expect(chat.button(starter)).to_be_visible()

    await chat.button(starters[0]).click()

    await expect(chat.said(starters[0])).to_be_visible(timeout=PATIENCE)
    await chat.answer()


async def test_typed_question_gets_its_cited_answer(chat: Chat, running: Stage) -> None:
    await chat.write(QUESTION)

    answer = await chat.answer()
    (stored,) = running.rows("SELECT question, answer, status, citations FROM answers")
    assert (stored["question"], stored["status"]) == (QUESTION, "answered")
    quotes = re.split(r"\s*\[\d+\]\s*|\n+", stored["answer"])
    await expect(answer).to_contain_text(max(quotes, key=len))
    for source in json.loads(stored["citations"]):
        preview = await chat.citation(answer, source["n"])
        if source["pages"]:
            assert f"s. {source['pages'][0]}" in preview


async def test_survey_answer_brings_its_picture_with_a_text_alternative(chat: Chat) -> None:
    await chat.write(QUESTION)

    picture = await chat.picture()

    assert await picture.evaluate("picture => Math.max(picture.naturalWidth, picture.naturalHeight)") == 1000
    address = await picture.get_attribute("src")
    told = await picture.get_attribute("alt") or ""
    assert urlsplit(address).path == "/figures/portfoljstyrning-sv.png"
    assert told.startswith("Stapeldiagram. Figur 3. Hur väl etablerad är portföljstyrning i kommunen?")
    # What the picture shows stands beside it too, bar by bar.
    card = chat.messages().last
    for bar in told.partition("svaren. ")[2].rstrip(".").split("; "):
        label, _, share = bar.partition(": ")
        await expect(card).to_contain_text(label)
        await expect(card).to_contain_text(share)


async def test_thumb_is_stored_with_question_answer_and_generation(chat: Chat, running: Stage) -> None:
    await chat.write(QUESTION)

    await chat.rate(await chat.answer(), "Like", "Precis vad jag behövde")

    (stored,) = running.rows(THUMBS)
    assert (stored["liked"], stored["comment"]) == (1, "Precis vad jag behövde")
    assert stored["question"] == QUESTION
    assert stored["text"]
    assert stored["generation"] == _health(running)["generation"]


async def test_card_action_round_trips(chat: Chat) -> None:
    await chat.write("hjälp")

    await chat.button(TEXTS.say("help.topics.nis2.title", "sv")).click()

    question = TEXTS.say("help.topics.nis2.question", "sv")
    pressed = TEXTS.say("help.pressed", "sv", question=question)
    await expect(chat.messages().filter(has_text=pressed)).to_be_visible(timeout=PATIENCE)
    await expect(chat.button(TEXTS.say("help.topics.ai.title", "sv"))).to_have_count(0)
    await expect(await chat.answer()).to_contain_text("NIS 2")


def _health(running: Stage) -> Any:
    with urllib.request.urlopen(f"{running.bot}/readyz", timeout=5) as response:  # noqa: S310 - this machine
        return json.load(response)
