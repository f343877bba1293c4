"""The question flow: the conversation's earlier questions, advice from the knowledge base, an answer with citations."""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.conversation import figures
from bot.conversation.ports import Advice, Entry, Journal, JournalFailed, Place
from bot.conversation.question_measure import measured_question
from bot.conversation.question_pace import Pace
from bot.conversation.readership import Readership
from bot.conversation.replies import AnswerReply, FigureReply, Reply, TextReply
from bot.conversation.texts import Texts
from bot.conversation.turn import Sender
from bot.telemetry.metrics import LIMITED
from bot.telemetry.ports import NO_TELEMETRY, Telemetry
from knowledge.access import Audience
from knowledge.composing.ports import Asker, Tell
from knowledge.errors import IndexUnavailable
from knowledge.masking import masked
from knowledge.model import Answer

SUGGESTIONS = 3
"""Teams shows no more than three suggested questions."""

_log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of a running service."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """`question` in characters; a follow-up is understood from `turns` earlier questions, none older than `memory`."""

    question: int = 1000
    turns: int = 4
    memory: timedelta = timedelta(minutes=30)
    per_minute: int = 15
    """Questions of one person within a minute."""


class AskFlow:
    """Answers one question in one place. `pace` bounds how many of them a person may ask; `readership` says whose
    documents may be read for a person: those that everybody may, by default."""

    def __init__(
        self,
        texts: Texts,
        advice: Advice,
        journal: Journal,
        *,
        limits: Limits,
        pace: Pace,
        readership: Readership | None = None,
        clock: Clock = utc_now,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._texts = texts
        self._advice = advice
        self._journal = journal
        self._limits = limits
        self._pace = pace
        self._readership = readership or Readership()
        self._clock = clock
        self._telemetry = telemetry

    async def answer(
        self,
        question: str,
        place: Place,
        sender: Sender,
        language: str,
        tell: Tell | None = None,
        *,
        personal: bool = False,
    ) -> list[Reply]:
        """The replies to a cleaned question; `tell` is told how far the answer is. `personal`: nobody else reads them.

        Raises knowledge.errors.KnowledgeError where the search broke.
        """
        audience = self._readership.of(sender.tenant, personal=personal)
        return await self._answered(question, place, sender, language, audience, tell=tell)

    async def aside(
        self,
        question: str,
        place: Place,
        sender: Sender,
        language: str,
        told: Callable[[Answer], Answer],
        *,
        personal: bool = False,
    ) -> list[Reply]:
        """The same in the middle of something else: in the sources' own words; `told` makes of the answer what is
        told, and kept."""
        audience = self._readership.of(sender.tenant, personal=personal)
        return await self._answered(question, place, sender, language, audience, told)

    async def _answered(
        self,
        question: str,
        place: Place,
        sender: Sender,
        language: str,
        audience: Audience,
        told: Callable[[Answer], Answer] | None = None,
        tell: Tell | None = None,
    ) -> list[Reply]:
        if len(question) > self._limits.question:
            text = self._texts.say("ask.too_long", language, length=len(question), limit=self._limits.question)
            return [TextReply(text)]
        asker = Asker(sender.tenant, f"{sender.tenant}/{sender.user}")
        wait = await self._pace.wait(asker.person)
        if wait:
            self._telemetry.count(LIMITED, "questions")
            return [TextReply(self._texts.say("pace.wait", language, seconds=math.ceil(wait)))]
        # Before anything else reads it: neither a model nor the journal sees a personal identity number.
        question = await asyncio.to_thread(masked, question)
        context = await self._context(place)
        try:
            with measured_question(self._telemetry) as measure:
                found = measure(
                    await self._advice.ask(
                        question, context, asker=asker, audience=audience, tell=tell, quoted=told is not None
                    )
                )
        except IndexUnavailable as error:
            _log.warning("a question found no index: %s", error)
            return [TextReply(self._texts.say("ask.no_index", language))]
        answer = told(found) if told is not None else found
        entry = Entry(secrets.token_hex(16), self._clock(), place, question, answer, sender.user)
        await self._record(entry)
        return self._replies(entry.id, answer)

    async def _context(self, place: Place) -> Sequence[str]:
        since = self._clock() - self._limits.memory
        try:
            return await self._journal.history(place, since=since, limit=self._limits.turns)
        except JournalFailed:
            # Without its memory the conversation still answers; a follow-up is then taken word by word.
            _log.exception("the conversation's history could not be read")
            return ()

    async def _record(self, entry: Entry) -> None:
        try:
            await self._journal.record(entry)
        except JournalFailed:
            # The person gets the answer all the same; only a thumb on it will find nothing.
            _log.exception("answer %s could not be stored", entry.id)

    def _replies(self, answer_id: str, answer: Answer) -> list[Reply]:
        replies: list[Reply] = [AnswerReply(answer_id, answer, suggestions=answer.suggestions[:SUGGESTIONS])]
        if answer.figure is not None:
            figure, language = answer.figure, answer.language
            # Its known errors stand in the answer right above, and are not said twice.
            replies.append(FigureReply(figure, figures.caption(figure, self._texts, language)))
        return replies
