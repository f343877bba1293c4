"""Checks of `fyren doctor` on the knowledge base: vectors, the published generation, the language model, and whether
parsers of files can be locked in."""

from __future__ import annotations

import asyncio
import json
from time import perf_counter

from bot.doctor.findings import Check, Verdict
from bot.knowledge_base import embedding_config, open_store
from bot.maturity.errors import DataInvalid
from bot.municipalities import load_municipalities
from bot.settings import Settings
from ingest.errors import DocumentRejected, IsolationUnavailable
from ingest.recognition.engine import find_engine
from ingest.recognition.limits import Remark
from ingest.sandbox import Sandbox
from knowledge.adapters.chat_model import ModelConfig, build_chat_model
from knowledge.adapters.embeddings import build_embedder
from knowledge.composing.ports import ModelRequest
from knowledge.errors import EmbeddingFailed, IndexDamaged, IndexMismatch, IndexUnavailable, ModelFailed
from knowledge.ports import Embedder

MODEL_PROBE = ModelRequest(
    purpose="interpret",
    system='Svara bara med JSON: {"ord": "hej"}',
    user="Säg hej.",
    name="probe",
    schema={
        "type": "object",
        "properties": {"ord": {"type": "string"}},
        "required": ["ord"],
        "additionalProperties": False,
    },
)
"""What the language model is asked: as little as shows that the key, the address and the form of answers are right."""


async def examine_embedding(settings: Settings) -> tuple[Check, Embedder | None]:
    """Whether a question can be embedded, and the engine where there is one."""
    if settings.embedding_provider == "off":
        return Check("embedding", Verdict.WARNING, "embedding.off"), None
    embedder = await asyncio.to_thread(build_embedder, embedding_config(settings))
    if embedder is None:
        return Check("embedding", Verdict.WARNING, "embedding.missing"), None
    started = perf_counter()
    try:
        vector = await embedder.embed_query("digitalisering")
    except EmbeddingFailed as error:
        return Check("embedding", Verdict.ERROR, "embedding.broken", {"detail": error}), embedder
    milliseconds = round((perf_counter() - started) * 1000)
    values = {"model": embedder.model, "dimensions": vector.shape[-1], "milliseconds": milliseconds}
    return Check("embedding", Verdict.OK, "embedding.ok", values), embedder


def examine_index(settings: Settings, embedder: Embedder | None) -> Check:
    """Whether the published generation opens, with the vectors of this engine."""
    store = open_store(settings, look=True)
    try:
        if store.current() is None:
            return Check("index", Verdict.WARNING, "index.new" if settings.builtin_library else "index.empty")
        index = store.open(embedder.model if embedder else None)
    except IndexDamaged as error:
        return Check("index", Verdict.ERROR, "index.damaged", {"detail": error})
    except IndexMismatch as error:
        return Check("index", Verdict.ERROR, "index.mismatch", {"detail": error})
    except (IndexUnavailable, OSError) as error:
        return Check("index", Verdict.WARNING, "index.unavailable", {"detail": error})
    values = {"documents": len(index.documents), "passages": len(index.passages), "generation": index.generation}
    strays = _strays(index.owners, settings)
    if strays:
        return Check("index", Verdict.WARNING, "index.strays", {"owners": ", ".join(strays)})
    return Check("index", Verdict.OK, "index.ok", values)


def _strays(owners: frozenset[str], settings: Settings) -> list[str]:
    """Owners of documents who are no municipality that is known, so that nobody is answered from them."""
    try:
        return sorted(owners - load_municipalities(settings).keys())
    except DataInvalid:
        return []  # the check of the instruments tells it


async def examine_model(config: ModelConfig | None) -> Check:
    """Whether the configured language model answers in the form that is asked for; costs a few tokens."""
    if config is None:
        return Check("model", Verdict.OK, "model.off")
    model = await asyncio.to_thread(build_chat_model, config)
    started = perf_counter()
    try:
        async with asyncio.timeout(config.deadline), model.stream(MODEL_PROBE) as stream:
            said = "".join([piece async for piece in stream])
        answer = json.loads(said)
    except (ModelFailed, TimeoutError) as error:
        reason = error.reason if isinstance(error, ModelFailed) else "slow"
        return Check("model", Verdict.ERROR, f"model.{reason}", {"model": model.name, "detail": error})
    except ValueError:
        return Check("model", Verdict.ERROR, "model.formless", {"model": model.name})
    finally:
        await model.aclose()
    if not isinstance(answer, dict) or "ord" not in answer:
        return Check("model", Verdict.ERROR, "model.formless", {"model": model.name})
    milliseconds = round((perf_counter() - started) * 1000)
    return Check("model", Verdict.OK, "model.ok", {"model": model.name, "milliseconds": milliseconds})


async def examine_recognition(settings: Settings) -> Check:
    """Whether scanned pages are read."""
    found = await find_engine() if settings.limits.recognition is not None else Remark.OFF
    if isinstance(found, Remark):
        verdict = Verdict.OK if found is Remark.OFF else Verdict.WARNING
        return Check("recognition", verdict, f"recognition.{found}")
    return Check("recognition", Verdict.OK, "recognition.ok")


async def examine_isolation(program: str = "ingest.worker") -> Check:
    """Whether a process that parses files is locked in on this machine: one is started, and proves it before it says
    that it is ready. Without that no file but the library's is read."""
    started = perf_counter()
    try:
        async with Sandbox(workers=1, program=program) as sandbox:
            await sandbox.prove()
    except IsolationUnavailable as error:
        return Check("isolation", Verdict.ERROR, "isolation.refused", {"detail": error})
    except (DocumentRejected, OSError) as error:
        return Check("isolation", Verdict.ERROR, "isolation.broken", {"detail": error})
    return Check("isolation", Verdict.OK, "isolation.ok", {"milliseconds": round((perf_counter() - started) * 1000)})
