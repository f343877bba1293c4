"""Reminders as people meet them: promised at a pause, asked for, and declined for good by one press or one line."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.conversation.card import DoneReply
from bot.conversation.check.keeper import Held, Keeper
from bot.conversation.check.presses import Press, Verb
from bot.conversation.check.reminder_cards import paused_card
from bot.conversation.check.scene import Scene
from bot.conversation.replies import Reply, TextReply
from bot.conversation.texts import Texts
from bot.maturity.days import Today
from bot.maturity.errors import RoundClosed, StoreFailed
from bot.maturity.rounds import Round
from bot.maturity.routing import open_items
from bot.maturity.session import Phase, Source
from bot.reminders.model import Kept, Wish
from bot.reminders.planning import Rules, can_come
from bot.reminders.ports import Reminders

_log = logging.getLogger(__name__)


class Reminding:
    """Keeps wishes. `reminders` is None where nothing can be sent at all."""

    def __init__(self, texts: Texts, keeper: Keeper, reminders: Reminders | None, today: Today) -> None:
        self._texts = texts
        self._keeper = keeper
        self._reminders = reminders
        self._today = today
        self._rules = Rules()

    async def paused(self, scene: Scene, held: Held) -> list[Reply]:
        """What is told about reminders after a pause; nothing where there will be none anyway."""
        if held.session.submissions or not scene.address or not can_come(held.round, self._today(), self._rules):
            return []
        try:
            kept = await self._remember(scene, held.round, held, asked=False)
        except StoreFailed as error:
            # The pause is kept, and nothing was promised.
            _log.error("a reminder could not be stored: %s", error)
            return []
        key = "wont" if kept is None else "enough" if kept.sent >= self._rules.most else "will"
        told = self._texts.say(f"reminders.paused.{key}", held.session.language)
        return [paused_card(held.session, told, self._texts, wanted=kept is not None)]

    async def pressed(self, press: Press, scene: Scene, mine: Sequence[Held]) -> list[Reply]:
        """The replies to a press on a card about reminders. Raises StoreFailed."""
        if press.verb is Verb.REFUSE_REMINDERS:
            return await self.refuse(scene)
        return await self.ask(scene, [each for each in mine if each.session.id == press.draft] or mine)

    async def ask(self, scene: Scene, mine: Sequence[Held]) -> list[Reply]:
        """Somebody wants to be reminded, in a check that was begun or of the one that is open. Raises StoreFailed."""
        held = next((each for each in mine if not each.session.submissions), None)
        language = held.session.language if held is not None else scene.language
        if self._reminders is None or not scene.address:
            return self._told(scene, "reminders.said.only_in_teams", language)
        chosen = held.round if held is not None else await self._not_begun(mine)
        if chosen is None:
            sent = any(each.session.phase is Phase.SUBMITTED for each in mine)
            return self._told(scene, "reminders.said.submitted" if sent else "check.state.no_round", language)
        if chosen.practice:
            return self._told(scene, "reminders.said.practice", language)
        if not can_come(chosen, self._today(), self._rules):
            date = chosen.closes.isoformat() if chosen.closes else ""
            return self._told(scene, "reminders.said.too_late", language, date=date)
        try:
            kept = await self._remember(scene, chosen, held, asked=True)
        except RoundClosed:
            raise
        except StoreFailed as error:
            _log.error("a reminder could not be stored: %s", error)
            return self._told(scene, "reminders.said.failed", language)
        if kept is None:
            return self._told(scene, "reminders.said.submitted", language)
        enough = kept.sent >= self._rules.most
        return self._told(scene, "reminders.paused.enough" if enough else "reminders.said.wanted", language)

    async def refuse(self, scene: Scene) -> list[Reply]:
        """Somebody wants no reminders, now or later."""
        try:
            if self._reminders is not None:
                await self._reminders.refuse(scene.person)
        except StoreFailed as error:
            _log.error("that somebody wants no reminders could not be stored: %s", error)
            return self._told(scene, "reminders.said.failed", scene.language)
        return self._told(scene, "reminders.said.refused", scene.language)

    async def _remember(self, scene: Scene, chosen: Round, held: Held | None, *, asked: bool) -> Kept | None:
        if self._reminders is None:
            return None
        if held is None:
            wish, source = Wish(scene.address, scene.language), Source.INDIVIDUAL
        else:
            session, left = held.session, len(open_items(held.session, chosen.instrument))
            wish, source = Wish(scene.address, session.language, session.id, left), session.source
        return await self._reminders.remember(scene.person, chosen.id, source, wish, asked=asked)

    async def _not_begun(self, mine: Sequence[Held]) -> Round | None:
        """An open round that the person has no session in; one for trying out only where there is no other."""
        begun = {each.round.id for each in mine}
        rounds = [each for each in await self._keeper.open_rounds(practice=True) if each.id not in begun]
        return next(iter(sorted(rounds, key=lambda each: each.practice)), None)

    def _told(self, scene: Scene, key: str, language: str, **values: object) -> list[Reply]:
        """A line, in place of the card that was pressed where one was."""
        text = self._texts.say(key, language, **values)
        return [DoneReply(text) if scene.key else TextReply(text)]
