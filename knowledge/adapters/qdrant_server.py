"""Qdrant as a search server: a collection of passages and one of questions for each generation.

A passage's vector is dense, and what its terms count is a sparse vector under the terms' numbers; the inner product
with what the question's terms weigh is BM25 as the files have it. Every search passes through a filter on the owner,
which Qdrant's own graph of neighbours takes into account.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from qdrant_client import QdrantClient, models

from knowledge.adapters.qdrant_points import (
    LOADING,
    TEXT,
    TIMEOUT,
    WORDS,
    passage_point,
    passing,
    question_point,
    translated,
)
from knowledge.adapters.search_server import Gain
from knowledge.adapters.server_retries import retries
from knowledge.adapters.server_rows import Held, ServerRows
from knowledge.ports import Vectors

_LINKS, _CANDIDATES, _BREADTH = 24, 128, 512
"""HNSW's `m`, `ef_construct` and `hnsw_ef`: more than the usual, for at least 99 of 100 of the true neighbours."""
_SPARE = 50
"""Found beyond those wanted, so that among equal ones those that come first in the texts are kept."""
_DIGITS = 6
"""Of a score that mean anything: sums of float32 come out differently with the order in which they are made."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spread:
    """Over how many shards a collection lies, and how many replicas each has; as the cluster's nodes allow."""

    shards: int = 1
    replicas: int = 1


class QdrantServer:
    """Implements `knowledge.adapters.search_server.SearchServer`.

    Several installations may share a server, each under a prefix of its own.
    """

    def __init__(
        self,
        client: QdrantClient,
        prefix: str = "fyren",
        spread: Spread = Spread(),
        loading: QdrantClient | None = None,
    ) -> None:
        """`loading` is the client for what nobody waits for, with more patience; by default the same one."""
        self._client = client
        self._loading = loading or client
        self._prefix = f"{prefix}-"
        self._spread = spread
        for each in {self._client, self._loading}:
            weakref.finalize(self, each.close)

    def hold(self, rows: ServerRows) -> None:
        """Take a generation in, block by block. Raises IndexUnavailable."""
        held = rows.held
        if self.holds(held):
            return
        mark = self._marks(rows.generation)
        if any(each.get("checksum") != rows.held.checksum or each.get("whole") for each in mark):
            self.drop(rows.generation)  # another content, or whole by its mark and yet not all there
        self._make(rows)
        texts = self._passages(rows.generation)
        for block in rows.passage_blocks(self._count(texts)):
            self._put(texts, [passage_point(row) for row in block])
        asked = self._questions(rows.generation)
        for questions in rows.question_blocks(self._count(asked)):
            self._put(asked, [question_point(row) for row in questions])
        whole = {"checksum": rows.held.checksum, "whole": True}
        for name in (asked, texts):
            self._run(partial(self._loading.update_collection, name, metadata=whole))

    def holds(self, held: Held) -> bool:
        """Whether exactly this generation is held. Raises IndexUnavailable."""
        marks = self._marks(held.generation)
        if marks != [{"checksum": held.checksum, "whole": True}] * 2:
            return False
        counts = self._count(self._passages(held.generation)), self._count(self._questions(held.generation))
        return counts == (held.passages, held.questions)

    def names(self) -> Sequence[str]:
        """The generations that are held. Raises IndexUnavailable."""
        known = [each.name.removeprefix(self._prefix) for each in self._collections() if self._is_ours(each.name)]
        return sorted({name.rpartition(".")[0] for name in known})

    def drop(self, generation: str) -> None:
        """Forget a generation. Raises IndexUnavailable."""
        there = {each.name for each in self._collections()}
        for name in {self._passages(generation), self._questions(generation)} & there:
            self._run(partial(self._loading.delete_collection, name, timeout=LOADING))

    def words(self, generation: str, gains: Sequence[Gain], owners: Collection[str], k: int) -> list[tuple[int, float]]:
        """The k passages with the highest sums. Raises IndexUnavailable."""
        query = models.SparseVector(indices=[each.number for each in gains], values=[each.weight for each in gains])
        found = self._search(self._passages(generation), query, WORDS, owners, k)
        return _first([(int(each.id), each.score) for each in found if each.score > 0], k)

    def texts(self, generation: str, vector: Vectors, owners: Collection[str], k: int) -> list[tuple[int, float]]:
        """The k passages whose texts are nearest. Raises IndexUnavailable."""
        found = self._search(self._passages(generation), vector.tolist(), TEXT, owners, k)
        return _first([(int(each.id), each.score) for each in found], k)

    def questions(
        self, generation: str, vector: Vectors, owners: Collection[str], k: int
    ) -> list[tuple[int, int, float]]:
        """The k nearest questions. Raises IndexUnavailable."""
        fields = ["position", "which"]
        found = self._search(self._questions(generation), vector.tolist(), TEXT, owners, k, fields)
        whose = {int(each.id): each.payload or {} for each in found}
        nearest = _first([(int(each.id), each.score) for each in found], k)
        return [(whose[number]["position"], whose[number]["which"], near) for number, near in nearest]

    def check(self) -> None:
        """Raises IndexUnavailable where it does not answer."""
        self._collections()

    def close(self) -> None:
        """Close the connections."""
        for each in {self._client, self._loading}:
            each.close()

    def _search(
        self,
        collection: str,
        query: models.SparseVector | list[float],
        using: str,
        owners: Collection[str],
        k: int,
        fields: list[str] | None = None,
    ) -> list[models.ScoredPoint]:
        condition = models.FieldCondition(key="owner", match=models.MatchAny(any=list(owners)))
        found = self._run(
            partial(
                self._client.query_points,
                collection,
                query=query,
                using=using,
                query_filter=models.Filter(must=[condition]),
                search_params=models.SearchParams(hnsw_ef=max(_BREADTH, k + _SPARE)),
                limit=k + _SPARE,
                with_payload=fields or False,
                timeout=TIMEOUT,
            )
        )
        return found.points

    def _make(self, rows: ServerRows) -> None:
        """Empty collections, or those that an earlier attempt at the same content has left."""
        there = {each.name for each in self._collections()}
        dense = (
            {TEXT: models.VectorParams(size=rows.held.width, distance=models.Distance.DOT)} if rows.held.width else {}
        )
        sparse = {WORDS: models.SparseVectorParams()}
        for name, words in ((self._questions(rows.generation), {}), (self._passages(rows.generation), sparse)):
            if name not in there:
                self._run(partial(self._create, name, rows.held.checksum, dense, words))
            # Also where the collection was there: an earlier attempt may have ended between the two.
            owner = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True)
            make = partial(self._loading.create_payload_index, name, "owner", owner, wait=True, timeout=LOADING)
            self._run(make)

    def _create(
        self,
        name: str,
        checksum: str,
        dense: dict[str, models.VectorParams],
        sparse: dict[str, models.SparseVectorParams],
    ) -> None:
        self._loading.create_collection(
            name,
            vectors_config=dense,
            sparse_vectors_config=sparse,
            shard_number=self._spread.shards,
            replication_factor=self._spread.replicas,
            # What is held is held by most of its replicas before it counts as such.
            write_consistency_factor=self._spread.replicas // 2 + 1,
            hnsw_config=models.HnswConfigDiff(m=_LINKS, ef_construct=_CANDIDATES),
            metadata={"checksum": checksum, "whole": False},
            timeout=LOADING,
        )

    def _put(self, collection: str, points: list[models.PointStruct]) -> None:
        self._run(partial(self._loading.upsert, collection, points, wait=True, timeout=LOADING))

    def _marks(self, generation: str) -> list[dict[str, Any]]:
        """What the generation's collections say of themselves, as far as there are any."""
        there = {each.name for each in self._collections()}
        wanted = [name for name in (self._passages(generation), self._questions(generation)) if name in there]
        told = [self._run(partial(self._client.get_collection, name)) for name in wanted]
        return [dict(each.config.metadata or {}) for each in told]

    def _count(self, collection: str) -> int:
        return self._run(partial(self._loading.count, collection, exact=True, timeout=LOADING)).count

    def _collections(self) -> list[models.CollectionDescription]:
        return self._run(self._client.get_collections).collections

    def _is_ours(self, collection: str) -> bool:
        return collection.startswith(self._prefix) and collection.endswith((".passages", ".questions"))

    def _passages(self, generation: str) -> str:
        return f"{self._prefix}{generation}.passages"

    def _questions(self, generation: str) -> str:
        return f"{self._prefix}{generation}.questions"

    def _run(self, action: Callable[[], T]) -> T:
        with translated():
            for attempt in retries(passing):
                with attempt:
                    return action()
        raise AssertionError("the loop ends with a result or a failure")


def _first(found: list[tuple[int, float]], k: int) -> list[tuple[int, float]]:
    """The k best; equal ones in the order of the texts, also where they differ by nothing but rounding."""
    rounded = [(number, round(score, _DIGITS)) for number, score in found]
    return sorted(rounded, key=lambda each: (-each[1], each[0]))[:k]
