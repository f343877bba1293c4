"""Every loader, in the order in which they are asked whether a file is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.loaders.base import MAX_BYTES, Loader, choose
from ingest.loaders.changes import ChangesLoader
from ingest.loaders.glossary import GlossaryLoader
from ingest.loaders.markdown import MarkdownLoader
from ingest.loaders.relations import RelationsLoader
from ingest.loaders.survey import SurveyLoader
from ingest.loaders.text import TextLoader
from ingest.model import LoadedDocument

TEXT_LOADERS: tuple[Loader, ...] = (
    SurveyLoader(),
    GlossaryLoader(),
    ChangesLoader(),
    RelationsLoader(),
    MarkdownLoader(),
    TextLoader(),
)
"""What reads text; enough for the built-in library."""


def all_loaders() -> tuple[Loader, ...]:
    """The text loaders and the PDF loader."""
    from ingest.loaders.pdf import PdfLoader  # noqa: PLC0415 - pypdf is only needed in the process that parses

    return (PdfLoader(), *TEXT_LOADERS)


def load_file(path: Path, relative: str, loaders: Sequence[Loader], max_bytes: int = MAX_BYTES) -> LoadedDocument:
    """Choose the loader and read the file. Raises DocumentRejected."""
    return choose(path, loaders, max_bytes).load(path, relative)
