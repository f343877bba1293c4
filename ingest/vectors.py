"""Vectors for the passages of a new generation: reused where text and model are the same, made in batches elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ingest.model import Advance, Phase, Progress
from knowledge.errors import EmbeddingFailed
from knowledge.model import Passage, embedded_texts
from knowledge.ports import Embedder, Vectors

BATCH = 16
QUESTIONS = 64
"""Texts of one batch: passages, and questions, which are a tenth as long."""


async def embed(
    passages: Sequence[Passage], known: Mapping[str, Vectors], embedder: Embedder | None, progress: Progress
) -> tuple[Vectors | None, int]:
    """One row a text (`embedded_texts`), and how many were embedded anew. `known`: text -> vector of this model.

    The embedder may be None where every text is known. Raises EmbeddingFailed.
    """
    if not passages:
        return None, 0
    texts = embedded_texts(passages)
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    questions = {asked.text for passage in passages for asked in passage.questions}
    groups = ([text for text in missing if text not in questions], [text for text in missing if text in questions])
    rows = dict(known)
    done = 0
    for group, size in zip(groups, (BATCH, QUESTIONS), strict=True):
        for start in range(0, len(group), size):
            batch = group[start : start + size]
            if embedder is None:
                raise EmbeddingFailed("there is new text and no embedding engine")
            embed_batch = embedder.embed_questions if batch[0] in questions else embedder.embed_passages
            rows.update(zip(batch, await embed_batch(batch), strict=True))
            done += len(batch)
            progress(Advance(Phase.EMBED, done, len(missing)))
    return np.stack([rows[text] for text in texts]).astype(np.float32, copy=False), len(missing)


def reusable(passages: Sequence[Passage], vectors: Vectors | None) -> dict[str, Vectors]:
    """Text -> its row."""
    return {} if vectors is None else dict(zip(embedded_texts(passages), vectors, strict=True))
