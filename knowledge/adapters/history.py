"""Every publication there has been, also after its files are gone: an append-only file of checksummed lines.

    <root>/history.jsonl    a line: SHA-256 of the rest of the line, a space, a JSON object

A line is forced to disk before the publication is reported. What a crash or a fault left half written is passed over
and logged; it never hides the lines after it.
"""

from __future__ import annotations

import hashlib
import logging
import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.adapters.manifest import DifferenceCounts, Manifest, sync

FILE = "history.jsonl"

_log = logging.getLogger(__name__)


class Action(StrEnum):
    """How a generation came to be the published one."""

    PUBLISHED = "published"
    ROLLED_BACK = "rolled_back"
    REWRITTEN = "rewritten"


class Publication(BaseModel):
    """One line: that a generation took the place of `replaced` (None: of nothing), by whom and why.

    `author` is who published; `written_by` is who wrote what was published, where that is told.
    """

    model_config = ConfigDict(frozen=True)

    generation: str
    replaced: str | None
    at: datetime
    action: Action
    author: str = ""
    written_by: str = ""
    note: str = ""
    documents: int = 0
    passages: int = 0
    difference: DifferenceCounts | None = None


def publication_of(
    manifest: Manifest, replaced: str | None, at: datetime, action: Action, author: str = "", note: str = ""
) -> Publication:
    """The line for a generation that is published now; a note of its own goes before the generation's."""
    return Publication(
        generation=manifest.generation,
        replaced=replaced,
        at=at,
        action=action,
        author=author or manifest.author,
        written_by=manifest.author,
        note=note or manifest.note,
        documents=manifest.documents,
        passages=manifest.passages,
        difference=manifest.difference,
    )


class History:
    """The file. Its methods may block."""

    def __init__(self, root: Path) -> None:
        self._path = root / FILE

    def read(self) -> tuple[Publication, ...]:
        """All publications, oldest first; empty where the file does not exist. Raises OSError."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        found = []
        for number, line in enumerate(content.split(b"\n"), start=1):
            publication = _parsed(line)
            if publication is not None:
                found.append(publication)
            elif line:
                _log.warning("line %d of %s is not readable and is passed over", number, FILE)
        return tuple(found)

    def append(self, publication: Publication) -> None:
        """Add a line and force it to disk. Raises OSError."""
        content = publication.model_dump_json().encode()
        line = hashlib.sha256(content).hexdigest().encode() + b" " + content + b"\n"
        descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line  # a crash left half a line; this one must not become its end
            while line:
                line = line[os.write(descriptor, line) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if not size:
            sync(self._path.parent)


def replaced_at(history: tuple[Publication, ...]) -> dict[str, datetime]:
    """When each generation was last replaced by another."""
    found = {}
    for publication in history:
        if publication.replaced is not None:
            found[publication.replaced] = publication.at
        found.pop(publication.generation, None)
    return found


def _parsed(line: bytes) -> Publication | None:
    checksum, _, content = line.partition(b" ")
    if hashlib.sha256(content).hexdigest().encode() != checksum:
        return None
    try:
        return Publication.model_validate_json(content)
    except ValidationError:
        return None
