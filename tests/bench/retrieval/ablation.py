"""What each step of the analysis and each part of retrieval brings: off one by one, without embedding anew."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.open_generation import OpenGeneration
from knowledge.concepts import concepts
from knowledge.model import Hit, Passage, embedded_texts
from knowledge.question import understand
from knowledge.retrieval import retrieve
from knowledge.swedish.steps import ALL, Step, Steps, at_ingest
from tests.bench.retrieval.corpora import Case, Corpus, Found, Texts
from tests.bench.retrieval.systems import DEPTH, HYBRID, LEXICAL, Engine, Ranked, standalone

Change = Callable[[Passage], Passage]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of searching: the steps that are on, what is taken from passages, and whether sentences rank them again.

    Vectors stay as they are, but for those of questions that were taken away.
    """

    name: str
    steps: Steps = ALL
    change: Change | None = None
    sentences: bool = True

    @property
    def is_only_asked(self) -> bool:
        """Whether it differs from the whole in how questions are read alone."""
        return self.change is None and self.sentences and at_ingest(self.steps) == at_ingest(ALL)


WHOLE = Variant("everything on")


def variants() -> Iterator[Variant]:
    """Each step and each part off."""
    for step in Step:
        yield Variant(f"{step.value} off", steps=ALL - {step})
    yield Variant("all steps off", steps=frozenset())
    yield Variant("headings not searched", change=lambda passage: replace(passage, headings=()))
    yield Variant("titles not searched", change=lambda passage: replace(passage, title=""))
    yield Variant("stored questions off", change=lambda passage: replace(passage, questions=()))
    yield Variant("re-ranking by sentence off", sentences=False)


def open_index(texts: Texts, folder: Path, steps: Steps = ALL) -> OpenGeneration:
    """The texts as an index in the folder, written and opened as the service does."""
    store = GenerationStore(folder, steps)
    generation = store.write(
        documents=texts.documents, passages=texts.passages, vectors=texts.vectors, model=texts.model
    )
    store.publish(generation)
    return store.open(texts.model)


def changed(texts: Texts, change: Change) -> Texts:
    """The texts with changed passages; where these lost their questions, so did the vectors."""
    passages = tuple(map(change, texts.passages))
    return replace(texts, passages=passages, vectors=texts.vectors[: len(embedded_texts(passages))])


async def measure(
    corpus: Corpus,
    variant: Variant,
    engine: Engine,
    whole: OpenGeneration,
    known: dict[str, Ranked],
    told: Callable[[int], None] = lambda done: None,
) -> dict[str, Ranked]:
    """The hits of the lexical leg and of hybrid search, question by question.

    `whole` is the index with everything on and `known` what it found: a question that is read the same way as there is
    not asked again.
    """
    texts = corpus.texts if variant.change is None else changed(corpus.texts, variant.change)
    if variant.change is not None and texts.passages == corpus.texts.passages:
        return {HYBRID: known[HYBRID], LEXICAL: known[LEXICAL]}
    originals = {passage.id: passage for passage in corpus.texts.passages}
    results: dict[str, Ranked] = {HYBRID: [], LEXICAL: []}

    def found(hits: tuple[Hit, ...]) -> list[Found]:
        return [corpus.found(originals[hit.passage.id]) for hit in hits]

    with tempfile.TemporaryDirectory() as folder:
        index = await asyncio.to_thread(open_index, texts, Path(folder), variant.steps)
        varied = await asyncio.to_thread(engine.reading_by, variant.steps)
        advisor = varied.advisor(index)
        for place, case in enumerate(corpus.cases):
            if variant.is_only_asked and _read_alike(case, (engine, whole), (varied, index)):
                for name, ranked in results.items():
                    ranked.append(known[name][place])
            elif variant.sentences:
                asked = case.asked
                results[HYBRID].append(found(await advisor.find(asked.question, asked.context, k=DEPTH)))
                results[LEXICAL].append(found(await advisor.search(standalone(case), k=DEPTH, mode="lexical")))
            else:
                question = understand(case.asked.question, case.asked.context)
                without = await retrieve(question, index, varied.embedder, varied.synonyms, k=DEPTH)
                results[HYBRID].append(found(without.hits))
                results[LEXICAL].append(known[LEXICAL][place])
            told(place + 1)
    return results


def _read_alike(case: Case, *ways: tuple[Engine, OpenGeneration]) -> bool:
    """Whether each way of reading makes the same of the question, and of what it is after the turns before it."""
    questions = (understand(case.asked.question, case.asked.context), understand(standalone(case)))
    one, other = ([concepts(question, index, engine.synonyms) for question in questions] for engine, index in ways)
    return one == other
