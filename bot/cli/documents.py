"""`fyren documents`: what is in the knowledge base, and taking something out; the states of it are `publications`."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from bot.access.audit import Action
from bot.cli import document_facts, publications
from bot.cli.author import author_of
from bot.cli.console import Console
from bot.cli.progress import ingest_progress
from bot.cli.recorded import record
from bot.cli.table import table
from bot.cli.terminal import pages
from bot.knowledge_base import open_library, open_store
from bot.settings import Settings
from ingest.pipeline import remove
from knowledge.adapters.generation import Contents, GenerationStore
from knowledge.model import Document, Origin, Passage

RECORDED: Final = {
    "rollback": Action.DOCUMENTS_UNDONE,
    "publish": Action.DOCUMENTS_PUBLISHED,
    "discard": Action.DOCUMENTS_DISCARDED,
    "remove": Action.DOCUMENTS_REMOVED,
    "set": Action.DOCUMENTS_FACTS_CHANGED,
}
"""Actions that change something, as the audit log calls them."""


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """One of the actions; each says what it did. What is listed is what questions are answered from."""
    store = open_store(settings)
    if arguments.action in publications.ACTIONS:
        publications.run(arguments, store, settings, console)
        _record(arguments, store, settings)
        return 0
    match arguments.action:
        case "list":
            contents = _contents(store, settings, console)
            if arguments.overdue:
                document_facts.tell_overdue(contents.documents, console)
            else:
                _list(contents, console)
        case "show":
            _show(_contents(store, settings, console), arguments.document, console)
        case "remove":
            _remove(store, arguments, console)
        case "set":
            documents = _own(store, arguments.document, console, "publication.set.builtin")
            document_facts.change(store, documents, arguments, console)
    _record(arguments, store, settings)
    return 0


def _record(arguments: argparse.Namespace, store: GenerationStore, settings: Settings) -> None:
    if action := RECORDED.get(arguments.action):
        record(settings, action, getattr(arguments, "draft", None) or store.current() or "")


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


def _remove(store: GenerationStore, arguments: argparse.Namespace, console: Console) -> None:
    wanted: str = arguments.document
    own = _own(store, wanted, console, "cli.documents.builtin")
    going = remove(
        [document.path for document in own],
        store=store,
        author=author_of(arguments.author),
        note=arguments.note,
        at_once=arguments.at_once,
    )
    report = asyncio.run(going)
    if console.json:
        paths = [{"path": outcome.path, "status": outcome.status.value} for outcome in report.outcomes]
        console.data({"generation": report.generation, "documents": paths, "passages": report.passages})
    else:
        console.line(console.say("cli.documents.removed", document=wanted, files=len(own)))


def _own(store: GenerationStore, wanted: str, console: Console, otherwise: str) -> list[Document]:
    """The files of a document that can be changed: not those of the library."""
    own = [document for document in _found(store.contents(), wanted, console) if document.origin is Origin.INGESTED]
    if not own:
        raise console.fail(otherwise, document=wanted)
    return own


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
        "owner": document.owner,
        **document_facts.facts(document),
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
