"""What every store of sessions promises, whatever keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.roles import Role
from bot.access.sessions import WebSession, WebSessions, id_of
from bot.access.visitor import Visitor
from bot.storage.database import open_database
from tests.fakes.visitors import CONTACT_A, FEDERATION, MemorySessions

NOON = datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC)


def session(name: str, visitor: Visitor = FEDERATION, *, started: datetime = NOON) -> WebSession:
    return WebSession(id_of(name), visitor, started, started)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def sessions(request: pytest.FixtureRequest) -> AsyncIterator[WebSessions]:
    if request.param == "memory":
        yield MemorySessions()
        return
    urls = (request.getfixturevalue(f"{request.param}{name}") for name in ("_url", "_identity_url"))
    database = await open_database(*urls)
    yield database.web_sessions
    await database.close()


async def test_w03_a_session_is_found_as_it_was_kept_until_it_is_removed(sessions: WebSessions) -> None:
    odd = Visitor("s", "t", "Åsa 'O\"Neill\U0001f600", frozenset(Role), frozenset({"dals-ed", "amal"}))
    kept = [session("a"), session("b", CONTACT_A), session("c", odd)]
    for each in kept:
        await sessions.add(each)
        await sessions.add(each)
    assert [await sessions.find(each.id) for each in kept] == kept
    assert await sessions.find(id_of("d")) is None
    for _ in range(2):
        await sessions.remove(kept[0].id)
    assert [await sessions.find(each.id) for each in kept] == [None, *kept[1:]]


async def test_w03_a_use_is_noted_and_wakes_nothing_that_is_gone(sessions: WebSessions) -> None:
    await sessions.add(session("a"))
    later = NOON + timedelta(minutes=5)
    await sessions.touch(id_of("a"), later)
    assert await sessions.find(id_of("a")) == replace(session("a"), seen=later)
    await sessions.remove(id_of("a"))
    await sessions.touch(id_of("a"), later)
    assert await sessions.find(id_of("a")) is None


async def test_w03_ended_sessions_are_forgotten_and_no_others(sessions: WebSessions) -> None:
    hour = timedelta(hours=1)
    for name, started in (("idle", NOON - hour), ("used", NOON - hour), ("edge", NOON), ("ancient", NOON - 9 * hour)):
        await sessions.add(session(name, started=started))
    for name in ("used", "ancient"):
        await sessions.touch(id_of(name), NOON + hour)
    assert await sessions.forget(seen_before=NOON, started_before=NOON - 8 * hour) == 2
    left = [name for name in ("idle", "used", "edge", "ancient") if await sessions.find(id_of(name))]
    assert left == ["used", "edge"]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
async def test_those_that_were_used_lately_are_counted(request: pytest.FixtureRequest, dialect: str) -> None:
    database = await open_database(*(request.getfixturevalue(f"{dialect}{name}") for name in ("_url", "_identity_url")))
    for name, started in (("a", NOON), ("b", NOON - timedelta(minutes=29)), ("c", NOON - timedelta(minutes=31))):
        await database.web_sessions.add(session(name, started=started))
    assert await database.web_sessions.count(seen_since=NOON - timedelta(minutes=30)) == 2
    await database.close()
