"""The knowledge base as the running service sees it: the published generation, exchanged when a newer one appears."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from bot.empty_index import EmptyIndex
from bot.telemetry.metrics import GENERATIONS
from bot.telemetry.ports import NO_TELEMETRY, Telemetry
from knowledge.access import EVERYBODY, Audience
from knowledge.advisor import Advisor
from knowledge.advisors import Advisors
from knowledge.composing.composer import Composer
from knowledge.composing.ports import NOBODY, Asker, Tell
from knowledge.errors import IndexUnavailable
from knowledge.figures import figure_told
from knowledge.language import Language
from knowledge.model import Answer, Document, Figure, Hit, Passage
from knowledge.ports import Index
from knowledge.retrieval import Mode
from knowledge.swedish.analysis import analyse, weights

POLL = 1.5
"""Seconds between two looks at which generation is published."""
NEAREST = 50
"""Passages that are looked through for a sentence; those that hold all of its words come first."""

_log = logging.getLogger(__name__)


class Generations(Protocol):
    """Where generations come from; `knowledge.adapters.generation.GenerationStore` is one. All of it may block."""

    def current(self) -> str | None:
        """The published generation's id. Raises IndexUnavailable where that cannot be told."""

    def refresh(self) -> str | None:
        """Rewrite a generation of an older format; the new id, or None."""

    def open(self, model: str | None) -> Index:
        """The published generation. Raises IndexUnavailable and what derives from it."""


@dataclass(frozen=True, slots=True)
class State:
    """What is served. `mode` is how it is searched; `problem` is why the newest generation is not served, if so, or why
    what is served cannot be searched now.
    """

    generation: str | None
    documents: int = 0
    passages: int = 0
    embedding_model: str | None = None
    mode: Literal["hybrid", "lexical"] = "lexical"
    problem: str | None = None
    searchable: bool = True

    @property
    def ready(self) -> bool:
        """Whether questions can be answered."""
        return self.generation is not None and self.searchable


class ServedKnowledge:
    """Implements `bot.conversation.ports.Advice` and `bot.maturity.ports.Sources`.

    A question is answered from one generation from beginning to end: the exchange replaces its advisors as a whole.
    Whoever does not say for whom a question is gets what everybody may read.
    `advise` makes an advisor for an index; `model` is the embedding model that questions are embedded with (None:
    lexical search only); `empty` serves an empty knowledge base where nothing is published, instead of nothing.
    `composer` words the answers, where there is a language model for that. `check` asks a server of searches whether it
    answers, where there is one; it may block, and raises IndexUnavailable.
    """

    def __init__(
        self,
        store: Generations,
        advise: Callable[[Index], Advisor],
        *,
        model: str | None,
        empty: bool = False,
        composer: Composer | None = None,
        telemetry: Telemetry = NO_TELEMETRY,
        check: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._check = check
        self._lost: str | None = None
        self._telemetry = telemetry
        self._composer = composer
        self._advise = advise
        self._model = model
        self._empty = empty
        self._advisors: Advisors | None = None
        self._problem: str | None = None
        self._tried: str | None = None

    async def ask(
        self,
        question: str,
        context: Sequence[str] = (),
        language: Language | None = None,
        *,
        asker: Asker = NOBODY,
        audience: Audience = EVERYBODY,
        tell: Tell | None = None,
        quoted: bool = False,
    ) -> Answer:
        """An answer or a refusal, from what the audience may read. Raises IndexUnavailable where nothing is served.

        An answer that quotes a text about a survey figure brings the figure along.
        """
        advisor = await self.advisor_for(audience)
        if self._composer is None or quoted:
            answer = await advisor.ask(question, context, language)
        else:
            answer = await self._composer.ask(advisor, question, context, language, asker=asker, tell=tell)
        if answer.figure is not None or not answer.citations:
            return answer
        return replace(answer, figure=figure_told(answer.citations, advisor.index.figures))

    async def search(
        self, query: str, k: int = 10, mode: Mode = "hybrid", *, audience: Audience = EVERYBODY
    ) -> Sequence[Hit]:
        """The k best passages that the audience may read. Raises IndexUnavailable; EmbeddingFailed in dense mode."""
        return await (await self.advisor_for(audience)).search(query, k, mode)

    def quoted(self, document: str, quote: str) -> Passage | None:
        """The passage of a document that everybody may read that holds this sentence, spaces aside; None without one.

        Quick however large the generation is, since it looks the sentence up by its words. Raises IndexDamaged.
        """
        if self._advisors is None:
            return None
        index, sentence = self._advisors.everybody.index, " ".join(quote.split())
        terms = weights(analyse(sentence, index.split, index.steps))
        nearest = (index.passages[position] for position, _ in index.look_up(terms, NEAREST))
        return next(
            (one for one in nearest if one.document == document and sentence in " ".join(one.text.split())), None
        )

    @property
    def advisor(self) -> Advisor:
        """The advisor on what everybody may read. Raises IndexUnavailable."""
        if self._advisors is None:
            raise IndexUnavailable(self._problem or "no generation is published")
        return self._advisors.everybody

    async def advisor_for(self, audience: Audience) -> Advisor:
        """The advisor on what the audience may read of the generation that is served now. Raises IndexUnavailable."""
        if self._advisors is None:
            raise IndexUnavailable(self._problem or "no generation is published")
        return await self._advisors.of(audience)

    def advisor_on(self, index: Index) -> Advisor:
        """An advisor on an index that is not served, such as a draft. Works for a while, so call it in a thread."""
        return self._advise(index)

    @property
    def documents(self) -> Sequence[Document]:
        """Every file of the served generation, whoever may read it: for administrators."""
        return self._advisors.index.documents if self._advisors is not None else ()

    @property
    def figures(self) -> Sequence[Figure]:
        """Every survey figure that everybody may see."""
        passages = self._advisors.everybody.index.figures if self._advisors is not None else ()
        return [passage.figure for passage in passages if passage.figure is not None]

    @property
    def state(self) -> State:
        """What is served now, counted over everybody's documents."""
        if self._advisors is None:
            return State(None, problem=self._problem or "no generation is published")
        index = self._advisors.index
        model = index.embedding_model if self._model is not None else None
        return State(
            index.generation,
            len(index.documents),
            len(index.passages),
            model,
            "hybrid" if model is not None else "lexical",
            self._lost or self._problem,
            searchable=self._lost is None,
        )

    async def load(self) -> None:
        """Open the published generation. Raises IndexUnavailable, IndexDamaged, IndexMismatch."""
        try:
            self._tried = await asyncio.to_thread(self._store.current)
            if self._tried is None and self._empty:
                self._advisors = await asyncio.to_thread(Advisors, EmptyIndex(), self._advise)
                return
            self._advisors = await asyncio.to_thread(self._open)
            self._problem = None
        except IndexUnavailable as error:
            self._problem = str(error)
            self._telemetry.count(GENERATIONS, "failed")
            raise
        self._telemetry.count(GENERATIONS, "served")
        _log.info("serving generation %s: %d passages", self.state.generation, self.state.passages)

    async def reload(self) -> bool:
        """Serve a newly published generation; whether there was one. What cannot be opened leaves the old one on."""
        current = await asyncio.to_thread(self._store.current)
        if current is None or current == self._tried:
            return False
        try:
            await self.load()
        except IndexUnavailable as error:
            _log.error("generation %s cannot be served, the earlier one stays: %s", current, error)
            return False
        return True

    async def watch(self, pause: float = POLL) -> None:
        """Serve newly published generations until cancelled: `fyren ingest` works from another process."""
        while True:
            await asyncio.sleep(pause)
            await self._ask_server()
            try:
                await self.reload()
            except (OSError, IndexUnavailable) as error:
                _log.warning("which generation is published could not be read: %s", error)

    async def _ask_server(self) -> None:
        """Know whether the server of searches answers, before somebody asks a question for it."""
        if self._check is None:
            return
        try:
            await asyncio.to_thread(self._check)
        except IndexUnavailable as error:
            if self._lost is None:
                _log.error("nothing can be searched now: %s", error)
            self._lost = str(error)
            return
        if self._lost is not None:
            _log.info("the index can be searched again")
        self._lost = None

    def _open(self) -> Advisors:
        self._store.refresh()
        return Advisors(self._store.open(self._model), self._advise)
