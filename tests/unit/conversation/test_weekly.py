"""The weekly digest: turned on and off in the federation's channel and nowhere else, and readable as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.replies import TextReply
from bot.conversation.turn import Message, Scope, Sender, Turn
from bot.conversation.weekly import WeeklyFlow
from bot.conversation.weekly_card import digest_card
from bot.reminders.digest import OpenRound
from bot.reminders.model import Channel
from bot.results.model import Count, Participation, Response
from bot.teams.cards.card_size import fitted_card
from bot.teams.sending.replies import Renderer
from tests.fakes.advice import FakeAdvice
from tests.fakes.check_store import MemoryCheckStore
from tests.fakes.check_talk import TEXTS, card_text, conversation, open_round, rules
from tests.fakes.reminders import MemoryDigests

HERE, ELSEWHERE = "the federation's channel", "another channel"
MONDAY = date(2026, 11, 30)


@pytest.fixture
def digests() -> MemoryDigests:
    rules()  # read before the loop runs, as a service does
    return MemoryDigests()


async def said(digests: MemoryDigests, text: str, address: str = HERE) -> str | None:
    flow = WeeklyFlow(TEXTS, digests, lambda given: given == HERE)
    turn = Turn(Message(text), Sender("t", "anna"), "channel", "1", Scope.CHANNEL, address=address)
    replies = await flow.message(text, turn)
    if replies is None:
        return None
    [reply] = replies
    assert isinstance(reply, TextReply)
    return reply.text


async def test_it_is_turned_on_and_off_in_the_channel(digests: MemoryDigests) -> None:
    assert "måndagar klockan 9" in str(await said(digests, "Veckobrev hit!"))
    assert digests.to == Channel(HERE, "sv")
    assert "Mondays at 9" in str(await said(digests, "weekly digest here"))
    assert digests.to == Channel(HERE, "en")
    assert "avstängt" in str(await said(digests, "veckobrev av"))
    assert digests.to is None


async def test_nobody_turns_it_on_or_off_from_elsewhere(digests: MemoryDigests) -> None:
    digests.to = Channel(HERE, "sv")
    for text in ("veckobrev hit", "veckobrev av"):
        assert "FYREN_FEDERATION_CHANNEL" in str(await said(digests, text, ELSEWHERE))
        assert "FYREN_FEDERATION_CHANNEL" in str(await said(digests, text, ""))
    assert digests.to == Channel(HERE, "sv")


async def test_other_words_are_somebody_elses(digests: MemoryDigests) -> None:
    for text in ("vad är ett veckobrev?", "veckobrev", "hej"):
        assert await said(digests, text) is None


async def test_a_lost_store_is_told(digests: MemoryDigests) -> None:
    digests.broken = True
    assert "gick inte att spara" in str(await said(digests, "veckobrev hit"))


async def test_the_conversation_asks_it_first(digests: MemoryDigests) -> None:
    fyren = conversation(MemoryCheckStore(open_round()), FakeAdvice(), digests=digests)
    turn = Turn(Message("veckobrev hit"), Sender("t", "anna"), "c", "1", Scope.CHANNEL, address="c")
    [reply] = await fyren.respond(turn)
    assert isinstance(reply, TextReply)
    assert digests.to == Channel("c", "sv")


TOLD = Participation(
    total=Response(Count(21, 24), 60),
    municipalities={
        "uddevalla": Response(Count(20, 20), 40),
        "sotenas": Response(Count(1, 4), 20),
    },
    shared=Response(Count(0, 0)),
    joint=1,
)


def told(*rounds: OpenRound, language: str = "sv") -> str:
    return card_text(digest_card(rounds, MONDAY, TEXTS, language))


def test_it_tells_who_has_answered_in_numbers_that_point_at_nobody() -> None:
    text = told(OpenRound(open_round(closes=date(2026, 12, 18)), TOLD, 19))
    assert text.splitlines() == [
        "Mognadskollen, vecka 49",
        "Provkollen 2026:1",
        "Dagar kvar: 19. Sista dag att svara: 2026-12-18.",
        "Personer som har svarat: 21–24.",
        "Kommuner som har svarat i grupp: 1.",
        "Personer som har svarat, per kommun",
        *("Kommun", "Har svarat", "Inbjudna"),
        *("Uddevalla", "20", "40"),
        *("Sotenäs", "1–4", "20"),
        *("Gemensam IT-organisation", "0", "–"),
        "Antal från 1 till 4 visas bara som 1–4, så att ingen går att peka ut. Gruppsvar räknas inte bland personerna.",
    ]


def test_what_is_not_known_has_no_column_and_what_has_no_end_no_date() -> None:
    unknown = replace(
        TOLD,
        municipalities={"uddevalla": Response(Count(20, 20))},
        shared=None,
        joint=0,
    )
    text = told(OpenRound(open_round(), unknown, None), OpenRound(open_round(label="2026:2", closes=MONDAY), TOLD, 1))
    assert "Omgången har inget slutdatum." in text
    assert "I dag är sista dagen att svara." in text
    assert text.count("Inbjudna") == 1


def test_it_is_whole_as_a_sentence_in_both_languages_and_small_enough_for_teams() -> None:
    rounds = [OpenRound(open_round(label=f"2026:{number}", closes=date(2026, 12, 18)), TOLD, 19) for number in (1, 2)]
    card = digest_card(rounds, MONDAY, TEXTS, "en")
    assert card.summary == (
        "Weekly digest on the maturity check, week 49. 2026:1: 21–24 people have answered. "
        "2026:2: 21–24 people have answered."
    )
    [rendered] = Renderer(TEXTS).render([card], Scope.CHANNEL, "en")
    shown = rendered.payload["attachments"][0]["content"]
    assert shown == fitted_card(card, TEXTS, "en")
    assert [element["type"] for element in shown["body"]].count("Table") == 2
    assert "Sotenäs; Have answered: 1–4" in shown["fallbackText"]
