"""Which activities somebody has taken, whichever replica that is and whether or not it was restarted since.

Teams sends an activity again when an answer is late or lost, and a load balancer gives it to any replica. Whoever puts
it into the store first runs its turn. A replica says every few seconds that it is still at it; one that has died does
not, so that the activity is taken by whoever gets it next.

One write serves all that wait for one, and what has ended is written together: at a load, a turn costs little more than
one statement. Where there is one replica, nobody waits: it reads once what was answered before it was started.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.access.claims import ClaimStore, End, Standing
from bot.access.errors import AccessStoreFailed

LEASE: Final = timedelta(seconds=10)
"""Teams sends again after about 15 s: by then a replica that has died no longer counts."""
BEAT: Final = 3.0
"""Seconds after which a turn that takes long is said to be under way still, and again as often."""
LINGER: Final = 0.5
"""Seconds that what has ended waits for more, to be written with it."""
FORGET: Final = 300.0
"""Seconds between two times that what is past is deleted."""
MOST_ENDS: Final = 1000
"""Ends that are kept for later while the store fails, the latest of them."""
PATIENCE: Final = 2.0
"""Seconds that a turn waits for the store. A person is answered, or told that nothing can be kept, all the same."""

_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The machine's time; replicas' clocks must agree to a few seconds."""
    return datetime.now(UTC)


def key_of(*parts: str) -> str:
    """A digest of what tells activities apart, which keeps the parts from being read."""
    whole = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        whole.update(len(encoded).to_bytes(8, "big") + encoded)
    return whole.hexdigest()


class Claims:
    """The claims of one process. Belongs to one event loop, between `start` and `close`."""

    def __init__(
        self,
        store: ClaimStore,
        *,
        clock: Callable[[], datetime] = utc_now,
        lease: timedelta = LEASE,
        beat: float = BEAT,
        linger: float = LINGER,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lease = lease
        self._beat = beat
        self._linger = linger
        self._patience = patience
        self._holder = secrets.token_hex(16)
        self._wishes: dict[str, asyncio.Future[Standing]] = {}
        self._ends: list[End] = []
        self._held: dict[str, float] = {}
        self._due = asyncio.Event()
        self._ends_due = False
        self._before: Mapping[str, datetime] | None = None
        self._closing = False
        self._forgotten = float("-inf")
        self._writing: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write."""
        self._before = None
        self._closing = False
        self._writing = asyncio.create_task(self._write(), name="teams claims")
        self._beating = asyncio.create_task(self._keep_beating(), name="teams claims held")

    async def close(self) -> None:
        """Note what has ended, and write no more."""
        if self._writing is None or self._beating is None:
            return
        self._beating.cancel()
        self._closing = True
        self._write_ends()
        await asyncio.wait({self._writing}, timeout=self._patience)
        self._writing.cancel()
        await asyncio.gather(self._writing, self._beating, return_exceptions=True)
        self._writing = self._beating = None

    async def take(self, key: str) -> Standing:
        """Whose an activity is; where it is nobody's, it is taken.

        Where the store does not say in time, it is taken too: whether an answer can be kept is found out there, and the
        person is told.
        """
        if self._store.shared:
            standing = await self._asked(key)
        else:
            before = await self._answered_before()
            known = before.get(key)
            standing = Standing.ANSWERED if known is not None and known > self._clock() else Standing.MINE
        if standing is Standing.MINE:
            self._held[key] = asyncio.get_running_loop().time()
        return standing

    async def _answered_before(self) -> Mapping[str, datetime]:
        if self._before is None:
            try:
                async with asyncio.timeout(self._patience):
                    self._before = await self._store.answered(self._clock())
            except (AccessStoreFailed, TimeoutError) as error:
                _log.warning("what was answered before could not be read; activities are answered: %s", error)
                return {}
        return self._before

    async def _asked(self, key: str) -> Standing:
        waited = self._wishes.get(key)
        if waited is None:
            waited = self._wishes[key] = asyncio.get_running_loop().create_future()
            self._due.set()
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.shield(waited)
        except TimeoutError:
            _log.warning("whether an activity was taken already could not be told in time; it is taken")
            return Standing.MINE

    def end(self, key: str, status: int | None, remembered: float) -> None:
        """A turn has ended with this HTTP status, which counts for so many seconds; None where it was stopped."""
        self._held.pop(key, None)
        if status is None and not self._store.shared:
            return
        self._ends.append(End(key, status, self._clock() + timedelta(seconds=remembered if status else 0.0)))
        if len(self._ends) == 1:
            asyncio.get_running_loop().call_later(self._linger, self._write_ends)

    def _write_ends(self) -> None:
        self._ends_due = True
        self._due.set()

    async def _write(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            last = self._closing
            await self._flush()
            if last:
                return

    async def _flush(self) -> None:
        wishes, self._wishes = self._wishes, {}
        ends: list[End] = []
        if self._ends_due:
            self._ends_due = False
            ends, self._ends = self._ends, []
        if not wishes and not ends:
            return
        now = self._clock()
        standings: Mapping[str, Standing] = {}
        try:
            standings = await self._store.write(self._holder, tuple(wishes), ends, now, now + self._lease)
        except AccessStoreFailed as error:
            _log.warning("activities could not be taken; they are answered all the same: %s", error)
            self._ends = [*ends, *self._ends][-MOST_ENDS:]
            asyncio.get_running_loop().call_later(self._beat, self._write_ends)
        except Exception:  # noqa: BLE001 - people must be answered whatever the store does
            _log.exception("activities could not be taken; they are answered all the same")
        for key, waited in wishes.items():
            if not waited.done():
                waited.set_result(standings.get(key, Standing.MINE))

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(self._beat)
            try:
                await self._say_so(asyncio.get_running_loop().time())
            except Exception as error:  # noqa: BLE001 - the next beat says it again
                _log.warning("that turns are under way could not be noted: %s", error)

    async def _say_so(self, now: float) -> None:
        long = [key for key, since in self._held.items() if now - since >= self._beat / 2]
        if long and self._store.shared:
            await self._store.renew(self._holder, long, self._clock() + self._lease)
        if now - self._forgotten >= FORGET:
            self._forgotten = now
            await self._store.forget(self._clock())
