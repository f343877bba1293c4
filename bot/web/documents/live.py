"""`/documents/events`: how far jobs are, as server-sent events, for as long as somebody looks."""

from __future__ import annotations

import json
import logging
import time
from asyncio import sleep
from collections.abc import Callable
from typing import Final

from aiohttp import web

from bot.documents.board import Board, Word
from bot.documents.errors import DocumentsStoreFailed
from bot.documents.jobs import Job, Jobs
from bot.web.documents.reach import Reach
from bot.web.documents.words import Say, word_of

LONGEST: Final = 300.0
"""Seconds after which a browser has to ask again, and so to be signed in still."""
LOOK: Final = 10.0
"""Seconds between two looks at what other processes have done; they also keep the connection alive."""
SHORTEST: Final = 0.2
"""Seconds between two messages: nobody reads faster."""

_log = logging.getLogger(__name__)


class Live:
    """Tells watchers of jobs, each in their own language, what they may know."""

    def __init__(self, board: Board, jobs: Jobs, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._board, self._jobs, self._clock = board, jobs, clock

    async def follow(self, request: web.Request, reach: Reach, say: Say) -> web.StreamResponse:
        """Send what is new since the browser's last message, then whatever comes."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        response.headers["X-Accel-Buffering"] = "no"  # a proxy that collects would keep it from the browser
        seen = await self._since(request.headers.get("Last-Event-ID", ""))
        until = self._clock() + LONGEST
        try:
            await response.prepare(request)
            await response.write(b"retry: 2000\n\n")
            while self._clock() < until and not self._board.closed:
                words = self._board.since(seen)
                seen = self._board.number
                told = [self._message(each, say) for each in words if reach.covers(each.owner)]
                await response.write("".join(told).encode() or b": here\n\n")
                await sleep(SHORTEST)
                if not await self._board.newer(seen, LOOK):
                    await self.look()
            await response.write_eof()
        except ConnectionError:
            _log.debug("nobody looks any more")
        return response

    async def look(self) -> None:
        """Put on the board what other processes have done, or an earlier start of this one."""
        begun = self._board.number
        try:
            jobs = await self._jobs.all(limit=30)
        except DocumentsStoreFailed:
            return  # logged where it is stored; the next look is soon
        for job in reversed(jobs):
            known = self._board.of(job.id)
            if known is None or (known.state is not job.state and known.number <= begun):
                self._board.tell(job)

    async def _since(self, last: str) -> int:
        """The number of the last word that a browser has heard, where it was this board's."""
        board, _, number = last.partition("-")
        if board == self._board.id and number.isdecimal() and len(number) < 12:
            return int(number)
        await self.look()
        return 0

    def _message(self, word: Word, say: Say) -> str:
        content = {"job": word.job, "state": word.state, "words": word_of(word, say), "done": word.done}
        body = json.dumps({**content, "total": word.total}, ensure_ascii=False)
        return f"id: {self._board.id}-{word.number}\ndata: {body}\n\n"


def word_now(board: Board, job: Job, say: Say) -> str:
    """How far a job is, in words."""
    known = board.of(job.id)
    return word_of(known if known is not None and known.state is job.state else Word(0, job.id, "", job.state), say)
