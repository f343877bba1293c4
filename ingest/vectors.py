"""Vectors for the texts of a new generation: kept where a file is unchanged, made in batches elsewhere.

What was once embedded and is in no generation any more is the embedder's to remember; see
`knowledge.adapters.embedding_cache`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ingest.merging import File
from ingest.model import Advance, Phase, Progress
from knowledge.errors import EmbeddingFailed
from knowledge.ports import Embedder, Vectors

BATCH = 16
QUESTIONS = 64
"""Texts of one batch: passages, and questions, which are a tenth as long."""


@dataclass(frozen=True, slots=True)
class Held:
    """The vectors of the generation that `File.stored` speaks of, made by the same model.

    `rows` has one a passage, by position, then one a question; `questions` gives the rows of some passages' questions.
    """

    rows: Vectors
    questions: Callable[[Sequence[int]], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Vectors by text."""

    texts: dict[str, Vectors] = field(default_factory=dict)
    questions: dict[str, Vectors] = field(default_factory=dict)


async def embed(
    files: Sequence[File],
    held: Held | None,
    replaced: Sequence[File],
    embedder: Embedder | None,
    progress: Progress,
) -> Vectors | None:
    """One row a text (`embedded_texts`) of the files' passages; None where there is none.

    Files that are `held` keep their rows; `replaced` ones are no more, but what they said may still be said. The
    embedder may be None where nothing is new. Raises EmbeddingFailed.
    """
    if not any(file.passages for file in files):
        return None
    # Passages are read from disk here, thousands of them: off the loop.
    rows, missing, asked = await asyncio.to_thread(_wanting, files, held, replaced)
    if embedder is None:
        if missing or asked:
            raise EmbeddingFailed("there is new text and no embedding engine")
        return await asyncio.to_thread(_assembled, files, held, rows)
    total, done = len(missing) + len(asked), 0
    for known, group, size, embed_batch in (
        (rows.texts, missing, BATCH, embedder.embed_passages),
        (rows.questions, asked, QUESTIONS, embedder.embed_questions),
    ):
        for start in range(0, len(group), size):
            batch = group[start : start + size]
            known.update(zip(batch, await embed_batch(batch), strict=True))
            done += len(batch)
            progress(Advance(Phase.EMBED, done, total))
    return await asyncio.to_thread(_assembled, files, held, rows)


def _wanting(files: Sequence[File], held: Held | None, replaced: Sequence[File]) -> tuple[_Rows, list[str], list[str]]:
    """What is known of new files' texts already, and the passages and questions that nobody has vectors of."""
    new = [file for file in files if held is None or file.stored is None]
    known = _Rows()
    for file in replaced if new and held is not None else ():
        if file.stored is not None and held is not None:
            known.texts.update(zip(_texts(file), held.rows[file.stored], strict=True))
            known.questions.update(zip(_questions(file), held.rows[held.questions(file.stored)], strict=True))
    texts = dict.fromkeys(text for file in new for text in _texts(file))
    questions = dict.fromkeys(text for file in new for text in _questions(file))
    missing = [text for text in texts if text not in known.texts]
    return known, missing, [text for text in questions if text not in known.questions]


def _assembled(files: Sequence[File], held: Held | None, known: _Rows) -> Vectors:
    """All rows: those of every file's passages, and behind them those of every file's questions."""
    passages = sum(len(file.passages) for file in files)
    asked = sum(_count(file, held) for file in files)
    width = held.rows.shape[1] if held is not None else len(next(iter(known.texts.values())))
    vectors = np.empty((passages + asked, width), dtype=np.float32)
    row, question = 0, passages
    for file in files:
        if held is not None and file.stored is not None:
            own, others = held.rows[file.stored], held.rows[held.questions(file.stored)]
        else:
            own = _stacked([known.texts[text] for text in _texts(file)], width)
            others = _stacked([known.questions[text] for text in _questions(file)], width)
        vectors[row : row + len(own)] = own
        vectors[question : question + len(others)] = others
        row, question = row + len(own), question + len(others)
    return vectors


def _count(file: File, held: Held | None) -> int:
    """How many questions a file's passages answer."""
    if held is not None and file.stored is not None:
        return len(held.questions(file.stored))
    return sum(len(passage.questions) for passage in file.passages)


def _stacked(rows: Sequence[Vectors], width: int) -> Vectors:
    return np.stack(rows) if rows else np.zeros((0, width), dtype=np.float32)


def _texts(file: File) -> Iterator[str]:
    return (passage.context for passage in file.passages)


def _questions(file: File) -> Iterator[str]:
    return (asked.text for passage in file.passages for asked in passage.questions)
