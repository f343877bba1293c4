"""A person's reply as a document of the knowledge base: a Markdown file, taken in like any other."""

from __future__ import annotations

import asyncio
import secrets
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from bot.documents.errors import DocumentsStoreFailed
from bot.documents.shared_uploads import REPLIES, SharedUploads
from bot.knowledge_base import KnowledgeBase
from bot.questions.errors import QuestionsError
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.engine import is_shared
from ingest.errors import IngestError
from ingest.model import FileStatus
from ingest.pipeline import ingest
from knowledge.errors import KnowledgeError
from knowledge.model import Origin

SOURCE: Final = "Fyrbodals kommunalförbund, svar på fråga"


class NotPublished(QuestionsError):
    """A document could not be taken in; the message says why."""


class WrittenDocuments:
    """Implements `bot.web.questions.pages.Documents`. `folder` is `answers` in the data directory; in `shared`, where
    there are replicas, the files are kept for all of them."""

    def __init__(self, folder: Path, knowledge: KnowledgeBase, shared: SharedUploads | None = None) -> None:
        self._folder = folder
        self._knowledge = knowledge
        self._shared = shared

    async def publish(self, case_id: str, title: str, text: str, day: date) -> tuple[str, str]:
        """Write and take in; the document's path and the generation that holds it. Raises NotPublished.

        Only the one file is read, so earlier ones stay as they are; the same case written again replaces its own.
        """
        path = self._folder / f"fraga-{case_id}.md"
        try:
            await asyncio.to_thread(_write, path, title, text, day)
            if self._shared is not None:
                await self._shared.put(REPLIES, path.name, path)
            report = await ingest(
                [path], store=self._knowledge.store, embedder=self._knowledge.embedder, origin=Origin.INGESTED
            )
            rejected = [each for each in report.outcomes if each.status is FileStatus.REJECTED]
            if rejected or report.generation is None:
                raise NotPublished("; ".join(each.detail for each in rejected) or "no generation was published")
            await self._knowledge.served.reload()
        except (OSError, IngestError, KnowledgeError, DocumentsStoreFailed) as error:
            raise NotPublished(str(error)) from error
        return path.name, report.generation


async def replies_at_hand(folder: Path, settings: Settings) -> bool:
    """Have the files of all replies that became documents in the folder, also of those that other replicas have
    written; whether there are any. Raises StorageError, OSError."""
    if is_shared(settings.database):
        database = await open_database(settings.database, settings.identity_database)
        try:
            if database.uploads is not None:
                await _fetch(folder, database.uploads)
        finally:
            await database.close()
    return await asyncio.to_thread(folder.is_dir)


async def _fetch(folder: Path, shared: SharedUploads) -> None:
    for name in await shared.names(REPLIES):
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        new = folder / f"{name}.{secrets.token_hex(4)}.new"
        if await shared.get(REPLIES, name, new):
            await asyncio.to_thread(new.replace, folder / name)


def _write(path: Path, title: str, text: str, day: date) -> None:
    """The whole file or the earlier one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    front = {"document": path.stem, "title": title, "kind": "guide", "source": SOURCE, "as_of": day}
    head = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
    heading = " ".join(title.split())
    draft = path.with_suffix(".new")
    draft.write_text(f"---\n{head}---\n\n# {heading}\n\n{text.strip()}\n", encoding="utf-8")
    draft.replace(path)
