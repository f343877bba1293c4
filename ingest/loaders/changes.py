"""The data file of what has changed since the report, as a document: one block a change, both sentences in it."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.datafile import top_keys
from ingest.model import Block, BlockKind, LoadedDocument
from knowledge.changes import load
from knowledge.errors import LibraryInvalid
from knowledge.model import Asked, Change, DocumentKind


class ChangesLoader:
    """Loader for a YAML file of what the report said and what holds now."""

    name = "changes"
    suffixes = frozenset[str]()

    def sniff(self, head: bytes) -> bool:
        """A YAML mapping that says `changes:` at the top."""
        return "changes" in top_keys(head)

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected(FRONT_MATTER) naming the field that breaks the schema."""
        try:
            changes = load(path)
        except LibraryInvalid as error:
            raise DocumentRejected(Reason.FRONT_MATTER, str(error)) from error
        blocks: list[Block] = []
        for fact in changes.facts:
            change = Change(names=fact.names, pages=fact.pages, document=fact.document)
            blocks += [
                Block(BlockKind.HEADING, fact.topic, level=1),
                Block(BlockKind.DEFINITION, fact.text, change=change, questions=tuple(map(Asked, fact.answers))),
            ]
        if not blocks:
            raise DocumentRejected(Reason.EMPTY, "no changes")
        return LoadedDocument(
            id=changes.document,
            title=changes.title,
            blocks=tuple(blocks),
            kind=DocumentKind.GUIDE,
            source=changes.source,
            as_of=changes.as_of,
            aliases=changes.aliases,
        )
