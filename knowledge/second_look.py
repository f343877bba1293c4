"""Where words do not meet, meaning may: compares a question with single sentences, for the few that need it.

`vad gör vi om vi blir hackade` shares no word with `en betydande incident ska anmälas`. Embedding every sentence of
the knowledge base would double the time of an ingest; embedding those of the best passages on demand costs some
hundred milliseconds, and only the first time.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence

from knowledge.errors import EmbeddingFailed
from knowledge.evidence import Evidence
from knowledge.pieces import PieceReader, Role
from knowledge.ports import Embedder, Vectors
from knowledge.question import Question
from knowledge.retrieval import Retrieval

ENOUGH = 0.35
"""Coverage from which words alone decide."""
PASSAGES = 4
SENTENCES = 20
KEPT = 4096

_log = logging.getLogger(__name__)


class SecondLook:
    """Sentence similarities on demand, with the sentence vectors of earlier questions kept."""

    def __init__(self, embedder: Embedder | None, reader: PieceReader) -> None:
        self._embedder = embedder
        self._reader = reader
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def needed(self, question: Question, evidence: Sequence[Evidence]) -> bool:
        """Whether words leave open what answers: an English question, or no place that covers enough."""
        if self._embedder is None or not evidence:
            return False
        return question.language == "en" or max(one.coverage for one in evidence) < ENOUGH

    async def meanings(self, retrieval: Retrieval) -> dict[str, float]:
        """Sentence -> cosine to the question, above the cosine that unrelated passages have."""
        if self._embedder is None or retrieval.vector is None:
            return {}
        by_dense = sorted(retrieval.hits, key=lambda hit: -hit.dense)[:PASSAGES]
        texts = [
            piece.text
            for hit in by_dense
            for piece in self._reader.read(hit.passage).pieces
            if piece.role is not Role.RESERVATION
        ][:SENTENCES]
        try:
            vectors = await self._embedded(self._embedder, tuple(dict.fromkeys(texts)), len(retrieval.vector))
        except EmbeddingFailed as error:
            _log.warning("no second look at this question: %s", error)
            return {}
        return {text: float(vector @ retrieval.vector) - retrieval.dense_floor for text, vector in vectors.items()}

    async def _embedded(self, embedder: Embedder, texts: Sequence[str], width: int) -> dict[str, Vectors]:
        """Text -> vector; what is not kept is embedded. What others ask meanwhile may push any of it out of memory."""
        found = {text: self._vectors[text] for text in texts if text in self._vectors}
        unknown = [text for text in texts if text not in found]
        if unknown:
            rows = await embedder.embed_passages(unknown)
            if rows.shape != (len(unknown), width):
                raise EmbeddingFailed(f"sentence vectors have shape {rows.shape}, not {(len(unknown), width)}")
            found |= dict(zip(unknown, rows, strict=True))
        for text, vector in found.items():
            self._vectors[text] = vector
            self._vectors.move_to_end(text)
        while len(self._vectors) > KEPT:
            self._vectors.popitem(last=False)
        return found
