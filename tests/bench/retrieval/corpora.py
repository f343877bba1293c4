"""What is searched, what is asked, and which hits are right: authority texts, the raw report, the built-in library."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import numpy as np

from bot.knowledge_base import LIBRARY, keep_library
from ingest.errors import IngestError
from ingest.model import FileStatus
from ingest.pipeline import ingest
from knowledge.adapters.generation import GenerationStore
from knowledge.errors import EmbeddingFailed
from knowledge.evaluation import EvaluationQuestion, load
from knowledge.evaluation.judging import holds_facts
from knowledge.model import Document, Passage
from knowledge.ports import Embedder, Vectors
from tests.bench.retrieval.pages import PageMap, letters, read_pages
from tests.bench.retrieval.plain import Plain, as_markdown, as_plain

DEVELOPING, HELD_BACK = "developing", "held back"


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what a right hit must be, and the group of questions that it is scored in."""

    asked: EvaluationQuestion
    group: str


@dataclass(frozen=True, slots=True)
class Found:
    """A hit of any system: its document, the pages that it lies on, its text, and the headings above it."""

    document: str
    body: str
    pages: frozenset[int] = frozenset()
    section: str = ""


Judge = Callable[[EvaluationQuestion, Found], bool]


@dataclass(frozen=True, slots=True)
class Texts:
    """What our ingest made of the files, held in memory; the rows of `vectors` are those of `embedded_texts`."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors
    model: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents as our ingest read them and as plain text, questions, and the ways of being right.

    `located` is the share of our passages that were found on the pages of the source, None where none were sought.
    """

    name: Literal["authority", "report", "library"]
    title: str
    texts: Texts
    plain: tuple[Plain, ...]
    cases: tuple[Case, ...]
    judges: Mapping[str, Judge]
    found: Callable[[Passage], Found]
    groups: tuple[str, ...] = ()
    located: float | None = None


def right_document(asked: EvaluationQuestion, found: Found) -> bool:
    """Of a document that answers."""
    return found.document in asked.documents


def right_page(asked: EvaluationQuestion, found: Found) -> bool:
    """Of a document that answers and, where the source has pages, on a page that does."""
    return right_document(asked, found) and (not asked.pages or not found.pages or on_page(asked, found))


def on_page(asked: EvaluationQuestion, found: Found) -> bool:
    """On a page that answers; a hit of which no page is known is wrong."""
    return not found.pages.isdisjoint(asked.pages or ())


def with_facts(asked: EvaluationQuestion, found: Found) -> bool:
    """Every fact stands in the text or the headings above it, in one of its spellings."""
    return holds_facts(asked, f"{found.section}\n{found.body}")


class SameText:
    """Some texts hold the same paragraphs: a hit is as good where its text stands in a document that answers."""

    def __init__(self, documents: Sequence[Plain]) -> None:
        self._texts = {plain.document: letters(plain.text) for plain in documents}

    def is_right(self, asked: EvaluationQuestion, found: Found) -> bool:
        """Of a document that answers, or with its words."""
        if right_document(asked, found):
            return True
        text = letters(found.body)
        return bool(text) and any(text in self._texts[document] for document in asked.documents)


def half(gold: str) -> str:
    """Which half a question is in, by its document: the same in every run, and never one document in both."""
    return (DEVELOPING, HELD_BACK)[hashlib.sha256(gold.encode()).digest()[0] % 2]


async def authority(passages: Path, questions: Path, embedder: Embedder) -> Corpus:
    """Texts of Swedish authorities, a file each, and questions that people wrote to them.

    A question that was written for several texts may be answered from any of them.
    """
    golds: dict[str, set[str]] = {}
    lines = list(_lines(questions))
    for line in lines:
        golds.setdefault(line["question"], set()).add(line["gold_passage_id"])
    cases = tuple(_authority_case(line, golds[line["question"]]) for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        for line in _lines(passages):
            (files / f"{line['id']}.txt").write_bytes(line["text"].encode())
        held = await _ingested([files], embedder)
        plain = as_plain(files)
    return Corpus(
        name="authority",
        title="Texts of Swedish authorities",
        texts=held,
        plain=plain,
        cases=cases,
        judges={"document": right_document, "document or same text": SameText(plain).is_right},
        found=lambda passage: Found(Path(passage.path).stem, passage.text, section=passage.section),
        groups=(DEVELOPING, HELD_BACK),
    )


async def report(text: Path, pages: Path, questions: Path, embedder: Embedder) -> Corpus:
    """The status report as one plain-text file, without the built-in library."""
    held = await _ingested([text], embedder)
    page_map = PageMap(read_pages(text, pages))
    located = {passage.id: page_map.locate(passage.text) for passage in held.passages}
    cases = tuple(case for case in _set(questions) if case.asked.part == "report")
    return Corpus(
        name="report",
        title="The status report as one plain-text file, library off",
        texts=held,
        plain=tuple(replace(one, pages=lambda _, piece: page_map.locate(piece)) for one in as_plain(text)),
        cases=cases,
        judges={"page": on_page, "facts": with_facts},
        found=lambda passage: Found(text.stem, passage.text, located[passage.id], passage.section),
        groups=tuple(dict.fromkeys(case.group for case in cases)),
        located=sum(map(bool, located.values())) / len(located),
    )


async def library(questions: Path, embedder: Embedder) -> Corpus:
    """The built-in library, and the same texts as the Markdown that a reader would see."""
    with tempfile.TemporaryDirectory() as folder:
        store = GenerationStore(Path(folder))
        await keep_library(store, embedder, None, LIBRARY)
        held = _held(store)
    files = groupby(held.passages, key=lambda passage: passage.path)
    cases = tuple(_set(questions))
    return Corpus(
        name="library",
        title="The built-in library",
        texts=held,
        plain=tuple(as_markdown(tuple(passages)) for _, passages in files),
        cases=cases,
        judges={"document and page": right_page},
        found=lambda passage: Found(passage.document, passage.text, frozenset(passage.pages), passage.section),
        groups=tuple(dict.fromkeys(case.group for case in cases)),
    )


async def _ingested(sources: Sequence[Path], embedder: Embedder) -> Texts:
    """What our own ingest makes of the files. Raises IngestError where it does not take every one."""
    with tempfile.TemporaryDirectory() as folder:
        store = GenerationStore(Path(folder))
        done = await ingest(sources, store=store, embedder=embedder)
        rejected = [outcome.path for outcome in done.outcomes if outcome.status is not FileStatus.ADDED]
        if rejected:
            raise IngestError(f"not taken in: {', '.join(rejected[:5])}")
        return _held(store)


def _held(store: GenerationStore) -> Texts:
    """A copy that outlives the store's folder. Raises EmbeddingFailed where there are no vectors."""
    contents = store.contents()
    if contents.vectors is None or contents.model is None:
        raise EmbeddingFailed("there are no vectors to compare")
    vectors = np.array(contents.vectors, dtype=np.float32)
    return Texts(tuple(contents.documents), tuple(contents.passages), vectors, contents.model)


def _authority_case(line: Mapping[str, Any], golds: Iterable[str]) -> Case:
    right = {"id": line["id"], "question": line["question"], "documents": sorted(golds)}
    return Case(EvaluationQuestion.model_validate(right), half(line["gold_passage_id"]))


def _set(path: Path) -> Iterator[Case]:
    """The questions of a set that have an answer, grouped by how they are asked."""
    return (Case(asked, asked.kind) for asked in load(path) if asked.must_refuse is False)


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    # Not `splitlines`: JSON strings may hold other line separators than the one that ends a line of the file.
    return (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip())
