"""What was embedded once is not embedded again; and the cache never stands in the way."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from knowledge.adapters.embedding_cache import CachedEmbedder, VectorCache
from knowledge.errors import EmbeddingFailed
from tests.fakes.knowledge import RecordingEmbedder, vector_of, vectors_of

TEXTS = ["enkät om mognad", "arkiv i Tanum", "lag och incident"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index" / "embeddings.sqlite3"


@pytest.fixture
def cache(path: Path) -> Iterator[VectorCache]:
    cache = VectorCache(path)
    yield cache
    cache.close()


def test_a_text_is_embedded_once_in_either_kind(cache: VectorCache) -> None:
    engine = RecordingEmbedder()
    cached = CachedEmbedder(engine, cache)
    for _ in range(2):
        np.testing.assert_array_equal(asyncio.run(cached.embed_passages(TEXTS)), vectors_of(TEXTS))
        np.testing.assert_array_equal(asyncio.run(cached.embed_questions(TEXTS[:1])), vectors_of(TEXTS[:1]))
    assert engine.batches == [tuple(TEXTS), (TEXTS[0],)], "a question has another vector than a passage of its words"
    assert cached.computed == 4
    mixed = [TEXTS[2], "ny text", TEXTS[0], "ny text"]
    np.testing.assert_array_equal(asyncio.run(cached.embed_passages(mixed)), vectors_of(mixed))
    assert engine.batches[2:] == [("ny text",)]


def test_what_is_kept_outlives_the_process_and_is_the_model_s_own(path: Path, cache: VectorCache) -> None:
    asyncio.run(CachedEmbedder(RecordingEmbedder("a"), cache).embed_passages(TEXTS))
    cache.close()
    again = VectorCache(path)
    same, other = RecordingEmbedder("a"), RecordingEmbedder("b")
    rows = asyncio.run(CachedEmbedder(same, again).embed_passages(TEXTS))
    asyncio.run(CachedEmbedder(other, again).embed_passages(TEXTS))
    again.close()
    np.testing.assert_array_equal(rows, vectors_of(TEXTS))
    assert rows.dtype == np.float32
    assert (same.batches, len(other.batches)) == ([], 1)


def test_what_people_ask_is_never_stored(path: Path, cache: VectorCache) -> None:
    engine = RecordingEmbedder()
    cached = CachedEmbedder(engine, cache)
    for _ in range(2):
        np.testing.assert_array_equal(asyncio.run(cached.embed_query("vem frågar")), vector_of("vem frågar"))
    assert engine.queries == ["vem frågar"] * 2
    asyncio.run(cached.embed_passages(["hemlig text"]))
    cache.close()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM vectors").fetchone() == (1,)
    assert b"hemlig" not in path.read_bytes()


def test_no_texts_are_no_rows_and_a_failure_keeps_what_was_done(cache: VectorCache) -> None:
    engine = RecordingEmbedder()
    cached = CachedEmbedder(engine, cache)
    assert (asyncio.run(cached.embed_passages([]))).shape[0] == 0
    asyncio.run(cached.embed_passages(TEXTS[:2]))
    engine.error = EmbeddingFailed("gone")
    with pytest.raises(EmbeddingFailed):
        asyncio.run(cached.embed_passages(TEXTS))
    np.testing.assert_array_equal(asyncio.run(cached.embed_passages(TEXTS[:2])), vectors_of(TEXTS[:2]))


def no_database(path: Path) -> None:
    path.write_bytes(b"not a database " * 500)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def another_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript("DROP TABLE vectors; CREATE TABLE vectors (a); PRAGMA user_version = 99")


def without_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE vectors")


@pytest.mark.parametrize("damage", [no_database, cut, another_version, without_a_table])
def test_a_damaged_file_begins_anew(
    path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    first = VectorCache(path)
    many = [f"text {number}" for number in range(50)]
    asyncio.run(CachedEmbedder(RecordingEmbedder(), first).embed_passages(many))
    first.close()
    damage(path)
    with caplog.at_level(logging.WARNING):
        for expected in (1, 0):
            engine, cache = RecordingEmbedder(), VectorCache(path)
            rows = asyncio.run(CachedEmbedder(engine, cache).embed_passages(many))
            np.testing.assert_array_equal(rows, vectors_of(many))
            # Where it is found only while reading, this run goes on without: the next one is back to normal.
            asyncio.run(CachedEmbedder(engine, cache).embed_passages(many))
            cache.close()
            assert len(engine.batches) == expected


def test_changed_bytes_are_no_vector(path: Path, cache: VectorCache) -> None:
    asyncio.run(CachedEmbedder(RecordingEmbedder(), cache).embed_passages(TEXTS))
    cache.close()
    with closing(sqlite3.connect(path)) as database, database:
        for rowid, value in database.execute("SELECT rowid, value FROM vectors").fetchall():
            changed = {1: bytes([value[0] ^ 1]) + value[1:], 2: value[:-4], 3: b""}[rowid]
            database.execute("UPDATE vectors SET value = ? WHERE rowid = ?", (changed, rowid))
    engine, again = RecordingEmbedder(), VectorCache(path)
    np.testing.assert_array_equal(asyncio.run(CachedEmbedder(engine, again).embed_passages(TEXTS)), vectors_of(TEXTS))
    again.close()
    assert engine.batches == [tuple(TEXTS)]


@pytest.mark.parametrize("hindrance", ["a folder", "a file for a folder"])
def test_where_nothing_can_be_kept_everything_is_embedded(
    path: Path, hindrance: str, caplog: pytest.LogCaptureFixture
) -> None:
    if hindrance == "a folder":
        path.mkdir(parents=True)
    else:
        path.parent.write_text("x")
    with caplog.at_level(logging.WARNING):
        engine, cache = RecordingEmbedder(), VectorCache(path)
    for _ in range(2):
        np.testing.assert_array_equal(
            asyncio.run(CachedEmbedder(engine, cache).embed_passages(TEXTS)), vectors_of(TEXTS)
        )
    cache.close()
    assert len(engine.batches) == 2
    assert "not kept" in caplog.text


def test_what_was_used_longest_ago_goes_first(path: Path) -> None:
    most = 400_000
    used = [f"används {number}" for number in range(20)]
    for run in range(40):
        cache = VectorCache(path, most)
        engine = RecordingEmbedder()
        cached = CachedEmbedder(engine, cache)
        asyncio.run(cached.embed_passages(used))
        assert (engine.batches == []) == (run > 0), f"what is used every time is kept, run {run}"
        asyncio.run(cached.embed_passages([f"run {run} text {number}" for number in range(60)]))
        cache.close()
        assert path.stat().st_size <= most * 1.3
    engine, cache = RecordingEmbedder(), VectorCache(path, most)
    asyncio.run(CachedEmbedder(engine, cache).embed_passages(["run 0 text 0"]))
    cache.close()
    assert engine.batches == [("run 0 text 0",)], "and what is not was let go"


class Ingests(RuleBasedStateMachine):
    """Any order of embedding, reopening and damage gives the right vectors, and embeds nothing twice without need."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.known: set[tuple[str, str]] = set()
        self.cache = VectorCache(self.folder / "cache")

    @rule(texts=st.lists(st.sampled_from([*TEXTS, "", "å\ud800"]), min_size=1, max_size=6), model=st.sampled_from("ab"))
    def embed(self, texts: list[str], model: str) -> None:
        engine = RecordingEmbedder(model)
        rows = asyncio.run(CachedEmbedder(engine, self.cache).embed_passages(texts))
        np.testing.assert_array_equal(rows, vectors_of(texts))
        asked = {(model, text) for batch in engine.batches for text in batch}
        assert asked == {(model, text) for text in texts} - self.known
        self.known |= asked

    @rule()
    def reopen(self) -> None:
        self.cache.close()
        self.cache = VectorCache(self.folder / "cache")

    @rule()
    def lose(self) -> None:
        self.cache.close()
        (self.folder / "cache").write_bytes(b"lost" * 1000)
        self.cache = VectorCache(self.folder / "cache")
        self.known = set()

    @invariant()
    def there_is_one_file(self) -> None:
        if hasattr(self, "folder"):
            assert {path.name for path in self.folder.iterdir()} == {"cache"}

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.cache.close()
            shutil.rmtree(self.folder)


TestIngests = Ingests.TestCase
TestIngests.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
