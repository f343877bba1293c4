"""The survey data file as a document: one figure block an item, rendered by `knowledge.survey.wording`."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import slug
from ingest.loaders.datafile import top_keys
from ingest.model import Block, BlockKind, LoadedDocument
from knowledge.errors import LibraryInvalid
from knowledge.model import Asked, DocumentKind
from knowledge.survey.loading import load
from knowledge.survey.wording import text


class SurveyLoader:
    """Loader for a YAML file with the survey's items."""

    name = "survey"
    suffixes = frozenset[str]()

    def sniff(self, head: bytes) -> bool:
        """A YAML mapping that says `survey:` at the top."""
        return "survey" in top_keys(head)

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected(FRONT_MATTER) naming the field that breaks the schema."""
        try:
            survey = load(path)
        except LibraryInvalid as error:
            raise DocumentRejected(Reason.FRONT_MATTER, str(error)) from error
        blocks: list[Block] = []
        for item in survey.items:
            blocks += [
                Block(BlockKind.HEADING, item.section, level=1, pages=item.pages),
                Block(BlockKind.HEADING, item.topic, level=2, pages=item.pages),
            ]
            if item.figure_label:
                blocks.append(Block(BlockKind.HEADING, item.figure_label, level=3, pages=item.pages))
            blocks.append(
                Block(
                    BlockKind.FIGURE,
                    text(item),
                    pages=item.pages,
                    notes=item.errors,
                    figure=item.figure,
                    questions=tuple(map(Asked, item.answers)),
                )
            )
        if not blocks:
            raise DocumentRejected(Reason.EMPTY, "no items")
        return LoadedDocument(
            id=survey.document or slug(relative),
            title=survey.title,
            blocks=tuple(blocks),
            kind=DocumentKind.REPORT,
            source=survey.source,
            as_of=survey.as_of,
            aliases=survey.aliases,
        )
