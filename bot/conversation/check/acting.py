"""A move made, kept and shown; whatever fails is told, and has changed nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.conversation.check.keeper import Held, Keeper
from bot.conversation.check.reminding import Reminding
from bot.conversation.check.scene import Scene
from bot.conversation.check.showing import Showing
from bot.conversation.replies import Reply
from bot.maturity import moves
from bot.maturity.errors import AlreadyAnswered, MaturityError, Refused, RoundClosed

_log = logging.getLogger(__name__)


class Acting:
    """Makes moves of a person's session."""

    def __init__(self, keeper: Keeper, showing: Showing, reminding: Reminding) -> None:
        self._keeper = keeper
        self._showing = showing
        self._reminding = reminding

    async def move(
        self, scene: Scene, held: Held, *made: moves.Move, yes: bool | None = None, lead: Sequence[Reply] = ()
    ) -> list[Reply]:
        """The replies to these moves, `lead` before the card. `yes` is what a move says to something pending."""
        try:
            after = await self._keeper.move(scene.person, held, made, scene.activity)
            await self._keeper.pause_others(scene.person, after, scene.mine, scene.activity)
        except MaturityError as error:
            return self.failed(error, scene, held)
        if after.session.paused and not held.session.paused:
            return [*self._showing.paused(scene, after), *await self._reminding.paused(scene, after)]
        return await self._showing.after(scene, held, after, *lead, yes=yes)

    async def submit(self, scene: Scene, held: Held) -> list[Reply]:
        """The replies to sending the answers in."""
        try:
            after = await self._keeper.submit(scene.person, held, scene.mode, scene.activity)
        except MaturityError as error:
            return self.failed(error, scene, held)
        return await self._showing.after(scene, held, after)

    def failed(self, error: MaturityError, scene: Scene, held: Held | None = None) -> list[Reply]:
        """Why nothing changed, in words. After something typed, the card is shown again, as it may be far up."""
        if not isinstance(error, Refused | RoundClosed | AlreadyAnswered):
            _log.error("a step of a check could not be stored: %s", error)
        language = held.session.language if held is not None else scene.language
        told = self._showing.failed(error, language, held)
        if isinstance(error, Refused) and held is not None and not scene.key:
            return self._showing.now(scene, held, *told)
        return told
