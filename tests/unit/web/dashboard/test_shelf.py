"""Editions at hand: read once, few at a time, and none of a round that takes answers again."""

from __future__ import annotations

from dataclasses import replace

from bot.maturity.ports import Edition as Stored
from bot.maturity.rounds import RoundStatus
from bot.results.edition_json import edition_to_json
from bot.web.dashboard.shelf import Shelf
from tests.fakes.check_store import MemoryCheckStore, MemoryEditions
from tests.fakes.dashboard import CLOSED, EARLIER, OPEN
from tests.fakes.editions import edition, previous_edition


async def test_an_edition_is_read_once_and_not_while_the_round_is_open_again() -> None:
    store = MemoryCheckStore(CLOSED, EARLIER, OPEN)
    editions = MemoryEditions(store)
    for each in (edition(), previous_edition()):
        stored = Stored(each.round, 1, each.compiled, each.digest, "c")
        editions.held[each.round, 1] = stored, edition_to_json(each)
    shelf = Shelf(store, editions, room=1)
    first, second = await shelf.latest(CLOSED), await shelf.latest(CLOSED)
    assert first is second
    assert await shelf.latest(EARLIER) == previous_edition()
    assert await shelf.latest(CLOSED) is not first
    assert await shelf.latest(replace(CLOSED, status=RoundStatus.OPEN)) is None
    assert await shelf.round("nothing") is None
    assert await shelf.earlier(CLOSED) == [EARLIER]
    assert await shelf.earlier(EARLIER) == []
