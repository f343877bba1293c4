"""Makes a draft where it is called: fetches, reads, embeds, writes, and asks known questions of before and after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

from bot.documents.errors import DraftFailed, DraftStale, Problem
from bot.documents.names import ADDRESS_ENDING
from bot.documents.ports import GATE, Prepared, Tell
from bot.drafting.order import Order, without_addresses
from ingest import drafts
from ingest.errors import DraftOutdated, IngestError, IngestInterrupted, NoSuchGeneration
from ingest.gate import compare
from ingest.gate_report import GateReport
from ingest.model import Advance, Progress
from ingest.sandbox import Limits
from ingest.sources import Source
from ingest.web_sources.addresses import address_of
from ingest.web_sources.fetching import Web
from ingest.web_sources.gathering import gathered
from knowledge.access import people_of
from knowledge.adapters.generation import GenerationStore
from knowledge.advisor import Advisor
from knowledge.archive import ArchiveFailed
from knowledge.errors import EmbeddingFailed, KnowledgeError
from knowledge.ports import Embedder, Index

_log = logging.getLogger(__name__)


class Maker:
    """`advise` makes advisors for opened generations, `limits` is what reading one file may cost, `web` how addresses
    are fetched."""

    def __init__(
        self,
        store: GenerationStore,
        embedder: Embedder | None,
        advise: Callable[[Index], Advisor],
        limits: Limits,
        web: Web,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._advise = advise
        self._limits = limits
        self._web = web

    async def __call__(self, order: Order, tell: Tell) -> Prepared:
        """Implements `bot.drafting.order.Making`."""

        def progress(advance: Advance) -> None:
            tell(str(advance.phase), advance.done, advance.total, advance.path)

        with translated():
            async with self._fetched(order, progress) as files:
                draft = await drafts.prepare(
                    files,
                    store=self._store,
                    embedder=self._embedder,
                    author=order.author,
                    owner=order.owner,
                    removed=order.removed,
                    progress=progress,
                    limits=self._limits,
                )
        gate = await self._compared(order, draft.base, draft.generation, tell)
        return Prepared(draft.generation or "", draft.base or "", draft.outcomes, draft.difference, gate)

    @asynccontextmanager
    async def _fetched(self, order: Order, tell: Progress) -> AsyncIterator[Sequence[Source]]:
        """The files, with those that addresses among them lead to."""
        files, holding = without_addresses(order, ADDRESS_ENDING)
        if not holding:
            yield files
            return
        written = await asyncio.to_thread(lambda: [each.path.read_text("utf-8") for each in holding])
        async with gathered(list(map(address_of, written)), self._web, tell) as found:
            yield (*files, *found.sources)

    async def _compared(self, order: Order, before: str | None, after: str | None, tell: Tell) -> GateReport | None:
        """None where there is nothing to compare or to ask, or where asking failed, which stops no draft."""
        if before is None or after is None or not order.questions:
            return None
        try:
            was, will_be = [await asyncio.to_thread(self._advisor, each, order.owner) for each in (before, after)]
            return await compare(order.questions, was, will_be, progress=lambda done, total: tell(GATE, done, total))
        except (KnowledgeError, OSError):
            _log.exception("the known questions could not be asked of draft %s", after)
            return None

    def _advisor(self, generation: str, owner: str) -> Advisor:
        model = self._embedder.model if self._embedder is not None else None
        return self._advise(self._store.open(model, generation).readable_by(people_of(owner)))


@contextmanager
def translated() -> Iterator[None]:
    """What ingest and the knowledge base raise, as what the desk knows."""
    try:
        yield
    except (DraftOutdated, NoSuchGeneration) as error:
        raise DraftStale(str(error)) from error
    except IngestInterrupted as error:
        raise DraftFailed(Problem.BUSY, str(error)) from error
    except EmbeddingFailed as error:
        raise DraftFailed(Problem.EMBEDDING, str(error)) from error
    except ArchiveFailed as error:
        raise DraftFailed(Problem.UNREACHABLE, str(error)) from error
    except (KnowledgeError, OSError) as error:
        raise DraftFailed(Problem.INDEX, str(error)) from error
    except IngestError as error:
        raise DraftFailed(Problem.BROKEN, str(error)) from error
