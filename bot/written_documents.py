"""A person's reply as a document of the knowledge base: a Markdown file, taken in like any other."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from bot.knowledge_base import KnowledgeBase
from bot.questions.errors import QuestionsError
from ingest.errors import IngestError
from ingest.model import FileStatus
from ingest.pipeline import ingest
from knowledge.errors import KnowledgeError
from knowledge.model import Origin

SOURCE: Final = "Fyrbodals kommunalförbund, svar på fråga"


class NotPublished(QuestionsError):
    """A document could not be taken in; the message says why."""


class WrittenDocuments:
    """Implements `bot.web.questions.pages.Documents`. `folder` is `answers` in the data directory."""

    def __init__(self, folder: Path, knowledge: KnowledgeBase) -> None:
        self._folder = folder
        self._knowledge = knowledge

    async def publish(self, case_id: str, title: str, text: str, day: date) -> tuple[str, str]:
        """Write and take in; the document's path and the generation that holds it. Raises NotPublished.

        Only the one file is read, so earlier ones stay as they are; the same case written again replaces its own.
        """
        path = self._folder / f"fraga-{case_id}.md"
        try:
            await asyncio.to_thread(_write, path, title, text, day)
            report = await ingest(
                [path], store=self._knowledge.store, embedder=self._knowledge.embedder, origin=Origin.INGESTED
            )
            rejected = [each for each in report.outcomes if each.status is FileStatus.REJECTED]
            if rejected or report.generation is None:
                raise NotPublished("; ".join(each.detail for each in rejected) or "no generation was published")
            await self._knowledge.served.reload()
        except (OSError, IngestError, KnowledgeError) as error:
            raise NotPublished(str(error)) from error
        return path.name, report.generation


def _write(path: Path, title: str, text: str, day: date) -> None:
    """The whole file or the earlier one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    front = {"document": path.stem, "title": title, "kind": "guide", "source": SOURCE, "as_of": day}
    head = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
    heading = " ".join(title.split())
    draft = path.with_suffix(".new")
    draft.write_text(f"---\n{head}---\n\n# {heading}\n\n{text.strip()}\n", encoding="utf-8")
    draft.replace(path)
