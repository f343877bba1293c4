"""Which notice was shown where, so that words can accept it wherever they arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.conversation.ports import Place
from bot.maturity.session import Source


@dataclass(frozen=True, slots=True)
class Offer:
    """The round that a notice is about, by its id, and the way to answer it."""

    round: str
    source: Source


class Notices(Protocol):
    """`bot.storage.check.notices.SqlNotices` is one. Every method raises StoreFailed."""

    async def show(self, place: Place, offer: Offer) -> None:
        """A notice is shown in a chat: words that accept one are about this one from now on."""

    async def shown(self, place: Place) -> Offer | None:
        """The notice that was shown last within `KEPT` days and is not read yet."""

    async def read(self, place: Place) -> None:
        """It was accepted, or its person wants nothing kept: the same words again are about nothing."""


KEPT = 7
"""Days for which a notice can be accepted in words; its button works for longer."""
