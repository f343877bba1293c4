"""Reminders and the digest from a message in Teams to a card in Teams, over real HTTP and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import create_app, teams_config
from bot.composition import Parts, open_parts
from bot.conversation.turn import Action
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.ports import Person
from bot.maturity.rounds import Round, RoundStatus
from bot.maturity.session import Source
from bot.reminders.model import Standing, Wish
from bot.reminders.ports import Delivery
from bot.reminders.workdays import is_workday
from bot.reminding import REMINDERS, OpenReminders, open_reminders
from bot.settings import Settings
from bot.storage.database import open_database
from tests.fakes.check_talk import TEXTS
from tests.fakes.library import publish_generation
from tests.fakes.teams import BOT, ConnectorStub, Json, activity, connector_stub, invoke
from tests.integration.app.conftest import Client
from tests.integration.app.in_process import InProcess
from tests.unit.reminders.checks import SWEDEN, SetClock, at

CHANNEL = "19:forbundet@thread.tacv2"
LABEL = "2026:1"


def a_round(**changes: Any) -> Round:
    instrument = load_folder(INSTRUMENTS)[MAIN]
    whole = Round("r1", LABEL, instrument, RoundStatus.OPEN, date(2026, 11, 1))
    return replace(whole, **changes)


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot, the other side of Teams, and a clock for its reminders."""

    client: Client
    parts: Parts
    connector: ConnectorStub
    clock: SetClock

    async def said(self, **changes: Any) -> list[Json]:
        """What the bot sends after an activity."""
        before = len(self.connector.messages)
        await self.client.post("/api/messages", json=activity(self.connector.url, **changes))
        await self.connector.wait_for(before + 1)
        return self.connector.messages[before:]

    async def press(self, button: Action) -> Json:
        value = {"action": {"type": "Action.Execute", "verb": button.verb, "data": dict(button.data)}}
        body = invoke(self.connector.url, "adaptiveCard/action", value, id=f"press-{len(self.connector.requests)}")
        answer: Json = await (await self.client.post("/api/messages", json=body)).json()
        return answer

    @asynccontextmanager
    async def reminders(self) -> AsyncIterator[OpenReminders]:
        settings = self.parts.settings
        async with open_reminders(
            teams_config(settings), TEXTS, self.parts.database, settings.federation_channel, self.clock
        ) as opened:
            yield opened


@pytest.fixture
async def bot(settings: Settings) -> AsyncIterator[Bot]:
    settings = settings.model_copy(update={"federation_channel": CHANNEL})
    await asyncio.to_thread(publish_generation, settings.index_dir)
    database = await open_database(settings.database, settings.identity_database, today=lambda: date(2026, 11, 2))
    await database.check.add(await asyncio.to_thread(a_round))
    await database.close()
    parts = await open_parts(settings, TEXTS)
    app = await asyncio.to_thread(create_app, parts)
    async with TestClient(TestServer(app)) as client, connector_stub() as connector:
        assert isinstance(app[REMINDERS], OpenReminders)
        yield Bot(client, parts, connector, SetClock(some_monday(parts.today())))
    await parts.close()


def some_monday(today: date) -> datetime:
    """Ten o'clock on a Monday on which people are at work, a week after today or more."""
    day = today + timedelta(days=14 - today.weekday())
    while not is_workday(day):
        day += timedelta(days=7)
    return datetime.combine(day, time(10), SWEDEN)


def card(message: Json) -> Json:
    content: Json = message["attachments"][0]["content"]
    return content


def button(shown: Json, title: str) -> Action:
    rows = [shown, *shown["body"]]
    [found] = [each for row in rows for each in row.get("actions", ()) if each["title"] == title]
    return Action(found["verb"], found["data"])


async def test_a_wish_in_the_chat_becomes_a_reminder_in_the_chat_and_one_press_ends_it(bot: Bot) -> None:
    await bot.said(text="påminn mig")
    async with bot.reminders() as opened:
        assert dict(await opened.reminding.all_rounds()) == {Delivery.SENT: 1}
        sent = bot.connector.requests[-1]
        assert (sent.path, sent.body["recipient"]) == ("/v3/conversations/a%3A1anna/activities", {"id": "29:anna"})
        shown = card(sent.body)
        assert shown["fallbackText"].startswith("Påminnelse om Mognadskollen 2026:1.")
        answer = await bot.press(button(shown, "Påminn mig inte"))
        assert "inga fler påminnelser" in str(answer["value"])
        [kept] = await bot.parts.database.check.reminders.of_round("r1")
        assert (kept.standing, kept.sent, kept.wish) == (Standing.REFUSED, 1, None)
    [logged, *_] = await bot.parts.database.audit.entries(subject=LABEL)
    assert (logged.event.action, dict(logged.event.details)) == ("reminders_sent", {"sent": "1"})
    assert "anna" not in str(logged)


async def test_the_digest_goes_to_the_channel_that_is_set_and_asked_for_it(bot: Bot) -> None:
    asking = {
        "text": "<at>Fyren</at> veckobrev hit",
        "conversation": {"id": f"{CHANNEL};messageid=17", "conversationType": "channel", "isGroup": True},
        "entities": [{"type": "mention", "mentioned": BOT, "text": "<at>Fyren</at>"}],
    }
    [told] = await bot.said(**asking)
    assert "måndagar klockan 9" in told["text"]
    bot.clock.now = bot.clock.now.replace(hour=9)
    async with bot.reminders() as opened:
        assert [await opened.digest.send() for _ in range(2)] == [Delivery.SENT, None]
        sent = bot.connector.requests[-1]
        assert (sent.path, sent.body["channelData"]["channel"]) == ("/v3/conversations", {"id": CHANNEL})
        assert "Uddevalla; Har svarat: 0" in card(sent.body["activity"])["fallbackText"]


class TestTheCommand:
    @pytest.fixture
    def now(self, monkeypatch: pytest.MonkeyPatch) -> SetClock:
        clock = SetClock(at("2026-12-01 10:00"))

        async def fixed() -> SetClock:
            return clock

        monkeypatch.setattr("bot.reminding.swedish_clock", fixed)
        return clock

    @pytest.fixture
    def fyren(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], now: SetClock
    ) -> InProcess:
        return InProcess(tmp_path, monkeypatch, capsys)

    @staticmethod
    async def _wanted(folder: Path, *people: str, url: str = "http://127.0.0.1:1/") -> None:
        """A round in which these people were here on the second of November."""
        urls = (f"sqlite:///{folder / name}.sqlite3" for name in ("fyren", "identity"))
        database = await open_database(*urls, today=lambda: date(2026, 11, 2))
        if not await database.check.rounds():
            await database.check.add(await asyncio.to_thread(a_round))
        for person in people:
            address = f'{{"service_url":"{url}","tenant":"t","conversation":"a:{person}"}}'
            wish = Wish(address, "sv", "s1", 3)
            await database.check.reminders.remember(Person("t", person), "r1", Source.INDIVIDUAL, wish, asked=False)
        await database.check.reminders.refuse(Person("t", "bo"))
        await database.close()

    def test_a_dry_run_tells_who_would_get_what_and_sends_nothing(self, fyren: InProcess, tmp_path: Path) -> None:
        asyncio.run(self._wanted(tmp_path, "anna", "bo"))
        told = fyren("maturity", "rounds", "remind", LABEL, "--dry-run")
        assert told.code == 0
        assert "i tur att få en påminnelse: 1" in told.out
        assert "vill inte bli påmind: 1" in told.out
        assert "Påminnelse: Mognadskollen 2026:1" in told.out
        assert "anna" not in told.out
        assert "2026-11-02" not in told.out
        data = fyren("maturity", "rounds", "remind", LABEL, "--dry-run", "--json").data
        assert data["counts"] == {"due": 1, "refused": 1}
        [due] = [line for line in data["lines"] if line["due"]]
        assert due == {"id": due["id"], "sent": 0, "last": None, "due": True, "why": "due"}
        assert len(due["id"]) == 8

    def test_outside_of_working_hours_nothing_is_sent(self, fyren: InProcess, tmp_path: Path, now: SetClock) -> None:
        asyncio.run(self._wanted(tmp_path, "anna"))
        now.now = datetime.fromisoformat("2026-12-01T17:30").replace(tzinfo=now.now.tzinfo)
        told = fyren("maturity", "rounds", "remind", LABEL)
        assert told.code == 1
        assert "inte arbetstid" in told.err
        assert fyren("maturity", "rounds", "remind", LABEL, "--dry-run", "--json").data["counts"] == {
            "hours": 1,
        }

    def test_what_does_not_arrive_is_told_and_tried_again(self, fyren: InProcess, tmp_path: Path) -> None:
        asyncio.run(self._wanted(tmp_path, "anna"))
        told = fyren("maturity", "rounds", "remind", LABEL, "--json").data
        assert told["deliveries"]["failed"] == 1
        assert "Kom inte fram, försöks igen nästa timme: 1" in fyren("maturity", "rounds", "remind", LABEL).out

    def test_nobody_is_an_answer_too(self, fyren: InProcess, tmp_path: Path) -> None:
        asyncio.run(self._wanted(tmp_path))
        assert "Ingen i omgång 2026:1" in fyren("maturity", "rounds", "remind", LABEL, "--dry-run").out
        assert "Ingen påminnelse skickades" in fyren("maturity", "rounds", "remind", LABEL).out
        assert "Det finns ingen omgång 2030:1" in fyren("maturity", "rounds", "remind", "2030:1").err
