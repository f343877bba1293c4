"""How one question is answered with a model: read, looked up, worded claim by claim, and labelled where that failed.

A question is refused where nothing is found, with or without a model. Only then the model words an answer; what does
not hold against its passages is dropped. Where nothing is left, or the model fails, the answer is the sources' own
words, and says why.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from knowledge.advisor import Advisor, Consultation
from knowledge.composing.calls import ModelCalls
from knowledge.composing.drafting import Draft, draft
from knowledge.composing.interpreting import Interpretation, Route, depends, interpret, request_of
from knowledge.composing.options import ComposerOptions
from knowledge.composing.ports import Asker, Reading, Tell, Written
from knowledge.composing.sharing import Made
from knowledge.composing.spotlight import Spotlight
from knowledge.composing.writing import Outcome, Verifies, Writing, write
from knowledge.errors import ModelFailed
from knowledge.model import Answer
from knowledge.ports import Phrases
from knowledge.question import Question
from prompts.loader import Prompts

_log = logging.getLogger(__name__)
INTERPRETING = 1 / 3
"""Most of the deadline that understanding a question may take."""
_HOPELESS = frozenset(("unavailable", "slow", "busy", "budget", "budget_unknown"))
"""Failures after which the same model need not be asked again for the same question."""
_OF_THE_BUDGET = frozenset(("budget", "budget_unknown"))
"""Failures that tell nothing of what another person would be answered."""


class Answering:
    """Answers one question after the other, whichever advisor answers."""

    def __init__(
        self,
        calls: ModelCalls,
        phrases: Phrases,
        prompts: Prompts,
        options: ComposerOptions,
        verifier: Callable[[Advisor, Collection[str]], Verifies],
        spotlight: Callable[[], Spotlight],
    ) -> None:
        """`verifier` makes what claims are checked by, for an advisor and what must never be said."""
        self._calls = calls
        self._phrases = phrases
        self._prompts = prompts
        self._options = options
        self._verifier = verifier
        self._spotlight = spotlight
        self._canary = secrets.token_hex(12)
        self._checking = asyncio.Semaphore(1)
        self._verifiers: WeakKeyDictionary[Advisor, Verifies] = WeakKeyDictionary()

    async def answer(
        self, advisor: Advisor, asked: Question, context: Sequence[str], asker: Asker, told: Tell, limit: float
    ) -> Made:
        """The answer or the refusal, with what the model said until `limit` on the loop's clock."""
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
            return self._quoted(consultation, failure.reason, limit)
        made = await self._composed(advisor, consultation, asker, told, limit)
        return made if failure is None else replace(made, kept=False)

    async def _read(self, asked: Question, context: Sequence[str], asker: Asker, limit: float) -> Interpretation:
        until = min(limit, _now() + self._options.deadline * INTERPRETING)
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
    ) -> Made:
        """The refusal, in better words where the question belongs elsewhere."""
        if reading is None and (failure is None or failure.reason not in _HOPELESS):
            try:
                reading = await self._read(asked, context, asker, limit)
            except ModelFailed as error:
                failure = error
                _log.warning("where a question belongs is not known: %s (%s)", error, error.reason)
        if reading is None:
            own = failure is not None and _own(failure.reason, limit)
            return Made(consultation.answer, kept=False, own=own)
        text = self._elsewhere(reading.route, consultation.answer.language)
        answer = consultation.answer if text is None else replace(consultation.answer, text=text, suggestions=())
        return Made(answer, kept=failure is None)

    def _elsewhere(self, route: Route, language: str) -> str | None:
        if route == "question":
            return None
        if route == "out_of_scope":
            return self._phrases.say("answer.refused.nothing", language)
        return self._phrases.say(f"composed.route.{route}", language)

    async def _composed(
        self, advisor: Advisor, consultation: Consultation, asker: Asker, told: Tell, limit: float
    ) -> Made:
        """The answer in the model's words as far as they hold; kept where they all came and enough of them held."""
        asking, verifier = await asyncio.to_thread(self._prepared, advisor, consultation)
        told(Reading(len(asking.given)))
        writing = Writing(advisor)
        stream = self._calls.opened(asking.request, asker, limit)
        outcome = await write(writing, stream, verifier, asking.given, consultation.question, told, self._checking)
        if not writing.claims:
            return self._quoted(consultation, outcome.reason or "unverified", limit)
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
    ) -> Made:
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
            return self._noted(answer, "composed.partial.cut")
        if outcome.dropped > writing.claims:
            return self._noted(answer, "composed.partial.unverified")
        return Made(answer, kept=True)

    def _quoted(self, consultation: Consultation, reason: str, limit: float) -> Made:
        """The sources' own words, with a label that says why. Nothing of it has been told: another answer may come."""
        made = self._noted(consultation.answer, f"composed.note.{reason}")
        return replace(made, own=_own(reason, limit))

    def _noted(self, answer: Answer, note: str) -> Made:
        notes = (*answer.notes, self._phrases.say(note, answer.language))
        return Made(replace(answer, notes=notes), kept=False)


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


def _own(reason: str, limit: float) -> bool:
    """Whether it was the asker's budget or time that was at an end, not the model that failed."""
    return reason in _OF_THE_BUDGET or (reason == "slow" and _now() >= limit)


def _now() -> float:
    return asyncio.get_running_loop().time()
