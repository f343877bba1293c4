"""Question to ranked passages: BM25 over Swedish terms, vectors of the texts and of the questions they answer."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.concepts import Concept, concepts, search_terms
from knowledge.editions import Editions
from knowledge.errors import EmbeddingFailed
from knowledge.model import Asked, Hit
from knowledge.ports import Embedder, Index, Vectors
from knowledge.question import Question, Synonyms

Mode = Literal["hybrid", "dense", "lexical"]

POOL = 100
"""Candidates taken from each leg before fusion."""
QUESTIONS = 6 * POOL
"""Questions compared with the one asked: a passage has about six."""
LONGEST = 2000
"""Characters of a question that are embedded; engines read no further, and servers refuse longer texts."""
PLAIN = (0.7, 0.3, 0.0)
ASKED = (0.5, 0.2, 0.3)
"""How much words, nearness of the text and nearness of a question that it answers count, for a passage that does not
say which questions it answers, and for one that does; measured on development questions, where rank fusion does worse.
"""
ALIKE = 1e-6
"""Cosines that differ by less are the same but for rounding."""
SPARE = 20
"""Candidates looked at beyond those wanted, to stand in for copies and older editions."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What one question found: hits best first, its concepts, and its vector (None in lexical mode).

    `nearest_question` is the cosine of the library's own question that is nearest to this one, `model` what made the
    vectors.
    """

    hits: tuple[Hit, ...]
    concepts: tuple[Concept, ...]
    vector: Vectors | None
    nearest_question: float = 0.0
    model: str | None = None


async def retrieve(
    question: Question,
    index: Index,
    embedder: Embedder | None,
    synonyms: Synonyms,
    *,
    k: int = 12,
    mode: Mode = "hybrid",
    editions: Editions | None = None,
) -> Retrieval:
    """The k best passages, each saying something else where `editions` are known.

    Raises EmbeddingFailed where a vector is needed and cannot be made or compared.
    """
    vector: Vectors | None = None
    if embedder is not None and index.embedding_model is not None:
        vector = await embedder.embed_query(_embedded(question)) if mode != "lexical" else None
    elif mode == "dense":
        raise EmbeddingFailed("there are no vectors to compare: the index has none, or no embedding engine is set")
    # Reading a long question takes many milliseconds of pure Python: off the loop, so that other turns go on.
    return await asyncio.to_thread(_found, question, index, synonyms, vector, k, mode, editions)


def _embedded(question: Question) -> str:
    """What is embedded: of a long text its beginning, of a long conversation what was said last."""
    text = question.standalone
    return text[-LONGEST:] if question.background else text[:LONGEST]


def _found(
    question: Question,
    index: Index,
    synonyms: Synonyms,
    vector: Vectors | None,
    k: int,
    mode: Mode,
    editions: Editions | None,
) -> Retrieval:
    found = concepts(question, index, synonyms)
    terms = search_terms(found)
    lexical = index.lexical(terms, POOL) if mode != "dense" else []
    dense = index.dense(vector, POOL) if vector is not None else []
    asked = index.asked(vector, QUESTIONS) if vector is not None else []
    ceiling = _ceiling(terms, index)
    words = {position: score / ceiling for position, score in lexical}
    scores = _fuse(words, _stretched(dense), _questions(asked), index)
    ordered = _weighed(scores, index, k if editions is None else k + SPARE)
    by_dense = dict(dense)
    own: dict[int, list[tuple[Asked, float]]] = {}
    for (position, each, _), nearness in zip(asked, _nearness([cosine for _, _, cosine in asked]), strict=True):
        own.setdefault(position, []).append((each, nearness))
    best = [
        Hit(
            rank=rank,
            score=score,
            passage=index.passages[position],
            lexical=words.get(position, 0.0),
            dense=by_dense.get(position, 0.0),
            asked=tuple(own.get(position, ())),
        )
        for rank, (position, score) in enumerate(ordered, start=1)
    ]
    several = best if editions is None else editions.distinct(question, best)
    hits = tuple(replace(hit, rank=rank) for rank, hit in enumerate(several[:k], start=1))
    return Retrieval(hits, found, vector, asked[0][2] if asked else 0.0, index.embedding_model)


def _ceiling(terms: Mapping[str, float], index: Index) -> float:
    """About what a passage scores that holds every term once: makes BM25 scores of different questions comparable."""
    return 1.6 * sum(weight * index.idf(term) for term, weight in terms.items()) or 1.0


def _questions(asked: Sequence[tuple[int, Asked, float]]) -> dict[int, float]:
    """How near (0-1) the nearest question is that each candidate answers."""
    nearest: dict[int, float] = {}
    for position, _, cosine in asked:
        nearest.setdefault(position, cosine)
    return _stretched(list(nearest.items())[:POOL])


def _fuse(
    words: Mapping[int, float], texts: Mapping[int, float], questions: Mapping[int, float], index: Index
) -> dict[int, float]:
    """A weighted sum (0-1) of what there is: words against their ceiling, nearness of the text and of a question."""
    fused: dict[int, float] = {}
    for position in words.keys() | texts.keys() | questions.keys():
        own = ASKED if index.is_asked(position) else PLAIN
        there = [(weight, found) for weight, found in zip(own, (words, texts, questions), strict=True) if found]
        total = sum(weight for weight, _ in there) or 1.0
        fused[position] = sum(weight * found.get(position, 0.0) for weight, found in there) / total
    return fused


def _weighed(scores: Mapping[int, float], index: Index, count: int) -> list[tuple[int, float]]:
    """The best positions, each with its score times the passage's weight.

    A weight is at most 1, so only passages that would be among the best without one are read.
    """
    best: list[float] = []
    weighed: dict[int, float] = {}
    for position in sorted(scores, key=lambda position: (-scores[position], position)) if count else ():
        if len(best) == count and scores[position] < best[0]:
            break
        weighed[position] = scores[position] * index.passages[position].weight
        heapq.heappush(best, weighed[position])
        if len(best) > count:
            heapq.heappop(best)
    return sorted(weighed.items(), key=lambda found: (-found[1], found[0]))[:count]


def _stretched(found: Sequence[tuple[int, float]]) -> dict[int, float]:
    return dict(zip((position for position, _ in found), _nearness([cosine for _, cosine in found]), strict=True))


def _nearness(cosines: Sequence[float]) -> list[float]:
    """Cosines, best first, stretched: 0 for the pool's worst, 1 for its best.

    Where all are as near, as in a pool of one, there is nothing to stretch, and each counts as it is.
    """
    spread = cosines[0] - cosines[-1] if cosines else 0.0
    if spread < ALIKE:
        return [min(1.0, max(0.0, cosine)) for cosine in cosines]
    return [(cosine - cosines[-1]) / spread for cosine in cosines]
