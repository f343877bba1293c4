"""Everything that is compared, each asked the same questions: ranked hits a system, best first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from langchain_core.embeddings import Embeddings

from bot.conversation.texts import Texts
from bot.knowledge_base import synonym_table
from knowledge.advisor import Advisor
from knowledge.model import Hit
from knowledge.ports import Embedder, Index
from knowledge.question import understand
from knowledge.swedish.steps import Steps
from knowledge.synonyms import SynonymTable
from tests.bench.retrieval.baseline import VectorStore, WordIndex, as_found, chunks
from tests.bench.retrieval.corpora import Case, Corpus, Found

HYBRID, LEXICAL, DENSE = "hybrid", "lexical only", "dense only"
FUSION, LANGCHAIN, BM25 = "reciprocal rank fusion", "LangChain's default", "bm25s, Swedish"
DEPTH = 10
"""Hits that are scored."""
LEG = 100
"""Hits of each leg that are fused."""
RANK_CONSTANT = 60
"""Cormack, Clarke and Buettcher (2009), Reciprocal Rank Fusion."""

Ranked = list[list[Found]]
"""The hits of every question, in the corpus's order."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What our searches need besides an index."""

    embedder: Embedder
    synonyms: SynonymTable
    texts: Texts

    @classmethod
    def load(cls, embedder: Embedder) -> Engine:
        """With the synonyms and texts that the service has."""
        return cls(embedder, synonym_table(), Texts.load())

    def reading_by(self, steps: Steps) -> Engine:
        """The same with the synonyms of these steps."""
        return replace(self, synonyms=synonym_table(steps))

    def advisor(self, index: Index) -> Advisor:
        """The service's own door to the index."""
        return Advisor(index, self.embedder, self.synonyms, self.texts)


async def ours(
    corpus: Corpus, index: Index, engine: Engine, told: Callable[[int], None] = lambda done: None
) -> dict[str, Ranked]:
    """Hybrid, its two legs and their reciprocal rank fusion, over one index.

    The legs are asked the question as it stands after the conversation before it was taken into account.
    """
    advisor = engine.advisor(index)
    results: dict[str, Ranked] = {HYBRID: [], LEXICAL: [], DENSE: [], FUSION: []}
    for case in corpus.cases:
        alone = standalone(case)
        found: dict[str, Sequence[Hit]] = {
            HYBRID: await advisor.find(case.asked.question, case.asked.context, k=DEPTH),
            LEXICAL: await advisor.search(alone, k=LEG, mode="lexical"),
            DENSE: await advisor.search(alone, k=LEG, mode="dense"),
        }
        found[FUSION] = fused(found[LEXICAL], found[DENSE])
        for name, hits in found.items():
            results[name].append([corpus.found(hit.passage) for hit in hits[:DEPTH]])
        told(len(results[HYBRID]))
    return results


async def defaults(corpus: Corpus, embeddings: Embeddings) -> dict[str, Ranked]:
    """What others do by default over the same texts, given the same standalone questions."""
    pieces = chunks(corpus.plain)
    found = as_found(pieces, corpus.plain)
    nearest = await asyncio.to_thread(VectorStore, pieces, found, embeddings)
    words = WordIndex(pieces, found)
    asked = [standalone(case) for case in corpus.cases]
    return {
        LANGCHAIN: [nearest.search(question, DEPTH) for question in asked],
        BM25: [words.search(question, DEPTH) for question in asked],
    }


def standalone(case: Case) -> str:
    """The question with what it leaves unsaid."""
    return understand(case.asked.question, case.asked.context).standalone


def fused(*legs: Sequence[Hit]) -> list[Hit]:
    """Reciprocal rank fusion; of equals the one that an earlier leg ranks higher comes first."""
    scores: dict[str, float] = {}
    by_id: dict[str, Hit] = {}
    for leg in legs:
        for rank, hit in enumerate(leg, start=1):
            scores[hit.passage.id] = scores.get(hit.passage.id, 0.0) + 1.0 / (RANK_CONSTANT + rank)
            by_id.setdefault(hit.passage.id, hit)
    return [by_id[identity] for identity in sorted(scores, key=lambda one: -scores[one])]
