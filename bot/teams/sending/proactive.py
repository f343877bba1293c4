"""Cards sent outside of turns: reminders, the weekly digest, how far files are. Slowly, and nothing twice.

A reply to somebody who waits is tried again where it may have been lost. What nobody waits for is not, unless the
connector says for sure that it did not take it.
"""

from __future__ import annotations

import logging
import random
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp

from bot.access.pauses import EVERYBODY, NeverPaused, Switch
from bot.conversation.card import CardReply
from bot.conversation.texts import Texts
from bot.conversation.turn import Scope
from bot.reminders.ports import Delivery
from bot.teams.config import TeamsConfig
from bot.teams.errors import AddressInvalid, CallerRefused, CredentialsFailed, SendFailed, Unreachable
from bot.teams.receiving.service_urls import ServiceUrls
from bot.teams.sending.addresses import Address, unpacked
from bot.teams.sending.connector import Connector
from bot.teams.sending.credentials import CachedTokens, token_source
from bot.teams.sending.pacing import Pace
from bot.teams.sending.pauses import ATTEMPTS, Pauses
from bot.teams.sending.replies import Json, Renderer
from bot.telemetry.ports import NO_TELEMETRY, Telemetry

INTERVAL: Final = 0.5
"""Seconds between two messages: people are written to one by one, and turns have the rest of what Teams allows."""
LONGEST_PAUSE: Final = 120.0
"""Seconds that the connector may ask to wait; for longer the rest is left to the next run."""
THROTTLED, PASSING = 429, frozenset({412, 429})

_log = logging.getLogger(__name__)


class Proactive:
    """Sends cards to packed addresses. One for a process, as the pace is its own."""

    def __init__(
        self,
        connector: Connector,
        texts: Texts,
        config: TeamsConfig,
        *,
        pace: Pace | None = None,
        jitter: Callable[[], float] = random.random,
        switch: Switch | None = None,
    ) -> None:
        self._switch = switch or NeverPaused()
        self._connector = connector
        self._renderer = Renderer(texts)
        self._tenants = frozenset(tenant.lower() for tenant in config.allowed_tenants)
        self._pace = pace or Pace(INTERVAL)
        self._pauses = Pauses(config.retry_pause, LONGEST_PAUSE, jitter)

    def serves(self, address: str) -> bool:
        """Whether anything may be sent to an address: its tenant is on the list, or there is none."""
        try:
            return self._allows(unpacked(address))
        except AddressInvalid:
            return False

    def _allows(self, target: Address) -> bool:
        return not self._tenants or target.tenant.lower() in self._tenants

    async def send(self, address: str, card: CardReply, language: str) -> Delivery:
        """Send a card to where a turn came from once. Raises nothing of its own."""
        return await self._deliver(address, card, language, "")

    async def replace(self, address: str, message: str, card: CardReply, language: str) -> Delivery:
        """Put a card in the place of an earlier message of the bot's there. Raises nothing of its own."""
        return await self._deliver(address, card, language, message)

    async def _deliver(self, address: str, card: CardReply, language: str, message: str) -> Delivery:
        try:
            target = unpacked(address)
        except AddressInvalid as error:
            _log.error("nothing can be sent: %s", error)
            return Delivery.UNREACHABLE
        if not self._allows(target):
            _log.warning("nothing is sent to tenant %s, which is not on the list any more", target.tenant)
            return Delivery.FAILED
        pause = self._switch.of(target.tenant)
        if pause is not None:
            _log.info("nothing is sent while the bot is paused")
            return Delivery.STOPPED if pause.tenant == EVERYBODY else Delivery.FAILED
        scope = Scope.PERSONAL if target.personal else Scope.CHANNEL
        [rendered] = self._renderer.render([card], scope, language)
        return await self._patiently(target, rendered.payload, message)

    async def _patiently(self, target: Address, payload: Json, message: str) -> Delivery:
        attempt = 1
        while True:
            await self._pace.turn()
            try:
                await self._once(target, payload, message)
            except Unreachable as error:
                _log.info("a chat or channel cannot be reached (HTTP %s)", error.status)
                return Delivery.UNREACHABLE
            except (CallerRefused, CredentialsFailed) as error:
                _log.error("nothing can be sent: %s", error)
                return Delivery.STOPPED if isinstance(error, CredentialsFailed) else Delivery.FAILED
            except SendFailed as error:
                if attempt >= ATTEMPTS or not self._may_try_again(error):
                    return _failed(error)
                self._pace.hold(self._pauses.after(attempt, error.pause))
                attempt += 1
            else:
                return Delivery.SENT

    def _may_try_again(self, error: SendFailed) -> bool:
        return error.status in PASSING and not error.arrived and (error.pause or 0.0) <= LONGEST_PAUSE

    async def _once(self, target: Address, payload: Json, message: str) -> None:
        if target.kind == "channel" and not message:
            await self._connector.begin(target.service_url, _thread(target, payload), attempts=1)
            return
        whole = {
            **payload,
            "channelId": "msteams",
            "from": {"id": target.bot},
            "conversation": {"id": target.conversation},
        }
        if target.personal:
            whole["recipient"] = {"id": target.person}
        if message:
            whole["id"] = message
            await self._connector.update(target.service_url, target.conversation, message, whole)
            return
        await self._connector.send(target.service_url, target.conversation, whole, attempts=1)


@asynccontextmanager
async def open_proactive(
    config: TeamsConfig,
    texts: Texts,
    *,
    ssl_context: ssl.SSLContext | None = None,
    pace: Pace | None = None,
    telemetry: Telemetry = NO_TELEMETRY,
    switch: Switch | None = None,
) -> AsyncIterator[Proactive]:
    """A sender with connections and a token of its own.

    `ssl_context` is the trust for calls, None the system's; without a `pace` it takes INTERVAL.
    """
    tokens = token_source(config)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1, ssl=ssl_context or True),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "Fyren"},
    ) as session:
        try:
            connector = Connector(session, tokens, ServiceUrls(config), config, telemetry=telemetry)
            yield Proactive(connector, texts, config, pace=pace, switch=switch)
        finally:
            if isinstance(tokens, CachedTokens):
                await tokens.close()


def _thread(target: Address, payload: Json) -> dict[str, Any]:
    """A new thread in a channel, which is a conversation of its own."""
    return {
        "isGroup": True,
        "tenantId": target.tenant,
        "bot": {"id": target.bot},
        "channelData": {"channel": {"id": target.conversation}, "tenant": {"id": target.tenant}},
        "activity": payload,
    }


def _failed(error: SendFailed) -> Delivery:
    _log.warning("a message could not be sent: %s", error)
    if error.arrived:
        return Delivery.UNCERTAIN
    return Delivery.STOPPED if error.status == THROTTLED else Delivery.FAILED
