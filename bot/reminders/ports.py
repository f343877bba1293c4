"""What reminders and the digest ask of the outside: stores, and ways to send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bot.maturity.ports import Person
from bot.maturity.rounds import Round
from bot.maturity.session import Source
from bot.reminders.model import Channel, Kept, Wish
from bot.results.model import Participation

Clock = Callable[[], datetime]
"""Tells the moment, in Swedish time."""

Turnout = Callable[[Round], Awaitable[Participation]]
"""How many have answered so far, in numbers that may be shown."""


class Reminders(Protocol):
    """Who wants to be reminded, and was. Every method raises StoreFailed."""

    async def remember(self, person: Person, round_id: str, source: Source, wish: Wish, *, asked: bool) -> Kept | None:
        """Keep where somebody who left a check is reminded; what is kept now, or None where nothing is.

        Nothing is where the person wants no reminders, unless they have `asked` for this one, which takes that back;
        nor after the answers were sent in. Raises RoundClosed where the round takes no answers today.
        """

    async def refuse(self, person: Person) -> None:
        """Remind this person no more, in this round or any later one; the addresses that are kept are deleted."""

    async def of_round(self, round_id: str) -> Sequence[Kept]:
        """Everybody's reminders in a round, in an order that says nothing; none once it is closed."""

    async def count(self, kept: Kept, day: date) -> bool:
        """Count a reminder, before it is sent. False where `kept` is no longer how it is: then it must not be sent."""

    async def uncount(self, kept: Kept, day: date) -> None:
        """Take back the counting of `kept` on this day, as the reminder was surely not sent."""

    async def unreachable(self, kept: Kept) -> None:
        """The person cannot be reached: no more tries, and the address is deleted."""


class Digests(Protocol):
    """Where the weekly digest goes, and in which weeks it went. Every method raises StoreFailed."""

    async def channel(self) -> Channel | None:
        """The channel; None where nobody wants the digest."""

    async def send_to(self, channel: Channel | None) -> None:
        """From now on the digest goes there, or nowhere."""

    async def count_week(self, week: str) -> bool:
        """Count the digest of a week, before it is sent; False where it was counted before."""

    async def uncount_week(self, week: str) -> None:
        """Take that back, as the digest was surely not sent."""


class Delivery(StrEnum):
    """What became of a message.

    SENT; UNCERTAIN, it may have arrived, and is not sent again; FAILED, it did not arrive; STOPPED, it did not arrive,
    and others will not for now; UNREACHABLE, nothing will ever arrive there.
    """

    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"

    @property
    def surely_not(self) -> bool:
        """Whether nothing has arrived."""
        return self in (Delivery.FAILED, Delivery.STOPPED, Delivery.UNREACHABLE)
