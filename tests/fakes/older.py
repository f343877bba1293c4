"""A generation as versions of the program up to format 2 wrote it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import faiss
from pydantic import TypeAdapter

from knowledge.model import Document, Passage
from knowledge.ports import Vectors

GENERATION = "20261001T000000000000-abcdef"


def publish_older(
    root: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    vectors: Vectors | None,
    model: str | None,
    *,
    leave_out: Sequence[str] = (),
) -> Path:
    """Write and publish it; its folder. `leave_out` are fields of figures that came later."""
    directory = root / "generations" / GENERATION
    directory.mkdir(parents=True)
    listed = json.loads(TypeAdapter(tuple[Passage, ...]).dump_json(tuple(passages)))
    for each in listed:
        del each["weight"]  # these versions knew none
    for figure in (each["figure"] for each in listed if each["figure"]):
        for name in leave_out:
            del figure[name]
    (directory / "passages.json").write_text(json.dumps(listed), encoding="utf-8")
    (directory / "documents.json").write_bytes(TypeAdapter(tuple[Document, ...]).dump_json(tuple(documents)))
    for name in ("words.json", "terms.json", "lexical.npz"):
        (directory / name).write_bytes(b"of no interest to later versions")
    if vectors is not None:
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(directory / "vectors.faiss"))
    manifest = {
        "generation": GENERATION,
        "format": 2,
        "created": "2026-10-01T00:00:00Z",
        "note": "added 1",
        "model": model,
        "documents": len(documents),
        "passages": len(passages),
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.iterdir()},
    }
    content = json.dumps(manifest, indent=1).encode()
    (directory / "manifest.json").write_bytes(content)
    (root / "current").write_text(f"{GENERATION} {hashlib.sha256(content).hexdigest()}", encoding="ascii")
    return directory
