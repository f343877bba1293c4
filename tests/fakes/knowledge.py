"""A small knowledge base in memory, an embedder that counts words, and a frame that shows its keys."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from knowledge.access import Audience
from knowledge.adapters.dense import PassageVectors, first_questions
from knowledge.adapters.lexical import LexicalIndex
from knowledge.adapters.term_counts import counted
from knowledge.answerability import ANY_MODEL, Answerability, Weights
from knowledge.errors import EmbeddingFailed
from knowledge.model import (
    Asked,
    Bar,
    Change,
    Document,
    DocumentKind,
    Figure,
    Origin,
    Passage,
    PassageKind,
    Unit,
    embedded_texts,
)
from knowledge.ports import Vectors
from knowledge.swedish.analysis import analyse
from knowledge.swedish.compounds import CompoundSplitter
from knowledge.swedish.steps import ALL, Steps
from knowledge.swedish.vocabulary import Vocabulary

DIMENSIONS = 64


class RecordingEmbedder:
    """Implements `knowledge.ports.Embedder`: texts that share words are near, and equal texts have equal vectors.

    `error` is raised by both methods; `gate` holds passage vectors back until it is set.
    """

    def __init__(self, model: str = "fake/words") -> None:
        self.model = model
        self.error: EmbeddingFailed | None = None
        self.gate: asyncio.Event | None = None
        self.queries: list[str] = []
        self.batches: list[tuple[str, ...]] = []

    async def embed_query(self, text: str) -> Vectors:
        self.queries.append(text)
        if self.error is not None:
            raise self.error
        return vector_of(text)

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(tuple(texts))
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return vectors_of(texts)

    async def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return await self.embed_passages(texts)


def vector_of(text: str) -> Vectors:
    """A normalised count of the text's terms, each in the place that its checksum gives it."""
    vector = np.full(DIMENSIONS, 0.1, dtype=np.float32)
    for term in analyse(text):
        vector[zlib.crc32(term.main.encode()) % DIMENSIONS] += 1.0
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def vectors_of(texts: Sequence[str]) -> Vectors:
    """One row a text."""
    return np.stack([vector_of(text) for text in texts]) if texts else np.zeros((0, DIMENSIONS), dtype=np.float32)


class MemoryIndex:
    """Implements `knowledge.ports.Index` over passages that are given, with vectors where a model is named."""

    def __init__(
        self,
        passages: Sequence[Passage],
        documents: Sequence[Document] = (),
        *,
        model: str | None = None,
        steps: Steps = ALL,
    ) -> None:
        self.generation = "g-memory"
        self.embedding_model = model
        self.passages: Sequence[Passage] = tuple(passages)
        self.documents: Sequence[Document] = tuple(documents) or documents_of(passages)
        self.changes: Sequence[Passage] = tuple(one for one in passages if one.change is not None)
        self.figures: Sequence[Passage] = tuple(one for one in passages if one.figure is not None)
        self.steps = steps
        counts = counted(passages, self.documents, steps)
        self._splitter = CompoundSplitter(counts.standalone_words(), steps=steps)
        self._lexical = LexicalIndex(counts.arrays(self._splitter.split))
        self.vocabulary = Vocabulary(self._lexical.arrays.terms)
        self._vectors: PassageVectors | None = None
        if model is not None and passages:
            starts = first_questions([len(one.questions) for one in passages])
            self._vectors = PassageVectors(vectors_of(embedded_texts(self.passages)), starts)
        self.lexical_searches: list[Mapping[str, float]] = []
        self.dense_searches = 0
        self.owners = frozenset(one.owner for one in self.documents if one.owner)

    def readable_by(self, audience: Audience) -> MemoryIndex:
        """An index of its own, made of nothing else: what every other one has to agree with."""
        if audience.among(self.owners) == self.owners:
            return self
        documents = [one for one in self.documents if audience.may_read(one.owner)]
        keys = {(one.origin, one.path) for one in documents}
        passages = [one for one in self.passages if (one.origin, one.path) in keys]
        return MemoryIndex(passages, documents, model=self.embedding_model, steps=self.steps)

    def is_asked(self, position: int) -> bool:
        return bool(self.passages[position].questions)

    def split(self, word: str) -> tuple[str, ...]:
        return self._splitter.split(word)

    def document_frequency(self, term: str) -> int:
        return self._lexical.document_frequency(term)

    def idf(self, term: str) -> float:
        return self._lexical.idf(term)

    def lexical(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        self.lexical_searches.append(dict(terms))
        return self._lexical.search(terms, k)

    def look_up(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        return self.lexical(terms, k)

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        self.dense_searches += 1
        return self._vectors.dense(vector, k) if self._vectors is not None else []

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, Asked, float]]:
        found = self._vectors.asked(vector, k) if self._vectors is not None else []
        return [(position, self.passages[position].questions[which], cosine) for position, which, cosine in found]


def judged_by_coverage() -> Answerability:
    """Weights made by hand: an answer is given where about half of what is asked is covered, and nothing is missing."""
    weights = Weights(intercept=-3.0, features={"coverage": 6.0, "missing": -2.0, "unknown": -1.0})
    return Answerability({ANY_MODEL: {"asked": weights, "plain": weights}})


class ShownKeys:
    """Implements `knowledge.ports.Phrases`: a text shows its key, language and values."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, dict[str, object]]] = []

    def say(self, key: str, language: str, **values: object) -> str:
        self.said.append((key, language, values))
        shown = "".join(f" {name}={value}" for name, value in values.items())
        return f"<{key} {language}{shown}>"


class WordList:
    """Implements `knowledge.question.Synonyms` from groups of forms that mean the same."""

    def __init__(self, *groups: Sequence[str]) -> None:
        self._groups = groups

    def alternatives(self, text: str) -> Mapping[str, tuple[str, ...]]:
        folded = f" {' '.join(text.lower().replace('?', ' ').split())} "
        return {
            form: tuple(other for other in group if other != form)
            for group in self._groups
            for form in group
            if f" {form} " in folded
        }


def passage(
    text: str,
    *headings: str,
    id: str | None = None,
    document: str = "statusrapport-2024",
    path: str | None = None,
    origin: Origin = Origin.LIBRARY,
    title: str = "Statusrapport om digitalisering",
    pages: tuple[int, ...] = (),
    kind: PassageKind = PassageKind.TEXT,
    notes: tuple[str, ...] = (),
    figure: Figure | None = None,
    questions: tuple[str, ...] = (),
    change: Change | None = None,
) -> Passage:
    """A passage with the given text and heading path; its id is made of both unless given."""
    return Passage(
        id=id or f"p{zlib.crc32(repr((document, headings, text)).encode()):08x}",
        document=document,
        path=path or f"{document}.md",
        origin=origin,
        title=title,
        headings=headings,
        pages=pages,
        kind=kind,
        text=text,
        notes=notes,
        figure=figure,
        questions=tuple(map(Asked, questions)),
        change=change,
    )


def document(
    id: str = "statusrapport-2024",
    *,
    path: str | None = None,
    title: str = "Statusrapport om digitalisering",
    kind: DocumentKind = DocumentKind.REPORT,
    origin: Origin = Origin.LIBRARY,
    url: str | None = None,
    aliases: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    as_of: str | None = None,
    owner: str = "",
) -> Document:
    """A document whose path is its id, unless given."""
    return Document(
        id=id,
        path=path or f"{id}.md",
        title=title,
        kind=kind,
        origin=origin,
        checksum="0" * 64,
        url=url,
        aliases=aliases,
        notes=notes,
        as_of=as_of,
        owner=owner,
    )


def documents_of(passages: Sequence[Passage]) -> tuple[Document, ...]:
    """One document for every file that the passages name."""
    return tuple(
        {
            (one.origin, one.path): document(one.document, path=one.path, title=one.title, origin=one.origin)
            for one in passages
        }.values()
    )


NIS2 = "NIS 2 och cybersäkerhetslagen"
DOCUMENTS = (
    document(),
    document(
        "nis2",
        title=NIS2,
        kind=DocumentKind.REGULATION,
        url="https://example.org/nis2",
        aliases=("NIS2", "cybersäkerhetslagen"),
        notes=("Lagtexten är läst i den lydelse som gällde i november.",),
        as_of="2026-11-23",
    ),
    document("e-arkiv", title="Gemensamt e-arkiv", kind=DocumentKind.INITIATIVE),
    document("ordlista", title="Ordlista", kind=DocumentKind.GUIDE),
)
FIGURE = Figure("3", "Hur väl fungerar målstyrningen?", Unit.RESPONDENT, (Bar("Finns inte", 11.0), Bar("Fullt", None)))

PORTFOLIO = passage(
    "I enkäten anger 17 procent att portföljstyrning saknas helt. 28 procent beskriver portföljstyrningen som "
    "ostrukturerad.\nObs: andelarna gäller svar och inte kommuner.",
    "3.2.2 Styrning",
    "Portföljstyrning",
    pages=(28, 29),
    notes=("Siffran 2 procent i figur 3 är troligen ett tryckfel.",),
)
PROJECTS = passage(
    "I enkäten anger 33 procent att projektstyrning är under utveckling. 11 procent har en väl fungerande "
    "projektstyrning.",
    "3.2.2 Styrning",
    "Projektstyrning",
    pages=(29,),
)
METHOD = passage("Enkäten besvarades av 18 personer i samtliga 14 kommuner.", "2 Metod", pages=(12,))
CHALLENGES = passage(
    "Rapporten lyfter fyra utmaningar för kommunernas digitalisering:\n"
    "- Det saknas kompetens i verksamheterna.\n"
    "- Resurserna är knappa och konkurrensen om dem är stor.\n"
    "- Äldre system är svåra att byta ut.\n"
    "- Nyttan följs sällan upp.",
    "4.1 Utmaningar",
    kind=PassageKind.LIST,
    pages=(50,),
)
GOALS = passage(
    "11 procent av svaren anger att målstyrning inte finns alls.",
    "3.2.2 Styrning",
    "Målstyrning",
    kind=PassageKind.FIGURE,
    figure=FIGURE,
    pages=(27,),
)
INCIDENTS = passage(
    "En betydande incident ska anmälas i tre steg:\n"
    "- En tidig varning ska lämnas inom 24 timmar.\n"
    "- En incidentanmälan ska lämnas inom 72 timmar.\n"
    "- En slutrapport ska lämnas inom en månad.",
    "Anmälan av incidenter",
    kind=PassageKind.LIST,
    document="nis2",
    title=NIS2,
)
IN_FORCE = passage(
    "Cybersäkerhetslagen gäller sedan den 15 januari 2026. NIS 2 genomförs i Sverige genom cybersäkerhetslagen.",
    "När cybersäkerhetslagen gäller",
    document="nis2",
    title=NIS2,
)
FINES = passage(
    "Sanktionsavgiftens storlek beror på vem som bryter mot lagen:\n\n"
    "| Verksamhetsutövare | Högsta belopp |\n"
    "| --- | --- |\n"
    "| Offentlig verksamhet | 10 miljoner kronor |\n"
    "| Väsentlig verksamhet | 10 miljoner euro |\n"
    "| Viktig verksamhet | 7 miljoner euro |",
    "Sanktionsavgift",
    kind=PassageKind.TABLE,
    document="nis2",
    title=NIS2,
)
ARCHIVE = passage(
    "Tanum och Strömstad driver ett gemensamt e-arkiv. Avtalet tecknades 2021 och kostar 2 miljoner kronor om året.",
    "Så fungerar e-arkivet",
    document="e-arkiv",
    title="Gemensamt e-arkiv",
)
DEFINITION = passage(
    "Portföljstyrning är att samla digitaliseringsinsatserna och prioritera mellan dem.",
    "Portföljstyrning",
    document="ordlista",
    title="Ordlista",
    kind=PassageKind.DEFINITION,
)
PASSAGES = (PORTFOLIO, PROJECTS, METHOD, CHALLENGES, GOALS, INCIDENTS, IN_FORCE, FINES, ARCHIVE, DEFINITION)


def small_library(*, model: str | None = None) -> MemoryIndex:
    """Ten passages of four documents: text, list, table, figure, definition."""
    return MemoryIndex(PASSAGES, DOCUMENTS, model=model)
