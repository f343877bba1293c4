"""An edition is made by one replica at a time; whoever comes second finds that it is there."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Final

from bot.publishing.due import Outcome
from bot.publishing.errors import CompilingFailed
from bot.publishing.publisher import Publish
from bot.storage.errors import StorageError
from bot.storage.operating.background import Turns

LOOK: Final = 1.0
"""Seconds between two looks whether it is one's turn."""


class TakingTurns:
    """Implements `bot.publishing.publisher.Publish` by another one of it."""

    def __init__(self, publish: Publish, turns: Turns, look: float = LOOK) -> None:
        self._publish, self._turns, self._look = publish, turns, look

    async def __call__(self, round_id: str, day: date) -> Outcome:
        """Make the edition where it is still due. Raises CompilingFailed."""
        while True:
            try:
                async with self._turns.turn(f"edition of {round_id}") as mine:
                    if mine:
                        return await self._publish(round_id, day)
            except StorageError as error:
                raise CompilingFailed(str(error)) from error
            await asyncio.sleep(self._look)
