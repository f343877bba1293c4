"""The data file of connections as a document: what helps against each challenge, and which rules touch it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.datafile import top_keys
from ingest.loaders.markdown import blocks_of
from ingest.model import Block, BlockKind, LoadedDocument
from knowledge.errors import LibraryInvalid
from knowledge.model import Asked, DocumentKind
from knowledge.relations import Challenge, load


class RelationsLoader:
    """Loader for a YAML file of challenges, regulations and initiatives."""

    name = "relations"
    suffixes = frozenset[str]()

    def sniff(self, head: bytes) -> bool:
        """A YAML mapping that says `relations:` at the top."""
        return "relations" in top_keys(head)

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected(FRONT_MATTER) naming the field that breaks the schema."""
        try:
            relations = load(path)
        except LibraryInvalid as error:
            raise DocumentRejected(Reason.FRONT_MATTER, str(error)) from error
        blocks: list[Block] = []
        for section in relations.sections:
            blocks += [Block(BlockKind.HEADING, section.heading, level=1), *blocks_of(section.text)]
        for challenge in relations.challenges:
            blocks += _challenge(challenge)
        if not blocks:
            raise DocumentRejected(Reason.EMPTY, "no challenges")
        return LoadedDocument(
            id=relations.document,
            title=relations.title,
            blocks=tuple(blocks),
            kind=DocumentKind.GUIDE,
            source=relations.source,
            as_of=relations.as_of,
            aliases=relations.aliases,
        )


def _challenge(challenge: Challenge) -> Sequence[Block]:
    """Two passages: the challenge with the initiatives that help, and the rules that touch it."""
    helps = " ".join((challenge.summary, challenge.risk, *(one.why for one in challenge.initiatives)))
    blocks = [
        Block(BlockKind.HEADING, f"{challenge.name}: vad som hjälper", level=1),
        Block(BlockKind.PARAGRAPH, helps, questions=tuple(map(Asked, (challenge.question, *challenge.answers)))),
    ]
    if challenge.regulations:
        blocks += [
            Block(BlockKind.HEADING, f"{challenge.name}: regler som berör", level=1),
            Block(BlockKind.PARAGRAPH, " ".join(one.why for one in challenge.regulations)),
        ]
    return blocks
