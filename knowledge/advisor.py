"""The one door: a question and the conversation before it in, a verified answer out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from time import perf_counter

from knowledge import extract, verify
from knowledge.answerability import OPERATING_POINT, Answerability, features, is_outside
from knowledge.editions import Editions
from knowledge.errors import EmbeddingFailed
from knowledge.evidence import Evidence, weigh
from knowledge.kinds import Kind
from knowledge.language import Language
from knowledge.model import Answer, Citation, Document, Hit, Passage, Status, Timing
from knowledge.pieces import PieceReader
from knowledge.ports import Embedder, Index, Phrases
from knowledge.present import PresentState
from knowledge.question import Question, Synonyms, understand
from knowledge.quotes import MAX_LENGTH, Quote, fitted
from knowledge.related import Related, topics
from knowledge.relations import Relations
from knowledge.render import render
from knowledge.reranking import reranked
from knowledge.retrieval import Mode, Retrieval, retrieve
from knowledge.validity import reservations, swedish_day

_log = logging.getLogger(__name__)
NOTES = 3
"""Known errors shown beside one answer; whole documents' reservations come on top."""
READ, READ_FOR_SOME = 4096, 512
"""Passages that are kept as they were analysed: by the advisor that everybody asks, and by one that knows documents of
municipalities, of which there may be one for each.
"""
RERANKED = 40
"""How many passages are ranked again for a search."""


@dataclass(frozen=True, slots=True)
class AdvisorOptions:
    """What can be set: how many passages are read, and from which probability an answer is given."""

    passages: int = 12
    operating_point: float = OPERATING_POINT


@dataclass(frozen=True, slots=True)
class Consultation:
    """A question with what was found for it, and the answer in the sources' own words or the refusal.

    `quotes` are what that answer quotes; empty where it is a refusal.
    """

    question: Question
    retrieval: Retrieval
    answer: Answer
    quotes: tuple[Quote, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the knowledge base holds an answer."""
        return self.answer.status is Status.ANSWERED


class Advisor:
    """Answers from one open index; immutable, so a newly published index gets a new Advisor."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder | None,
        synonyms: Synonyms,
        phrases: Phrases,
        options: AdvisorOptions | None = None,
        relations: Relations | None = None,
        answerability: Answerability | None = None,
        today: Callable[[], date] = swedish_day,
    ) -> None:
        """`answerability` decides whether an answer is given; by default as it comes with the program. `today` tells
        which documents are in force."""
        self._today = today
        self.index = index
        self._embedder = embedder
        self._synonyms = synonyms
        self._phrases = phrases
        self._answerability = answerability
        self._options = options or AdvisorOptions()
        self._reader = PieceReader(index.split, READ_FOR_SOME if index.owners else READ, index.steps)
        self._documents = {(document.origin, document.path): document for document in index.documents}
        self._editions = Editions(index.documents)
        self._present = PresentState(index.changes, self._reader)
        self._related = Related(relations, {document.id: document.title for document in index.documents}, phrases)
        self._urls = {key: document.url for key, document in self._documents.items() if document.url}

    @property
    def reader(self) -> PieceReader:
        """Cuts and analyses passages as this index does."""
        return self._reader

    async def search(self, query: str, k: int = 10, mode: Mode = "hybrid") -> tuple[Hit, ...]:
        """The k best passages for a query. Raises EmbeddingFailed in dense mode where vectors cannot be compared."""
        question = await asyncio.to_thread(understand, query)
        if question.is_empty:
            return ()
        return await self._ranked(question, k, mode)

    async def find(self, question: str, context: Sequence[str] = (), k: int = 10) -> tuple[Hit, ...]:
        """The passages that a question, resolved against the conversation, is answered from."""
        asked = await asyncio.to_thread(understand, question, context)
        return () if asked.is_empty else await self._ranked(asked, k, "hybrid")

    async def _ranked(self, question: Question, k: int, mode: Mode) -> tuple[Hit, ...]:
        """The k best passages; in hybrid mode those win that hold one sentence which speaks to the whole question."""
        found = await self._retrieve(question, max(k, RERANKED), mode, apart=False)
        # Weighing some hundred sentences takes milliseconds of pure Python: off the loop, so that other turns go on.
        return await asyncio.to_thread(self._spread, question, found, k, mode)

    def _spread(self, question: Question, found: Retrieval, k: int, mode: Mode) -> tuple[Hit, ...]:
        hits = reranked(question, found, self._reader) if mode == "hybrid" else found.hits
        several = self._editions.spread(question, hits)[:k]
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(several, start=1))

    async def ask(self, question: str, context: Sequence[str] = (), language: Language | None = None) -> Answer:
        """Answer, or say that the knowledge base does not hold the answer.

        `context` holds the person's earlier questions, oldest first. `language` overrides the question's own.
        """
        return (await self.consult(question, context, language)).answer

    async def consult(
        self, question: str, context: Sequence[str] = (), language: Language | None = None
    ) -> Consultation:
        """The same, with what the answer is made of."""
        started = perf_counter()
        # A question may be pages long, and so may those before it: off the loop, like all that reads them.
        asked = await asyncio.to_thread(understand, question, context, language)
        if asked.is_empty or not self.index.passages:
            refusal = self._refuse(asked, (), started, started)
            return Consultation(asked, Retrieval((), (), None), refusal)
        retrieval = await self._retrieve(asked, self._options.passages, "hybrid")
        if asked.kind is Kind.COMPARISON:
            retrieval = await self._with_sides(asked, retrieval)
        retrieved = perf_counter()
        return await asyncio.to_thread(self._answer, asked, retrieval, started, retrieved)

    async def _with_sides(self, question: Question, found: Retrieval) -> Retrieval:
        """Adds what is found for each thing compared: one of them tends to fill all the best places."""
        hits = {hit.passage.id: hit for hit in found.hits}
        for concept in extract.compared(found.concepts):
            side = await self._retrieve(understand(concept.surface), self._options.passages // 2, "hybrid")
            for hit in side.hits:
                hits.setdefault(hit.passage.id, replace(hit, score=hit.score * found.hits[0].score))
        ordered = self._editions.distinct(question, sorted(hits.values(), key=lambda hit: -hit.score))
        return replace(found, hits=tuple(replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)))

    async def _retrieve(self, question: Question, k: int, mode: Mode, *, apart: bool = True) -> Retrieval:
        """What was found; `apart`: every passage says something else."""
        editions = self._editions if apart else None
        try:
            return await retrieve(
                question, self.index, self._embedder, self._synonyms, k=k, mode=mode, editions=editions
            )
        except EmbeddingFailed as error:
            if mode == "dense":
                raise
            _log.warning("this question is answered by lexical search only: %s", error)
            return await retrieve(question, self.index, None, self._synonyms, k=k, mode="lexical", editions=editions)

    def _answer(self, question: Question, retrieval: Retrieval, started: float, retrieved: float) -> Consultation:
        evidence = weigh(question, retrieval.concepts, retrieval.hits, self._reader)
        decision = self._answerability or _shipped()
        sure = decision.probability(features(question, retrieval, evidence), retrieval)
        if not evidence or sure < self._options.operating_point:
            near = () if is_outside(retrieval.concepts) else retrieval.hits
            refusal = replace(self._refuse(question, near, started, retrieved), confidence=sure)
            return Consultation(question, retrieval, refusal)
        quotes = self._quotes(question, retrieval, evidence)
        text, citations = render(quotes, self._urls)
        wrong = verify.problems(text, citations)
        if wrong:
            _log.error("an answer did not hold against its sources and was not sent: %s", "; ".join(wrong))
            refusal = replace(self._refuse(question, retrieval.hits, started, retrieved), confidence=sure)
            return Consultation(question, retrieval, refusal)
        passages = [quote.passage for quote in quotes]
        answer = replace(
            self._told(question, retrieval, quotes, citations),
            text=f"{self._lead(question, passages)}\n\n{text}",
            timing=_timing(started, retrieved),
            confidence=sure,
        )
        return Consultation(question, retrieval, answer, quotes)

    def worded(self, consultation: Consultation, text: str, citations: Sequence[Citation], generator: str) -> Answer:
        """The consultation's answer in other words than the sources': with the same notes, figure and suggestions as
        an answer that quotes these passages. `citations` are in the order of their markers. Takes milliseconds.
        """
        by_id = {quote.passage.id: quote for quote in consultation.quotes}
        quotes = [self._quoted(one, by_id.get(one.passage.id)) for one in citations]
        told = self._told(consultation.question, consultation.retrieval, quotes, tuple(citations))
        before = consultation.answer
        return replace(told, text=text, generator=generator, timing=before.timing, confidence=before.confidence)

    def cited(self, passage: Passage, n: int, quote: str) -> Citation:
        """A citation of a passage, with the public address of its document."""
        return Citation(n, passage, quote, self._urls.get((passage.origin, passage.path)))

    def _quoted(self, citation: Citation, known: Quote | None) -> Quote:
        """The passage with the units that a citation quotes, by which it is told which reservations belong to it."""
        pieces = self._reader.read(citation.passage).pieces
        said = " ".join(citation.quote.split())
        quoted = tuple(piece for piece in pieces if (text := " ".join(piece.text.split())) in said or said in text)
        return Quote(citation.passage, quoted or (known.pieces if known is not None else pieces[:1]))

    def _told(
        self, question: Question, retrieval: Retrieval, quotes: Sequence[Quote], citations: tuple[Citation, ...]
    ) -> Answer:
        """Everything of an answer but its text."""
        passages = [quote.passage for quote in quotes]
        return Answer(
            question=question.text,
            status=Status.ANSWERED,
            language=question.language,
            text="",
            citations=citations,
            notes=self._notes(question, passages, extract.reservations(quotes, self._reader)),
            suggestions=self._related.after(question.text, passages, retrieval.hits, question.language),
            figure=next((passage.figure for passage in passages if passage.figure is not None), None),
            generation=self.index.generation,
        )

    def _quotes(self, question: Question, retrieval: Retrieval, evidence: Sequence[Evidence]) -> tuple[Quote, ...]:
        """What answers, and beside a state of affairs that has changed since the report, the other half of it."""
        quotes = extract.choose(question, retrieval.concepts, evidence, self._reader)
        kinds = [self._document(quote.passage).kind for quote in quotes]
        beside = self._present.beside(question, quotes, kinds)
        told = (*beside.before, *beside.after)
        if not told:
            return quotes
        room = MAX_LENGTH - sum(quote.length for quote in told)
        shorter = extract.choose(question, retrieval.concepts, evidence, self._reader, room)
        others = tuple(quote for quote in shorter if quote.passage.id not in {one.passage.id for one in told})
        return fitted((*beside.before, *others, *beside.after), last=len(beside.after))

    def _refuse(self, question: Question, hits: Sequence[Hit], started: float, retrieved: float) -> Answer:
        near = topics(hits)
        text = (
            self._phrases.say("answer.refused.near", question.language, topics="; ".join(near))
            if near
            else self._phrases.say("answer.refused.nothing", question.language)
        )
        return Answer(
            question=question.text,
            status=Status.REFUSED,
            language=question.language,
            text=text,
            suggestions=self._related.near(hits, (), question.language),
            generation=self.index.generation,
            timing=_timing(started, retrieved),
        )

    def _lead(self, question: Question, passages: Sequence[Passage]) -> str:
        kinds = {self._document(passage).kind.value for passage in passages}
        key = kinds.pop() if len(kinds) == 1 else "other"
        if passages and passages[0].figure is not None:
            key = "figure"
        elif question.kind is Kind.DEFINITION:
            key = "definition"
        return self._phrases.say(f"answer.lead.{key}", question.language)

    def _notes(self, question: Question, passages: Sequence[Passage], own: Sequence[str]) -> tuple[str, ...]:
        """Known errors of what is quoted, the source's own reservations, those of whole documents, and their day."""
        errors = [note for passage in passages for note in passage.notes]
        whole = [note for passage in passages for note in self._document(passage).notes]
        told = {(passage.origin, passage.path): self._document(passage) for passage in passages}.values()
        dated = reservations(told, self._today(), self._phrases, question.language)
        return tuple(dict.fromkeys((*errors, *own)))[:NOTES] + tuple(dict.fromkeys((*whole, *dated)))

    def _document(self, passage: Passage) -> Document:
        return self._documents[passage.origin, passage.path]


@cache
def _shipped() -> Answerability:
    """Read once, where nobody gives another, and when it is first needed: off the loop."""
    return Answerability.load()


def _timing(started: float, retrieved: float) -> Timing:
    now = perf_counter()
    return Timing(
        retrieve=round((retrieved - started) * 1000, 2),
        answer=round((now - retrieved) * 1000, 2),
        total=round((now - started) * 1000, 2),
    )
