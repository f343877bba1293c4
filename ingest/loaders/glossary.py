"""The glossary data file as a document: one definition block a term."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.datafile import top_keys
from ingest.model import Block, BlockKind, LoadedDocument
from knowledge.errors import LibraryInvalid
from knowledge.glossary import load


class GlossaryLoader:
    """Loader for a YAML file with terms and their definitions."""

    name = "glossary"
    suffixes = frozenset[str]()

    def sniff(self, head: bytes) -> bool:
        """A YAML mapping with `terms:` at the top."""
        return "terms" in top_keys(head)

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected(FRONT_MATTER) naming the field that breaks the schema."""
        try:
            glossary = load(path)
        except LibraryInvalid as error:
            raise DocumentRejected(Reason.FRONT_MATTER, str(error)) from error
        if not glossary.terms:
            raise DocumentRejected(Reason.EMPTY, "no terms")
        blocks: list[Block] = []
        for term in glossary.terms:
            blocks += [
                Block(BlockKind.HEADING, term.heading, level=1),
                Block(BlockKind.DEFINITION, term.text),
            ]
        return LoadedDocument(
            id=glossary.document,
            title=glossary.title,
            blocks=tuple(blocks),
            kind=glossary.kind,
            source=glossary.source,
            as_of=glossary.as_of,
        )
