"""Collections on disk: documents of the federation's and of municipalities, in one generation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from knowledge.access import Audience
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.open_generation import OpenGeneration
from knowledge.adapters.search_server import SearchServer
from knowledge.model import Document, Origin, Passage, embedded_texts
from knowledge.swedish.steps import ALL, Step, Steps
from tests.fakes.knowledge import document, passage, vectors_of

MODEL = "fake/words"
STEPS = ALL - {Step.LEXICON}
"""Reading the dictionary would be most of a test's time."""
Content = tuple[Document, tuple[Passage, ...]]


def owned(owner: str, name: str, texts: Sequence[tuple[str, str]], questions: Sequence[str] = ()) -> Content:
    """A document of an owner's, of passages with (heading, text); the first of them answers the questions."""
    path = f"@{owner}/{name}.md" if owner else f"{name}.md"
    identity, title = f"{owner or 'alla'}-{name}", f"{name.capitalize()} {owner}".strip()
    passages = tuple(
        passage(
            text,
            heading,
            document=identity,
            path=path,
            origin=Origin.INGESTED,
            title=title,
            questions=tuple(questions) if place == 0 else (),
        )
        for place, (heading, text) in enumerate(texts)
    )
    return document(identity, path=path, title=title, origin=Origin.INGESTED, owner=owner), passages


def opened(
    root: Path,
    contents: Sequence[Content],
    steps: Steps = STEPS,
    *,
    vectors: bool = True,
    server: SearchServer | None = None,
) -> OpenGeneration:
    """Write, publish and open a generation of these documents, in the order of their paths, searched by a server."""
    ordered = sorted(contents, key=lambda each: each[0].path)
    passages = [one for _, own in ordered for one in own]
    store = GenerationStore(root, steps, server=server)
    rows, model = (vectors_of(embedded_texts(passages)), MODEL) if vectors else (None, None)
    documents = [each for each, _ in ordered]
    store.publish(store.write(documents=documents, passages=passages, vectors=rows, model=model))
    return store.open(MODEL)


def readable(contents: Sequence[Content], audience: Audience) -> list[Content]:
    """What an audience may read of them."""
    return [each for each in contents if audience.may_read(each[0].owner)]
