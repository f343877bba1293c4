"""Which notice is shown where, in memory; the contract tests hold it to the same promises as the real one."""

from __future__ import annotations

from bot.conversation.check.notices import Offer
from bot.conversation.ports import Place
from bot.maturity.errors import StoreFailed


class MemoryNotices:
    """Implements `bot.conversation.check.notices.Notices`; `broken` makes every method fail as a lost database does."""

    def __init__(self) -> None:
        self.held: dict[Place, Offer] = {}
        self.broken = False

    async def show(self, place: Place, offer: Offer) -> None:
        self._check()
        self.held[place] = offer

    async def shown(self, place: Place) -> Offer | None:
        self._check()
        return self.held.get(place)

    async def read(self, place: Place) -> None:
        self._check()
        self.held.pop(place, None)

    def _check(self) -> None:
        if self.broken:
            raise StoreFailed("the database does not answer")
