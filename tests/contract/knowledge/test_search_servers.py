"""What a server of searches holds is a published generation, all of it and nothing else, whatever fails on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
from psycopg.sql import SQL

from ingest.upkeep import LockedStore
from knowledge.access import people_of
from knowledge.adapters import server_rows
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.lexical import LexicalArrays
from knowledge.adapters.postgresql_server import PostgresqlServer
from knowledge.adapters.postgresql_tables import table
from knowledge.adapters.search_server import Gain, SearchServer
from knowledge.adapters.server_rows import Held, PassageRow, ServerRows
from knowledge.errors import EmbeddingFailed, IndexDamaged, IndexUnavailable
from knowledge.model import embedded_texts
from knowledge.retention import Retention
from knowledge.swedish.stems import stem
from tests.databases import DATABASE
from tests.fakes.collections import MODEL, STEPS, Content, owned
from tests.fakes.knowledge import vector_of, vectors_of
from tests.fakes.search_servers import IN_MEMORY, BreakableServer

pytestmark = pytest.mark.filterwarnings(IN_MEMORY)
CONTENTS = [
    owned("", "a", [(f"A{n}", f"Bygglov nummer {n}.") for n in range(5)], ["Vad kostar bygglov", "Hur söker man"]),
    owned("tanum", "b", [("B", "It's en \\ 'altan' i Tanum.")], ["Altan i Tanum"]),
]
BYGGLOV = {stem("bygglov"): 1.0, stem("altan"): 0.5}


@pytest.fixture
def store(tmp_path: Path, server: SearchServer) -> GenerationStore:
    return GenerationStore(tmp_path / "index", STEPS, server=server)


def written(store: GenerationStore, contents: list[Content] = CONTENTS, *, draft: bool = False) -> str:
    ordered = sorted(contents, key=lambda each: each[0].path)
    passages = [one for _, own in ordered for one in own]
    vectors = vectors_of(embedded_texts(passages))
    return store.write(
        documents=[each for each, _ in ordered], passages=passages, vectors=vectors, model=MODEL, draft=draft
    )


def published(store: GenerationStore, contents: list[Content] = CONTENTS) -> str:
    generation = written(store, contents)
    store.publish(generation)
    return generation


Scores = dict[Any, float]


def found(store: GenerationStore) -> tuple[Scores, Scores, Scores]:
    """What the three searches find."""
    index = store.open(MODEL)
    vector = vector_of("Bygglov nummer 3")
    asked = {(position, one.text): cosine for position, one, cosine in index.asked(vector, 9)}
    return dict(index.lexical(BYGGLOV, 9)), dict(index.dense(vector, 9)), asked


def by_files(store: GenerationStore) -> tuple[Any, ...]:
    """What they find in the files, but for rounding."""
    return tuple(pytest.approx(each, abs=1e-5) for each in found(GenerationStore(store.root, STEPS)))


def test_what_is_published_is_held_and_found_as_in_the_files(store: GenerationStore, server: SearchServer) -> None:
    generation = published(store)
    assert server.names() == [generation]
    assert found(store) == by_files(store)
    assert store.is_held()


def test_a_draft_is_not_held_before_it_is_published(store: GenerationStore, server: SearchServer) -> None:
    draft = written(store, draft=True)
    store.drafts.keep(draft, b"{}")
    assert server.names() == []
    assert store.open(MODEL, draft).lexical(BYGGLOV, 9)
    store.publish(draft)
    assert server.names() == [draft]
    assert found(store) == by_files(store)


@pytest.mark.parametrize("blocks", range(5))
def test_taking_in_goes_on_where_it_ended(
    store: GenerationStore, server: SearchServer, monkeypatch: pytest.MonkeyPatch, blocks: int
) -> None:
    sent: list[int] = []
    whole = ServerRows.passage_blocks

    def some(rows: ServerRows, first: int = 0) -> Iterator[list[PassageRow]]:
        for block in whole(rows, first):
            if len(sent) == blocks:
                raise IndexUnavailable("the connection is lost")
            sent.append(block[0].position)
            yield block

    monkeypatch.setattr(server_rows, "BLOCK", 2)
    monkeypatch.setattr(ServerRows, "passage_blocks", some)
    earlier = written(store)
    try:
        store.publish(earlier)
    except IndexUnavailable:
        assert store.current() is None
        assert store.generations() == [earlier]
        monkeypatch.setattr(ServerRows, "passage_blocks", whole)
        store.publish(earlier)
    assert store.is_held()
    assert found(store) == by_files(store)


def test_a_server_that_fails_leaves_what_was_published(store: GenerationStore, server: SearchServer) -> None:
    first = published(store, CONTENTS[:1])
    breakable = BreakableServer(server)
    failing = GenerationStore(store.root, STEPS, server=breakable)
    breakable.left = 0
    second = written(failing)
    with pytest.raises(IndexUnavailable):
        failing.publish(second)
    with pytest.raises(IndexUnavailable):
        failing.open(MODEL)
    assert store.current() == first
    assert len(store.history()) == 1
    breakable.left = None
    failing.publish(second)
    assert found(failing) == by_files(store)


def test_a_server_that_is_new_or_has_lost_something_takes_it_in_again(
    store: GenerationStore, server: SearchServer
) -> None:
    generation = published(GenerationStore(store.root, STEPS))
    for loss in ("never had it", "all of it", "a row"):
        if loss == "all of it":
            server.drop(generation)
        elif loss == "a row":
            _lose_a_row(server, generation)
        assert not store.is_held()
        with pytest.raises(IndexUnavailable, match=generation):
            store.open(MODEL)
        assert LockedStore(store).refresh() is None
        assert found(store) == by_files(store)


def _lose_a_row(server: SearchServer, generation: str) -> None:
    from knowledge.adapters.qdrant_server import QdrantServer  # its client takes seconds to import

    if isinstance(server, QdrantServer):
        server._client.delete(f"fyren-{generation}.questions", [1])
    elif isinstance(server, PostgresqlServer):
        with psycopg.connect(server._url) as connection:
            connection.execute(SQL("DELETE FROM {} WHERE number = 1").format(table("questions", generation)))


def test_another_content_under_the_same_name_is_not_held(store: GenerationStore, server: SearchServer) -> None:
    published(store)
    rows = store._rows(store.manifest())
    other = replace(rows, held=replace(rows.held, checksum="0" * 64))
    assert server.holds(rows.held)
    assert not server.holds(other.held)
    server.hold(other)
    assert server.holds(other.held)
    assert not server.holds(rows.held)


def test_i15_what_is_dropped_here_is_dropped_there(store: GenerationStore, server: SearchServer) -> None:
    earlier, current = published(store), published(store, CONTENTS[:1])
    store.prune(Retention(generations=2, days=30))
    assert server.names() == [earlier, current]
    store.publish(earlier)
    assert found(store) == by_files(store)
    store.publish(current)
    store.erase()
    assert server.names() == store.generations() == [current]


def test_i15_erasing_says_where_the_server_does_not_answer(store: GenerationStore, server: SearchServer) -> None:
    earlier, current = published(store), published(store, CONTENTS[:1])
    breakable = BreakableServer(server)
    breakable.left = 0
    failing = GenerationStore(store.root, STEPS, server=breakable)
    with pytest.raises(IndexUnavailable):
        failing.erase()
    failing.prune()
    assert server.names() == [earlier, current]
    breakable.left = None
    failing.prune()
    assert server.names() == store.generations() == [current]


def test_vectors_of_another_width_are_refused(store: GenerationStore) -> None:
    published(store)
    index = store.open(MODEL)
    for search in (index.dense, index.asked):
        with pytest.raises(EmbeddingFailed, match="7 dimensions"):
            search(np.zeros(7, dtype=np.float32), 3)


def test_a_sentence_is_looked_up_without_the_server(store: GenerationStore, server: SearchServer) -> None:
    published(store)
    breakable = BreakableServer(server)
    index = GenerationStore(store.root, STEPS, server=breakable).open(MODEL).readable_by(people_of("tanum"))
    breakable.left, breakable.asked = 0, []
    assert index.look_up(BYGGLOV, 9) == GenerationStore(store.root, STEPS).open(MODEL).lexical(BYGGLOV, 9)
    assert index.document_frequency(stem("bygglov")) == 5
    assert breakable.asked == []
    with pytest.raises(IndexUnavailable):
        index.lexical(BYGGLOV, 9)


def test_r07_what_a_server_finds_unasked_is_not_shown(store: GenerationStore, server: SearchServer) -> None:
    class Talkative(BreakableServer):
        def texts(self, generation: str, vector: Any, owners: Any, k: int) -> list[tuple[int, float]]:
            return super().texts(generation, vector, ("", "tanum"), k)

    published(store)
    index = GenerationStore(store.root, STEPS, server=Talkative(server)).open(MODEL).readable_by(people_of("amal"))
    with pytest.raises(IndexDamaged, match="not asked for"):
        index.dense(vector_of("Altan i Tanum"), 9)


def test_a_term_is_found_whatever_stands_in_it(server: SearchServer) -> None:
    terms = sorted(
        ["a'b", "c\\d", "it's '' \\'", "e | f & !g:*", "åäö", "(", "x" * 3000, "x" * 2999 + "y", "\U0001f40b"]
    )
    count = len(terms)
    arrays = LexicalArrays(
        terms, np.arange(count + 1), np.arange(count, dtype=np.int32), np.full(count, 0.5, np.float32), count
    )
    held = Held("20260101T000000000000-aaaaaa", "0" * 64, count, 0, 0)
    server.hold(ServerRows(held, arrays, [""] * count, None, np.zeros(count + 1, dtype=np.int64)))
    for number, term in enumerate(terms):
        assert server.words(held.generation, [Gain(number, term, 3.0)], ("",), 5) == [(number, 1.5)]
    all_of_them = [Gain(number, term, 1.0 + number) for number, term in enumerate(terms)]
    assert [found for found, _ in server.words(held.generation, all_of_them, ("",), 3)] == [8, 7, 6]


def test_closing_the_store_closes_the_server(tmp_path: Path, server: SearchServer) -> None:
    breakable = BreakableServer(server)
    GenerationStore(tmp_path, server=breakable).close()
    assert breakable.closed


def test_hnsw_finds_99_of_100_of_the_nearest(postgresql_server: Any, tmp_path: Path) -> None:
    """Of one owner among several, of whom each has an index of its own."""
    random = np.random.default_rng(7)
    owners = [owned(owner, "d", [(f"H{n}", f"Text {n}.") for n in range(300)]) for owner in ("", "tanum")]
    passages = [one for _, own in owners for one in own]
    rows = random.normal(size=(len(passages), 24)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    server = PostgresqlServer(postgresql_server.get_uri(DATABASE), approximate=1)
    store = GenerationStore(tmp_path, STEPS, server=server)
    store.publish(store.write(documents=[each for each, _ in owners], passages=passages, vectors=rows, model=MODEL))
    part = people_of("tanum")
    served = store.open(MODEL).readable_by(part)
    local = GenerationStore(tmp_path, STEPS).open(MODEL).readable_by(part)
    with psycopg.connect(server._url) as connection:
        methods = connection.execute("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%hnsw%owner%'").fetchone()
    assert methods == (2,)
    hits = 0
    for vector in rows[::40]:
        near = {position for position, _ in local.dense(vector, 50)}
        hits += len(near & {position for position, _ in served.dense(vector, 50)})
    assert hits >= 0.99 * 50 * len(rows[::40])
    server.drop(store.current() or "")
    server.close()
