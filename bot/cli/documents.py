"""`fyren documents`: what is in the knowledge base, taking something out, and going back to an earlier publication."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.cli.console import Console
from bot.cli.progress import ingest_progress
from bot.cli.table import table
from bot.cli.terminal import pages
from bot.knowledge_base import open_library, open_store
from bot.settings import Settings
from ingest.pipeline import remove
from knowledge.adapters.generation import Contents, GenerationStore
from knowledge.model import Document, Origin, Passage


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """One of the actions; each says what it did. What is listed is what questions are answered from."""
    store = open_store(settings)
    match arguments.action:
        case "list":
            _list(_contents(store, settings, console), console)
        case "show":
            _show(_contents(store, settings, console), arguments.document, console)
        case "remove":
            _remove(store, arguments.document, console)
        case "history":
            _history(store, console)
        case "rollback":
            _rollback(store, arguments.generation, console)
    return 0


def _contents(store: GenerationStore, settings: Settings, console: Console) -> Contents:
    with ingest_progress(console) as progress:
        asyncio.run(open_library(settings, progress))
    return store.contents()


def _list(contents: Contents, console: Console) -> None:
    counts = {(document.origin, document.path): len(passages) for document, passages, _ in contents.files()}
    if console.json:
        rows = [_document(document, counts[document.origin, document.path]) for document in contents.documents]
        console.data({"generation": contents.generation, "documents": rows})
        return
    if not contents.documents:
        console.note(console.say("cli.documents.none"))
        return
    files: dict[tuple[str, Origin], list[Document]] = {}
    for document in contents.documents:
        files.setdefault((document.id, document.origin), []).append(document)
    names = ("document", "title", "kind", "origin", "files", "passages")
    lines = [
        (
            identifier,
            parts[0].title,
            parts[0].kind.value,
            origin.value,
            len(parts),
            sum(counts[part.origin, part.path] for part in parts),
        )
        for (identifier, origin), parts in sorted(files.items())
    ]
    _table(names, lines, console)


def _show(contents: Contents, wanted: str, console: Console) -> None:
    documents = _found(contents, wanted, console)
    paths = {(document.origin, document.path) for document in documents}
    passages = [
        passage for document, own, _ in contents.files() if (document.origin, document.path) in paths for passage in own
    ]
    if console.json:
        counts = Counter((passage.origin, passage.path) for passage in passages)
        console.data(
            {
                "generation": contents.generation,
                "documents": [_document(each, counts[each.origin, each.path]) for each in documents],
                "passages": [_passage(passage) for passage in passages],
            }
        )
        return
    for document in documents:
        console.line(f"{document.title}  [{document.id}, {document.path}]")
        for passage in passages:
            if (passage.origin, passage.path) == (document.origin, document.path):
                numbers = ", ".join(map(str, passage.pages))
                console.line(f"  {passage.section}" + (f" (s. {numbers})" if numbers else ""))


def _remove(store: GenerationStore, wanted: str, console: Console) -> None:
    documents = _found(store.contents(), wanted, console)
    own = [document for document in documents if document.origin is Origin.INGESTED]
    if not own:
        raise console.fail("cli.documents.builtin", document=wanted)
    report = asyncio.run(remove([document.path for document in own], store=store))
    if console.json:
        paths = [{"path": outcome.path, "status": outcome.status.value} for outcome in report.outcomes]
        console.data({"generation": report.generation, "documents": paths, "passages": report.passages})
    else:
        console.line(console.say("cli.documents.removed", document=wanted, files=len(own)))


def _history(store: GenerationStore, console: Console) -> None:
    current = store.current()
    manifests = [store.manifest(generation) for generation in reversed(store.generations())]
    if console.json:
        kept = {"generation", "created", "note", "model", "documents", "passages"}
        rows = [
            each.model_dump(mode="json", include=kept) | {"published": each.generation == current} for each in manifests
        ]
        console.data({"generation": current, "generations": rows})
        return
    names = ("generation", "created", "passages", "note", "published")
    lines = [
        (
            each.generation,
            f"{each.created:%Y-%m-%d %H:%M}",
            each.passages,
            each.note,
            console.say("cli.documents.yes") if each.generation == current else "",
        )
        for each in manifests
    ]
    _table(names, lines, console)


def _rollback(store: GenerationStore, wanted: str | None, console: Console) -> None:
    known = store.generations()
    if wanted is None:
        current = store.current()
        earlier = [generation for generation in known if current is not None and generation < current]
        if not earlier:
            raise console.fail("cli.documents.no_earlier")
        wanted = earlier[-1]
    elif wanted not in known:
        raise console.fail("cli.documents.unknown_generation", generation=wanted)
    store.publish(wanted)
    if console.json:
        console.data({"generation": wanted})
    else:
        console.line(console.say("cli.documents.rolled_back", generation=wanted))


def _found(contents: Contents, wanted: str, console: Console) -> list[Document]:
    """Every file of a document id, or the one file with this path."""
    found = [document for document in contents.documents if wanted in (document.id, document.path)]
    if not found:
        raise console.fail("cli.documents.unknown", document=wanted)
    return found


def _document(document: Document, passages: int) -> dict[str, Any]:
    return {
        "document": document.id,
        "path": document.path,
        "title": document.title,
        "kind": document.kind.value,
        "origin": document.origin.value,
        "source": document.source,
        "as_of": document.as_of,
        "url": document.url,
        "passages": passages,
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "passage": passage.id,
        "path": passage.path,
        "section": passage.section,
        "page": pages(passage.pages),
        "kind": passage.kind.value,
        "text": passage.text,
    }


def _table(names: Sequence[str], rows: Sequence[Sequence[object]], console: Console) -> None:
    for line in table([console.say(f"cli.documents.head.{name}") for name in names], rows):
        console.line(line)
