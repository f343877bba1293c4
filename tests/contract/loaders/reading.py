"""What tests of loaders do again and again: read a file, catch why it is refused, pick blocks of a kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import DocumentRejected
from ingest.loaders.registry import all_loaders, load_file
from ingest.model import Block, BlockKind, LoadedDocument


def read(path: Path) -> LoadedDocument:
    """Choose the loader and load."""
    return load_file(path, path.name, all_loaders())


def rejection(path: Path) -> DocumentRejected:
    """Why a file is refused."""
    with pytest.raises(DocumentRejected) as caught:
        read(path)
    return caught.value


def of_kind(document: LoadedDocument, kind: BlockKind) -> list[Block]:
    """The blocks of one kind."""
    return [block for block in document.blocks if block.kind is kind]


def texts(document: LoadedDocument, kind: BlockKind) -> list[str]:
    """The texts of the blocks of one kind."""
    return [block.text for block in document.blocks if block.kind is kind]


def whole(document: LoadedDocument) -> str:
    """All the text of a document."""
    return "\n".join(block.text for block in document.blocks)
