"""The weekly digest: on Monday mornings, where a round is open, once a week whatever restarts in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from bot.maturity.ports import Rounds
from bot.maturity.rounds import Round
from bot.reminders.model import Channel
from bot.reminders.ports import Clock, Delivery, Digests, Turnout
from bot.results.model import Participation

MONDAY = 0
BEGINS, ENDS = time(9), time(17)
"""When it is sent; a service that was down at nine makes up for it until the end of the day."""


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round in the digest. `days_left` counts today; None where it has no last day."""

    held: Round
    participation: Participation
    days_left: int | None


class Herald(Protocol):
    """Brings the digest to a channel."""

    async def tell(self, channel: Channel, rounds: Sequence[OpenRound]) -> Delivery:
        """Send it once. Raises nothing that belongs to a channel."""


class WeeklyDigest:
    """Sends the digest when it is time. Several may run at once: each week's is sent by one."""

    def __init__(self, rounds: Rounds, digests: Digests, turnout: Turnout, herald: Herald, clock: Clock) -> None:
        self._rounds = rounds
        self._digests = digests
        self._turnout = turnout
        self._herald = herald
        self._clock = clock

    async def send(self) -> Delivery | None:
        """Send this week's digest; None where there is nothing to send now. Raises StoreFailed."""
        now = self._clock()
        if not is_time(now):
            return None
        channel = await self._digests.channel()
        if channel is None:
            return None
        day = now.date()
        rounds = [await self._told(each, day) for each in await self._rounds.rounds() if _counts(each, day)]
        if not rounds or not await self._digests.count_week(week_of(day)):
            return None
        delivery = await self._herald.tell(channel, rounds)
        if delivery is Delivery.UNREACHABLE:
            await self._digests.send_to(None)
        elif delivery.surely_not:
            await self._digests.uncount_week(week_of(day))
        return delivery

    async def _told(self, held: Round, day: date) -> OpenRound:
        days_left = None if held.closes is None else (held.closes - day).days + 1
        return OpenRound(held, await self._turnout(held), days_left)


def is_time(now: datetime) -> bool:
    """Whether the digest may be sent at this moment, given in Swedish time."""
    return now.weekday() == MONDAY and BEGINS <= now.time() < ENDS


def week_of(day: date) -> str:
    """The ISO week that a day is in, such as `2026-W49`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _counts(held: Round, day: date) -> bool:
    return held.takes_answers(day) and not held.practice
