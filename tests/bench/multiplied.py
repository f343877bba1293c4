"""A large index made of a small one: real passages again and again, each time with other sentences, words and vectors.

Sentences change places, words are exchanged for others of the same texts, now and then two words become a compound that
no text had before (so that the vocabulary grows with the texts, as it does in life), and a vector moves a little. What
the built-in library holds is there once as it is, with the questions that its passages answer; what is added has none,
like documents that people take in.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ingest.merging import File
from knowledge.model import Document, DocumentKind, Origin, Passage, PassageKind
from knowledge.ports import Vectors
from knowledge.swedish.tokens import sentences

EXCHANGED = 0.15
JOINED = 0.01
"""Shares of the words that become others of the corpus, and that become a compound of two."""
NOISE = 0.35
"""Length of what is added to a vector of length one: its cosine with the original is about 0.94."""
PAGES = 10
"""Passages of one added document."""

_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Base:
    """What is multiplied: passages, and the rows of their vectors (questions' rows behind)."""

    documents: Sequence[Document]
    passages: Sequence[Passage]
    vectors: Vectors


def multiplied(base: Base, size: int, seed: int = 1842) -> tuple[list[File], Vectors]:
    """Documents with `size` passages together, and their texts' vectors in the order of `embedded_texts`."""
    chance = random.Random(seed)
    own = list(base.passages[:size])
    words = [word for passage in own for word in _WORD.findall(passage.text)]
    split = [sentences(passage.text) for passage in base.passages]
    sources = [chance.randrange(len(base.passages)) for _ in range(size - len(own))]
    added = [_varied(base.passages[at], split[at], words, chance, number) for number, at in enumerate(sources)]
    files = [*_files(base.documents, own), *_added(added)]
    questions = sum(len(passage.questions) for passage in own)
    rows = np.empty((size + questions, base.vectors.shape[1]), dtype=np.float32)
    rows[: len(own)] = base.vectors[: len(own)]
    rows[len(own) : size] = _moved(base.vectors, sources, seed)
    rows[size:] = base.vectors[len(base.passages) : len(base.passages) + questions]
    return files, rows


def _varied(
    passage: Passage, lines: Sequence[str], words: Sequence[str], chance: random.Random, number: int
) -> Passage:
    def exchanged(match: re.Match[str]) -> str:
        draw = chance.random()
        if draw < JOINED:
            return f"{chance.choice(words)}{chance.choice(words).lower()}"
        return chance.choice(words) if draw < JOINED + EXCHANGED else match.group()

    shuffled = chance.sample(lines, len(lines))
    document = number // PAGES
    return replace(
        passage,
        id=f"m{number}",
        document=f"mangfald-{document}",
        path=f"mangfald/{document}.md",
        origin=Origin.INGESTED,
        text=_WORD.sub(exchanged, "\n".join(shuffled)),
        kind=PassageKind.TEXT,
        notes=(),
        figure=None,
        questions=(),
        change=None,
    )


def _moved(vectors: Vectors, sources: Sequence[int], seed: int) -> Vectors:
    width = vectors.shape[1]
    chance = np.random.default_rng(seed)
    rows = np.empty((len(sources), width), dtype=np.float32)
    for start in range(0, len(sources), 4096):
        chosen = vectors[sources[start : start + 4096]]
        moved = chosen + NOISE * chance.standard_normal(chosen.shape, dtype=np.float32) / np.float32(np.sqrt(width))
        rows[start : start + 4096] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return rows


def _files(documents: Sequence[Document], passages: Sequence[Passage]) -> Iterator[File]:
    of_file: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages:
        of_file.setdefault((passage.origin, passage.path), []).append(passage)
    for document in documents:
        yield File(document, tuple(of_file.get((document.origin, document.path), ())))


def _added(passages: Sequence[Passage]) -> Iterator[File]:
    for start in range(0, len(passages), PAGES):
        part = tuple(passages[start : start + PAGES])
        first = part[0]
        document = Document(
            id=first.document,
            path=first.path,
            title=first.title,
            kind=DocumentKind.OTHER,
            origin=Origin.INGESTED,
            checksum="0" * 64,
        )
        yield File(document, tuple(replace(one, title=first.title) for one in part))
