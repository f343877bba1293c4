"""A site with everything that leaves a round: exports, read API, open data, over stores in memory."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Final

from bot.access.api_keys import new_key, recognised
from bot.access.visitor import Visitor
from bot.exports.open_data.publication import Publisher
from bot.exports.report.blocks import Printable
from bot.maturity.ports import Edition as StoredEdition
from bot.maturity.rounds import Round, RoundStatus
from bot.results.edition_json import edition_to_json
from bot.results.model import Edition
from bot.web.api.pages import ApiPages
from bot.web.api.problems import problems
from bot.web.api.read import ReadApi
from bot.web.dashboard.shelf import Shelf
from bot.web.exports import ExportPages
from bot.web.open_data import OpenDataPages
from bot.web.takeaways import Views
from tests.fakes.api_keys import MemoryApiKeys
from tests.fakes.check_store import MemoryCheckStore, MemoryEditions
from tests.fakes.editions import edition, previous_edition, round_of
from tests.fakes.materials import PROGRAM, baseline, texts
from tests.fakes.pictures import PlainPictures
from tests.fakes.site import Site

TODAY: Final = date(2026, 11, 30)
PDF: Final = b"%PDF-1.7 a report that was not set"


class PlainSetting:
    """Implements `bot.exports.report.making.Setting` without a process; `asked` is what it was asked to set."""

    def __init__(self) -> None:
        self.asked: list[Printable] = []

    async def set(self, report: Printable) -> bytes:
        self.asked.append(report)
        return PDF


class ExportSite(Site):
    """Build it in a thread. The rounds: 2026:1 (published), 2025:1 (not published), 2027:1 (open, no edition)."""

    def __init__(self) -> None:
        self.keys = MemoryApiKeys()
        super().__init__(by_key=self.by_key)
        self.app.middlewares.insert(1, problems(texts(), "sv"))
        rounds = (
            round_of(),
            closed(round_of(label="2025:1", year=2025)),
            round_of(RoundStatus.OPEN, label="2027:1", year=2027),
        )
        self.store = MemoryCheckStore(*rounds)
        self.editions = MemoryEditions(self.store)
        self.pictures, self.setting = PlainPictures(), PlainSetting()
        self.shelf = Shelf(self.store, self.editions)
        views = Views(self.shelf, baseline(), program=PROGRAM)
        publisher = Publisher("Fyrbodals kommunalförbund", "strategen", "data@example.se", "https://fyren.example.se")
        asyncio.run(self._fill())
        for each in (
            ExportPages(self.pages, views, texts(), self.audit, pictures=self.pictures, setting=self.setting),
            ReadApi(views, self.editions, self.store, texts(), self.audit),
            ApiPages(self.pages, texts(), version=PROGRAM),
            OpenDataPages(self.pages, views, self.editions, texts(), publisher),
        ):
            each.attach(self.routes)

    async def by_key(self, written: str) -> Visitor | None:
        """What the real site does with a program's key."""
        key = await recognised(written, self.keys, TODAY)
        return key.visitor if key is not None else None

    async def key(self, municipality: str = "") -> dict[str, str]:
        """The headers of a program with a new key."""
        key, written = new_key("prov", municipality, created=TODAY, expires=TODAY)
        await self.keys.add(key)
        return {"Authorization": f"Bearer {written}"}

    async def _fill(self) -> None:
        for each in (edition(), previous_edition()):
            await self.editions.add(stored(each), edition_to_json(each), ())


def closed(held: Round) -> Round:
    """A round that is over and not published."""
    return Round(
        held.id,
        held.label,
        held.instrument,
        held.status,
        held.opens,
        held.closes,
        invited=held.invited,
        closed_on=held.closed_on,
    )


def stored(told: Edition) -> StoredEdition:
    """An edition's head."""
    return StoredEdition(told.round, told.number, told.compiled, told.digest, "")
