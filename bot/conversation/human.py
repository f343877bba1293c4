"""The flow to a person behind the bot: the question is shown, may be changed, and is sent with nothing attached."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.access.audit import Action as Deed
from bot.access.audit import AuditEvent
from bot.conversation.ask import SUGGESTIONS, Clock, utc_now
from bot.conversation.card import CardReply, DoneReply, NoticeReply
from bot.conversation.human_cards import ABOUT, CANCEL, CASE, LANGUAGE, QUESTION, SEND, SHOW, offer_card, question_card
from bot.conversation.ports import Journal, JournalFailed, Place
from bot.conversation.replies import AnswerReply, Reply, TextReply
from bot.conversation.router import clean
from bot.conversation.texts import LANGUAGES, Texts
from bot.conversation.turn import Action, Feedback, Scope, Turn
from bot.questions.cases import QUESTION_LIMIT, Case, Intake, Kept, conversation_mark, origin_of
from bot.questions.errors import QuestionsStoreFailed
from bot.questions.keeping import Keeping
from knowledge.masking import masked
from knowledge.model import Status

RECENT: Final = timedelta(hours=12)
"""How old the latest question may be that the card is filled in with."""
_ID: Final = re.compile(r"[0-9a-f]{32}")

_log = logging.getLogger(__name__)


class HumanFlow:
    """`days` is how long an answered question is kept; `told` is called after a question was sent, and must not
    raise."""

    def __init__(
        self,
        texts: Texts,
        journal: Journal,
        intake: Intake,
        *,
        days: int,
        told: Callable[[], None] = lambda: None,
        clock: Clock = utc_now,
    ) -> None:
        self._texts = texts
        self._journal = journal
        self._intake = intake
        self._keeping = Keeping(timedelta(days=days))
        self._told = told
        self._clock = clock

    def takes(self, action: Action) -> bool:
        """Whether a button is of this flow."""
        return action.verb in (SHOW, SEND, CANCEL)

    def beside(self, reply: Reply, turn: Turn) -> Reply:
        """A refusal with a person suggested as well, where their reply could come back; all else as it is."""
        if not isinstance(reply, AnswerReply) or reply.answer.status is not Status.REFUSED or not _reachable(turn):
            return reply
        chip = self._texts.say("human.chip", reply.answer.language)
        return replace(reply, suggestions=(*reply.suggestions[: SUGGESTIONS - 1], chip))

    async def offer(self, feedback: Feedback, turn: Turn, language: str) -> list[Reply]:
        """What follows a thumb down: a way to send the question that was answered badly, in that answer's language."""
        if not _reachable(turn):
            return []
        try:
            rated = await self._journal.rated(Place(turn.sender.tenant, turn.conversation), feedback.reply_to)
        except JournalFailed:
            _log.exception("what was rated could not be read; the latest question is offered instead")
            rated = None
        if rated is None:
            return [offer_card("", self._texts, language)]
        return [offer_card(rated.question[:QUESTION_LIMIT], self._texts, rated.language)]

    async def show(self, turn: Turn, language: str, question: str = "") -> list[Reply]:
        """The card with this question, or with the latest where none is given; nothing is sent yet."""
        if not _reachable(turn):
            return [TextReply(self._texts.say(f"human.not_here.{_why(turn)}", language))]
        shown = clean(await asyncio.to_thread(masked, question or await self._latest(turn)))
        return [self._card(secrets.token_hex(16), shown[:QUESTION_LIMIT], language)]

    async def _latest(self, turn: Turn) -> str:
        since = self._clock() - RECENT
        try:
            asked = await self._journal.history(Place(turn.sender.tenant, turn.conversation), since=since, limit=1)
        except JournalFailed:
            _log.exception("the latest question could not be read; the card begins empty")
            asked = ()
        return asked[-1] if asked else ""

    async def press(self, action: Action, turn: Turn, language: str) -> list[Reply]:
        """The replies to a button of the card, in the card's language; what no card sends is refused."""
        spoken = action.data.get(LANGUAGE, "")
        language = spoken if spoken in LANGUAGES else language
        if action.verb == SHOW:
            return await self.show(turn, language, action.data.get(ABOUT, "")[: 2 * QUESTION_LIMIT])
        case_id = action.data.get(CASE, "")
        if not _ID.fullmatch(case_id):
            return self._notice("action.unknown", language)
        if action.verb == CANCEL:
            return await self._cancel(case_id, turn, language)
        if not _reachable(turn):
            return self._notice(f"human.not_here.{_why(turn)}", language)
        written = clean(action.data.get(QUESTION, "")[: 2 * QUESTION_LIMIT])
        question = clean(await asyncio.to_thread(masked, written))
        if not question:
            return self._notice("human.empty", language)
        if len(question) > QUESTION_LIMIT:
            return [NoticeReply(self._texts.say("human.too_long", language, limit=QUESTION_LIMIT))]
        receipt = "human.sent" if question == written else "human.sent_masked"
        return await self._send(case_id, question, turn, language, receipt)

    async def _send(self, case_id: str, question: str, turn: Turn, language: str, receipt: str) -> list[Reply]:
        origin = origin_of(turn.sender.tenant, turn.conversation)
        case = Case(case_id, self._clock(), question, language, origin, turn.address)
        try:
            kept = await self._intake.take(case, self._event(Deed.CASE_SENT, case_id, turn), turn.sender.user)
        except QuestionsStoreFailed:
            _log.exception("a question for a person could not be stored")
            return self._notice("human.failed", language)
        if kept is Kept.TOO_MANY:
            return self._notice("human.too_many", language)
        if kept is Kept.REFUSED:
            return self._notice("action.unknown", language)
        if kept is Kept.NEW:
            self._told()
        return [DoneReply(self._texts.say(receipt, language, question=question))]

    async def _cancel(self, case_id: str, turn: Turn, language: str) -> list[Reply]:
        origin = origin_of(turn.sender.tenant, turn.conversation)
        try:
            kept = await self._intake.cancel(case_id, origin, self._event(Deed.CASE_CANCELLED, case_id, turn))
        except QuestionsStoreFailed:
            _log.exception("that a question for a person was not sent could not be recorded")
            return self._notice("human.failed", language)
        if kept is Kept.REFUSED:
            return self._notice("action.unknown", language)
        told = "human.sent_already" if kept is Kept.KNOWN else "human.cancelled"
        return [DoneReply(self._texts.say(told, language))]

    def _event(self, deed: Deed, case_id: str, turn: Turn) -> AuditEvent:
        """For the audit log, which knows the person by their conversation's mark alone."""
        return AuditEvent(self._clock(), conversation_mark(turn.conversation), turn.sender.tenant, deed, case_id)

    def _card(self, case_id: str, question: str, language: str) -> CardReply:
        return question_card(case_id, question, self._keeping, self._texts, language)

    def _notice(self, key: str, language: str) -> list[Reply]:
        return [NoticeReply(self._texts.say(key, language))]


def _reachable(turn: Turn) -> bool:
    return turn.scope is Scope.PERSONAL and bool(turn.address)


def _why(turn: Turn) -> str:
    return "shared" if turn.scope is not Scope.PERSONAL else "terminal"
