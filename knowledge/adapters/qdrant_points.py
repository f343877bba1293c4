"""How Qdrant is spoken to: its client, what a row looks like there, and what its failures mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException, ResourceExhaustedResponse
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from knowledge.adapters.server_rows import PassageRow, QuestionRow
from knowledge.errors import IndexUnavailable

TIMEOUT = 5
"""Seconds for one request of a search."""
LOADING = 60
"""Seconds for one request that takes a block of rows in."""
TEXT, WORDS = "text", "words"
"""The names of a point's vectors."""


def connect(url: str, api_key: str = "", timeout: int = TIMEOUT) -> QdrantClient:
    """A client of the server at `url`, over HTTP; nothing is sent yet. `timeout` is for every request, in seconds."""
    return QdrantClient(url=url, api_key=api_key or None, timeout=timeout, check_compatibility=False)


def passage_point(row: PassageRow) -> models.PointStruct:
    """A passage: its words, its vector where there is one, and its owner."""
    words = models.SparseVector(indices=row.terms.tolist(), values=row.impacts.tolist())
    dense = {TEXT: row.vector.tolist()} if row.vector is not None else {}
    return models.PointStruct(id=row.position, vector={WORDS: words, **dense}, payload={"owner": row.owner})


def question_point(row: QuestionRow) -> models.PointStruct:
    """A question with its vector, whose it is, and of which passage."""
    payload = {"owner": row.owner, "position": row.position, "which": row.which}
    return models.PointStruct(id=row.number, vector={TEXT: row.vector.tolist()}, payload=payload)


def passing(error: BaseException) -> bool:
    """What a server, or what stands before it, says while it is busy or starts again; and a lost connection."""
    if isinstance(error, ResourceExhaustedResponse):
        return True
    if isinstance(error, UnexpectedResponse):
        return error.status_code in {429, 502, 503, 504}
    if isinstance(error, ResponseHandlingException):
        return not isinstance(error.source, httpx.TimeoutException)
    return False


@contextmanager
def translated() -> Iterator[None]:
    """What goes wrong inside is IndexUnavailable."""
    try:
        yield
    except (ApiException, QdrantException, httpx.HTTPError, ValueError) as error:
        # Its local mode says `ValueError` where the server says 404. No value of a query stands in the message.
        status = f" ({error.status_code})" if isinstance(error, UnexpectedResponse) else ""
        raise IndexUnavailable(f"the index in Qdrant does not answer: {type(error).__name__}{status}") from error
