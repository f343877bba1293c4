"""Editions at hand: read from the store and from JSON once, and kept while they are looked at."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from bot.maturity.ports import Edition as StoredEdition
from bot.maturity.ports import Editions, Rounds
from bot.maturity.rounds import Round
from bot.results.edition_json import edition_from_json
from bot.results.model import Edition

ROOM: Final = 8
"""Editions that are kept; each takes a few megabytes."""


class Shelf:
    """The rounds and their editions. Every method raises StoreFailed, and EditionInvalid where one is damaged."""

    def __init__(self, rounds: Rounds, editions: Editions, *, room: int = ROOM) -> None:
        self._rounds = rounds
        self._editions = editions
        self._room = room
        self._kept: OrderedDict[tuple[str, int, str], Edition] = OrderedDict()

    async def rounds(self) -> Sequence[Round]:
        """Every round, newest first."""
        return await self._rounds.rounds()

    async def round(self, round_id: str) -> Round | None:
        """One round."""
        return next((each for each in await self._rounds.rounds() if each.id == round_id), None)

    async def latest(self, held: Round) -> Edition | None:
        """The newest edition of a round; None while there is none, or while the round takes answers again."""
        stored = await self._editions.latest(held.id) if held.is_over else None
        return None if stored is None else await self._read(stored)

    async def earlier(self, held: Round) -> Sequence[Round]:
        """The rounds before this one that it can be held against, newest first: of the same instrument, and over."""
        return [
            each
            for each in await self._rounds.rounds()
            if each.id != held.id
            and each.instrument.id == held.instrument.id
            and each.is_over
            and each.practice == held.practice
            and each.opens < held.opens
        ]

    async def _read(self, stored: StoredEdition) -> Edition:
        name = (stored.round, stored.number, stored.checksum)
        kept = self._kept.get(name)
        if kept is not None:
            self._kept.move_to_end(name)
            return kept
        content = await self._editions.content(stored.round, stored.number)
        edition = await asyncio.to_thread(edition_from_json, content)
        self._kept[name] = edition
        while len(self._kept) > self._room:
            self._kept.popitem(last=False)
        return edition
