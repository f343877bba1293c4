"""Makes files of web addresses: pages, and all pages of site maps. A page that cannot be had is a row with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from ingest.errors import AddressRefused, DocumentRejected, Reason
from ingest.model import Advance, Phase, Progress
from ingest.scratch import clear_abandoned, scratch_folder
from ingest.sources import Source
from ingest.web_sources.addresses import Address, address_of
from ingest.web_sources.fetching import Fetched, Fetcher, Web
from ingest.web_sources.places import place_of
from ingest.web_sources.site_maps import Entry, is_site_map, read_site_map

AT_ONCE: Final = 4
"""Pages that are fetched at the same time, of all sites together."""
MOST_LISTED: Final = 100_000
"""Pages of site maps that are kept in mind."""
_STRETCH: Final = 500
"""Entries that are looked at in one go."""
_ENDINGS: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "text/markdown": ".md",
    "message/rfc822": ".eml",
}
"""By which loaders know files that do not say themselves what they are."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Files that are there, and addresses that gave none. `complete` is False where there may be more pages: only where
    all are known, what is not among them is gone."""

    sources: tuple[Source, ...]
    complete: bool = True


@asynccontextmanager
async def gathered(addresses: Sequence[Address], web: Web, tell: Progress) -> AsyncIterator[Gathered]:
    """Fetch addresses into a temporary folder, which is there until the context ends.

    Never raises for what a site answers. Raises OSError where there is no room for such a folder.
    """
    await asyncio.to_thread(clear_abandoned)
    with ExitStack() as stack:
        folder = await asyncio.to_thread(stack.enter_context, scratch_folder())
        try:
            async with Fetcher(web) as fetcher:
                run = _Run(web, fetcher, folder, tell)
                found = await run.all(addresses)
            yield found
        finally:
            await asyncio.shield(asyncio.to_thread(stack.close))


@dataclass(frozen=True, slots=True)
class _Listed:
    """An entry of a map; `refused` is its row where it may not be fetched."""

    address: Address
    changed: str
    refused: Source | None = None


@dataclass(slots=True)
class _Run:
    """`given` are the addresses that were asked for themselves, `listed` those that maps have, without a file at first;
    `changed` is when these say that they did. `tried` are the addresses that may have been `maps`."""

    web: Web
    fetcher: Fetcher
    folder: Path
    tell: Progress
    complete: bool = True
    given: dict[Address, Source] = field(default_factory=dict)
    listed: dict[Address, Source | None] = field(default_factory=dict)
    changed: dict[Address, str] = field(default_factory=dict)
    maps: list[Address] = field(default_factory=list)
    tried: set[Address] = field(default_factory=set)
    number: int = 0
    done: int = 0
    deadline: float = 0.0

    async def all(self, addresses: Sequence[Address]) -> Gathered:
        self.deadline = asyncio.get_running_loop().time() + self.web.limits.all
        for address in dict.fromkeys(addresses):
            await self._take(address, 0)
        for address in self.given:
            self.listed.pop(address, None)
        await self._keep_newest()
        waiting = iter(list(self.listed))
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._pages(waiting))
        sources = [*self.given.values(), *filter(None, self.listed.values())]
        return Gathered(await asyncio.to_thread(_without_doubles, sources), self.complete)

    async def _take(self, address: Address, depth: int) -> None:
        """Fetch what may be a site map, and note its pages, or the page that it is. `depth`: maps above it."""
        limits, path = self.web.limits, self._path()
        self.tried.add(address)
        try:
            fetched = await self._fetch(address, path, limits.map if depth else self._most(address))
            if not (depth or await asyncio.to_thread(is_site_map, path)):
                self.given[address] = await self._file(address, fetched, path)
                return
            found = await asyncio.to_thread(read_site_map, path, limits.map)
            if found.is_index and depth >= limits.depth:
                raise DocumentRejected(Reason.TOO_MANY, f"site maps in each other, deeper than {limits.depth}")
        except DocumentRejected as error:
            self.given[address] = self._nothing(address, error)
            self.complete = False  # it may have been a map: what it listed is not known
            return
        await asyncio.to_thread(path.unlink, missing_ok=True)
        self.maps.append(address)
        for number, entry in enumerate(await asyncio.to_thread(self._checked, found.entries), start=1):
            await self._entry(entry, depth, is_map=found.is_index)
            if not number % _STRETCH:
                await asyncio.sleep(0)  # a map may have fifty thousand, and others want their turn

    def _checked(self, entries: Sequence[Entry]) -> list[_Listed]:
        """What may be fetched of a map, and what may not. Blocks."""
        found: list[_Listed] = []
        for entry in entries:
            # Maps are often older than a site's certificate; asking safely instead asks no other machine.
            url = f"https:{entry.url[5:]}" if entry.url.startswith("http:") else entry.url
            try:
                address = address_of(url)
            except AddressRefused:
                self.complete = False  # no address, so nothing that it could be called by
                continue
            try:
                self.web.allowed.checked(address)
            except AddressRefused as error:
                refused = self._nothing(address, DocumentRejected(Reason.ADDRESS, str(error)))
                found.append(_Listed(address, entry.changed, refused))
            else:
                found.append(_Listed(address, entry.changed))
        return found

    async def _entry(self, entry: _Listed, depth: int, *, is_map: bool) -> None:
        address = entry.address
        if entry.refused is not None or not is_map:
            if len(self.listed) < MOST_LISTED:
                self.listed.setdefault(address, entry.refused)
                self.changed[address] = entry.changed
            else:
                self.complete = False
        elif address in self.tried:
            return
        elif len(self.tried) < self.web.limits.maps:
            await self._take(address, depth + 1)
        else:
            self._too_many(f"more than {self.web.limits.maps} site maps")

    async def _keep_newest(self) -> None:
        """Where there are more pages than are fetched, those that changed last; the site's own order decides next."""
        count, most = len(self.listed), self.web.limits.pages
        if count > most:
            self.listed = await asyncio.to_thread(self._newest, most)
            self._too_many(f"{count} pages, limit {most}")

    def _newest(self, most: int) -> dict[Address, Source | None]:
        # Moments of one site are written alike, so their letters are in the order of time.
        ranked = sorted(self.listed, key=lambda each: self.changed[each], reverse=True)
        ranked.sort(key=lambda each: self.listed[each] is not None)
        kept = frozenset(ranked[:most])
        return {address: source for address, source in self.listed.items() if address in kept}

    def _too_many(self, detail: str) -> None:
        self.complete = False
        self.given[self.maps[0]] = self._nothing(self.maps[0], DocumentRejected(Reason.TOO_MANY, detail))

    async def _pages(self, waiting: Iterator[Address]) -> None:
        for address in waiting:
            if self.listed[address] is None:
                self.listed[address] = await self._page(address)
            self.done += 1
            self.tell(Advance(Phase.FETCH, self.done, len(self.listed), place_of(address)))

    async def _page(self, address: Address) -> Source:
        path = self._path()
        try:
            fetched = await self._fetch(address, path, self._most(address))
            return await self._file(address, fetched, path)
        except DocumentRejected as error:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            return self._nothing(address, error)

    async def _fetch(self, address: Address, path: Path, most: int) -> Fetched:
        try:
            async with asyncio.timeout_at(self.deadline):
                return await self.fetcher.fetch(address, path, most)
        except TimeoutError as error:
            raise DocumentRejected(Reason.TIMED_OUT, f"more than {self.web.limits.all:g} s in all") from error

    async def _file(self, address: Address, fetched: Fetched, path: Path) -> Source:
        named = path.with_suffix(_ENDINGS.get(fetched.kind) or _ending(fetched.address) or _ending(address))
        await asyncio.to_thread(path.rename, named)
        return Source(named, place_of(address), url=fetched.address.url)

    def _nothing(self, address: Address, error: DocumentRejected) -> Source:
        nothing = self.folder / "nothing"
        return Source(nothing, place_of(address), url=address.url, problem=error.reason, detail=error.detail)

    def _most(self, address: Address) -> int:
        return self.web.limits.archive if _ending(address) == ".zip" else self.web.limits.page

    def _path(self) -> Path:
        self.number += 1
        return self.folder / f"{self.number:05}"


def _without_doubles(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Addresses that lead to the same page are one document: that of its own address, else of the first."""
    kept: dict[str, Source] = {}
    for source in sources:
        # What could not be fetched leads nowhere.
        key = source.url if source.problem is None else source.relative
        if key not in kept or source.relative == place_of(address_of(source.url)):
            kept[key] = source
    return tuple(kept.values())


def _ending(address: Address) -> str:
    ending = PurePosixPath(address.path).suffix.lower()
    return ending if ending[1:].isalnum() and ending.isascii() and len(ending) <= 9 else ""
