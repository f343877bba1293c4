"""`fyren search`: passages for a query, best first."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from bot.cli.batch import Batch, Item
from bot.cli.console import Console
from bot.cli.progress import ingest_progress
from bot.cli.reader import reader
from bot.cli.terminal import pages
from bot.conversation.router import clean
from bot.knowledge_base import open_knowledge
from bot.settings import Settings
from knowledge.advisor import Advisor
from knowledge.model import Hit
from knowledge.retrieval import Mode

EXCERPT = 160


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """1 where a line of the batch could not be read; no hits at all is no failure."""
    return asyncio.run(_run(arguments, settings, console))


async def _run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    batch = Batch(arguments.batch, arguments.question, console)
    items = iter(batch)
    first = next(items, None)
    audience = await asyncio.to_thread(reader, arguments.reader, settings, console)
    with ingest_progress(console) as progress:
        knowledge = await open_knowledge(settings, console.texts, progress)
    if first is not None:
        for item in (first, *items):
            started = perf_counter()
            advisor = await knowledge.served.advisor_for(audience)
            hits = await _search(item, advisor, arguments.k, arguments.mode, settings.question_limit)
            milliseconds = round((perf_counter() - started) * 1000, 2)
            if console.json or arguments.batch is not None:
                console.data({"id": item.id, "hits": [_hit(hit) for hit in hits], "timing_ms": {"total": milliseconds}})
            else:
                _show(hits, console)
    return 1 if batch.failed else 0


async def _search(item: Item, advisor: Advisor, k: int, mode: Mode, limit: int) -> Sequence[Hit]:
    query = clean(item.question)[:limit]
    if item.context and mode == "hybrid":
        return await advisor.find(query, [clean(turn) for turn in item.context], k)
    return await advisor.search(query, k, mode)


def _hit(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "document": passage.document,
        "path": passage.path,
        "title": passage.title,
        "section": passage.section,
        "page": pages(passage.pages),
        "passage": passage.id,
        "text": passage.text,
    }


def _show(hits: Sequence[Hit], console: Console) -> None:
    if not hits:
        console.note(console.say("cli.search.nothing"))
    for hit in hits:
        text = " ".join(hit.passage.text.split())
        excerpt = text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"
        numbers = ", ".join(map(str, hit.passage.pages))
        console.line(
            f"{hit.rank:>3}. {hit.passage.title} > {hit.passage.section}" + (f" (s. {numbers})" * bool(numbers))
        )
        console.line(f"     {excerpt}")
