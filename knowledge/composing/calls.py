"""Requests to the model, each within its time and paid from a budget, however it ends."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from math import ceil

from knowledge.composing.ports import (
    Asker,
    Budgets,
    BudgetsFailed,
    ChatModel,
    ModelRequest,
    ModelStream,
    Reservation,
)
from knowledge.errors import ModelFailed

CHARACTERS = 3
"""Characters of a token, for estimates: Swedish has between three and four, so that an estimate is rather too high."""
SETTLING = 2.0
"""Seconds that an answer waits for its budget to be settled; settling goes on after them."""
_UNASKED = ("unavailable", "busy")
"""Failures to begin with after which the model has read nothing."""

_log = logging.getLogger(__name__)


def prompt_tokens(request: ModelRequest) -> int:
    """About how many tokens a request has before its answer."""
    schema = json.dumps(request.schema, ensure_ascii=False)
    return ceil((len(request.system) + len(request.user) + len(schema)) / CHARACTERS)


class ModelCalls:
    """Asks the model; the only place that does, so that nothing goes past the budgets."""

    def __init__(self, model: ChatModel, budgets: Budgets | None) -> None:
        """Without budgets there is no limit."""
        self._model = model
        self._budgets = budgets
        self._settling: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @asynccontextmanager
    async def opened(self, request: ModelRequest, asker: Asker, limit: float) -> AsyncIterator[ModelStream]:
        """The answer's stream, until `limit` on the loop's clock.

        Raises ModelFailed: of the model, of the budgets, and `slow` where time is up.
        """
        if asyncio.get_running_loop().time() >= limit:
            raise ModelFailed("no time is left to ask the model", "slow")
        try:
            async with asyncio.timeout_at(limit):
                reservation = await self._reserved(asker, prompt_tokens(request) + request.max_tokens)
                # Until the model has counted, the whole question is charged: it may have been read.
                used = prompt_tokens(request)
                begun = False
                try:
                    async with self._model.stream(request) as stream:
                        begun = True
                        try:
                            yield stream
                        finally:
                            used = stream.usage.total or used
                except ModelFailed as error:
                    if not begun and error.reason in _UNASKED:
                        used = 0
                    raise
                finally:
                    await self._settle(reservation, used)
        except TimeoutError as error:
            raise ModelFailed("the model did not answer in time", "slow") from error

    async def close(self) -> None:
        """Wait until every budget is settled."""
        if self._settling:
            await asyncio.wait(self._settling)

    async def _reserved(self, asker: Asker, tokens: int) -> Reservation | None:
        if self._budgets is None:
            return None
        taking = asyncio.ensure_future(self._budgets.reserve(asker, tokens))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            # Nobody is left to use what may be reserved in a moment.
            self._spawn(self._given_back(taking))
            raise

    async def _given_back(self, taking: asyncio.Future[Reservation]) -> None:
        try:
            reservation = await taking
        except ModelFailed:
            return
        await self._charge(reservation, 0)

    async def _settle(self, reservation: Reservation | None, used: int) -> None:
        if reservation is None:
            return
        # A task of its own: a question that is cancelled is paid all the same.
        task = self._spawn(self._charge(reservation, used))
        await asyncio.wait({task}, timeout=SETTLING)

    async def _charge(self, reservation: Reservation, used: int) -> None:
        try:
            await reservation.settle(used)
        except BudgetsFailed as error:
            _log.warning("%d tokens could not be charged, and stay reserved: %s", used, error)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)
        return task
