"""The one door where there is a language model: it words what the knowledge base found, and code answers for it.

Behind it stand the answers that were just given, those that somebody is waiting for already, and how one is made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from time import perf_counter

from knowledge.advisor import Advisor
from knowledge.composing.answering import Answering
from knowledge.composing.cache import AnswerCache, AnswerKey
from knowledge.composing.calls import ModelCalls
from knowledge.composing.interpreting import TURNS, depends, understood
from knowledge.composing.options import ComposerOptions
from knowledge.composing.ports import NOBODY, Advance, Asker, Budgets, ChatModel, Searching, Tell, Written
from knowledge.composing.sharing import Made, Making, Sharing
from knowledge.composing.spotlight import Spotlight
from knowledge.composing.verification import Verifier
from knowledge.composing.writing import Verifies
from knowledge.language import Language
from knowledge.model import Answer, Status, Timing
from knowledge.ports import Phrases
from knowledge.question import Question
from prompts.loader import Prompts


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
        self._options = options or ComposerOptions()
        self._prompts = prompts
        self._calls = ModelCalls(model, budgets)
        self._answering = Answering(self._calls, phrases, prompts, self._options, verifier or _verifier, spotlight)
        self._cache = AnswerCache(self._options.cache_minutes * 60)
        self._sharing = Sharing()

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

        `context` holds the person's earlier questions, oldest first. The last text told is the answer's. Only who may
        read the same documents, as the advisor's index says, gets the same answer again.
        """
        told = _Telling(tell)
        told(Searching())
        started = perf_counter()
        limit = asyncio.get_running_loop().time() + self._options.deadline
        asked, context = await asyncio.to_thread(understood, question, context, language)
        key = self._key(advisor, asked, context)

        async def making(tell: Tell) -> Made:
            made = await self._answering.answer(advisor, asked, context, asker, tell, limit)
            if made.kept:
                self._cache.put(key, made.answer)
            return made

        answer, found = await self._found(key, making, told)
        if answer.status is Status.ANSWERED and told.text != answer.text:
            told(Written(answer.text))
        total = round((perf_counter() - started) * 1000, 2)
        retrieve = 0.0 if found else answer.timing.retrieve
        return replace(answer, timing=Timing(retrieve, round(max(0.0, total - retrieve), 2), total))

    async def close(self) -> None:
        """Wait for what is still to be charged, and forget kept answers."""
        await self._calls.close()
        self._cache.clear()

    async def _found(self, key: AnswerKey, making: Making, told: Tell) -> tuple[Answer, bool]:
        """The answer, and whether it was there or under way already; without a cache every question is new."""
        kept = self._cache.get(key)
        if kept is not None:
            return kept, True
        if not self._options.cache_minutes:
            return (await making(told)).answer, False
        made, begun = await self._sharing.made(key, making, told)
        return made.answer, not begun

    def _key(self, advisor: Advisor, asked: Question, context: Sequence[str]) -> AnswerKey:
        return AnswerKey(
            asked.text,
            asked.standalone,
            tuple(context[-TURNS:]) if depends(asked) else (),
            asked.language,
            advisor.index.generation,
            self._prompts.version,
            self._calls.name,
            advisor.index.owners,
        )


class _Telling:
    """Passes on what is told, if anybody listens, and knows the text that was told last."""

    def __init__(self, tell: Tell | None) -> None:
        self._tell = tell
        self.text = ""

    def __call__(self, advance: Advance) -> None:
        if isinstance(advance, Written):
            self.text = advance.text
        if self._tell is not None:
            self._tell(advance)


def _verifier(advisor: Advisor, unsaid: Collection[str]) -> Verifies:
    return Verifier(advisor.reader, unsaid)
