"""`make vectors`: the vectors that come with the program, from the index that the tests have of the built-in library.

Texts that the file has known before keep their rows to the byte; what is new there has just been embedded.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from knowledge.adapters import shipped_vectors
from knowledge.adapters.embedding_cache import Kind, key_of
from knowledge.adapters.embeddings import LOCAL_ENGINE
from knowledge.adapters.generation import GenerationStore
from knowledge.model import embedded_texts
from knowledge.ports import Vectors


@dataclass(frozen=True, slots=True)
class Text:
    """A text that an index holds a vector of."""

    kind: Kind
    text: str

    @property
    def key(self) -> bytes:
        """What its vector is kept under."""
        return key_of(LOCAL_ENGINE, self.kind, self.text)


def texts_of(index: Path) -> list[Text]:
    """The texts of an index, in the order of its vectors."""
    passages = list(GenerationStore(index).contents().passages)
    texts = embedded_texts(passages)
    return [Text("passage" if place < len(passages) else "question", text) for place, text in enumerate(texts)]


def rows_of(index: Path) -> dict[bytes, Vectors]:
    """The vectors of an index by key. Raises SystemExit where the local engine has not made them."""
    contents = GenerationStore(index).contents()
    if contents.vectors is None or contents.model != LOCAL_ENGINE:
        raise SystemExit(f"the index in {index} has no vectors of {LOCAL_ENGINE}")
    return {text.key: row for text, row in zip(texts_of(index), contents.vectors, strict=True)}


def main() -> int:
    """Write the file from the index of the data folder that is given."""
    found = rows_of(Path(sys.argv[1]) / "index")
    shipped_vectors.write(shipped_vectors.FILE, found)
    print(f"{len(found)} vectors: {shipped_vectors.FILE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
