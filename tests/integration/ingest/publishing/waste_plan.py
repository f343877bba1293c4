"""One document in a folder, and what a store holds of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ingest.drafts import drafts
from knowledge.adapters.generation import GenerationStore


def write(folder: Path, text: str, front: str = "") -> None:
    """The document, with this text."""
    head = f"---\n{front}\n---\n" if front else ""
    (folder / "avfall.md").write_text(f"{head}# Om avfall\n\n{text}\n", encoding="utf-8")


async def texts(store: GenerationStore, generation: str | None = None) -> list[str]:
    """Of all passages of a generation, the published one by default."""
    contents = await asyncio.to_thread(store.contents, generation)
    return await asyncio.to_thread(lambda: [passage.text for passage in contents.passages])


async def names(store: GenerationStore) -> list[str]:
    """Of the drafts that there are."""
    return [each.generation or "" for each in await asyncio.to_thread(drafts, store)]
