"""The knowledge base as the running service sees it: the published generation, exchanged when a newer one appears."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from knowledge.advisor import Advisor
from knowledge.composing.composer import Composer
from knowledge.composing.ports import NOBODY, Asker, Tell
from knowledge.errors import IndexUnavailable
from knowledge.figures import figure_told
from knowledge.language import Language
from knowledge.model import Answer, Asked, Document, Figure, Hit, Passage
from knowledge.ports import Index, Vectors
from knowledge.retrieval import Mode
from knowledge.swedish.analysis import analyse, weights
from knowledge.swedish.steps import ALL
from knowledge.swedish.vocabulary import Vocabulary

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
    """What is served. `mode` is how it is searched; `problem` is why the newest generation is not served, if so."""

    generation: str | None
    documents: int = 0
    passages: int = 0
    embedding_model: str | None = None
    mode: Literal["hybrid", "lexical"] = "lexical"
    problem: str | None = None

    @property
    def ready(self) -> bool:
        """Whether questions can be answered."""
        return self.generation is not None


class ServedKnowledge:
    """Implements `bot.conversation.ports.Advice` and `bot.maturity.ports.Sources`.

    A question is answered from one generation from beginning to end: the exchange replaces the advisor as a whole.
    `advise` makes an advisor for an index; `model` is the embedding model that questions are embedded with (None:
    lexical search only); `empty` serves an empty knowledge base where nothing is published, instead of nothing.
    `composer` words the answers, where there is a language model for that.
    """

    def __init__(
        self,
        store: Generations,
        advise: Callable[[Index], Advisor],
        *,
        model: str | None,
        empty: bool = False,
        composer: Composer | None = None,
    ) -> None:
        self._store = store
        self._composer = composer
        self._advise = advise
        self._model = model
        self._empty = empty
        self._advisor: Advisor | None = None
        self._problem: str | None = None
        self._tried: str | None = None

    async def ask(
        self,
        question: str,
        context: Sequence[str] = (),
        language: Language | None = None,
        *,
        asker: Asker = NOBODY,
        tell: Tell | None = None,
        quoted: bool = False,
    ) -> Answer:
        """An answer or a refusal. Raises IndexUnavailable where nothing is served.

        An answer that quotes a text about a survey figure brings the figure along.
        """
        advisor = self.advisor
        if self._composer is None or quoted:
            answer = await advisor.ask(question, context, language)
        else:
            answer = await self._composer.ask(advisor, question, context, language, asker=asker, tell=tell)
        if answer.figure is not None or not answer.citations:
            return answer
        return replace(answer, figure=figure_told(answer.citations, advisor.index.figures))

    async def search(self, query: str, k: int = 10, mode: Mode = "hybrid") -> Sequence[Hit]:
        """The k best passages. Raises IndexUnavailable, and EmbeddingFailed in dense mode."""
        return await self.advisor.search(query, k, mode)

    def quoted(self, document: str, quote: str) -> Passage | None:
        """The passage of a document of the served generation that holds this sentence, spaces aside; None without one.

        Quick however large the generation is, since it looks the sentence up by its words. Raises IndexDamaged.
        """
        if self._advisor is None:
            return None
        index, sentence = self._advisor.index, " ".join(quote.split())
        terms = weights(analyse(sentence, index.split, index.steps))
        nearest = (index.passages[position] for position, _ in index.lexical(terms, NEAREST))
        return next(
            (one for one in nearest if one.document == document and sentence in " ".join(one.text.split())), None
        )

    @property
    def advisor(self) -> Advisor:
        """The advisor on the generation that is served now. Raises IndexUnavailable."""
        if self._advisor is None:
            raise IndexUnavailable(self._problem or "no generation is published")
        return self._advisor

    @property
    def documents(self) -> Sequence[Document]:
        """Every file of the served generation."""
        return self._advisor.index.documents if self._advisor is not None else ()

    @property
    def figures(self) -> Sequence[Figure]:
        """Every survey figure of the served generation."""
        passages = self._advisor.index.figures if self._advisor is not None else ()
        return [passage.figure for passage in passages if passage.figure is not None]

    @property
    def state(self) -> State:
        """What is served now."""
        if self._advisor is None:
            return State(None, problem=self._problem or "no generation is published")
        index = self._advisor.index
        model = index.embedding_model if self._model is not None else None
        return State(
            index.generation,
            len(index.documents),
            len(index.passages),
            model,
            "hybrid" if model is not None else "lexical",
            self._problem,
        )

    async def load(self) -> None:
        """Open the published generation. Raises IndexUnavailable, IndexDamaged, IndexMismatch."""
        try:
            self._tried = await asyncio.to_thread(self._store.current)
            if self._tried is None and self._empty:
                self._advisor = await asyncio.to_thread(self._advise, EmptyIndex())
                return
            self._advisor = await asyncio.to_thread(self._open)
            self._problem = None
        except IndexUnavailable as error:
            self._problem = str(error)
            raise
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
            try:
                await self.reload()
            except (OSError, IndexUnavailable) as error:
                _log.warning("which generation is published could not be read: %s", error)

    def _open(self) -> Advisor:
        self._store.refresh()
        return self._advise(self._store.open(self._model))


class EmptyIndex:
    """A knowledge base without documents; implements `knowledge.ports.Index`."""

    generation = "empty"
    embedding_model: str | None = None
    documents: Sequence[Document] = ()
    passages: Sequence[Passage] = ()
    changes: Sequence[Passage] = ()
    figures: Sequence[Passage] = ()
    steps = ALL
    vocabulary = Vocabulary(())

    def is_asked(self, position: int) -> bool:
        """No passage answers a question."""
        return False

    def split(self, word: str) -> tuple[str, ...]:
        """No word has parts."""
        return ()

    def document_frequency(self, term: str) -> int:
        """No passage holds any term."""
        return 0

    def idf(self, term: str) -> float:
        """Every term is as rare as any other."""
        return 1.0

    def lexical(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """Nothing is found."""
        return []

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Nothing is found."""
        return []

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, Asked, float]]:
        """Nothing is found."""
        return []
