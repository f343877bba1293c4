"""How PostgreSQL takes a generation in: its rows block by block, then the indexes, and last the mark of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from knowledge.adapters.postgresql_tables import (
    LOCK,
    UNLOCK,
    dense_text,
    drop,
    is_held,
    quoted,
    sparse_text,
    table,
)
from knowledge.adapters.server_rows import PassageRow, QuestionRow, ServerRows

APPROXIMATE = 5000
"""Rows of one owner from which HNSW takes over from an exact search, which then still takes about ten milliseconds."""
_LINKS, _CANDIDATES = 24, 128
"""HNSW's `m` and `ef_construction`: more than the usual, for at least 99 of 100 of the true neighbours."""
_BUILDING = "256MB"
_ENOUGH = (
    "SELECT set_config('maintenance_work_mem', %(least)s, false)"
    " WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes(%(least)s)"
)
"""Memory in which an index is built, where the server's own setting is not more."""


def load(connection: Connection, rows: ServerRows, approximate: int = APPROXIMATE) -> None:
    """Take a generation in, unless somebody else did meanwhile. Works for minutes where there are many passages."""
    connection.execute("SET lock_timeout = '30min'")  # while another replica takes the same one in
    connection.execute("SET statement_timeout = '6h'")  # an index of a national corpus takes hours to build
    connection.execute(_ENOUGH, {"least": _BUILDING})
    connection.execute(LOCK, (rows.generation,))
    try:
        if is_held(connection, rows.held):
            return
        _begin(connection, rows)
        _fill(connection, rows)
        _index(connection, rows, approximate)
        connection.execute("UPDATE fyren_index.generations SET whole = true WHERE generation = %s", (rows.generation,))
    finally:
        connection.execute(UNLOCK, (rows.generation,))


def _begin(connection: Connection, rows: ServerRows) -> None:
    """Empty tables, or those that an earlier attempt at the same content has left."""
    held = rows.held
    known = connection.execute(
        "SELECT checksum, whole FROM fyren_index.generations WHERE generation = %s", (rows.generation,)
    ).fetchone()
    if known is not None and known != (held.checksum, False):
        drop(connection, rows.generation)  # another content, or whole by its mark and yet not all there
        known = None
    if known is not None:
        return
    with connection.transaction():
        for statement in _tables(rows):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO fyren_index.generations VALUES (%s, %s, %s, %s, %s, false)",
            (held.generation, held.checksum, held.passages, held.questions, held.width),
        )


def _tables(rows: ServerRows) -> list[Composed]:
    made = [
        SQL(
            "CREATE TABLE {} (position integer PRIMARY KEY, owner text NOT NULL, terms tsvector NOT NULL,"
            " impacts sparsevec NOT NULL)"
        ).format(table("words", rows.generation))
    ]
    if rows.held.width:
        width = Literal(rows.held.width)
        made.append(
            SQL("CREATE TABLE {} (position integer PRIMARY KEY, owner text NOT NULL, embedding vector({}) NOT NULL)")
            .format(table("texts", rows.generation), width)
        )  # fmt: skip
        made.append(
            SQL(
                "CREATE TABLE {} (number integer PRIMARY KEY, position integer NOT NULL, which integer NOT NULL,"
                " owner text NOT NULL, embedding vector({}) NOT NULL)"
            ).format(table("questions", rows.generation), width)
        )
    return made


def _fill(connection: Connection, rows: ServerRows) -> None:
    """Every block is a transaction, so what is there is a beginning without gaps."""
    words = [quoted(term) for term in rows.arrays.terms]
    for block in rows.passage_blocks(_next(connection, "words", "position", rows.generation)):
        with connection.transaction():
            _copy(connection, "words", rows.generation, (_words(row, words) for row in block))
    if not rows.held.width:
        return
    for block in rows.passage_blocks(_next(connection, "texts", "position", rows.generation)):
        with connection.transaction():
            texts = ((row.position, row.owner, dense_text(row.vector)) for row in block if row.vector is not None)
            _copy(connection, "texts", rows.generation, texts)
    for questions in rows.question_blocks(_next(connection, "questions", "number", rows.generation)):
        with connection.transaction():
            _copy(connection, "questions", rows.generation, map(_question, questions))


def _words(row: PassageRow, words: Sequence[str]) -> tuple[object, ...]:
    numbers = row.terms.tolist()
    lexemes = " ".join(words[number] for number in numbers)
    return row.position, row.owner, lexemes, sparse_text(numbers, row.impacts.tolist())


def _question(row: QuestionRow) -> tuple[object, ...]:
    return row.number, row.position, row.which, row.owner, dense_text(row.vector)


def _copy(connection: Connection, kind: str, generation: str, rows: Iterable[tuple[object, ...]]) -> None:
    statement = SQL("COPY {} FROM STDIN").format(table(kind, generation))
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _next(connection: Connection, kind: str, column: str, generation: str) -> int:
    statement = SQL("SELECT coalesce(max({}) + 1, 0) FROM {}").format(Identifier(column), table(kind, generation))
    found = connection.execute(statement).fetchone()
    return int(found[0]) if found is not None else 0


def _index(connection: Connection, rows: ServerRows, approximate: int) -> None:
    words = table("words", rows.generation)
    name = Identifier(f"terms_{rows.generation}")
    connection.execute(SQL("CREATE INDEX IF NOT EXISTS {} ON {} USING gin (terms)").format(name, words))
    connection.execute(SQL("ANALYZE {}").format(words))
    if not rows.held.width:
        return
    owners = np.array(rows.owners, dtype=np.str_)
    asked = np.repeat(owners, np.diff(rows.first_questions))
    for kind, whose in (("texts", owners), ("questions", asked)):
        for statement in _nearest(kind, rows.generation, whose, approximate):
            connection.execute(statement)


def _nearest(kind: str, generation: str, whose: NDArray[np.str_], approximate: int) -> list[Composed]:
    """Indexes of a table of vectors: which rows are whose, and for an owner with many, the nearest ones."""
    of = table(kind, generation)
    made = [
        SQL("CREATE INDEX IF NOT EXISTS {} ON {} (owner)").format(Identifier(f"{kind}_owner_{generation}"), of),
    ]
    for number, (owner, count) in enumerate(zip(*np.unique(whose, return_counts=True), strict=True)):
        if count >= approximate:
            made.append(
                SQL(
                    "CREATE INDEX IF NOT EXISTS {} ON {} USING hnsw (embedding vector_ip_ops)"
                    " WITH (m = {}, ef_construction = {}) WHERE owner = {}"
                ).format(
                    Identifier(f"{kind}_{number}_{generation}"),
                    of,
                    Literal(_LINKS),
                    Literal(_CANDIDATES),
                    Literal(str(owner)),
                )
            )
    made.append(SQL("ANALYZE {}").format(of))
    return made
