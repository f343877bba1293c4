"""The knowledge base as the desk of documents sees it: drafts made, looked at, published, and taken back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.documents.errors import DraftStale
from bot.documents.facts import Facts, facts_of, with_facts
from bot.documents.ports import Listed, Prepared, Published, Tell, untold
from bot.drafting.making import translated
from bot.drafting.order import Making, Order
from bot.knowledge_base import KnowledgeBase
from bot.questions.errors import QuestionsError
from bot.questions.evaluation import lines
from bot.questions.ports import EvaluationQuestions
from ingest import drafts
from ingest.amending import prepare_facts
from ingest.errors import DraftOutdated, NoSuchGeneration
from ingest.sources import Source
from knowledge.access import people_of
from knowledge.evaluation.questions import EvaluationQuestion
from knowledge.model import Document, Hit, Origin, Passage
from knowledge.ports import Index

_log = logging.getLogger(__name__)


class KnowledgeDrafts:
    """Implements `bot.documents.ports.Drafts`; what is published is served at once. Keeps one draft open, as a search
    is seldom the last."""

    def __init__(self, knowledge: KnowledgeBase, questions: EvaluationQuestions, make: Making) -> None:
        """`questions` are those that were picked for evaluation; `make` makes drafts of files and addresses."""
        self._knowledge = knowledge
        self._store = knowledge.store
        self._picked = questions
        self._make = make
        self._opened: tuple[str, Index] | None = None

    async def prepare(
        self,
        sources: Sequence[Source],
        *,
        owner: str,
        author: str,
        tell: Tell = untold,
        removed: Sequence[str] = (),
    ) -> Prepared:
        """Fetch what is at addresses, read it and the files in beside what is published, leave out what is removed, and
        ask known questions of both; nothing is published."""
        questions = await self._questions()
        return await self._make(Order(tuple(sources), owner, author, tuple(removed), questions), tell)

    async def prepare_facts(self, path: str, seen: Facts, facts: Facts, *, author: str) -> Prepared:
        """Other facts about a document; nothing is published, and no question is asked, since its text stays. Raises
        DraftStale where it is gone, or has other facts than those that somebody has `seen`."""

        def changed(document: Document) -> Document:
            if facts_of(document) != seen:
                raise DraftOutdated(f"{path} has other facts by now")
            return with_facts(document, facts)

        with translated():
            draft = await prepare_facts([path], changed, store=self._store, author=author, owner=seen.owner)
        if draft.generation is None:
            raise DraftStale(f"{path} is gone, or has these facts already")
        return Prepared(draft.generation, draft.base or "", draft.outcomes, draft.difference)

    async def publish(self, generation: str, author: str, note: str) -> None:
        """Make a draft what people get answers from. Raises DraftStale where something else was published since, or
        the draft is gone."""
        with translated():
            await drafts.publish(self._store, generation, author=author, note=note)
            await self._knowledge.served.reload()

    async def discard(self, generation: str) -> None:
        """Throw a draft away; it does no harm where it is gone."""
        with translated():
            try:
                await drafts.discard(self._store, generation)
            except NoSuchGeneration:
                return

    async def current(self) -> str:
        """The published generation; empty where none is."""
        with translated():
            return await asyncio.to_thread(self._store.current) or ""

    async def exists(self, generation: str) -> bool:
        """Whether a generation is still kept."""
        with translated():
            return generation in await asyncio.to_thread(self._store.generations)

    async def restore(self, generation: str, instead_of: str, author: str) -> None:
        """Publish an earlier generation again. Raises DraftStale where another than `instead_of` is published."""
        with translated():
            await drafts.rollback(self._store, generation, author=author, instead_of=instead_of)
            await self._knowledge.served.reload()

    async def documents(self) -> Sequence[Listed]:
        """Every document that is published, with how many passages it has, by title; the library's come last, as
        nobody can change them."""

        def read() -> list[Listed]:
            files = self._store.contents().files()
            found = [Listed(document, len(passages)) for document, passages, _ in files]
            return sorted(found, key=_place)

        with translated():
            return await asyncio.to_thread(read)

    async def history(self, limit: int) -> Sequence[Published]:
        """The latest publications, newest first."""

        def read() -> list[Published]:
            kept, current = frozenset(self._store.generations()), self._store.current()
            lines = self._store.history()
            return [
                Published(
                    each.generation,
                    each.at,
                    str(each.action),
                    each.author,
                    each.note,
                    each.documents,
                    each.passages,
                    is_current=each is lines[-1] and each.generation == current,
                    is_kept=each.generation in kept,
                )
                for each in reversed(lines[-limit:])
            ]

        with translated():
            return await asyncio.to_thread(read)

    async def passages(self, generation: str, path: str, begin: int, limit: int) -> tuple[Sequence[Passage], int]:
        """Some passages of a document of a draft, as they would be cited, and how many there are; of no document,
        none."""

        def read() -> tuple[Sequence[Passage], int]:
            for document, passages, _ in self._store.contents(generation).files():
                if document.path == path:
                    return list(passages[begin : begin + limit]), len(passages)
            return (), 0

        with translated():
            return await asyncio.to_thread(read)

    async def search(self, generation: str, query: str, owner: str, k: int) -> Sequence[Hit]:
        """The k best passages of a draft for a question of one of the owner's people."""
        with translated():
            served = self._knowledge.served
            advisor = await asyncio.to_thread(
                lambda: served.advisor_on(self._open(generation).readable_by(people_of(owner)))
            )
            return await advisor.search(query, k)

    async def _questions(self) -> tuple[EvaluationQuestion, ...]:
        """None where they cannot be read, which stops no draft."""
        try:
            rows = await self._picked.rows()
        except QuestionsError:
            _log.exception("the known questions could not be read, and are not asked")
            return ()
        return tuple(EvaluationQuestion.model_validate_json(line) for line in lines(rows).splitlines())

    def _open(self, generation: str) -> Index:
        if self._opened is None or self._opened[0] != generation:
            embedder = self._knowledge.embedder
            self._opened = generation, self._store.open(embedder.model if embedder is not None else None, generation)
        return self._opened[1]


def _place(listed: Listed) -> tuple[bool, str, str]:
    document = listed.document
    return document.origin is Origin.LIBRARY, document.title.casefold(), document.path
