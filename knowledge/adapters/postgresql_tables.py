"""The tables in which PostgreSQL holds generations: one mark for all of them, and for each its words and its vectors.

    fyren_index.generations              what is held, and whether all of it is there
    fyren_index.words_<generation>       position, owner, terms (tsvector, GIN), impacts (sparsevec)
    fyren_index.texts_<generation>       position, owner, embedding (vector, HNSW)
    fyren_index.questions_<generation>   number, position, which, owner, embedding (vector, HNSW)

A table a generation: forgetting one takes no time, and no search ever passes over the rows of another. An owner with
many rows has an HNSW index of its own, and one with few is searched exactly, so that no filter takes candidates away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from knowledge.adapters.server_rows import Held
from knowledge.ports import Vectors

SCHEMA = "fyren_index"
_LONGEST = 1000
"""Bytes of a term from which its checksum stands for it: PostgreSQL takes no lexeme of two kilobytes."""
_TERMS = 1_000_000_000
"""Numbers that pgvector gives a sparse vector at most: room for the terms of any generation."""
LOCK = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
"""Of a name, for the session: replicas that want to do the same thing wait for each other."""

_SETUP = (
    "CREATE SCHEMA IF NOT EXISTS fyren_index",
    "CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA fyren_index",
    "CREATE TABLE IF NOT EXISTS fyren_index.generations (generation text PRIMARY KEY, checksum text NOT NULL,"
    " passages integer NOT NULL, questions integer NOT NULL, width integer NOT NULL,"
    " whole boolean NOT NULL)",
)


def table(kind: str, generation: str) -> Identifier:
    """The name of one of a generation's tables: `words`, `texts` or `questions`."""
    return Identifier(SCHEMA, f"{kind}_{generation}")


def lexeme(term: str) -> str:
    """What stands for an analysed term in the full-text index."""
    content = term.encode("utf-8")
    return term if len(content) <= _LONGEST else hashlib.sha256(content).hexdigest()


def quoted(term: str) -> str:
    """A lexeme as tsvector and tsquery read it, whatever stands in it."""
    return "'" + lexeme(term).replace("\\", "\\\\").replace("'", "''") + "'"


def dense_text(vector: Vectors) -> str:
    """A vector as pgvector reads it."""
    return "[" + ",".join(map(repr, vector.tolist())) + "]"


def sparse_text(numbers: Iterable[int], values: Iterable[float]) -> str:
    """A sparse vector as pgvector reads it: counted from 1, in order."""
    pairs = ",".join(f"{number + 1}:{value!r}" for number, value in zip(numbers, values, strict=True))
    return f"{{{pairs}}}/{_TERMS}"


def set_up(connection: Connection) -> None:
    """The schema, pgvector, and the table of generations; replicas that begin at once wait for each other."""
    connection.execute(LOCK, (SCHEMA,))
    try:
        for statement in _SETUP:
            connection.execute(statement)
    finally:
        connection.execute(UNLOCK, (SCHEMA,))


def is_held(connection: Connection, held: Held) -> bool:
    """Whether a generation is there, by its mark, which vouches for the content, and by how many rows there are."""
    if not names(connection):
        return False
    mark = connection.execute(
        "SELECT checksum, passages, questions, width, whole FROM fyren_index.generations WHERE generation = %s",
        (held.generation,),
    ).fetchone()
    if mark != (held.checksum, held.passages, held.questions, held.width, True):
        return False
    wanted = {"words": held.passages} | ({"texts": held.passages, "questions": held.questions} if held.width else {})
    return all(_count(connection, kind, held.generation) == count for kind, count in wanted.items())


def names(connection: Connection) -> list[str]:
    """The generations that are there, whole or in part, sorted."""
    there = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{SCHEMA}.generations",)).fetchone()
    if there != (True,):
        return []
    return sorted(name for (name,) in connection.execute("SELECT generation FROM fyren_index.generations"))


def _count(connection: Connection, kind: str, generation: str) -> int:
    name = f'{SCHEMA}."{kind}_{generation}"'
    if connection.execute("SELECT to_regclass(%s) IS NOT NULL", (name,)).fetchone() != (True,):
        return -1
    found = connection.execute(SQL("SELECT count(*) FROM {}").format(table(kind, generation))).fetchone()
    return int(found[0]) if found is not None else 0


def drop(connection: Connection, generation: str) -> None:
    """Forget a generation."""
    with connection.transaction():
        connection.execute("DELETE FROM fyren_index.generations WHERE generation = %s", (generation,))
        for kind in ("words", "texts", "questions"):
            connection.execute(SQL("DROP TABLE IF EXISTS {}").format(table(kind, generation)))
