"""The scanned pages of PDF files, in turn: drawn where files are parsed, read by Tesseract, and put in their places."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from ingest.errors import DocumentRejected, PageNotRead, Reason
from ingest.loaders.base import is_pdf
from ingest.model import Advance, LoadedDocument, Phase, Progress
from ingest.recognition.answers import answer_on
from ingest.recognition.engine import Engine, find_engine
from ingest.recognition.limits import RecognitionLimits, Remark
from ingest.sandbox import Sandbox
from ingest.scratch import scratch_folder

_log = logging.getLogger(__name__)


class Scans:
    """Reads files as the sandbox does, and then their scanned pages; of one ingest, on one event loop."""

    def __init__(self, sandbox: Sandbox, limits: RecognitionLimits | None, tell: Progress) -> None:
        """Without `limits`, scanned pages stay unread."""
        self._sandbox = sandbox
        self._limits = limits
        self._tell = tell
        self._looking = asyncio.Lock()
        self._engine: Engine | Remark | None = None

    async def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read a file. Raises what `Sandbox.load` does; NO_TEXT_LAYER where nothing could be recognised either."""
        first: LoadedDocument | DocumentRejected
        try:
            first = await self._sandbox.load(path, relative)
        except DocumentRejected as rejection:
            first = rejection
        if not first.unread or not await asyncio.to_thread(_starts_as_pdf, path):
            return _given(first)
        engine = await self._found()
        if isinstance(engine, Remark) or self._limits is None:
            return _given(_remarked(first, engine if isinstance(engine, Remark) else Remark.OFF))
        with ExitStack() as stack:
            try:
                folder = await asyncio.to_thread(stack.enter_context, scratch_folder())
            except OSError as error:
                raise DocumentRejected(Reason.NO_SPACE, error.strerror or "no temporary folder") from error
            try:
                reading = _Reading(self._sandbox, engine, self._limits, self._tell, path, relative, folder)
                result = await reading.again(first)
            finally:
                await asyncio.shield(asyncio.to_thread(stack.close))
        return _given(result)

    async def unavailable(self) -> bool:
        """Whether scanned pages cannot be read at present."""
        return isinstance(await self._found(), Remark)

    async def _found(self) -> Engine | Remark:
        """Looked for once, and only where there is something to read."""
        async with self._looking:
            if self._engine is None:
                self._engine = Remark.OFF if self._limits is None else await find_engine()
            return self._engine


class _Reading:
    """The scanned pages of one file."""

    def __init__(
        self,
        sandbox: Sandbox,
        engine: Engine,
        limits: RecognitionLimits,
        tell: Progress,
        path: Path,
        relative: str,
        folder: Path,
    ) -> None:
        self._sandbox = sandbox
        self._engine = engine
        self._limits = limits
        self._tell = tell
        self._path, self._relative, self._folder = path, relative, folder

    async def again(self, first: LoadedDocument | DocumentRejected) -> LoadedDocument | DocumentRejected:
        """The document with what its scanned pages say, or as it was where they say nothing."""
        read, all_tried = await self._pages(first.unread)
        if not all_tried:
            first = _remarked(first, Remark.GIVEN_UP)
        if not read:
            return first
        try:
            second = await self._sandbox.load(self._path, self._relative, recognised=self._folder)
        except DocumentRejected as rejection:
            if isinstance(first, DocumentRejected):
                return _remarked(rejection, first.remark)
            _log.warning("%s is taken in without its scanned pages: %s", self._relative, rejection)
            return first
        return _remarked(second, first.remark)

    async def _pages(self, numbers: tuple[int, ...]) -> tuple[int, bool]:
        """How many of the pages have been read, and whether every one has been tried."""
        limits = self._limits
        end = time.monotonic() + limits.seconds
        wanted = numbers[: limits.pages]
        read = in_a_row = 0
        for done, number in enumerate(wanted):
            self._tell(Advance(Phase.RECOGNISE, done, len(wanted), self._relative))
            if in_a_row >= limits.failures or time.monotonic() > end:
                return read, False
            try:
                await self._page(number)
            except (DocumentRejected, PageNotRead) as reason:
                _log.warning("page %d of %s is left unread: %s", number, self._relative, reason)
                in_a_row += 1
                continue
            read, in_a_row = read + 1, 0
        self._tell(Advance(Phase.RECOGNISE, len(wanted), len(wanted), self._relative))
        return read, len(wanted) == len(numbers)

    async def _page(self, number: int) -> None:
        """Leave Tesseract's answer in the folder, and nothing else. Raises DocumentRejected, PageNotRead."""
        picture = self._folder / f"{number}.png"
        try:
            await self._sandbox.draw(self._path, number, picture, self._limits.page_seconds)
            text = await self._engine.read(picture, self._limits)
            await asyncio.to_thread(answer_on(self._folder, number).write_bytes, text)
        except OSError as error:
            raise PageNotRead(error.strerror or "no room for its text") from error
        finally:
            await asyncio.shield(asyncio.to_thread(picture.unlink, missing_ok=True))


def _starts_as_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_pdf(file.read(1024))
    except OSError:
        return False  # whoever asks has read it before, and finds that it has changed


def _remarked(result: LoadedDocument | DocumentRejected, remark: str) -> LoadedDocument | DocumentRejected:
    if isinstance(result, LoadedDocument):
        return replace(result, remark=remark)
    return DocumentRejected(result.reason, result.detail, result.unread, remark)


def _given(result: LoadedDocument | DocumentRejected) -> LoadedDocument:
    if isinstance(result, DocumentRejected):
        raise result
    return result
