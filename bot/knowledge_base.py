"""Settings -> an open knowledge base: embedding engine, generations, and the built-in library kept up to date."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import knowledge
from bot.conversation.texts import Texts
from bot.measuring.model import MeasuredModel, watch_breaker
from bot.serving import ServedKnowledge
from bot.settings import Settings
from bot.storage.answers.budgets import BudgetLimits
from bot.storage.database import Database
from bot.storage.documents.generations import SqlArchive
from bot.storage.engine import is_shared
from bot.telemetry.ports import NO_TELEMETRY, Telemetry
from ingest.errors import IngestInterrupted
from ingest.model import FileStatus, IngestReport, Progress
from ingest.pipeline import ingest
from ingest.upkeep import LockedStore
from knowledge import glossary, relations
from knowledge.adapters.chat_model import LangChainChatModel, ModelConfig, build_chat_model
from knowledge.adapters.embeddings import LOCAL_MODEL, EmbeddingConfig, LangChainEmbedder, build_embedder
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.search_servers import ServerConfig, build_server
from knowledge.adapters.shared_generations import SharedGenerations
from knowledge.advisor import Advisor, AdvisorOptions
from knowledge.answerability import Answerability
from knowledge.composing.composer import Composer
from knowledge.composing.options import ComposerOptions
from knowledge.composing.ports import Budgets
from knowledge.model import Origin
from knowledge.ports import Embedder, Index
from knowledge.swedish.steps import ALL, Steps
from knowledge.synonyms import SynonymTable, from_everyday, from_glossary
from prompts.loader import Prompts

LIBRARY = Path(knowledge.__file__).parent / "library"
EVERYDAY = Path(knowledge.__file__).parent / "swedish" / "everyday.yaml"
WAIT = 1.0
"""Seconds between two tries while another process ingests."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """An open knowledge base; `embedder` is None where search is by words only, `model` where answers are in the
    sources' own words only."""

    store: GenerationStore
    embedder: Embedder | None
    served: ServedKnowledge
    model: LangChainChatModel | None = None
    composer: Composer | None = None

    async def close(self) -> None:
        """Close the connections of a language model, and of an embedding engine, that have any."""
        if self.composer is not None:
            await self.composer.close()
        if self.model is not None:
            await self.model.aclose()
        if isinstance(self.embedder, LangChainEmbedder):
            await self.embedder.aclose()
        await asyncio.to_thread(self.store.close)


def embedding_config(settings: Settings) -> EmbeddingConfig:
    """The settings that the embedding engine takes."""
    return EmbeddingConfig(
        provider=settings.embedding_provider,
        model=settings.embedding_model or LOCAL_MODEL,
        base_url=settings.embedding_base_url,
        api_key=settings.embedding_api_key.get_secret_value(),
        timeout=settings.embedding_timeout,
    )


async def open_engine(settings: Settings) -> tuple[GenerationStore, Embedder | None]:
    """What ingesting needs: where generations are kept, and who makes vectors."""
    embedder = await asyncio.to_thread(build_embedder, embedding_config(settings))
    return await asyncio.to_thread(open_store, settings), embedder


def open_store(settings: Settings, *, look: bool = False) -> GenerationStore:
    """Where generations are kept, analysed and for as long as the settings say: in a database server, where replicas
    share one, and else in the data directory.

    Nothing is connected yet. Who only wants to `look` leaves the schema of a server's database as it is.
    """
    root, steps, retention = settings.index_dir, settings.steps, settings.retention
    server = build_server(server_config(settings))
    if is_shared(settings.database):
        return SharedGenerations(root, SqlArchive(settings.database, look=look), steps, retention, server)
    return GenerationStore(root, steps, retention, server)


def server_config(settings: Settings) -> ServerConfig:
    """The settings that say where the knowledge base is searched."""
    return ServerConfig(
        kind=settings.index,
        url=settings.database if settings.index == "postgresql" else settings.qdrant_url,
        api_key=settings.qdrant_api_key.get_secret_value(),
        prefix=settings.qdrant_prefix,
        shards=settings.qdrant_shards,
        replicas=settings.qdrant_replicas,
    )


async def open_library(settings: Settings, progress: Progress | None) -> tuple[GenerationStore, Embedder | None]:
    """The same, after taking the built-in library in where it has changed, or out where it has been turned off.

    Raises EmbeddingFailed, IndexDamaged and IngestError.
    """
    store, embedder = await open_engine(settings)
    await keep_library(store, embedder, progress, LIBRARY if settings.builtin_library else None)
    return store, embedder


async def open_knowledge(
    settings: Settings,
    texts: Texts,
    progress: Progress | None = None,
    budgets: Budgets | None = None,
    telemetry: Telemetry = NO_TELEMETRY,
) -> KnowledgeBase:
    """Open the published generation, after ingesting the built-in library where that has changed.

    `budgets` bound what a language model may be used; without them it is not.

    Raises knowledge.errors.IndexUnavailable and its kinds, EmbeddingFailed, and ingest.errors.IngestError.
    """
    store, embedder = await open_library(settings, progress)
    advise = await advising(settings, texts, embedder)
    model, composer = await asyncio.to_thread(_composing, settings, texts, budgets, telemetry)
    served = ServedKnowledge(
        LockedStore(store),
        advise,
        model=embedder.model if embedder else None,
        empty=not settings.builtin_library,
        composer=composer,
        telemetry=telemetry,
        check=store.server.check if store.server is not None else None,
    )
    await served.load()
    return KnowledgeBase(store, embedder, served, model, composer)


async def advising(settings: Settings, texts: Texts, embedder: Embedder | None) -> Callable[[Index], Advisor]:
    """Makes advisors for opened generations, which answer in the sources' own words as the settings say."""
    synonyms = await asyncio.to_thread(synonym_table, settings.steps)
    connections = await asyncio.to_thread(relations.load, LIBRARY / "samband.yaml")
    answerability = await asyncio.to_thread(Answerability.load)
    options = AdvisorOptions(operating_point=settings.operating_point)

    def advise(index: Index) -> Advisor:
        return Advisor(index, embedder, synonyms, texts, options, connections, answerability)

    return advise


def budgets_of(settings: Settings, database: Database) -> Budgets | None:
    """How much the language model may be used, kept in the database; None where there is no model."""
    if settings.model_provider == "off":
        return None
    limits = BudgetLimits(settings.budget_person, settings.budget_tenant, settings.budget_total)
    return database.budgets.limited(limits)


def model_config(settings: Settings) -> ModelConfig | None:
    """The settings that the language model takes; None where there is none."""
    if settings.model_provider == "off":
        return None
    return ModelConfig(
        provider=settings.model_provider,
        model=settings.model_name,
        base_url=settings.model_base_url,
        api_key=settings.model_api_key.get_secret_value(),
        api_version=settings.model_api_version,
        structure=settings.model_structure,
        deadline=settings.model_deadline,
    )


def _composing(
    settings: Settings, texts: Texts, budgets: Budgets | None, telemetry: Telemetry
) -> tuple[LangChainChatModel | None, Composer | None]:
    config = model_config(settings)
    if config is None:
        return None, None
    model = build_chat_model(config)
    options = ComposerOptions(
        deadline=settings.model_deadline,
        answer_tokens=settings.model_answer_tokens,
        passages=settings.model_passages,
        cache_minutes=settings.model_cache_minutes,
    )
    watch_breaker(telemetry, lambda: model.state)
    return model, Composer(MeasuredModel(model, telemetry), texts, Prompts.load(), budgets, options)


def synonym_table(steps: Steps = ALL) -> SynonymTable:
    """The glossary's names for one another, and everyday words for the library's own, as far as the steps go."""
    terms = glossary.load(LIBRARY / "ordlista.yaml").terms
    return SynonymTable([*from_glossary(terms, steps), *from_everyday(EVERYDAY, steps)])


async def keep_library(
    store: GenerationStore, embedder: Embedder | None, progress: Progress | None, library: Path | None
) -> IngestReport | None:
    """Ingest the library where it, or the embedding model, is another than last time; None where not.

    Without a `library`, what an earlier start took in is removed. A rollback stays in force until the next change. A
    file that is rejected is a damaged installation: it is logged as an error, and the rest is served.

    Raises IngestError, EmbeddingFailed and IndexDamaged.
    """
    fingerprint = await asyncio.to_thread(_fingerprint, library) if library is not None else None
    state = json.dumps({"library": fingerprint, "model": embedder.model if embedder else None})
    sources = [library] if library is not None else []
    told = False
    while await _is_wanted(store, state, sources):
        try:
            report = await ingest(
                sources,
                store=store,
                embedder=embedder,
                origin=Origin.LIBRARY,
                prune=True,
                dry_run=False,
                progress=progress,
            )
        except IngestInterrupted:
            if not told:
                _log.warning("another process is ingesting; waiting for it to finish")
            told = True
            await asyncio.sleep(WAIT)
            continue
        rejected = [outcome for outcome in report.outcomes if outcome.status is FileStatus.REJECTED]
        if rejected:
            named = ", ".join(f"{outcome.path} ({outcome.reason} {outcome.detail})" for outcome in rejected[:5])
            _log.error("files of the built-in library cannot be read: %s", named)
        await asyncio.to_thread(store.keep_note, state)
        return report
    return None


async def _is_wanted(store: GenerationStore, state: str, sources: Sequence[Path]) -> bool:
    """Whether the library is to be taken in or out; another process may have done that while this one waited."""
    last = await asyncio.to_thread(store.note)
    if not last and not sources:
        return False
    return not _same(last, state) or await asyncio.to_thread(store.current) is None


def _same(last: str, state: str) -> bool:
    try:
        return bool(json.loads(last) == json.loads(state))
    except ValueError:
        return False


def _fingerprint(library: Path) -> str:
    """Changes with any file's path or content."""
    digest = hashlib.sha256()
    for path in sorted(path for path in library.rglob("*") if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(library).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()
