"""A question in the middle of a check: answered from the knowledge base, and back to where it was."""

from __future__ import annotations

import logging

from bot.conversation.ask import AskFlow
from bot.conversation.check.keeper import Held
from bot.conversation.check.scene import Scene
from bot.conversation.check.showing import Showing
from bot.conversation.check.unprimed import unprimed
from bot.conversation.replies import AnswerReply, Reply, TextReply
from bot.conversation.router import Router
from bot.conversation.texts import Texts
from bot.conversation.turn import Sender
from bot.maturity.session import Words
from knowledge.errors import KnowledgeError

_log = logging.getLogger(__name__)


class Aside:
    """Answers questions, without how others answered; a check goes on whether that succeeds or not."""

    def __init__(self, texts: Texts, router: Router, ask: AskFlow, showing: Showing) -> None:
        self._texts = texts
        self._router = router
        self._ask = ask
        self._showing = showing

    async def shown(self, question: str, scene: Scene, held: Held) -> list[Reply]:
        """The answer, and the session's card again."""
        return self._showing.now(scene, held, *await self.answer(question, scene, held))

    async def meant(self, scene: Scene, held: Held) -> list[Reply]:
        """The answer to words that were held for an answer, and were a question; nothing where none are pending."""
        pending = held.session.pending
        return await self.answer(pending.text, scene, held) if isinstance(pending, Words) else []

    async def answer(self, question: str, scene: Scene, held: Held) -> list[Reply]:
        """The answer, and which item comes again."""
        language = self._router.route(question).language or held.session.language
        sender = Sender(scene.person.tenant, scene.person.user)
        try:
            said = await self._ask.aside(question, scene.place, sender, language, unprimed, personal=scene.personal)
            answer = self._worded(said, language)
        except KnowledgeError as error:
            _log.error("a question in the middle of a check could not be answered: %s", error)
            answer = [TextReply(self._texts.say("check.refused.question_failed", language))]
        return [*answer, *self._showing.back_to(held)]

    def _worded(self, answer: list[Reply], language: str) -> list[Reply]:
        """Where nothing is left of an answer but how others answered, when that will be told."""
        later = TextReply(self._texts.say("check.state.after_submitting", language))
        return [later if isinstance(each, AnswerReply) and not each.answer.text else each for each in answer]
