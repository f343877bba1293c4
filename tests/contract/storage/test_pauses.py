"""What the store of pauses promises, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.access.audit import Action, AuditEvent
from bot.access.pauses import EVERYBODY, Pause
from bot.storage.database import Database

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


async def test_w14_a_pause_is_kept_until_it_ends_and_each_step_is_recorded(database: Database) -> None:
    everybody, one = Pause(EVERYBODY, NOON, "oid-1", "Underhåll."), Pause("t1", NOON, "oid-1")
    event = AuditEvent(NOON, "oid-1", "t", Action.BOT_PAUSED)
    for pause in (one, Pause(EVERYBODY, NOON, "oid-2"), everybody):
        await database.pauses.begin(pause, event)
    assert await database.pauses.all() == (everybody, one)
    over = AuditEvent(NOON, "oid-1", "t", Action.BOT_RESUMED)
    assert await database.pauses.end(EVERYBODY, over)
    assert not await database.pauses.end(EVERYBODY, over)
    assert await database.pauses.all() == (one,)
    recorded = [each.event.action for each in await database.audit.entries()]
    assert recorded == [Action.BOT_RESUMED, *[Action.BOT_PAUSED] * 3]
