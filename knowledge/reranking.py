"""The second look at what was found: which passage has one sentence that speaks to the whole question."""

from __future__ import annotations

from dataclasses import replace

from knowledge.evidence import Weighing, weigh
from knowledge.model import Hit
from knowledge.pieces import PieceReader
from knowledge.question import Question
from knowledge.retrieval import Retrieval

BEST_SENTENCE = 0.65
PHRASES = 0.4
"""What the score of a passage's best sentence, and the share of the question's word pairs that stand side by side in
it, count beside the score of retrieval; measured on development questions."""
_SENTENCES_ALONE = Weighing(rank=0.0)
"""The passage's own rank is in its score already."""


def reranked(question: Question, found: Retrieval, reader: PieceReader) -> list[Hit]:
    """All that was found, best first."""
    best: dict[str, float] = {}
    for one in weigh(question, found.concepts, found.hits, reader, weighing=_SENTENCES_ALONE):
        best.setdefault(one.hit.passage.id, one.score)
    phrases = reader.pairs(question.text)
    scored = []
    for hit in found.hits:
        there = len(phrases & reader.read(hit.passage).pairs) / len(phrases) if phrases else 0.0
        score = hit.score + BEST_SENTENCE * best.get(hit.passage.id, 0.0) + PHRASES * there
        scored.append(replace(hit, score=score))
    return sorted(scored, key=lambda hit: (-hit.score, hit.rank))
