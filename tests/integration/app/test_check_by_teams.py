"""The check over HTTP as Teams speaks it, on a real database: what comes twice, is tampered with, or restarts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import create_app
from bot.composition import open_parts
from bot.conversation.texts import Texts
from bot.maturity.ports import Person
from bot.maturity.session import Session
from bot.settings import Settings
from tests.fakes.library import publish_generation
from tests.fakes.teams import PERSON, TENANT, ConnectorStub, activity, connector_stub, invoke
from tests.integration.app.conftest import Client

ME = Person(TENANT, PERSON["aadObjectId"])
Json = dict[str, Any]


@dataclass(slots=True)
class Chat:
    """A person's chat over HTTP with a bot that can be restarted; `sent` counts activities."""

    client: Client
    connector: ConnectorStub
    parts: Any
    sent: int = 0

    async def say(self, text: str, *, activity_id: str = "") -> None:
        before = len(self.connector.messages)
        await self.client.post("/api/messages", json=self._message(text, activity_id))
        await self.connector.wait_for(before + 1)

    async def press(self, data: Json, verb: str = "check.answer", *, activity_id: str = "") -> Json:
        self.sent += 1
        value = {"action": {"type": "Action.Execute", "verb": verb, "data": data}}
        body = invoke(self.connector.url, "adaptiveCard/action", value, id=activity_id or f"press-{self.sent}")
        response = await self.client.post("/api/messages", json=body)
        assert response.status == 200
        answer: Json = await response.json()
        return answer

    def button(self, title: str) -> Json:
        """The newest button of this title."""
        for message in reversed(self.connector.messages):
            for attachment in message.get("attachments", ()):
                for action in _actions(attachment["content"]):
                    if action["title"] == title:
                        return action
        raise AssertionError(f"no button {title!r}")

    async def to_the_first_item(self) -> None:
        await self.say("mognadskoll")
        accept = self.button("Jag har läst, starta")
        await self.press(accept["data"], accept["verb"])
        await self.say("Uddevalla, övergripande, ekonomi")

    async def session(self) -> Session:
        [draft] = await self.parts.database.check.mine(ME)
        session: Session = draft.session
        return session

    def _message(self, text: str, activity_id: str) -> Json:
        self.sent += 1
        return activity(self.connector.url, text=text, id=activity_id or f"message-{self.sent}")


def _actions(card: Json) -> Iterator[Json]:
    for element in [card, *card.get("body", ())]:
        yield from element.get("actions", ())


@asynccontextmanager
async def running(settings: Settings, connector: ConnectorStub) -> AsyncIterator[Chat]:
    parts = await open_parts(settings, Texts.load())
    app = await asyncio.to_thread(create_app, parts)
    async with TestClient(TestServer(app)) as client:
        yield Chat(client, connector, parts)
    await parts.close()


@pytest.fixture
async def connector(settings: Settings) -> AsyncIterator[ConnectorStub]:
    await asyncio.to_thread(publish_generation, settings.index_dir)
    async with connector_stub() as stub:
        yield stub


async def test_a14_the_same_activity_three_times_at_once_and_after_a_restart_is_one_answer(
    settings: Settings, connector: ConnectorStub
) -> None:
    async with running(settings, connector) as chat:
        await chat.to_the_first_item()
        button = chat.button("3. Utvecklingsfas")
        again = [chat.press(button["data"], activity_id="the-same") for _ in range(3)]
        answers = await asyncio.gather(*again)
        assert len({json.dumps(answer, sort_keys=True) for answer in answers}) == 1
        session = await chat.session()
        assert (session.answers["portfoljstyrning"].codes, len(session.answers), session.pending) == (("2",), 1, None)
    async with running(settings, connector) as chat:
        await chat.press(button["data"], activity_id="the-same")
        assert (await chat.session()) == session
        other = {**button["data"], "code": "4"}
        await chat.press(other, activity_id="another")
        assert (await chat.session()).answers["portfoljstyrning"].codes == ("2",)


async def test_a14_a_typed_answer_that_comes_three_times_answers_one_item(
    settings: Settings, connector: ConnectorStub
) -> None:
    async with running(settings, connector) as chat:
        await chat.to_the_first_item()
        await asyncio.gather(*(chat.say("4", activity_id="typed") for _ in range(3)))
        assert len((await chat.session()).answers) == 1
    said = len(connector.messages)
    async with running(settings, connector) as chat:
        again = await chat.client.post("/api/messages", json=activity(connector.url, text="4", id="typed"))
        assert (again.status, len(connector.messages)) == (200, said)
        assert len((await chat.session()).answers) == 1


@pytest.mark.parametrize(
    "change",
    [{"code": "99"}, {"score": "5"}, {"item": "systemforvaltning"}, {"draft": "0" * 24}, {"code": "2", "null": "dk"}],
)
async def test_a20_a_tampered_press_is_answered_with_a_message_and_changes_nothing(
    settings: Settings, connector: ConnectorStub, change: Json
) -> None:
    async with running(settings, connector) as chat:
        await chat.to_the_first_item()
        before = await chat.session()
        answer = await chat.press({**chat.button("3. Utvecklingsfas")["data"], **change})
        assert answer["type"] == "application/vnd.microsoft.activity.message"
        assert "Ingenting ändrades" in answer["value"]
        assert await chat.session() == before


@pytest.mark.parametrize(
    ("comment", "says"), [("x" * 50_000, "50000 tecken"), ("Se 811218-9876", "personnummer")], ids=["long", "number"]
)
async def test_a_comment_that_cannot_be_kept_leaves_the_card_as_it_is(
    settings: Settings, connector: ConnectorStub, comment: str, says: str
) -> None:
    async with running(settings, connector) as chat:
        await chat.to_the_first_item()
        before = await chat.session()
        answer = await chat.press({**chat.button("3. Utvecklingsfas")["data"], "comment": comment})
        assert answer["type"] == "application/vnd.microsoft.activity.message"
        assert says in answer["value"]
        assert await chat.session() == before


async def test_a19_nothing_of_the_check_is_shown_where_others_may_read_it(
    settings: Settings, connector: ConnectorStub
) -> None:
    """Also in a place of a kind that Teams may think of one day, or does not name."""
    kinds: tuple[Json, ...] = (
        {"conversationType": "channel", "isGroup": True},
        {"conversationType": "groupChat"},
        {"conversationType": "meeting"},
        {"isGroup": True},
    )
    mention = {"type": "mention", "text": "<at>Fyren</at>", "mentioned": {"id": "28:fyren"}}
    async with running(settings, connector) as chat:
        for number, kind in enumerate(kinds, start=1):
            body = activity(
                connector.url,
                id=f"m-{number}",
                text="<at>Fyren</at> mognadskoll",
                conversation={"id": f"19:{number}", "tenantId": TENANT, **kind},
                recipient={"id": "28:fyren", "name": "Fyren"},
                entities=[mention],
            )
            await chat.client.post("/api/messages", json=body)
            await connector.wait_for(number)
            message = connector.messages[-1]
            assert "enskild chatt" in message["text"], kind
            assert "attachments" not in message


async def test_an_answer_is_on_disk_before_anybody_is_told(settings: Settings, connector: ConnectorStub) -> None:
    async with running(settings, connector) as chat:
        await chat.to_the_first_item()
        connector.hold = asyncio.Event()
        pressing = asyncio.create_task(chat.press(chat.button("3. Utvecklingsfas")["data"]))
        before = len(connector.requests)
        async with asyncio.timeout(10):
            while len(connector.requests) == before:  # noqa: ASYNC110 - the next card is on its way
                await asyncio.sleep(0.01)
        assert (await chat.session()).answers["portfoljstyrning"].codes == ("2",)
        connector.hold.set()
        connector.hold = None
        await pressing
