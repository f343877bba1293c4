"""The one door where there is a language model: it words what the knowledge base found, and code answers for it.

A question is understood, looked up, and refused where nothing is found, with or without a model. Only then the model
words an answer, claim by claim; what does not hold against its passages is dropped. Where nothing is left, or the
model fails, the answer is the sources' own words, and says why.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from weakref import WeakKeyDictionary

from knowledge.advisor import Advisor, Consultation
from knowledge.composing.cache import AnswerCache, AnswerKey
from knowledge.composing.calls import ModelCalls
from knowledge.composing.drafting import Draft, draft
from knowledge.composing.interpreting import TURNS, Interpretation, Route, depends, interpret, request_of, understood
from knowledge.composing.ports import NOBODY, Asker, Budgets, ChatModel, Reading, Searching, Tell, Written
from knowledge.composing.spotlight import Spotlight
from knowledge.composing.verification import Verifier
from knowledge.composing.writing import Outcome, Verifies, Writing, write
from knowledge.errors import ModelFailed
from knowledge.language import Language
from knowledge.model import Answer, Timing
from knowledge.ports import Phrases
from knowledge.question import Question
from prompts.loader import Prompts

_log = logging.getLogger(__name__)
INTERPRETING = 1 / 3
"""Most of the deadline that understanding a question may take."""
_HOPELESS = frozenset(("unavailable", "slow", "busy", "budget", "budget_unknown"))
"""Failures after which the same model need not be asked again for the same question."""


@dataclass(frozen=True, slots=True)
class ComposerOptions:
    """Seconds for everything the model does, tokens of its answer, passages it is given, and minutes that an answer
    is kept."""

    deadline: float = 30.0
    answer_tokens: int = 900
    passages: int = 8
    cache_minutes: int = 60


class Composer:
    """Answers with a model; one for the service's whole life, whichever advisor answers."""

    def __init__(
        self,
        model: ChatModel,
        phrases: Phrases,
        prompts: Prompts,
        budgets: Budgets | None,
        options: ComposerOptions | None = None,
        verifier: Callable[[Advisor, Collection[str]], Verifies] | None = None,
        spotlight: Callable[[], Spotlight] = Spotlight,
    ) -> None:
        """`verifier` makes what claims are checked by, for an advisor and what must never be said."""
        self._calls = ModelCalls(model, budgets)
        self._phrases = phrases
        self._prompts = prompts
        self._options = options or ComposerOptions()
        self._verifier = verifier or _verifier
        self._spotlight = spotlight
        self._canary = secrets.token_hex(12)
        self._cache = AnswerCache(self._options.cache_minutes * 60)
        self._verifiers: WeakKeyDictionary[Advisor, Verifies] = WeakKeyDictionary()

    async def ask(
        self,
        advisor: Advisor,
        question: str,
        context: Sequence[str] = (),
        language: Language | None = None,
        *,
        asker: Asker = NOBODY,
        tell: Tell | None = None,
    ) -> Answer:
        """Answer, or say that the knowledge base does not hold the answer.

        `context` holds the person's earlier questions, oldest first. The last text told is the answer's.
        """
        told = tell or _untold
        told(Searching())
        started = perf_counter()
        limit = asyncio.get_running_loop().time() + self._options.deadline
        asked, context = await asyncio.to_thread(understood, question, context, language)
        key = self._key(advisor, asked, context)
        kept = self._cache.get(key)
        if kept is None:
            answer, final = await self._answered(advisor, asked, context, asker, told, limit)
            if final:
                self._cache.put(key, answer)
        else:
            answer = kept
            told(Written(answer.text))
        total = round((perf_counter() - started) * 1000, 2)
        retrieve = answer.timing.retrieve if kept is None else 0.0
        return replace(answer, timing=Timing(retrieve, round(max(0.0, total - retrieve), 2), total))

    async def close(self) -> None:
        """Wait for what is still to be charged, and forget kept answers."""
        await self._calls.close()
        self._cache.clear()

    async def _answered(
        self, advisor: Advisor, asked: Question, context: Sequence[str], asker: Asker, told: Tell, limit: float
    ) -> tuple[Answer, bool]:
        """The answer, and whether the same question would get the same one: nothing failed on the way."""
        reading: Interpretation | None = None
        failure: ModelFailed | None = None
        if depends(asked):
            try:
                reading = await self._read(asked, context, asker, limit)
            except ModelFailed as error:
                failure = error
                _log.warning("a follow-up is understood by rules: %s (%s)", error, error.reason)
        consultation = await _consulted(advisor, asked, context, reading)
        if not consultation.answered:
            return await self._refused(consultation, asked, context, reading, failure, asker, limit)
        if failure is not None and failure.reason in _HOPELESS:
            return self._quoted(consultation, failure.reason, told), False
        answer, whole = await self._composed(advisor, consultation, asker, told, limit)
        return answer, whole and failure is None

    async def _read(self, asked: Question, context: Sequence[str], asker: Asker, limit: float) -> Interpretation:
        now = asyncio.get_running_loop().time()
        until = min(limit, now + self._options.deadline * INTERPRETING)
        request = request_of(self._prompts, self._canary, asked.text, context, self._spotlight())
        return await interpret(self._calls, request, asked, context, asker, until)

    async def _refused(
        self,
        consultation: Consultation,
        asked: Question,
        context: Sequence[str],
        reading: Interpretation | None,
        failure: ModelFailed | None,
        asker: Asker,
        limit: float,
    ) -> tuple[Answer, bool]:
        """The refusal, in better words where the question belongs elsewhere."""
        if reading is None and (failure is None or failure.reason not in _HOPELESS):
            try:
                reading = await self._read(asked, context, asker, limit)
            except ModelFailed as error:
                failure = error
                _log.warning("where a question belongs is not known: %s (%s)", error, error.reason)
        if reading is None:
            return consultation.answer, False
        text = self._elsewhere(reading.route, consultation.answer.language)
        answer = consultation.answer if text is None else replace(consultation.answer, text=text, suggestions=())
        return answer, failure is None

    def _elsewhere(self, route: Route, language: str) -> str | None:
        if route == "question":
            return None
        if route == "out_of_scope":
            return self._phrases.say("answer.refused.nothing", language)
        return self._phrases.say(f"composed.route.{route}", language)

    async def _composed(
        self, advisor: Advisor, consultation: Consultation, asker: Asker, told: Tell, limit: float
    ) -> tuple[Answer, bool]:
        """The answer in the model's words as far as they hold, and whether they all came and enough of them held."""
        asking, verifier = await asyncio.to_thread(self._prepared, advisor, consultation)
        told(Reading(len(asking.given)))
        writing = Writing(advisor)
        stream = self._calls.opened(asking.request, asker, limit)
        outcome = await write(writing, stream, verifier, asking.given, consultation.question, told)
        if not writing.claims:
            return self._quoted(consultation, outcome.reason or "unverified", told), False
        return await self._finished(advisor, consultation, writing, outcome, told)

    def _prepared(self, advisor: Advisor, consultation: Consultation) -> tuple[Draft, Verifies]:
        verifier = self._verifiers.get(advisor)
        if verifier is None:
            verifier = self._verifier(advisor, (self._canary, *self._prompts.phrases))
            self._verifiers[advisor] = verifier
        options = self._options
        asking = draft(
            self._prompts, self._canary, consultation, options.passages, options.answer_tokens, self._spotlight()
        )
        return asking, verifier

    async def _finished(
        self, advisor: Advisor, consultation: Consultation, writing: Writing, outcome: Outcome, told: Tell
    ) -> tuple[Answer, bool]:
        """Every claim holds on its own; a note tells where others are missing.

        Claims that rest on nothing of what the extractive answer quotes may be true and beside the point: that answer
        then follows them, so that what a model words never tells less.
        """
        language = consultation.answer.language
        if not writing.cites(consultation.answer):
            writing.supplement(self._phrases.say("composed.supplement", language), consultation.answer)
            told(Written(writing.text))
        answer = await asyncio.to_thread(
            advisor.worded, consultation, writing.text, writing.citations, self._calls.name
        )
        if outcome.reason:
            return self._noted(answer, self._phrases.say("composed.partial.cut", language)), False
        if outcome.dropped > writing.claims:
            return self._noted(answer, self._phrases.say("composed.partial.unverified", language)), False
        return answer, True

    def _quoted(self, consultation: Consultation, reason: str, told: Tell) -> Answer:
        """The sources' own words, with a label that says why."""
        answer = consultation.answer
        told(Written(answer.text))
        return self._noted(answer, self._phrases.say(f"composed.note.{reason}", answer.language))

    @staticmethod
    def _noted(answer: Answer, note: str) -> Answer:
        return replace(answer, notes=(*answer.notes, note))

    def _key(self, advisor: Advisor, asked: Question, context: Sequence[str]) -> AnswerKey:
        return AnswerKey(
            asked.text,
            asked.standalone,
            tuple(context[-TURNS:]) if depends(asked) else (),
            asked.language,
            advisor.index.generation,
            self._prompts.version,
            self._calls.name,
        )


async def _consulted(
    advisor: Advisor, asked: Question, context: Sequence[str], reading: Interpretation | None
) -> Consultation:
    """What is found for the question as rewritten; it is told, and kept, as the person wrote it."""
    if reading is None or reading.standalone is None:
        return await advisor.consult(asked.text, context, asked.language)
    found = await advisor.consult(reading.standalone, (), asked.language)
    return replace(
        found,
        question=replace(found.question, text=asked.text),
        answer=replace(found.answer, question=asked.text),
    )


def _verifier(advisor: Advisor, unsaid: Collection[str]) -> Verifies:
    return Verifier(advisor.reader, unsaid)


def _untold(_: object) -> None:
    """Nobody waits for how far it is."""
