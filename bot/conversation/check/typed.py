"""What is typed to the check: commands, answers, questions in between."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.conversation.card import NoticeReply
from bot.conversation.check import background_words
from bot.conversation.check.acting import Acting
from bot.conversation.check.aside import Aside
from bot.conversation.check.commanded import ABOUT_CHECK, Commanded
from bot.conversation.check.commands import Command, Commands, Verb
from bot.conversation.check.keeper import Held, Keeper
from bot.conversation.check.opening import Opening
from bot.conversation.check.scene import Scene
from bot.conversation.check.showing import Showing
from bot.conversation.replies import Reply, TextReply
from bot.conversation.router import Flow, Router
from bot.conversation.texts import Texts
from bot.maturity import moves
from bot.maturity.asking import is_question
from bot.maturity.errors import MaturityError, StoreFailed
from bot.maturity.instrument import Item, Kind
from bot.maturity.matching import Exact, Matcher, OutOfScale, Proposed
from bot.maturity.session import Given, Phase

_log = logging.getLogger(__name__)


class Typed:
    """Takes words. None means that they are not for the check."""

    def __init__(
        self,
        texts: Texts,
        router: Router,
        commands: Commands,
        matcher: Matcher,
        aside: Aside,
        keeper: Keeper,
        acting: Acting,
        opening: Opening,
        showing: Showing,
        commanded: Commanded,
    ) -> None:
        self._texts = texts
        self._router = router
        self._commands = commands
        self._matcher = matcher
        self._aside = aside
        self._keeper = keeper
        self._acting = acting
        self._opening = opening
        self._showing = showing
        self._commanded = commanded

    async def take(self, text: str, scene: Scene) -> list[Reply] | None:
        """The replies to cleaned words."""
        command = self._command(text)
        if not scene.personal:
            if command is None or command.verb not in ABOUT_CHECK:
                return None
            return [TextReply(self._texts.say("check.state.elsewhere", command.language or scene.language))]
        try:
            mine = await self._keeper.mine(scene.person)
        except StoreFailed as error:
            if command is None or command.verb not in ABOUT_CHECK:
                _log.error("whether a check is going on could not be read: %s", error)
                return None
            return self._acting.failed(error, scene)
        scene = replace(scene, mine=tuple(mine))
        active = next((each for each in mine if each.going_on), None)
        if command is not None:
            replies = await self._commanded.take(command, scene, mine, active)
            if replies is not None:
                return replies
        if active is None:
            return None
        try:
            return await self._said(text, scene, active)
        except MaturityError as error:
            return self._acting.failed(error, scene, active)

    def _command(self, text: str) -> Command | None:
        command = self._commands.read(text)
        if command is None and (route := self._router.route(text)).flow is Flow.CHECK:
            # "Jag vill göra mognadskollen" wants it as much as its name alone does.
            return Command(Verb.START, language=route.language)
        return command

    async def _said(self, text: str, scene: Scene, held: Held) -> list[Reply] | None:
        session, instrument = held.session, held.round.instrument
        talk = self._router.route(text).flow is not Flow.QUESTION
        if session.phase is Phase.BACKGROUND:
            said = background_words.read(text, instrument)
            if said is not None:
                return await self._gated(scene, held, moves.Describe(said))
            return None if talk else await self._unclear(text, scene, held, "background_words")
        item = instrument.item(session.at)
        if session.phase is not Phase.ITEMS or item is None:
            return None
        reading = self._matcher.read(item, text, session.language)
        if isinstance(reading, Exact):
            return await self._gated(scene, held, moves.Reply(item.id, reading.given))
        if talk:
            return None
        if item.kind is Kind.TEXT:
            return await self._gated(scene, held, _words(item, text))
        if is_question(text):
            return await self._aside.shown(text, scene, held)
        if isinstance(reading, Proposed):
            return await self._gated(scene, held, moves.Suggest(item.id, reading.given))
        if isinstance(reading, OutOfScale):
            told = self._texts.say("check.refused.out_of_scale", session.language, count=reading.count)
            return self._showing.now(scene, held, NoticeReply(told))
        return await self._unclear(text, scene, held, "not_understood")

    async def _gated(self, scene: Scene, held: Held, move: moves.Move) -> list[Reply]:
        first = await self._opening.gate(scene, held)
        return first if first is not None else await self._acting.move(scene, held, move)

    async def _unclear(self, text: str, scene: Scene, held: Held, reason: str) -> list[Reply]:
        if is_question(text):
            return await self._aside.shown(text, scene, held)
        told = self._texts.say(f"check.refused.{reason}", held.session.language)
        return self._showing.now(scene, held, NoticeReply(told))


def _words(item: Item, text: str) -> moves.Move:
    return moves.Write(item.id, text) if is_question(text) else moves.Reply(item.id, Given(text=text))
