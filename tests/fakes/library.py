"""A tiny knowledge base on disk, lexical only, for tests that need a real index and no embedding engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from knowledge.adapters.generation import GenerationStore
from knowledge.model import Figure, Origin, PassageKind
from tests.fakes.knowledge import document, passage

FACTS = {
    "Portföljstyrning": "Portföljstyrning saknas helt i 17 procent av svaren.",
    "Fyrar": "Fyren på Hållö tändes år 1842 och släcktes aldrig under kriget.",
}


def publish_generation(root: Path, facts: Mapping[str, str] = FACTS, *, model: str | None = None) -> str:
    """Write and publish a generation with one passage a fact; its id."""
    source = document("prov", title="Provdokument", origin=Origin.INGESTED)
    passages = [
        passage(text, heading, document="prov", title="Provdokument", origin=Origin.INGESTED, pages=(page,))
        for page, (heading, text) in enumerate(facts.items(), start=1)
    ]
    store = GenerationStore(root)
    root.mkdir(parents=True, exist_ok=True)
    # As every writer does: a service that tidies up takes what is written without the lock for somebody's remains.
    with FileLock(root / "ingest.lock"):
        generation = store.write(documents=[source], passages=passages, vectors=None, model=model)
        store.publish(generation)
    return generation


def publish_figure(root: Path, figure: Figure, *, beside: str = "") -> str:
    """Write and publish a generation of a survey figure; its id. With a text `beside` it, only that can be found."""
    source = document("enkat", title="Enkät", origin=Origin.INGESTED)
    text = "I enkäten svarade 17 procent att portföljstyrningen är icke-existerande och 5,5 procent delvis etablerad."
    passages = [
        passage(
            "Bilaga." if beside else text,
            "Bilaga" if beside else "Portföljstyrning",
            document="enkat",
            title="Enkät",
            origin=Origin.INGESTED,
            kind=PassageKind.FIGURE,
            figure=figure,
            pages=figure.pages,
        )
    ]
    if beside:
        passages = [passage(beside, "Styrning", document="enkat", title="Enkät", origin=Origin.INGESTED), *passages]
    store = GenerationStore(root)
    generation = store.write(documents=[source], passages=passages, vectors=None, model=None)
    store.publish(generation)
    return generation
