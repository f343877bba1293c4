"""The built-in library as its readers get it: every file through the project's own loaders, cut into passages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.knowledge_base import LIBRARY
from ingest.loaders.registry import TEXT_LOADERS, load_file
from ingest.model import LoadedDocument
from ingest.passages import cut
from knowledge.model import Origin, Passage

SHARED = Path(__file__).parents[3].parent / "shared"
"""Where the report's own text and the facts lie during development; the project itself does not contain them."""


@cache
def documents() -> Mapping[str, LoadedDocument]:
    """Every file of the library by its path below the library's folder."""
    files = sorted(path for path in LIBRARY.rglob("*") if path.suffix in (".md", ".yaml"))
    return {
        path.relative_to(LIBRARY).as_posix(): load_file(path, path.relative_to(LIBRARY).as_posix(), TEXT_LOADERS)
        for path in files
    }


@cache
def passages() -> tuple[Passage, ...]:
    """All passages of the library."""
    return tuple(
        passage for path, document in documents().items() for passage in cut(document, path=path, origin=Origin.LIBRARY)
    )
