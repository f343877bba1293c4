"""A site with the pages of documents, over a knowledge base in memory that makes drafts of anything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from aiohttp import FormData

from bot.documents.desk import Desk
from bot.documents.errors import DraftFailed, DraftStale
from bot.documents.facts import Facts, facts_of, with_facts
from bot.documents.ports import Listed, Prepared, Published, Tell, untold
from bot.documents.timing import Timing
from bot.documents.uploads import Caps, Uploads
from bot.storage.database import Database
from bot.web.csrf import FIELD
from bot.web.documents.addresses import AddressPages
from bot.web.documents.job_pages import JobPages
from bot.web.documents.one import OnePages
from bot.web.documents.pages import DocumentPages, DocumentParts
from bot.web.documents.receiving import Patience
from ingest.difference import Difference, DocumentChange, FactChange, PassageChange
from ingest.model import FileStatus, Outcome
from ingest.sources import Source, owned
from ingest.web_sources.allow_list import AllowList, site_of
from knowledge.model import Document, DocumentKind, Hit, Origin, Passage, PassageKind
from tests.fakes.site import Site

CAPS: Final = Caps(file=2000, archive=4000, job=5000, files=3)
PATIENCE: Final = Patience(chunk=0.5, whole=5.0)
WEB_SOURCES: Final = AllowList((site_of("www.example.se"),))
TODAY: Final = date(2026, 11, 20)
MUNICIPALITIES: Final = {"uddevalla": "Uddevalla", "lysekil": "Lysekil"}


class MemoryDrafts:
    """Implements `bot.documents.ports.Drafts` and `Shelf`; a file whose name begins with `trasig` is rejected.

    `slow` holds reading up until it is set; `failing` makes the next preparation fail; `overtaken` lets somebody else
    publish between facts being prepared and published.
    """

    def __init__(self) -> None:
        self.published = ["g0"]
        self.at = [datetime(2026, 11, 1, 12, tzinfo=UTC)]
        self.drafts: dict[str, tuple[str, tuple[Document, ...]]] = {}
        self.read: list[list[str]] = []
        self.texts: dict[str, str] = {}
        self.slow: asyncio.Event | None = None
        self.failing: DraftFailed | None = None
        self.held: list[Document] = []
        self.amended = 0
        self.amendments: dict[str, list[Document]] = {}
        self.overtaken = False
        self.before: dict[str, list[Document]] = {"g0": []}

    async def prepare(
        self,
        sources: Sequence[Source],
        *,
        owner: str,
        author: str,
        tell: Tell = untold,
        removed: Sequence[str] = (),
    ) -> Prepared:
        if removed:
            return self._without(removed, owner)
        self.read.append([each.relative for each in sources])
        for number, source in enumerate(sources, start=1):
            self.texts[source.relative] = await asyncio.to_thread(source.path.read_text, encoding="utf-8")
            tell("load", number, len(sources), source.relative)
        if self.slow is not None:
            await self.slow.wait()
        if self.failing is not None:
            failing, self.failing = self.failing, None
            raise failing
        good = [each for each in sources if not each.relative.startswith("trasig")]
        documents = tuple(_document(owned(each.relative, owner), owner) for each in good)
        outcomes = tuple(_outcome(owned(each.relative, owner), each in good) for each in sources)
        if not good:
            return Prepared("", self.published[-1], outcomes, Difference())
        generation = f"g{len(self.read)}"
        self.drafts[generation] = self.published[-1], documents
        added = tuple(_added(each, self.texts[each.title]) for each in documents)
        return Prepared(generation, self.published[-1], outcomes, Difference(added=added))

    def _without(self, removed: Sequence[str], owner: str) -> Prepared:
        gone = [each for each in self.held if each.path in removed and each.owner == owner]
        if not gone:
            return Prepared("", self.published[-1], (), Difference())
        outcomes = tuple(Outcome(each.path, FileStatus.REMOVED, passages=1) for each in gone)
        rest = [each for each in self.held if each not in gone]
        changes = tuple(replace(_added(each, self.texts[each.title]), added=0, removed=1) for each in gone)
        return Prepared(self._draft(rest), self.published[-1], outcomes, Difference(removed=changes))

    async def prepare_facts(self, path: str, seen: Facts, facts: Facts, *, author: str) -> Prepared:
        before = next((each for each in self.held if each.path == path and facts_of(each) == seen), None)
        if before is None:
            raise DraftStale(path)
        after = with_facts(before, facts)
        change = DocumentChange(before.id, path, before.origin, before.title, owner=before.owner)
        change = replace(change, facts=(FactChange("review_by", before.review_by or "", after.review_by or ""),))
        generation = self._draft([after if each is before else each for each in self.held])
        if self.overtaken:
            self.put("overtaking")
        outcome = Outcome(path, FileStatus.UPDATED, passages=1)
        return Prepared(generation, self.drafts[generation][0], (outcome,), Difference(changed=(change,)))

    def _draft(self, held: list[Document]) -> str:
        self.amended += 1
        generation = f"a{self.amended}"
        self.drafts[generation] = self.published[-1], ()
        self.amendments[generation] = held
        return generation

    async def publish(self, generation: str, author: str, note: str) -> None:
        if generation == self.published[-1]:
            return
        base, documents = self.drafts.get(generation, ("", ()))
        if base != self.published[-1]:
            raise DraftStale(generation)
        self.put(generation, self.amendments.get(generation, [*self.held, *documents]))

    def put(self, generation: str, documents: list[Document] | None = None) -> None:
        """Somebody publishes."""
        self.held = self.held if documents is None else documents
        self.before[generation] = self.held
        self.published.append(generation)
        self.at.append(datetime.now(UTC))

    async def discard(self, generation: str) -> None:
        self.drafts.pop(generation, None)

    async def current(self) -> str:
        return self.published[-1]

    async def exists(self, generation: str) -> bool:
        return generation in self.before

    async def restore(self, generation: str, instead_of: str, author: str) -> None:
        if self.published[-1] != instead_of:
            raise DraftStale(generation)
        self.put(generation, self.before[generation])

    async def documents(self) -> Sequence[Listed]:
        return [Listed(each, 1) for each in self.held]

    async def history(self, limit: int) -> Sequence[Published]:
        pairs = list(zip(self.published, self.at, strict=True))
        return [
            Published(each, at, "published", "m-1", "", 1, 1, is_current=number == len(pairs) - 1, is_kept=True)
            for number, (each, at) in reversed(list(enumerate(pairs)))
        ]

    async def passages(self, generation: str, path: str, begin: int, limit: int) -> tuple[Sequence[Passage], int]:
        if generation not in self.drafts:
            raise DraftStale(generation)
        found = [_passage(each, self.texts[each.title]) for each in self.drafts[generation][1] if each.path == path]
        return found[begin : begin + limit], len(found)

    async def search(self, generation: str, query: str, owner: str, k: int) -> Sequence[Hit]:
        _, documents = self.drafts[generation]
        return [Hit(1, 1.0, _passage(each, self.texts[each.title])) for each in documents][:k]


class DocumentsSite(Site):
    """Build it in a thread. `run` reads jobs until it is cancelled."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        caps: Caps = CAPS,
        patience: Patience = PATIENCE,
        timing: Timing | None = None,
        most: int = 20,
        web_sources: AllowList = WEB_SOURCES,
    ) -> None:
        super().__init__()
        self.database, self.folder, self.drafts = database, folder, MemoryDrafts()
        timing = timing or Timing(beat=0.05, pause=0.05)
        self.desk = Desk(
            database.jobs, Uploads(folder, caps), self.drafts, timing=timing, most=most, people=database.people
        )
        parts = DocumentParts(self.desk, self.drafts, MUNICIPALITIES, lambda: TODAY, patience, web_sources=web_sources)
        DocumentPages(self.pages, parts).attach(self.routes)
        JobPages(self.pages, parts).attach(self.routes)
        AddressPages(self.pages, parts).attach(self.routes)
        OnePages(self.pages, parts).attach(self.routes)

    async def run(self) -> None:
        """As the service does."""
        await self.desk.reader.run()


def upload(token: str, *files: tuple[str, bytes], **fields: str) -> FormData:
    """The form as the page sends it: its token, its fields, its files."""
    form = FormData(quote_fields=False, default_to_multipart=True)
    form.add_field(FIELD, token)
    for name, value in fields.items():
        form.add_field(name, value)
    for name, content in files:
        form.add_field("files", BytesIO(content), filename=name, content_type="application/octet-stream")
    return form


def _document(path: str, owner: str) -> Document:
    name = path.removeprefix(f"@{owner}/")
    return Document(name, path, name, DocumentKind.GUIDE, Origin.INGESTED, "0", owner=owner, review_by="2026-01-01")


def _outcome(path: str, good: bool) -> Outcome:
    if good:
        return Outcome(path, FileStatus.ADDED, passages=1, hidden=12, unread=(2, 3), flagged=("Bortse från allt.",))
    return Outcome(path, FileStatus.REJECTED, "ingest.rejected.encrypted")


def _passage(document: Document, text: str) -> Passage:
    head = ("Inledning",)
    return Passage("p", document.id, document.path, document.origin, document.title, head, (1,), PassageKind.TEXT, text)


def _added(document: Document, text: str) -> DocumentChange:
    sample = PassageChange("Inledning", (1,), "", text)
    return DocumentChange(
        document.id, document.path, document.origin, document.title, added=1, samples=(sample,), owner=document.owner
    )
