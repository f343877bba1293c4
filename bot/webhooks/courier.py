"""Delivers messages from the outbox, at least once each and always with the same id, until they arrive or are given up.

Safe to run in several processes at once: whoever takes a delivery has it for a while.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Self

import aiohttp

from bot.webhooks.checked_resolver import CheckedResolver
from bot.webhooks.outbox import Delivery, DeliveryState, Outbox, target_of
from bot.webhooks.signing import signed_headers

TIMEOUT: Final = 15.0
"""Seconds that a receiver has for one message, connecting included."""
CLAIM: Final = timedelta(seconds=4 * TIMEOUT)
"""For how long a delivery that somebody takes is left to them."""
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=6)
"""Pauses double with every try, from the first to the longest."""
PATIENCE: Final = timedelta(days=3)
"""How long after it was noted a message is given up."""
MEMORY: Final = timedelta(days=30)
"""How long settled deliveries are kept: longer than anything is news, or it would be sent again."""
AT_ONCE: Final = 10
GONE: Final = 410
"""What a receiver answers who wants no more messages."""

_log = logging.getLogger(__name__)


def pause_after(attempts: int, jitter: Callable[[], float] = random.random) -> timedelta:
    """How long to wait after so many tries: doubled each time, and up to a quarter longer by chance."""
    # No further than the longest; a large exponent would be no time at all to wait for.
    plain = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempts - 1, 20)))
    return plain * (1 + jitter() / 4)


class Courier:
    """Sends to `urls`, signed with `key`. An asynchronous context manager.

    `delivered` is told of every message that arrived; it must not raise. `resolver` looks names up.
    """

    def __init__(
        self,
        outbox: Outbox,
        urls: Sequence[str],
        key: bytes,
        *,
        agent: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout: float = TIMEOUT,
        delivered: Callable[[Delivery], Awaitable[None]] | None = None,
        resolver: CheckedResolver | None = None,
    ) -> None:
        self._outbox = outbox
        self._urls: Mapping[str, str] = {target_of(url): url for url in urls}
        self._key = key
        self._agent = agent
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._delivered = delivered
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(resolver=self._resolver or CheckedResolver(), limit=AT_ONCE)
        self._session = aiohttp.ClientSession(
            connector=connector, timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def targets(self) -> Sequence[str]:
        """The targets, as deliveries name them."""
        return tuple(self._urls)

    async def deliver_due(self) -> int:
        """Try everything that is due, some at once; how many tries that were. Raises OutboxFailed."""
        found = await self._outbox.due(self._clock(), AT_ONCE)
        async with asyncio.TaskGroup() as group:
            tries = [group.create_task(self._deliver(each)) for each in found]
        return sum(each.result() for each in tries)

    async def _deliver(self, delivery: Delivery) -> bool:
        now = self._clock()
        if not await self._outbox.claim(delivery, now + CLAIM):
            return False
        url = self._urls.get(delivery.target)
        if url is None:
            _log.warning("message %s is for a target that is not set any more; given up", delivery.message)
            await self._outbox.settle(delivery, DeliveryState.GIVEN_UP, due=now)
            return False
        status = await self._send(url, delivery)
        now = self._clock()
        due = now + pause_after(delivery.attempts + 1)
        if status is not None and 200 <= status < 300:
            state = DeliveryState.DELIVERED
            _log.info("message %s (%s) was delivered", delivery.message, delivery.event)
        elif status == GONE or due - delivery.created > PATIENCE:
            state = DeliveryState.GIVEN_UP
            _log.error(
                "message %s (%s) is given up after %d tries", delivery.message, delivery.event, delivery.attempts + 1
            )
        else:
            state = DeliveryState.WAITING
        await self._outbox.settle(delivery, state, due=due)
        if state is DeliveryState.DELIVERED and self._delivered is not None:
            await self._delivered(delivery)
        return True

    async def _send(self, url: str, delivery: Delivery) -> int | None:
        """The receiver's status; None where it could not be reached, or not in time."""
        assert self._session is not None  # noqa: S101 - only inside the context
        body = delivery.body.encode()
        headers = {
            **signed_headers(delivery.message, int(self._clock().timestamp()), body, self._key),
            "Content-Type": "application/json",
            "User-Agent": self._agent,
        }
        try:
            # Not followed: a redirect could lead where no message may go.
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                if not 200 <= response.status < 300:
                    _log.warning("message %s: the receiver answered %d", delivery.message, response.status)
                return response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.warning("message %s: %s", delivery.message, type(error).__name__)
            return None
