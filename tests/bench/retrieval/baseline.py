"""What a team would pick by default, with its libraries' own settings: LangChain's recipe, and BM25 by bm25s.

LangChain's FAISS store lives in the sunset `langchain-community`; what it does is done here with FAISS itself (a flat
index, exact) and LangChain's own splitter, documents and embeddings interface.
"""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import faiss
import numpy as np
import Stemmer
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from tests.bench.retrieval.corpora import Found
from tests.bench.retrieval.plain import Plain

CHUNK_SIZE, CHUNK_OVERLAP = 1000, 200
"""Characters, as LangChain's tutorials have them."""


def chunks(documents: Sequence[Plain]) -> list[Document]:
    """LangChain's documents, with the source and the first character of each piece."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP, add_start_index=True)
    return splitter.create_documents(
        [plain.text for plain in documents], [{"source": plain.path} for plain in documents]
    )


def as_found(pieces: Sequence[Document], documents: Sequence[Plain]) -> list[Found]:
    """The pieces as hits, with the pages that their documents know."""
    by_path = {plain.path: plain for plain in documents}
    found: list[Found] = []
    for piece in pieces:
        source = by_path[piece.metadata["source"]]
        pages = source.pages(piece.metadata["start_index"], piece.page_content)
        found.append(Found(source.document, piece.page_content, pages))
    return found


class VectorStore:
    """LangChain's default: every piece embedded, nearest by inner product of normalised vectors."""

    def __init__(self, pieces: Sequence[Document], found: Sequence[Found], embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._found = found
        rows = _normalised(embeddings.embed_documents([piece.page_content for piece in pieces]))
        self._index = faiss.IndexFlatIP(rows.shape[1])
        self._index.add(rows)

    def search(self, question: str, k: int) -> list[Found]:
        """The k nearest pieces."""
        _, rows = self._index.search(_normalised([self._embeddings.embed_query(question)]), k)
        return [self._found[row] for row in rows[0] if row >= 0]


class WordIndex:
    """BM25 of the library bm25s over the same pieces, with its Swedish stop words and Snowball's stems."""

    def __init__(self, pieces: Sequence[Document], found: Sequence[Found]) -> None:
        self._found = found
        self._stemmer = Stemmer.Stemmer("swedish")
        self._index = bm25s.BM25()
        self._index.index(self._tokens([piece.page_content for piece in pieces]), show_progress=False)

    def search(self, question: str, k: int) -> list[Found]:
        """The k best pieces; those that hold no word of the question are left out."""
        tokens = self._tokens([question])
        rows, scores = self._index.retrieve(tokens, k=min(k, len(self._found)), show_progress=False)
        return [self._found[row] for row, score in zip(rows[0], scores[0], strict=True) if score > 0]

    def _tokens(self, texts: Sequence[str]) -> bm25s.tokenization.Tokenized:
        return bm25s.tokenize(list(texts), stopwords="sv", stemmer=self._stemmer, show_progress=False)


def _normalised(rows: Sequence[Sequence[float]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    matrix = np.asarray(rows, dtype=np.float32)
    normalised: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = matrix / np.linalg.norm(
        matrix, axis=1, keepdims=True
    )
    return normalised
