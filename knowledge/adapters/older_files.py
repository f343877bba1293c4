"""The files of generations up to format 2: read for the last time, when they are written anew."""

from __future__ import annotations

from pathlib import Path

import faiss
from pydantic import TypeAdapter

from knowledge.adapters.contents import Contents, contents_of
from knowledge.adapters.manifest import Manifest, damaged, verify
from knowledge.model import Document, Passage, embedded_texts

LAST = 2
"""The last format that had these files."""

_DOCUMENTS = TypeAdapter(tuple[Document, ...])
_PASSAGES = TypeAdapter(tuple[Passage, ...])
_VECTORS = "vectors.faiss"


def read_contents(directory: Path, manifest: Manifest) -> Contents:
    """What a generation was made of. Raises IndexDamaged."""
    verify(directory, manifest, ("documents.json", "passages.json"))
    with damaged(manifest.generation):
        documents = _DOCUMENTS.validate_json((directory / "documents.json").read_bytes())
        passages = _PASSAGES.validate_json((directory / "passages.json").read_bytes())
        vectors = None
        if _VECTORS in manifest.files:
            index = faiss.read_index(str(directory / _VECTORS))
            vectors = index.reconstruct_n(0, index.ntotal)
            if len(vectors) != len(embedded_texts(passages)):
                raise ValueError(f"{len(vectors)} vectors for {len(embedded_texts(passages))} texts")
        return contents_of(manifest.generation, manifest.model, documents, passages, vectors)
