"""Cases sent: a card to the federation's channel, and replies back to the people who asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

from bot.access.pauses import Switch
from bot.conversation.human_cards import channel_card, reply_card
from bot.conversation.texts import Texts
from bot.maturity.days import swedish_zone
from bot.questions.cases import Case, Handed
from bot.questions.keeping import Keeping
from bot.questions.retrying import LEASE, TRY_LIMIT, next_try
from bot.reminders.ports import Delivery
from bot.storage.answers.cases import SqlCases
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.reminding.digests import SqlDigests
from bot.teams.config import TeamsConfig
from bot.teams.sending.addresses import is_in
from bot.teams.sending.proactive import Proactive, open_proactive
from bot.telemetry.ports import NO_TELEMETRY, Telemetry

AN_HOUR: Final = 3600.0
SOON: Final = 1.0
"""Seconds between two rounds at least, whatever is due."""

_HANDED: Final = {
    Delivery.SENT: Handed.SENT,
    Delivery.UNREACHABLE: Handed.UNREACHABLE,
    Delivery.UNCERTAIN: Handed.UNCERTAIN,
}
"""All else was surely not taken, and is tried again."""

_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


class CaseSending:
    """Sends what is due; several may, in this process or others: each reply is sent by one. `channel` is the id of the
    federation's channel, empty where there is none; `site` is the address of the pages."""

    def __init__(
        self,
        cases: SqlCases,
        digests: SqlDigests,
        proactive: Proactive,
        texts: Texts,
        *,
        channel: str,
        site: str,
        keeping: Keeping,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._cases = cases
        self._digests = digests
        self._proactive = proactive
        self._texts = texts
        self._channel = channel
        self._site = site
        self._keeping = keeping
        self._clock = clock

    async def run(self, due: asyncio.Event, pause: float = AN_HOUR) -> None:
        """Send what is due now, whenever `due` is set, when a reply is to be tried again, and every `pause` seconds,
        until cancelled."""
        while True:
            due.clear()
            for each in (self.give_up_claims, self.hand_over, self.tell_channel, self.forget):
                await self._safely(each)
            seconds = await self._pause(pause)
            try:
                await asyncio.wait_for(due.wait(), seconds)
            except TimeoutError:
                continue

    async def give_up_claims(self) -> None:
        """Of replies that a process was killed over, nobody knows whether they arrived. Raises StorageError."""
        await self._cases.interrupted(self._clock() - LEASE)

    async def hand_over(self) -> None:
        """Send each reply that is due once. Raises StorageError."""
        for case in await self._cases.waiting(self._clock()):
            claimed = self._clock()
            if await self._cases.claim(case.id, claimed):
                handed, try_at = await self._reply(case)
                await self._cases.hand(case.id, claimed, handed, try_at)

    async def _reply(self, case: Case) -> tuple[Handed, datetime | None]:
        """What became of a reply, and when it is to be tried again."""
        if not self._proactive.serves(case.address):
            _log.warning("the reply of case %s goes nowhere: its tenant is not on the list any more", case.id)
            return Handed.UNREACHABLE, None
        try:
            async with asyncio.timeout(TRY_LIMIT.total_seconds()):
                delivery = await self._proactive.send(case.address, reply_card(case, self._texts), case.language)
        except TimeoutError:
            _log.warning("sending the reply of case %s took too long; whether it arrived is not known", case.id)
            return Handed.UNCERTAIN, None
        if delivery in _HANDED:
            return _HANDED[delivery], None
        try_at = next_try(case.tries + 1, self._clock())
        if try_at is None:
            _log.error("the reply of case %s was not taken in %d tries, and is given up", case.id, case.tries + 1)
            return Handed.GAVE_UP, None
        _log.warning("the reply of case %s was not taken, and is tried again at %s", case.id, try_at.isoformat())
        return Handed.WAITING, try_at

    async def tell_channel(self) -> None:
        """Tell the channel of each open case that it has not been told of. Raises StorageError."""
        channel = await self._digests.channel()
        if channel is None or not is_in(channel.address, self._channel):
            return
        zone = await swedish_zone()
        for case in await self._cases.unposted():
            page = f"{self._site}/questions/{case.id}" if self._site else ""
            day = case.at.astimezone(zone).date().isoformat()
            card = channel_card(case, day, page, self._texts, channel.language)
            if not await self._cases.post(case.id):
                continue
            delivery = await self._proactive.send(channel.address, card, channel.language)
            if delivery.surely_not:
                await self._cases.unpost(case.id)

    async def forget(self) -> None:
        """Delete what is no longer kept. Raises StorageError."""
        now = self._clock()
        await self._cases.forget(now - self._keeping.done, now - self._keeping.open, now)

    async def _pause(self, most: float) -> float:
        """Seconds until something is due, `most` at most."""
        try:
            soonest = await self._cases.next_try()
        except StorageError:
            _log.exception("when the next reply is due could not be read")
            return most
        return most if soonest is None else min(most, max(SOON, (soonest - self._clock()).total_seconds()))

    async def _safely(self, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except StorageError:
            _log.exception("cases could not be sent or tidied; the next try is within the hour")


@asynccontextmanager
async def open_case_sending(
    config: TeamsConfig,
    texts: Texts,
    database: Database,
    *,
    channel: str,
    site: str,
    keeping: Keeping,
    telemetry: Telemetry = NO_TELEMETRY,
    switch: Switch | None = None,
) -> AsyncIterator[CaseSending]:
    """Sending over an open database, with connections of its own; the rest as in CaseSending."""
    async with open_proactive(config, texts, telemetry=telemetry, switch=switch) as proactive:
        yield CaseSending(
            database.cases, database.digests, proactive, texts, channel=channel, site=site, keeping=keeping
        )
