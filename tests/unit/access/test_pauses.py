"""What one process knows of who is paused."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.access.errors import AccessStoreFailed
from bot.access.pauses import EVERYBODY, NeverPaused, Pause, PauseWatch

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Kept:
    def __init__(self) -> None:
        self.pauses: Sequence[Pause] = ()
        self.errors: list[Exception] = []

    async def all(self) -> Sequence[Pause]:
        if self.errors:
            raise self.errors.pop()
        return self.pauses


async def test_w14_one_tenant_or_everybody_is_paused() -> None:
    kept = Kept()
    watch = PauseWatch(kept)  # type: ignore[arg-type]  # nothing but reading is asked of it
    assert (watch.of("t1"), watch.state) == (None, "off")
    kept.pauses = [Pause("T1", NOON, "")]
    await watch.look()
    assert (watch.of("t1"), watch.of("t2"), watch.state) == (kept.pauses[0], None, "some")
    kept.pauses = [Pause(EVERYBODY, NOON, "", "alla"), Pause("t1", NOON, "", "en")]
    await watch.look()
    assert [watch.of(each) for each in ("t1", "t2", "")] == [kept.pauses[0]] * 3
    assert watch.state == "all"


async def test_w14_a_store_that_fails_changes_nothing_and_ends_nothing() -> None:
    kept = Kept()
    kept.pauses = [Pause(EVERYBODY, NOON, "")]
    watch = PauseWatch(kept)  # type: ignore[arg-type]  # nothing but reading is asked of it
    await watch.look()
    kept.pauses, kept.errors = (), [RuntimeError("oförutsett"), AccessStoreFailed("no database")]
    watching = asyncio.create_task(watch.watch(pause=0))
    while kept.errors:
        assert watch.state == "all"
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        while watch.state != "off":  # noqa: ASYNC110 - the switch is looked at, and tells nobody
            await asyncio.sleep(0)
    assert not watching.done()
    watching.cancel()


def test_a_switch_that_nobody_has_pauses_nobody() -> None:
    assert NeverPaused().of("t1") is None
