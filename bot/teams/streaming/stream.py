"""An answer that grows in a personal chat, by the rules that Teams has for streams.

One request at a time, each at least a second after the answer to the one before, all within two minutes, each text
beginning with the one before. The newest state is sent and nothing queues. Nothing is sent before there is something
to tell, and nothing for an answer that is there at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Final

from bot.teams.errors import SendFailed, TeamsError
from bot.teams.sending.outlet import Outlet
from bot.teams.sending.pauses import ATTEMPTS
from bot.teams.sending.replies import Json
from bot.teams.streaming import payloads as stream_payloads
from bot.teams.streaming.modes import AFTER, PASSING, Mode
from bot.teams.streaming.refusals import Refusal, refusal_of
from knowledge.composing.ports import Advance, Written

GRACE: Final = 0.3
"""Seconds until it is told that something is under way: most answers are there by then."""
INTERVAL: Final = 1.1
"""Seconds between an answer of Teams and the next request; it refuses what comes within one."""
TIME_LIMIT: Final = 110.0
"""Seconds after which a stream is not used any more; Teams ends it at 120."""
THROTTLED, THROTTLED_PAUSE, LONGEST_PAUSE = 429, 2.0, 15.0

_log = logging.getLogger(__name__)


class AnswerStream:
    """One answer's stream. `word` makes a text of an advance; `refused` is called where streams are not allowed, and
    `cancelled` where the person has stopped this one."""

    def __init__(
        self,
        outlet: Outlet,
        word: Callable[[Advance], str],
        *,
        refused: Callable[[], None],
        cancelled: Callable[[], None],
    ) -> None:
        self._outlet = outlet
        self._word = word
        self._refused = refused
        self._cancelled = cancelled
        self._mode = Mode.LIVE
        self._latest: Advance | None = None
        self._news = asyncio.Event()
        self._written = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._posting = False
        self._ended = self._finished = False
        self._sequence = 0
        self._started: float | None = None
        self._free_at = 0.0
        self._id = ""
        self._shown = ""

    @property
    def shown(self) -> str:
        """What of the answer has been sent, as it was rendered."""
        return self._shown

    @property
    def opened(self) -> bool:
        """Whether the person has seen something of it, or said that nothing more is wanted."""
        return bool(self._id) or self._mode is Mode.CANCELLED

    @property
    def finished(self) -> bool:
        """Whether its last message was sent, or tried."""
        return self._finished

    def tell(self, advance: Advance) -> None:
        """Take the newest state; returns at once."""
        if self._ended or self._mode is not Mode.LIVE:
            return
        self._latest = advance
        self._news.set()
        if isinstance(advance, Written):
            self._written.set()
        if self._pump is None:
            self._pump = asyncio.create_task(self._run())

    async def finish(self, payload: Json) -> str | None:
        """Send the last message, in the stream where there is one; its id, or None where the person wants no more.

        Raises TeamsError.
        """
        await self.close()
        self._finished = True
        if self._mode is Mode.CANCELLED:
            return None
        if not self._id or self._mode is Mode.PLAIN:
            return await self._outlet.send(payload)
        if self._mode is Mode.IN_PLACE or self._late():
            return await self._in_place(payload)
        # What does not continue the stream may not end it: it ends as it stands, and is replaced then.
        continues = str(payload.get("text", "")).startswith(self._shown)
        ending = payload if continues else {"type": "message", "textFormat": "markdown", "text": self._shown}
        mode = await self._end(stream_payloads.final(ending, self._id))
        if mode is Mode.CANCELLED:
            return None
        if mode is Mode.LIVE and continues:
            return self._id
        return await self._in_place(payload) if mode is not Mode.PLAIN else await self._outlet.send(payload)

    async def close(self) -> None:
        """Send no more updates; one that is on its way is waited for."""
        self._ended = True
        pump = self._pump
        if pump is None:
            return
        if not self._posting:
            pump.cancel()
        try:
            await asyncio.wait({pump})
        except asyncio.CancelledError:
            pump.cancel()
            raise

    async def _run(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._written.wait()
        while self._mode is Mode.LIVE and not self._ended:
            await self._news.wait()
            self._news.clear()
            wait = self._free_at - _now()
            if wait > 0:
                if not isinstance(self._latest, Written):
                    continue  # it would stand in the way of the first sentence
                await asyncio.sleep(wait)
                self._news.clear()
            if self._late():
                self._mode = Mode.IN_PLACE
                return
            if self._latest is not None:
                await self._advance(self._latest)

    async def _advance(self, advance: Advance) -> None:
        written = isinstance(advance, Written)
        text = self._word(advance)
        if not text.startswith(self._shown) or text == self._shown or (self._shown and not written):
            return
        if self._started is None:
            self._started = _now()
        self._sequence += 1
        payload = stream_payloads.update(text, self._sequence, self._id, informative=not written)
        self._posting = True
        try:
            found = await self._outlet.send(payload)
        except SendFailed as error:
            self._free_at = _now() + _pause(error)
            self._update_failed(error, text if written else "")
        except TeamsError as error:
            _log.warning("a stream goes no further (%s)", error)
            self._mode = Mode.QUIET
        else:
            self._free_at = _now() + INTERVAL
            self._id = self._id or found
            self._shown = text if written else self._shown
            if not self._id:
                _log.warning("a stream was begun that has no id")
                self._mode = Mode.PLAIN
        finally:
            self._posting = False

    def _update_failed(self, error: SendFailed, text: str) -> None:
        refusal = refusal_of(error)
        if refusal is not None:
            self._mode = self._told(refusal)
        elif error.status not in PASSING or (not self._id and error.arrived):
            # Where the first step may have arrived, there is a stream whose id nobody knows.
            self._mode = Mode.QUIET
        elif error.arrived:
            self._shown = text or self._shown
        elif not self._id:
            self._sequence, self._started = 0, None
        if error.status == THROTTLED:
            self._news.set()
        _log.info("an update of a stream was not taken (%s)", error)

    def _told(self, refusal: Refusal) -> Mode:
        if refusal is Refusal.NOT_ALLOWED:
            self._refused()
        if refusal is Refusal.CANCELLED and not self._ended:
            self._cancelled()
        return AFTER[refusal]

    async def _end(self, payload: Json) -> Mode:
        """Try to end the stream; what to do now, LIVE where it has ended."""
        attempt, arrived = 1, False
        while True:
            await asyncio.sleep(max(0.0, self._free_at - _now()))
            if self._late():
                return Mode.IN_PLACE
            try:
                await self._outlet.send(payload)
            except SendFailed as error:
                self._free_at = _now() + _pause(error)
                # Where an end may have arrived, with this try or an earlier one, replacing it says nothing twice.
                arrived = arrived or error.arrived
                otherwise = Mode.IN_PLACE if arrived else Mode.PLAIN
                refusal = refusal_of(error)
                if refusal is not None:
                    _log.info("the end of a stream was refused (%s)", error)
                    mode = self._told(refusal)
                    if refusal is Refusal.NOT_CONTINUED:
                        return Mode.IN_PLACE
                    return otherwise if mode in (Mode.QUIET, Mode.PLAIN) else mode
                if error.status not in PASSING or attempt >= ATTEMPTS:
                    _log.warning("a stream could not be ended (%s)", error)
                    return otherwise
                attempt += 1
            else:
                return Mode.LIVE

    async def _in_place(self, payload: Json) -> str:
        try:
            await self._outlet.update(self._id, payload)
        except SendFailed as error:
            if error.arrived:
                raise
            _log.warning("a streamed message could not be replaced (%s)", error)
            return await self._outlet.send(payload)
        return self._id

    def _late(self) -> bool:
        return self._started is not None and _now() - self._started > TIME_LIMIT


def _now() -> float:
    return asyncio.get_running_loop().time()


def _pause(error: SendFailed) -> float:
    own = THROTTLED_PAUSE if error.status == THROTTLED else INTERVAL
    return min(max(own, error.pause or 0.0), LONGEST_PAUSE)
