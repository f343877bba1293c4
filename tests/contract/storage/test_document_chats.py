"""What a store of chats in which files were sent promises, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.documents.chats import LEASE, Chat
from bot.storage.database import Database

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CHAT = Chat("1" * 32, NOON, '{"conversation": "a:1"}', "sv", holder="h1", held_at=NOON)


async def test_a_chat_is_kept_as_it_is_noted_and_forgotten(database: Database) -> None:
    chats = database.document_chats
    await chats.keep(CHAT)
    await chats.keep(CHAT)
    assert await chats.all() == (CHAT,)
    await chats.shown(CHAT.id, "sent-1")
    await chats.sent(CHAT.id, "a" * 32)
    await chats.tell(CHAT.id, "g1")
    assert await chats.all() == (replace(CHAT, message="sent-1", job="a" * 32, told="g1"),)
    later = replace(CHAT, id="2" * 32, at=NOON + SECOND)
    await chats.keep(later)
    assert await chats.forget_before(NOON + SECOND) == 1
    assert await chats.all() == (later,)
    await chats.forget(later.id)
    assert await chats.all() == ()


async def test_one_holds_a_chat_until_it_lets_go_or_is_not_heard_of_any_more(database: Database) -> None:
    chats = database.document_chats
    await chats.keep(CHAT)
    now = NOON + LEASE
    assert not await chats.hold(CHAT.id, "h2", now, now - LEASE)
    assert await chats.hold(CHAT.id, "h1", now, now - LEASE)
    await chats.beat("h1", now + LEASE)
    assert not await chats.hold(CHAT.id, "h2", now + LEASE, now)
    await chats.release(CHAT.id, "h2")
    assert not await chats.hold(CHAT.id, "h2", now + LEASE, now)
    await chats.release(CHAT.id, "h1")
    assert await chats.hold(CHAT.id, "h2", now + LEASE, now)
    late = now + 2 * LEASE + SECOND
    assert await chats.hold(CHAT.id, "h1", late, late - LEASE)
    assert not await chats.hold("3" * 32, "h1", late, late)
