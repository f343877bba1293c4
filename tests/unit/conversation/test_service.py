"""The conversation: every turn gets a fitting reply, answers are kept, and nothing that breaks ends it."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.ask import Limits
from bot.conversation.card import DoneReply
from bot.conversation.question_pace import AskedStore
from bot.conversation.replies import AnswerReply, FigureReply, MenuReply, Reply, TextReply
from bot.conversation.router import Router
from bot.conversation.service import FyrenConversation
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Event, Feedback, Joined, Message, Scope, Sender, Turn
from knowledge.errors import IndexUnavailable
from knowledge.model import Bar, Figure, Unit
from tests.fakes.advice import FakeAdvice, answered
from tests.fakes.check_talk import check_parts, store_with
from tests.fakes.journal import MemoryJournal

TEXTS = Texts.load()
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Talk:
    """A conversation with its fakes; the clock stands still until a test moves it."""

    def __init__(self, limits: Limits | None = None, asked: AskedStore | None = None) -> None:
        self.now = NOON
        self.advice = FakeAdvice()
        self.journal = MemoryJournal()
        self.fyren = FyrenConversation(
            texts=TEXTS,
            router=Router.load(),
            advice=self.advice,
            journal=self.journal,
            check=check_parts(store_with()),
            limits=limits or Limits(),
            history_days=90,
            clock=lambda: self.now,
            asked=asked,
        )

    async def take(self, event: Event, **changes: object) -> list[Reply]:
        return list(await self.fyren.respond(turn(event, **changes)))

    async def say(self, text: str, **changes: object) -> list[Reply]:
        self.now += timedelta(seconds=1)
        return await self.take(Message(text), **changes)


def turn(event: Event, **changes: object) -> Turn:
    fields: dict[str, object] = {
        "event": event,
        "sender": Sender("tenant-a", "user-1"),
        "conversation": "conversation-1",
        "activity": "activity-1",
        "locale": "sv-SE",
    }
    return Turn(**(fields | changes))  # type: ignore[arg-type]  # the fields above are those of Turn


@pytest.fixture
def talk() -> Talk:
    return Talk()


async def test_welcome_says_that_it_is_an_ai_and_offers_three_questions(talk: Talk) -> None:
    [reply] = await talk.take(Joined())
    assert isinstance(reply, TextReply)
    assert "AI-assistent" in reply.text
    assert "fel" in reply.text
    assert len(reply.suggestions) == 3


@pytest.mark.parametrize(
    ("locale", "opening"), [("sv-SE", "Hej"), ("en-GB", "Hello"), ("en_US", "Hello"), ("fi-FI", "Hej"), ("", "Hej")]
)
async def test_welcome_follows_the_clients_language(talk: Talk, locale: str, opening: str) -> None:
    [reply] = await talk.take(Joined(), locale=locale)
    assert isinstance(reply, TextReply)
    assert reply.text.startswith(opening)


async def test_welcome_in_a_channel_says_how_to_be_heard(talk: Talk) -> None:
    [reply] = await talk.take(Joined(), scope=Scope.CHANNEL)
    assert isinstance(reply, TextReply)
    assert "@" in reply.text


async def test_a_question_gets_an_answer_that_is_kept_before_it_is_sent(talk: Talk) -> None:
    [reply] = await talk.say("Hur ser portföljstyrningen ut?")
    assert isinstance(reply, AnswerReply)
    assert reply.answer.citations[0].passage.pages == (28, 29)
    assert len(reply.suggestions) == 3
    entry = talk.journal.entries[reply.id]
    assert (entry.question, entry.place.tenant, entry.at) == ("Hur ser portföljstyrningen ut?", "tenant-a", talk.now)


async def test_a_figure_follows_its_answer_and_says_what_the_percentages_are_of(talk: Talk) -> None:
    figure = Figure("3", "Hur väl etablerad är styrningen?", Unit.TICK, (Bar("Saknas", 17.0), Bar("Vet ej", None)))
    talk.advice.answer = answered("Hur?", figure=figure, notes=["Obs: siffran är troligen ett tryckfel."])
    answer, picture = await talk.say("hur många har styrning")
    assert isinstance(answer, AnswerReply)
    assert isinstance(picture, FigureReply)
    assert picture.caption == "Figur 3. Hur väl etablerad är styrningen? Procent av alla kryss, inte av kommunerna."
    assert answer.answer.notes == ("Obs: siffran är troligen ett tryckfel.",)
    assert picture.notes == ()


async def test_a_follow_up_is_asked_with_the_conversations_earlier_questions(talk: Talk) -> None:
    await talk.say("Hur ser portföljstyrningen ut?")
    await talk.say("tack")
    await talk.say("Och projektstyrning då?")
    assert talk.advice.asked[-1] == ("Och projektstyrning då?", ("Hur ser portföljstyrningen ut?",))


async def test_memory_is_bounded_in_number_and_age() -> None:
    talk = Talk(Limits(turns=2, memory=timedelta(minutes=30)))
    for question in ("Vad är ett?", "Vad är två?", "Vad är tre?", "Vad är fyra?"):
        await talk.say(question)
    assert talk.advice.asked[-1][1] == ("Vad är två?", "Vad är tre?")
    talk.now += timedelta(minutes=31)
    await talk.say("Och fem då?")
    assert not talk.advice.asked[-1][1]


@pytest.mark.parametrize("changes", [{"conversation": "other"}, {"sender": Sender("tenant-b", "user-1")}])
async def test_no_conversation_sees_another_ones_questions(talk: Talk, changes: dict[str, object]) -> None:
    await talk.say("Hur ser portföljstyrningen ut?")
    await talk.say("Och projektstyrning då?", **changes)
    assert talk.advice.asked[-1][1] == ()


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("", "tomt meddelande"),
        ("🙂🙂🙂", "bara text"),
        ("hej", "Vad vill du veta"),
        ("tack!", "Varsågod"),
        ("vem är du", "ingen människa"),
        ("thank you", "welcome"),
    ],
)
async def test_what_is_no_question_is_answered_without_a_search(talk: Talk, message: str, says: str) -> None:
    [reply] = await talk.say(message)
    assert isinstance(reply, TextReply)
    assert says in reply.text
    assert talk.advice.asked == []


async def test_what_is_stored_is_told_for_questions_and_for_the_check(talk: Talk) -> None:
    questions, check = await talk.say("integritet")
    assert isinstance(questions, TextReply)
    assert isinstance(check, TextReply)
    assert "90 dagar" in questions.text
    assert "pseudonym" in check.text


async def test_50_000_characters_are_refused_kindly_with_the_limit(talk: Talk) -> None:
    [reply] = await talk.say("fråga " * 8334)
    assert isinstance(reply, TextReply)
    assert "1000" in reply.text
    assert talk.advice.asked == []


async def test_a_help_button_asks_its_question_and_becomes_a_line(talk: Talk) -> None:
    [menu] = await talk.say("hjälp")
    assert isinstance(menu, MenuReply)
    assert len(menu.choices) == 6
    done, answer = await talk.take(menu.choices[0].action)
    assert done == DoneReply("Du frågade: Vilka är de största utmaningarna?")
    assert isinstance(answer, AnswerReply)
    assert talk.advice.asked[0][0] == "Vilka är de största utmaningarna?"


async def test_an_english_button_gets_an_english_line(talk: Talk) -> None:
    [menu] = await talk.say("help")
    assert isinstance(menu, MenuReply)
    done, _ = await talk.take(menu.choices[0].action)
    assert done == DoneReply("You asked: What are the biggest challenges?")


@pytest.mark.parametrize("action", [Action("score", {"value": "99"}), Action("ask"), Action("ask", {"question": " "})])
async def test_a_tampered_or_outdated_button_is_turned_down(talk: Talk, action: Action) -> None:
    [reply] = await talk.take(action)
    assert isinstance(reply, TextReply)
    assert "knappen" in reply.text
    assert talk.journal.entries == {}


async def test_a_thumb_is_tied_to_the_message_it_was_pressed_on(talk: Talk) -> None:
    [first] = await talk.say("Vad är ett?")
    [second] = await talk.say("Vad är två?")
    assert isinstance(first, AnswerReply)
    assert isinstance(second, AnswerReply)
    await talk.fyren.delivered(first.id, turn(Message("")), "sent-1")
    await talk.fyren.delivered(second.id, turn(Message("")), "sent-2")
    assert await talk.take(Feedback(liked=False, comment="fel sida", reply_to="sent-1")) == []
    [(answer, rating)] = [(key[0], rating) for key, rating in talk.journal.thumbs.items()]
    assert (answer, rating.liked, rating.comment) == (first.id, False, "fel sida")
    assert "user-1" not in rating.rater


async def test_a_thumb_without_a_message_id_is_on_the_latest_answer_and_the_second_press_counts(talk: Talk) -> None:
    await talk.say("Vad är ett?")
    [latest] = await talk.say("Vad är två?")
    assert isinstance(latest, AnswerReply)
    await talk.take(Feedback(liked=True))
    await talk.take(Feedback(liked=False, comment="ångrade mig"))
    assert [(key[0], rating.liked) for key, rating in talk.journal.thumbs.items()] == [(latest.id, False)]


async def test_a_thumb_that_belongs_nowhere_says_so(talk: Talk) -> None:
    [reply] = await talk.take(Feedback(liked=True))
    assert isinstance(reply, TextReply)
    assert "sparades inte" in reply.text


async def test_without_an_index_it_says_that_the_knowledge_base_is_not_loaded(talk: Talk) -> None:
    talk.advice.error = IndexUnavailable("no generation is published")
    [reply] = await talk.say("Hur ser portföljstyrningen ut?")
    assert isinstance(reply, TextReply)
    assert "inte inläst" in reply.text
    assert talk.journal.entries == {}


async def test_what_breaks_is_an_apology_with_a_reference_that_stands_in_the_log(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    talk.advice.error = RuntimeError("secret detail")
    [reply] = await talk.say("Hur ser portföljstyrningen ut?")
    assert isinstance(reply, TextReply)
    assert "secret" not in reply.text
    match = re.search(r"uppge ([0-9A-F]{4}) ", reply.text)
    assert match
    assert match[1] in caplog.text
    assert "portföljstyrningen" not in caplog.text
    talk.advice.error = None
    assert isinstance((await talk.say("Och nu?"))[0], AnswerReply)


async def test_a_lost_database_costs_the_memory_but_not_the_answer(talk: Talk) -> None:
    talk.journal.broken = True
    [reply] = await talk.say("Hur ser portföljstyrningen ut?")
    assert isinstance(reply, AnswerReply)
    await talk.fyren.delivered(reply.id, turn(Message("")), "sent-1")
    [thumb] = await talk.take(Feedback(liked=True))
    assert isinstance(thumb, TextReply)
    assert "kunde inte sparas" in thumb.text


async def test_turns_of_one_conversation_are_taken_in_order_and_others_do_not_wait(talk: Talk) -> None:
    gate = talk.advice.gate = asyncio.Event()
    first = asyncio.create_task(talk.say("Vad är ett?"))
    second = asyncio.create_task(talk.say("Vad är två?"))
    other = asyncio.create_task(talk.say("Vad är tre?", conversation="other"))
    thumb = asyncio.create_task(talk.take(Feedback(liked=True)))
    await talk.advice.reached(2)
    assert [question for question, _ in talk.advice.asked] == ["Vad är ett?", "Vad är tre?"]
    assert isinstance((await thumb)[0], TextReply)
    gate.set()
    await asyncio.gather(first, second, other)
    assert talk.advice.asked[-1] == ("Vad är två?", ("Vad är ett?",))
