"""Whole turns over HTTP, in development mode: what Teams sends in, and what its connector gets."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.conversation.card import DoneReply
from bot.conversation.replies import AnswerReply, TextReply
from bot.conversation.turn import Action, Feedback, Joined, Message
from bot.teams.config import TeamsConfig
from tests.fakes.advice import answered
from tests.fakes.teams import BOT, PERSON, TENANT, ConnectorStub, RecordingConversation, activity, invoke
from tests.integration.teams.conftest import running

GROUP = {"id": "19:grupp@thread.v2", "conversationType": "groupChat", "isGroup": True, "tenantId": TENANT}
MENTION = {"type": "mention", "mentioned": BOT, "text": "<at>Fyren</at>"}


async def test_a_message_is_answered_where_it_was_written(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(TextReply("Hej", ("Vad är NIS 2?",)))
    async with running(TeamsConfig(typing_after=0.0), conversation) as bot:
        answer = await bot.post(activity(connector.url))
    assert (answer.status, answer.text) == (200, "")
    typing, reply = connector.requests
    assert typing.method == reply.method == "POST"
    assert typing.path == reply.path == "/v3/conversations/a%3A1anna/activities/1700000000001"
    assert "Authorization" not in reply.headers
    addresses = {
        "channelId": "msteams",
        "from": BOT,
        "recipient": {"id": PERSON["id"], "name": PERSON["name"]},
        "conversation": {"id": "a:1anna"},
        "replyToId": "1700000000001",
    }
    assert typing.body == {"type": "typing", **addresses}
    assert reply.body == {
        "type": "message",
        "textFormat": "markdown",
        "text": "Hej",
        "suggestedActions": {
            "to": [PERSON["id"]],
            "actions": [{"type": "imBack", "title": "Vad är NIS 2?", "value": "Vad är NIS 2?"}],
        },
        **addresses,
    }


async def test_label_and_citations_survive_the_wire(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(AnswerReply("svar-1", answered()))
    async with running(TeamsConfig(), conversation) as bot:
        await bot.post(activity(connector.url))
    [message] = connector.messages
    [entity] = message["entities"]
    assert entity["additionalType"] == ["AIGeneratedContent"]
    assert entity["@type"] == "Message"
    assert entity["citation"][0]["position"] == 1
    assert entity["citation"][0]["appearance"]["name"] == (
        "Statusrapport, 3.2.2 Styrning > Portföljstyrning, s. 28\N{EN DASH}29"
    )
    assert "[1]" in message["text"]
    assert message["channelData"] == {"feedbackLoop": {"type": "default"}}


async def test_a_thumb_names_the_message_that_the_answer_was_sent_as(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(AnswerReply("svar-1", answered()))
    async with running(TeamsConfig(), conversation) as bot:
        await bot.post(activity(connector.url))
        [(answer_id, place, message_id)] = conversation.deliveries
        conversation.replies = ()
        value = {
            "actionName": "feedback",
            "actionValue": {"reaction": "dislike", "feedback": json.dumps({"feedbackText": "Fel år"})},
        }
        thumb = invoke(connector.url, "message/submitAction", value, id="2", replyToId=message_id)
        answer = await bot.post(thumb)
    assert (answer_id, place) == ("svar-1", "a:1anna")
    assert message_id == "sent-1"
    assert conversation.turns[-1].event == Feedback(liked=False, comment="Fel år", reply_to="sent-1")
    assert (answer.status, answer.text) == (200, "{}")
    assert len(connector.messages) == 1


async def test_a_press_gets_its_card_and_the_answer_comes_as_a_message(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(DoneReply("Du frågade: Vad?"), TextReply("Svar"))
    pressed = {"action": {"type": "Action.Execute", "verb": "ask", "data": {"question": "Vad?"}}, "trigger": "manual"}
    async with running(TeamsConfig(), conversation) as bot:
        answer = await bot.post(invoke(connector.url, "adaptiveCard/action", pressed))
    assert answer.status == 200
    assert answer.body["statusCode"] == 200
    assert answer.body["type"] == "application/vnd.microsoft.card.adaptive"
    assert answer.body["value"]["type"] == "AdaptiveCard"
    assert conversation.turns[0].event == Action("ask", {"question": "Vad?"})
    assert [sent.body.get("text") for sent in connector.requests] == ["Svar"]


async def test_a_press_as_a_message_updates_the_card_that_it_is_on(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(DoneReply("Du frågade: Vad?"), TextReply("Svar"))
    submitted = activity(connector.url, text=None, value={"verb": "ask", "data": {"question": "Vad?"}}, replyToId="k/1")
    async with running(TeamsConfig(), conversation) as bot:
        await bot.post(submitted)
    update, reply = connector.requests
    assert (update.method, update.path) == ("PUT", "/v3/conversations/a%3A1anna/activities/k%2F1")
    assert update.body["attachments"][0]["content"]["type"] == "AdaptiveCard"
    assert reply.body["text"] == "Svar"


async def test_a_suggestion_on_a_card_is_repeated_above_its_answer(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(TextReply("Svar"))
    async with running(TeamsConfig(), conversation) as bot:
        await bot.post(activity(connector.url, text=None, value={"say": "Och *ekonomin*?"}, replyToId="k1"))
    assert [turn.event for turn in conversation.turns] == [Message("Och *ekonomin*?")]
    assert [message["text"] for message in connector.messages] == ["Du frågade: Och \\*ekonomin\\*?", "Svar"]


async def test_in_a_group_only_mentions_are_answered(connector: ConnectorStub) -> None:
    conversation = RecordingConversation()
    async with running(TeamsConfig(), conversation) as bot:
        silent = await bot.post(activity(connector.url, id="1", conversation=GROUP, text="lunch?"))
        await bot.post(
            activity(connector.url, id="2", conversation=GROUP, text="<at>Fyren</at> vad är NIS 2?", entities=[MENTION])
        )
    assert silent.status == 200
    assert [turn.event for turn in conversation.turns] == [Message("vad är NIS 2?")]
    assert len(connector.messages) == 1


async def test_an_installation_told_twice_is_welcomed_once(connector: ConnectorStub) -> None:
    conversation = RecordingConversation()
    added = activity(connector.url, type="conversationUpdate", id="f:1", text=None, membersAdded=[PERSON, BOT])
    installed = activity(connector.url, type="installationUpdate", id="f:2", text=None, action="add")
    elsewhere = added | {"conversation": {"id": "a:2bo", "conversationType": "personal", "tenantId": TENANT}}
    async with running(TeamsConfig(), conversation) as bot:
        for document in (added, installed, elsewhere):
            assert (await bot.post(document)).status == 200
    assert [(turn.event, turn.conversation) for turn in conversation.turns] == [
        (Joined(), "a:1anna"),
        (Joined(), "a:2bo"),
    ]
    assert connector.requests[0].path == "/v3/conversations/a%3A1anna/activities"


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "typing"},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "messageUpdate"},
        {"type": "event", "name": "application/vnd.microsoft.meetingStart"},
        {"type": "installationUpdate", "action": "remove"},
        {"type": "conversationUpdate", "membersRemoved": [BOT]},
        {"type": "conversationUpdate", "channelData": {"eventType": "teamRenamed", "tenant": {"id": TENANT}}},
    ],
)
async def test_what_needs_no_answer_is_acknowledged(connector: ConnectorStub, changes: dict[str, Any]) -> None:
    conversation = RecordingConversation()
    async with running(TeamsConfig(), conversation) as bot:
        answer = await bot.post(activity(connector.url, **changes))
    assert (answer.status, conversation.turns, connector.requests) == (200, [], [])


async def test_a14_an_activity_sent_three_times_makes_one_turn(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(AnswerReply("svar-1", answered()))
    conversation.gate = asyncio.Event()
    async with running(TeamsConfig(patience=30), conversation) as bot:
        posts = [asyncio.create_task(bot.post(activity(connector.url))) for _ in range(3)]
        await conversation.started.wait()
        conversation.gate.set()
        answers = await asyncio.gather(*posts)
        again = await bot.post(activity(connector.url))
    assert {answer.status for answer in (*answers, again)} == {200}
    assert len(conversation.turns) == 1
    assert len(conversation.deliveries) == 1
    assert len(connector.messages) == 1


async def test_a14_a_repeated_press_gets_the_same_card(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(DoneReply("Vald"))
    pressed = invoke(connector.url, "adaptiveCard/action", {"action": {"verb": "pick"}})
    async with running(TeamsConfig(), conversation) as bot:
        first, second = await bot.post(pressed), await bot.post(pressed)
    assert first.body == second.body
    assert len(conversation.turns) == 1


async def test_the_same_id_in_another_conversation_is_another_turn(connector: ConnectorStub) -> None:
    conversation = RecordingConversation()
    async with running(TeamsConfig(), conversation) as bot:
        await bot.post(activity(connector.url))
        await bot.post(activity(connector.url, conversation={"id": "a:2bo", "tenantId": TENANT}))
        await bot.post(activity(connector.url, id=None))
        await bot.post(activity(connector.url, id=None))
    assert len(conversation.turns) == 4


async def test_a15_a_long_turn_is_acknowledged_at_once_and_answered_later(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(AnswerReply("svar-1", answered()))
    conversation.gate = asyncio.Event()
    async with running(TeamsConfig(patience=0.02), conversation) as bot:
        async with asyncio.timeout(10):  # it would wait for the turn, which waits for what comes below
            first = await bot.post(activity(connector.url))
            repeated = await bot.post(activity(connector.url))
        assert (first.status, repeated.status, connector.messages) == (202, 202, [])
        conversation.gate.set()
        await connector.wait_for(1)
    assert len(connector.messages) == len(conversation.turns) == 1


async def test_a17_other_turns_are_answered_while_sends_hang(connector: ConnectorStub) -> None:
    release = connector.hold = asyncio.Event()
    pressed = {"action": {"verb": "pick"}}
    async with running(TeamsConfig(patience=0.02, invoke_patience=0.02), RecordingConversation()) as bot:
        for number in range(6):
            await bot.post(invoke(connector.url, "adaptiveCard/action", pressed, id=f"hung-{number}"))
        await connector.wait_for(6)
        connector.hold = None
        for number in range(30):
            await bot.post(activity(connector.url, id=str(number)))
        await connector.wait_for(36)
        release.set()


async def test_a_long_press_is_acknowledged_in_words(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(DoneReply("Vald"), TextReply("Svar"))
    conversation.gate = asyncio.Event()
    async with running(TeamsConfig(invoke_patience=0.02), conversation) as bot:
        answer = await bot.post(invoke(connector.url, "adaptiveCard/action", {"action": {"verb": "pick"}}))
        conversation.gate.set()
        await connector.wait_for(1)
    assert answer.body["type"] == "application/vnd.microsoft.activity.message"
    assert answer.body["value"].startswith("Det tar längre tid")
    assert [message["text"] for message in connector.messages] == ["Svar"]


async def test_turns_under_way_are_finished_before_the_service_stops(connector: ConnectorStub) -> None:
    conversation = RecordingConversation()
    conversation.gate = asyncio.Event()
    async with running(TeamsConfig(patience=0.01), conversation) as bot:
        await bot.post(activity(connector.url))
        asyncio.get_running_loop().call_later(0.05, conversation.gate.set)
    assert len(connector.messages) == 1


async def test_what_breaks_is_an_apology_and_the_conversation_goes_on(connector: ConnectorStub) -> None:
    conversation = RecordingConversation()
    conversation.error = RuntimeError("hemlig detalj")
    async with running(TeamsConfig(), conversation) as bot:
        broken = await bot.post(activity(connector.url, id="1"))
        conversation.error = None
        await bot.post(activity(connector.url, id="2"))
    apology, reply = connector.messages
    assert broken.status == 200
    assert apology["text"].startswith("Nu gick något fel hos mig")
    assert "hemlig" not in json.dumps(apology)
    assert reply["text"] == "Hej"


async def test_a_defect_of_this_package_is_a_short_line_too(
    connector: ConnectorStub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(handler: object, turn_context: object) -> None:
        raise RuntimeError("hemlig detalj")

    monkeypatch.setattr("bot.teams.handler.FyrenHandler.on_message_activity", broken)
    async with running(TeamsConfig(), RecordingConversation()) as bot:
        answer = await bot.post(activity(connector.url))
    assert answer.status == 500
    assert set(answer.body) == {"error", "reference"}
    assert "hemlig" not in answer.text
    assert f"reference {answer.body['reference']}" in caplog.text


async def test_replies_to_one_message_arrive_in_order(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(*(TextReply(str(n)) for n in range(5)))
    connector.script.extend([201, 429, 201, 502, 201])
    async with running(TeamsConfig(retry_pause=0.001), conversation) as bot:
        await bot.post(activity(connector.url))
    accepted = [message["text"] for message in connector.messages]
    assert list(dict.fromkeys(accepted)) == ["0", "1", "2", "3", "4"]


async def test_connections_are_kept_between_turns(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(answer=lambda turn: [TextReply(turn.activity)])
    async with running(TeamsConfig(), conversation) as bot:
        for number in range(20):
            await bot.post(activity(connector.url, id=str(number)))
    assert len(connector.messages) == 20
    assert len(connector.connections) <= 2
