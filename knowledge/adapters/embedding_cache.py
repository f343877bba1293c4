"""Vectors kept by content, so that nothing is embedded twice: not after an interrupted ingest, nor when a document that
was taken out comes back.

A SQLite file beside the index. It holds no text: the key is a SHA-256 of model, kind and text. What it loses costs time
and nothing else, so whatever goes wrong with it is logged, and it begins anew or does without.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Literal, TypeVar

import numpy as np

from knowledge.adapters.shipped_vectors import ShippedVectors
from knowledge.ports import Embedder, Vectors

FILE = "embeddings.sqlite3"
MOST = 2**30
"""Bytes of the file; room for half a million vectors of 384 numbers. The ones used longest ago go first."""

Kind = Literal["passage", "question"]
_Result = TypeVar("_Result")
_VERSION = 1
_CHECK = 8
_SCHEMA = "CREATE TABLE vectors (key BLOB PRIMARY KEY, used INTEGER NOT NULL, value BLOB NOT NULL)"
_log = logging.getLogger(__name__)


class VectorCache:
    """The file. Every method may block, none raises: without a file that can be used, nothing is known or kept."""

    def __init__(self, path: Path, most: int = MOST) -> None:
        self._path = path
        self._most = most
        self._lock = Lock()
        self._run = 1
        self._touched: set[bytes] = set()
        self._database: sqlite3.Connection | None = None
        try:
            self._open()
        except (sqlite3.Error, OSError) as error:
            self._begin_anew(error)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """The vectors that are known; one whose bytes have changed is not."""
        marks = ", ".join("?" * len(keys))
        query = f"SELECT key, value FROM vectors WHERE key IN ({marks})"  # noqa: S608 - as many marks as keys
        found = self._attempt(lambda database: database.execute(query, keys).fetchall()) or []
        rows: dict[bytes, Vectors] = {}
        for key, value in found:
            content, check = value[:-_CHECK], value[-_CHECK:]
            if content and len(content) % 4 == 0 and check == _check(key, content):
                rows[key] = np.frombuffer(content, dtype="<f4").astype(np.float32)
        self._touched.update(rows)
        return rows

    def put(self, rows: Mapping[bytes, Vectors]) -> None:
        """Keep these vectors."""
        contents = {key: row.astype("<f4").tobytes() for key, row in rows.items()}
        values = [(key, self._run, content + _check(key, content)) for key, content in contents.items()]

        def insert(database: sqlite3.Connection) -> None:
            with database:
                database.executemany("INSERT OR REPLACE INTO vectors (key, used, value) VALUES (?, ?, ?)", values)
                if _size(database) > self._most:
                    tenth = _number(database, "SELECT count(*) FROM vectors") // 10 + 1
                    oldest = "SELECT rowid FROM vectors ORDER BY used, rowid LIMIT ?"
                    database.execute(f"DELETE FROM vectors WHERE rowid IN ({oldest})", (tenth,))  # noqa: S608 - fixed

        self._attempt(insert)

    def close(self) -> None:
        """Note what was of use, and let go of the file."""
        used = [(self._run, key) for key in self._touched]

        def touch(database: sqlite3.Connection) -> None:
            with database:
                database.executemany("UPDATE vectors SET used = ? WHERE key = ?", used)

        self._attempt(touch)
        with self._lock:
            self._let_go()

    def _attempt(self, act: Callable[[sqlite3.Connection], _Result]) -> _Result | None:
        with self._lock:
            if self._database is None:
                return None
            try:
                return act(self._database)
            except (sqlite3.Error, OSError) as error:
                self._begin_anew(error)
                return None

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(self._path, check_same_thread=False)
        # A crash of the machine may lose the newest vectors; waiting for the disk at every batch is not worth them.
        self._database.execute("PRAGMA synchronous = NORMAL")
        if _number(self._database, "PRAGMA user_version") != _VERSION:
            with self._database:
                self._database.execute("DROP TABLE IF EXISTS vectors")
                self._database.execute(_SCHEMA)
                self._database.execute(f"PRAGMA user_version = {_VERSION}")
        self._run = _number(self._database, "SELECT coalesce(max(used), 0) + 1 FROM vectors")

    def _begin_anew(self, error: Exception) -> None:
        _log.warning("the store of computed vectors %s is of no use and begins anew: %s", self._path, error)
        self._let_go()
        try:
            self._path.unlink(missing_ok=True)
            self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
            self._open()
        except (sqlite3.Error, OSError) as again:
            _log.warning("vectors are not kept: %s", again)
            self._let_go()

    def _let_go(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


class CachedEmbedder:
    """Implements `knowledge.ports.Embedder`: what the cache knows is not embedded again.

    Passages and their questions only: what people ask is never stored. `shipped` is what else is known. `computed` is
    how many texts the engine was given.
    """

    def __init__(self, embedder: Embedder, cache: VectorCache, shipped: ShippedVectors | None = None) -> None:
        self._embedder = embedder
        self._cache = cache
        self._shipped = shipped
        self.computed = 0

    @property
    def model(self) -> str:
        """The engine's own."""
        return self._embedder.model

    async def embed_query(self, text: str) -> Vectors:
        """One row, from the engine. Raises EmbeddingFailed."""
        return await self._embedder.embed_query(text)

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order. Raises EmbeddingFailed."""
        return await self._embedded("passage", texts, self._embedder.embed_passages)

    async def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order. Raises EmbeddingFailed."""
        return await self._embedded("question", texts, self._embedder.embed_questions)

    async def _embedded(
        self, kind: Kind, texts: Sequence[str], embed: Callable[[Sequence[str]], Awaitable[Vectors]]
    ) -> Vectors:
        if not texts:
            return await embed(texts)
        keys = {text: key_of(self.model, kind, text) for text in texts}
        rows = await asyncio.to_thread(self._known, list(keys.values()))
        missing = [text for text, key in keys.items() if key not in rows]
        if missing:
            fresh = {keys[text]: row for text, row in zip(missing, await embed(missing), strict=True)}
            self.computed += len(missing)
            await asyncio.to_thread(self._cache.put, fresh)
            rows.update(fresh)
        return np.stack([rows[keys[text]] for text in texts])

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        rows = self._cache.get(keys)
        if self._shipped is not None:
            rows |= self._shipped.get(self.model, [key for key in keys if key not in rows])
        return rows


def key_of(model: str, kind: Kind, text: str) -> bytes:
    """What a vector is kept under."""
    # No model has a nought in its name, so no two different triples are one.
    return hashlib.sha256(f"{model}\0{kind}\0{text}".encode("utf-8", "surrogatepass")).digest()


def _check(key: bytes, content: bytes) -> bytes:
    return hashlib.sha256(key + content).digest()[:_CHECK]


def _number(database: sqlite3.Connection, query: str) -> int:
    return int(database.execute(query).fetchone()[0])


def _size(database: sqlite3.Connection) -> int:
    """Bytes in use; what was freed is used again before the file grows."""
    used = _number(database, "PRAGMA page_count") - _number(database, "PRAGMA freelist_count")
    return used * _number(database, "PRAGMA page_size")
