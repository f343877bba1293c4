"""`fyren documents set` and `list --overdue`: until when documents are valid, and who is to look them over."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.cli.author import author_of
from bot.cli.console import Console
from bot.cli.documents_parser import NONE
from bot.cli.table import table
from ingest.pipeline import revise
from knowledge.adapters.generation import GenerationStore
from knowledge.model import Document
from knowledge.validity import overdue, swedish_day

FACTS = ("valid_from", "valid_until", "review_by", "responsible")


def facts(document: Document) -> dict[str, str | None]:
    """The facts by their names."""
    return {name: getattr(document, name) for name in FACTS}


def change(
    store: GenerationStore, documents: Sequence[Document], arguments: argparse.Namespace, console: Console
) -> None:
    """Publish these files with other facts; what is not given stays."""
    given = {name: value for name in FACTS if (value := getattr(arguments, name)) is not None}
    if not given:
        raise console.fail("publication.set.nothing")

    def with_facts(document: Document) -> Document:
        wanted = facts(document) | {name: None if value == NONE else value for name, value in given.items()}
        return replace(
            document,
            valid_from=wanted["valid_from"],
            valid_until=wanted["valid_until"],
            review_by=wanted["review_by"],
            responsible=wanted["responsible"],
        )

    changed = [with_facts(document) for document in documents]
    for document in changed:
        if document.valid_from and document.valid_until and document.valid_until < document.valid_from:
            raise console.fail("publication.set.backwards")
    report = asyncio.run(
        revise(
            [document.path for document in documents],
            with_facts,
            store=store,
            author=author_of(arguments.author),
            note=arguments.note,
        )
    )
    if console.json:
        rows = [{"document": document.id, "path": document.path, **facts(document)} for document in changed]
        console.data({"generation": report.generation, "documents": rows})
    else:
        console.line(console.say("publication.set.done", document=arguments.document, files=len(report.outcomes)))


def tell_overdue(documents: Sequence[Document], console: Console) -> None:
    """Documents that should have been looked over, or are not in force any more, the longest first."""
    found = overdue(documents, swedish_day())
    if console.json:
        rows = [
            {"document": each.id, "path": each.path, "title": each.title, "owner": each.owner, **facts(each)}
            for each in found
        ]
        console.data({"documents": rows})
        return
    if not found:
        console.note(console.say("publication.overdue.none"))
        return
    names = ("document", "title", "responsible", "review_by", "valid_until")
    rows_told = [
        (each.id, each.title, each.responsible or "", each.review_by or "", each.valid_until or "") for each in found
    ]
    for line in table([console.say(f"publication.overdue.head.{name}") for name in names], rows_told):
        console.line(line)
