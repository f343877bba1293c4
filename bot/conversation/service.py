"""Turn in, replies out: the one door to the conversation, whatever carries it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from bot.access.stewards import Stewards
from bot.conversation.ask import AskFlow, Clock, Limits, utc_now
from bot.conversation.card import DoneReply, FileReply
from bot.conversation.check.flow import CheckFlow, CheckParts
from bot.conversation.check.presses import is_of_check
from bot.conversation.document_cards import Showing
from bot.conversation.documents import DocumentsFlow
from bot.conversation.feedback import FeedbackFlow
from bot.conversation.help import ASK, HelpFlow
from bot.conversation.human import HumanFlow
from bot.conversation.ports import Advice, Journal, JournalFailed, Place
from bot.conversation.question_pace import AskedStore, QuestionPace, SharedPace
from bot.conversation.readership import Readership
from bot.conversation.replies import Reply, TextReply
from bot.conversation.router import Flow, Router, clean
from bot.conversation.texts import LANGUAGES, Texts
from bot.conversation.turn import Action, Feedback, FileConsent, FilesSent, Joined, Message, Scope, Turn
from bot.conversation.weekly import WeeklyFlow
from bot.maturity.errors import MaturityError
from bot.telemetry.ports import NO_TELEMETRY, Telemetry
from bot.telemetry.turn_notes import apologised
from knowledge.composing.ports import Tell

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Question:
    """What a turn asks the knowledge base, and what is said before the answer."""

    text: str
    language: str
    before: tuple[Reply, ...] = ()


class FyrenConversation:
    """Answers turns. Turns of one conversation are taken one after the other, and so are its questions; those of
    different conversations go side by side."""

    def __init__(
        self,
        *,
        texts: Texts,
        router: Router,
        advice: Advice,
        journal: Journal,
        check: CheckParts,
        limits: Limits,
        history_days: int,
        default_language: str = "sv",
        clock: Clock = utc_now,
        weekly: WeeklyFlow | None = None,
        human: HumanFlow | None = None,
        readership: Readership | None = None,
        documents: DocumentsFlow | None = None,
        asked: AskedStore | None = None,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        """`readership` says whose documents may be read for a person: those that everybody may, by default.
        `asked` counts questions for all replicas together; without it they are counted here."""
        self._texts = texts
        self._router = router
        self._journal = journal
        self._default_language = default_language
        own = QuestionPace(limits.per_minute)
        pace = own if asked is None else SharedPace(asked, own, limits.per_minute)
        self._ask = AskFlow(
            texts,
            advice,
            journal,
            limits=limits,
            pace=pace,
            readership=readership,
            clock=clock,
            telemetry=telemetry,
        )
        self._check = CheckFlow(texts, router, self._ask, check)
        self._help = HelpFlow(texts, history_days=history_days)
        self._feedback = FeedbackFlow(texts, journal, clock=clock)
        self._weekly = weekly
        self._human = human
        self._documents = documents or DocumentsFlow(Showing(texts, {}), Stewards())
        self._locks: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()
        self._questions: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()

    async def respond(self, turn: Turn, tell: Tell | None = None) -> Sequence[Reply]:
        """The replies to a turn, in the order to send them; never raises on what a person did.

        `tell` is told how far an answer is, where that takes long.
        """
        return await self._guarded(turn, _place(turn), tell)

    async def delivered(self, answer_id: str, turn: Turn, activity_id: str) -> None:
        """Tell that an answer was sent, under which message id: a later thumb names that id."""
        try:
            await self._journal.delivered(answer_id, _place(turn), activity_id)
        except JournalFailed:
            _log.exception("the message id of answer %s could not be stored", answer_id)

    async def shown(self, key: str, turn: Turn, activity_id: str) -> None:
        """Tell that a card was sent, under which message id: it becomes a line there once it is answered."""
        self._check.shown(key, turn, activity_id)
        await self._documents.shown(key, activity_id)

    async def file(self, key: str, turn: Turn) -> FileReply | None:
        """The file that was offered under a key, as it is now; None where there is none for this person."""
        try:
            return await self._check.file(key, turn)
        except MaturityError:
            _log.exception("a file could not be made")
            return None

    def language_of(self, turn: Turn) -> str:
        """The language for texts that answer no words: the client's where Fyren speaks it, else the default."""
        primary = turn.locale.replace("_", "-").split("-")[0].lower()
        return primary if primary in LANGUAGES else self._default_language

    async def _guarded(self, turn: Turn, place: Place, tell: Tell | None) -> Sequence[Reply]:
        try:
            return await self._ordered(turn, place, tell)
        except Exception:  # noqa: BLE001 - the conversation's outer edge: a person gets an apology, never silence
            reference = secrets.token_hex(2).upper()
            _log.exception("reference %s: a turn failed", reference, extra={"reference": reference})
            apologised()
            return [TextReply(self._texts.say("error.apology", self.language_of(turn), reference=reference))]

    async def _ordered(self, turn: Turn, place: Place, tell: Tell | None) -> Sequence[Reply]:
        """A question may take half a minute where a model words its answer: buttons pressed meanwhile do not wait."""
        if isinstance(turn.event, Feedback):
            # A thumb is on an answer already sent: it must not wait for the next one, nor be taken for it.
            return await self._rated(turn.event, turn, place)
        async with self._locks.setdefault(place, asyncio.Lock()):
            said = await self._take(turn, place)
        if not isinstance(said, _Question):
            return said
        async with self._questions.setdefault(place, asyncio.Lock()):
            personal = turn.scope is Scope.PERSONAL
            answer = await self._ask.answer(said.text, place, turn.sender, said.language, tell, personal=personal)
        return [*said.before, *self._offered(answer, turn)]

    async def _take(self, turn: Turn, place: Place) -> list[Reply] | _Question:
        language = self.language_of(turn)
        match turn.event:
            case Joined():
                return [self._help.welcome(language, turn.scope)]
            case Message(text):
                return await self._message(text, turn, place, language)
            case Action() as action:
                return await self._press(action, turn, place, language)
            case FilesSent() as sent:
                return await self._documents.received(sent, turn, language)
            case Feedback() | FileConsent():
                return []  # a thumb has been taken already; what carries the conversation asks for the file itself

    async def _message(self, text: str, turn: Turn, place: Place, fallback: str) -> list[Reply] | _Question:
        route = self._router.route(text)
        language = route.language or fallback
        if self._weekly is not None:
            told = await self._weekly.message(route.text, turn)
            if told is not None:
                return told
        checked = await self._check.message(route.text, turn, language)
        if checked is not None:
            return checked
        if route.flow is Flow.QUESTION:
            return _Question(route.text, language)
        if route.flow is Flow.HUMAN:
            return await self._to_a_person(turn, language)
        said = self._help.say(route.flow, language)
        return [said, self._check.information(language)] if route.flow is Flow.PRIVACY else [said]

    async def _press(self, action: Action, turn: Turn, place: Place, language: str) -> list[Reply] | _Question:
        if is_of_check(action):
            return await self._check.press(action, turn, language)
        if self._human is not None and self._human.takes(action):
            return await self._human.press(action, turn, language)
        if self._documents.takes(action):
            return await self._documents.press(action, turn, language)
        asked = clean(action.data.get("question", ""))
        if action.verb != ASK or not asked:
            return [TextReply(self._texts.say("action.unknown", language))]
        said = await self._message(asked, turn, place, language)
        spoken = self._router.route(asked).language or language
        pressed = DoneReply(self._texts.say("help.pressed", spoken, question=asked))
        return replace(said, before=(pressed,)) if isinstance(said, _Question) else [pressed, *said]

    async def _to_a_person(self, turn: Turn, language: str) -> list[Reply]:
        if self._human is None:
            return [TextReply(self._texts.say("human.not_set_up", language))]
        return await self._human.show(turn, language)

    async def _rated(self, feedback: Feedback, turn: Turn, place: Place) -> list[Reply]:
        language = self.language_of(turn)
        said = await self._feedback.rate(feedback, turn.sender, place, language)
        if said or feedback.liked or self._human is None:
            return said
        return await self._human.offer(feedback, turn, language)

    def _offered(self, answer: Sequence[Reply], turn: Turn) -> list[Reply]:
        """A refusal suggests a person, beside what is nearest."""
        return [self._human.beside(each, turn) if self._human is not None else each for each in answer]


def _place(turn: Turn) -> Place:
    return Place(turn.sender.tenant, turn.conversation)
