"""Cases sent: a card to the federation's channel, and replies back to the people who asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.conversation.human_cards import channel_card, reply_card
from bot.conversation.texts import Texts
from bot.questions.cases import Case, Handed
from bot.reminders.ports import Delivery
from bot.storage.cases import SqlCases
from bot.storage.database import Database
from bot.storage.digests import SqlDigests
from bot.storage.errors import StorageError
from bot.teams.addresses import is_in
from bot.teams.config import TeamsConfig
from bot.teams.proactive import Proactive, open_proactive

AN_HOUR: Final = 3600.0

_HANDED: Final = {
    Delivery.SENT: Handed.SENT,
    Delivery.UNREACHABLE: Handed.UNREACHABLE,
    Delivery.UNCERTAIN: Handed.UNCERTAIN,
}
"""All else was surely not taken, and is tried again."""

_log = logging.getLogger(__name__)


class CaseSending:
    """Sends what is due. `channel` is the id of the federation's channel, empty where there is none; `site` is the
    address of the pages; cases go `kept` after they were answered or closed."""

    def __init__(
        self,
        cases: SqlCases,
        digests: SqlDigests,
        proactive: Proactive,
        texts: Texts,
        *,
        channel: str,
        site: str,
        kept: timedelta,
    ) -> None:
        self._cases = cases
        self._digests = digests
        self._proactive = proactive
        self._texts = texts
        self._channel = channel
        self._site = site
        self._kept = kept

    async def run(self, due: asyncio.Event, pause: float = AN_HOUR) -> None:
        """Send what is due now, whenever `due` is set, and every `pause` seconds, until cancelled."""
        await self._safely(self._cases.interrupted)
        while True:
            due.clear()
            for each in (self.hand_over, self.tell_channel, self._forget):
                await self._safely(each)
            try:
                await asyncio.wait_for(due.wait(), pause)
            except TimeoutError:
                continue

    async def hand_over(self) -> None:
        """Send each waiting reply once. Raises StorageError."""
        for case in await self._cases.waiting():
            if await self._cases.claim(case.id):
                await self._cases.hand(case.id, await self._reply(case))

    async def _reply(self, case: Case) -> Handed:
        if not self._proactive.serves(case.address):
            _log.warning("the reply of case %s goes nowhere: its tenant is not on the list any more", case.id)
            return Handed.UNREACHABLE
        delivery = await self._proactive.send(case.address, reply_card(case, self._texts), case.language)
        return _HANDED.get(delivery, Handed.WAITING)

    async def tell_channel(self) -> None:
        """Tell the channel of each open case that it has not been told of. Raises StorageError."""
        channel = await self._digests.channel()
        if channel is None or not is_in(channel.address, self._channel):
            return
        for case in await self._cases.unposted():
            page = f"{self._site}/questions/{case.id}" if self._site else ""
            card = channel_card(case, case.at.date().isoformat(), page, self._texts, channel.language)
            delivery = await self._proactive.send(channel.address, card, channel.language)
            if delivery in (Delivery.SENT, Delivery.UNCERTAIN):
                await self._cases.post(case.id)

    async def _forget(self) -> None:
        await self._cases.forget_before(datetime.now(UTC) - self._kept)

    async def _safely(self, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except StorageError:
            _log.exception("cases could not be sent or tidied; the next try is within the hour")


@asynccontextmanager
async def open_case_sending(
    config: TeamsConfig, texts: Texts, database: Database, *, channel: str, site: str, kept: timedelta
) -> AsyncIterator[CaseSending]:
    """Sending over an open database, with connections of its own; the rest as in CaseSending."""
    async with open_proactive(config, texts) as proactive:
        yield CaseSending(database.cases, database.digests, proactive, texts, channel=channel, site=site, kept=kept)
