"""A turn whose answer grows, and a person who wants no more of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.conversation.replies import AnswerReply, Reply, TextReply
from bot.conversation.stopping import StopWords
from bot.conversation.texts import Texts
from bot.conversation.turn import Message, Scope, Sender, Turn
from bot.teams.service import TurnService
from knowledge.composing.ports import Searching, Tell, Written
from tests.fakes import teams_streams as teams
from tests.fakes.advice import answered
from tests.fakes.passing_time import in_no_time
from tests.fakes.teams import RecordingConversation
from tests.fakes.teams_streams import StreamingTeams

TEXTS = Texts.load()

STOPPED = "Svaret avbröts och är inte komplett: källor och förbehåll kan saknas."


class Slow(RecordingConversation):
    """Tells one sentence after 2 seconds, and answers after 10; `quiet` tells nothing."""

    def __init__(self, *replies: Reply, quiet: bool = False) -> None:
        super().__init__(*replies)
        self.quiet = quiet
        self.ended: list[str] = []

    async def respond(self, turn: Turn, tell: Tell | None = None) -> Sequence[Reply]:
        assert isinstance(turn.event, Message)
        self.turns.append(turn)
        if StopWords(TEXTS).holds(turn.event.text):
            return [TextReply("Till kollen")]
        assert tell is not None
        try:
            if not self.quiet:
                tell(Searching())
            await asyncio.sleep(2)
            if not self.quiet:
                tell(Written("Ett"))
            await asyncio.sleep(8)
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise
        return self.replies


def said(text: str, user: str = "anna", scope: Scope = Scope.PERSONAL) -> Turn:
    return Turn(Message(text), Sender("t", user), "a:1", text, scope=scope, locale="sv-SE")


async def talk(outlet: StreamingTeams, conversation: Slow, *turns: tuple[float, Turn]) -> None:
    service = TurnService(conversation, TEXTS, turn_timeout=60)
    tasks = []
    for seconds, turn in turns:
        await asyncio.sleep(seconds)
        tasks.append(asyncio.create_task(service.take(turn, outlet)))
    await asyncio.gather(*tasks)


QUESTION = said("Hur är läget?")


def test_an_answer_grows_and_a_thumb_will_name_its_stream() -> None:
    outlet, conversation = StreamingTeams(), Slow(AnswerReply("svar-1", answered()), TextReply("Bredvid"))
    in_no_time(talk(outlet, conversation, (0, QUESTION)))
    assert conversation.deliveries == [("svar-1", "a:1", "S")]
    assert [message["type"] for message in outlet.messages.values()] == ["message", "message"]
    assert next(iter(outlet.messages)) == "S"
    assert outlet.violations == []


@pytest.mark.parametrize("word", ["stopp", "Avbryt!", "stop", "cancel"])
def test_a_word_stops_the_answer_and_is_no_turn_of_its_own(word: str) -> None:
    outlet, conversation = StreamingTeams(), Slow(AnswerReply("svar-1", answered()))
    in_no_time(talk(outlet, conversation, (0, QUESTION), (5, said(word))))
    assert conversation.ended == ["cancelled"]
    assert len(conversation.turns) == 1
    assert [message["text"] for message in outlet.messages.values()] == [f"Ett\n\n{STOPPED}"]
    assert conversation.deliveries == []
    assert outlet.violations == []


def test_the_word_stops_a_plain_answer_too() -> None:
    outlet, conversation = StreamingTeams(), Slow()
    channel = Scope.CHANNEL
    in_no_time(talk(outlet, conversation, (0, said("Hur är läget?", scope=channel)), (1, said("stopp", scope=channel))))
    assert outlet.steps == []
    assert [message["text"] for message in outlet.messages.values()] == [STOPPED]


@pytest.mark.parametrize(("quiet", "user"), [(True, "anna"), (False, "bo")])
def test_the_word_goes_the_ordinary_way_where_nothing_of_this_persons_can_be_stopped(quiet: bool, user: str) -> None:
    outlet, conversation = StreamingTeams(), Slow(quiet=quiet)
    in_no_time(talk(outlet, conversation, (0, QUESTION), (1, said("avbryt", user))))
    assert conversation.ended == []
    assert "Till kollen" in [message["text"] for message in outlet.messages.values()]


def test_teams_own_button_ends_the_turn_in_silence() -> None:
    outlet, conversation = StreamingTeams([teams.CANCELLED]), Slow()
    in_no_time(talk(outlet, conversation, (0, QUESTION)))
    assert conversation.ended == ["cancelled"]
    assert outlet.messages == {}


def test_a_conversation_that_refuses_streams_is_not_asked_again() -> None:
    outlet, conversation = StreamingTeams([teams.NOT_ALLOWED]), Slow(TextReply("Svar"))
    in_no_time(talk(outlet, conversation, (0, QUESTION), (20, QUESTION)))
    assert len(outlet.steps) == 1
    assert [message["text"] for message in outlet.messages.values()] == ["Svar", "Svar"]


def test_a_turn_that_breaks_in_the_middle_ends_its_stream_with_an_apology() -> None:
    class Broken(Slow):
        async def respond(self, turn: Turn, tell: Tell | None = None) -> Sequence[Reply]:
            await super().respond(turn, tell)
            raise RuntimeError("hemlig detalj")

    outlet = StreamingTeams()
    in_no_time(talk(outlet, Broken(), (0, QUESTION)))
    [message] = outlet.messages.values()
    assert message["text"].startswith("Nu gick något fel hos mig")
    assert outlet.violations == []


def test_groups_and_channels_get_one_plain_message() -> None:
    outlet = StreamingTeams()
    in_no_time(talk(outlet, Slow(TextReply("Svar")), (0, said("Hur är läget?", scope=Scope.GROUP))))
    assert [payload["type"] for payload in outlet.sent] == ["typing", "message"]
