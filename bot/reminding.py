"""Reminders and the weekly digest, put together: from the stores by way of the cards to Teams."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from bot.access.audit import Action, AuditEvent
from bot.access.errors import AccessStoreFailed
from bot.access.pauses import Switch
from bot.conversation.check.reminder_cards import reminder_card
from bot.conversation.texts import Texts
from bot.conversation.weekly_card import digest_card
from bot.maturity.round_life import By
from bot.maturity.rounds import Round
from bot.reminders.digest import OpenRound, WeeklyDigest
from bot.reminders.hourly import swedish_clock
from bot.reminders.model import Channel, Kept
from bot.reminders.planning import Rules
from bot.reminders.ports import Clock, Delivery
from bot.reminders.sending import Reminding, Tally
from bot.results.model import Participation
from bot.results.participation import participation_of
from bot.storage.database import Database
from bot.teams.config import TeamsConfig
from bot.teams.sending.addresses import is_in
from bot.teams.sending.proactive import Proactive, open_proactive
from bot.telemetry.ports import NO_TELEMETRY, Telemetry

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenReminders:
    """Who is due, and who is told; as long as the connection to Teams is open."""

    reminding: Reminding
    digest: WeeklyDigest
    clock: Clock


REMINDERS: Final = web.AppKey("reminders", OpenReminders)
"""Of an application, while it runs; not there where its data is made up."""


class TeamsPost:
    """Implements `bot.reminders.sending.Messenger` and `bot.reminders.digest.Herald`.

    `channel` is the id of the federation's channel; the digest goes nowhere else, whatever address is stored.
    """

    def __init__(self, proactive: Proactive, texts: Texts, clock: Clock, rules: Rules, channel: str) -> None:
        self._proactive = proactive
        self._texts = texts
        self._clock = clock
        self._rules = rules
        self._channel = channel

    async def remind(self, kept: Kept, held: Round) -> Delivery:
        """Send a person their reminder."""
        if kept.wish is None:
            return Delivery.FAILED
        card = reminder_card(kept, kept.wish, held, self._clock().date(), self._rules.most, self._texts)
        return await self._proactive.send(kept.wish.address, card, kept.wish.language)

    async def tell(self, channel: Channel, rounds: Sequence[OpenRound]) -> Delivery:
        """Send the federation its digest."""
        if not is_in(channel.address, self._channel):
            _log.warning("the weekly digest is not sent: its channel is not the one that is set any more")
            return Delivery.UNREACHABLE
        card = digest_card(rounds, self._clock().date(), self._texts, channel.language)
        return await self._proactive.send(channel.address, card, channel.language)


class Told:
    """Implements `bot.reminders.sending.Record` on the audit log."""

    def __init__(self, database: Database) -> None:
        self._audit = database.audit

    async def sent(self, held: Round, tally: Tally, by: By) -> None:
        """How many reminders of a round were sent, and who had that done."""
        details = {delivery.value: str(number) for delivery, number in sorted(tally.items())}
        event = AuditEvent(datetime.now(UTC), by.actor, by.tenant, Action.REMINDERS_SENT, held.label, details)
        try:
            await self._audit.append(event)
        except AccessStoreFailed:
            # They have been sent all the same, and each is counted where the person's reminders are.
            _log.exception("that reminders were sent could not be recorded")


@asynccontextmanager
async def open_reminders(
    config: TeamsConfig,
    texts: Texts,
    database: Database,
    channel: str,
    clock: Clock | None = None,
    telemetry: Telemetry = NO_TELEMETRY,
    switch: Switch | None = None,
) -> AsyncIterator[OpenReminders]:
    """Reminders and digest over an open database; `channel` as in TeamsPost, empty where there is no digest."""
    clock = clock or await swedish_clock()
    rules, store = Rules(), database.check

    async def turnout(held: Round) -> Participation:
        return participation_of((await store.participation(held.id)).groups, held.instrument, held.invited)

    async with open_proactive(config, texts, telemetry=telemetry, switch=switch) as proactive:
        post = TeamsPost(proactive, texts, clock, rules, channel)
        yield OpenReminders(
            Reminding(store, store.reminders, post, clock, rules, Told(database)),
            WeeklyDigest(store, database.digests, turnout, post, clock),
            clock,
        )
