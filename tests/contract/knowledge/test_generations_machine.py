"""Any order of writing, publishing, pruning, damaging and opening keeps what the store promises."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.shared_generations import SharedGenerations
from knowledge.errors import IndexDamaged, IndexMismatch, IndexUnavailable
from knowledge.retention import Retention
from tests.fakes.archive import MemoryArchive
from tests.fakes.knowledge import document, passage, vectors_of

MODELS = st.sampled_from([None, "model/a", "model/b"])


class Generations(RuleBasedStateMachine):
    """The store beside a dictionary of what it should hold."""

    written = Bundle("written")
    drafted = Bundle("drafted")

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.store = self.opened()
        self.texts: dict[str, tuple[str, ...]] = {}
        self.models: dict[str, str | None] = {}
        self.damaged: set[str] = set()
        self.published: str | None = None
        self.waiting: set[str] = set()

    def opened(self) -> GenerationStore:
        return GenerationStore(self.root)

    @rule(target=written, texts=st.lists(st.sampled_from(["enkät", "arkiv", "bredband"]), max_size=3), model=MODELS)
    def write(self, texts: list[str], model: str | None) -> str:
        passages = [passage(text, id=f"p{n}") for n, text in enumerate(texts)]
        vectors = vectors_of(texts) if model else None
        generation = self.store.write(documents=[document()], passages=passages, vectors=vectors, model=model)
        assert generation not in self.texts
        self.texts[generation] = tuple(texts)
        self.models[generation] = model
        return generation

    @rule(target=drafted, text=st.sampled_from(["enkät", "arkiv"]))
    def write_a_draft(self, text: str) -> str:
        passages = [passage(text, id="p0")]
        draft = self.store.write(documents=[document()], passages=passages, vectors=None, model=None, draft=True)
        assert draft not in self.store.drafts.names(), "only what is kept is one"
        self.store.drafts.keep(draft, text.encode())
        self.texts[draft] = (text,)
        self.models[draft] = None
        self.waiting.add(draft)
        return draft

    @rule(draft=drafted)
    def discard(self, draft: str) -> None:
        if draft in self.waiting:
            self.store.discard(draft)
            self.waiting.remove(draft)
        else:
            with pytest.raises(IndexUnavailable):
                self.store.discard(draft)

    @rule(draft=drafted)
    def look_into_a_draft(self, draft: str) -> None:
        if draft in self.waiting:
            assert self.store.drafts.record(draft).decode() == self.texts[draft][0]
            assert self.store.open(None, draft).generation == draft

    @rule()
    def settle(self) -> None:
        self.store.settle()

    @rule(generation=st.one_of(written, drafted))
    def publish(self, generation: str) -> None:
        if generation in self.store.generations() or generation in self.waiting:
            self.store.publish(generation)
            self.published = generation
            self.waiting.discard(generation)
        else:
            with pytest.raises(IndexUnavailable):
                self.store.publish(generation)

    @rule(keep=st.integers(0, 4))
    def prune(self, keep: int) -> None:
        before = set(self.store.generations())
        self.store.prune(Retention(keep))
        after = set(self.store.generations())
        assert after <= before
        assert len(after) >= min(keep, len(before))
        assert len(after - {self.published}) <= keep

    @rule()
    def a_writer_dies(self) -> None:
        (self.root / "generations").mkdir(exist_ok=True)
        (self.root / "generations" / ".tmp-20260101T000000-abcdef").mkdir(exist_ok=True)

    @precondition(lambda self: self.published is not None)
    @rule(name=st.sampled_from(["passages.jsonl", "terms.txt", "impacts.npy", "passages.npy"]))
    def damage(self, name: str) -> None:
        assert self.published is not None
        path = self.root / "generations" / self.published / name
        path.write_bytes(path.read_bytes() + b" ")
        self.damaged.add(self.published)

    @rule(model=MODELS)
    def open(self, model: str | None) -> None:
        made_by = self.models.get(self.published or "")
        if self.published is None:
            with pytest.raises(IndexUnavailable):
                self.store.open(model)
        elif None not in (model, made_by) and model != made_by:
            with pytest.raises(IndexMismatch):
                self.store.open(model)
        elif self.published in self.damaged:
            with pytest.raises(IndexDamaged):
                self.store.open(model)
        else:
            opened = self.store.open(model)
            assert opened.generation == self.published
            assert opened.embedding_model == made_by
            assert tuple(one.text for one in opened.passages) == self.texts[self.published]

    @invariant()
    def the_published_generation_is_there_and_nobody_else_is_shown(self) -> None:
        if hasattr(self, "store"):
            assert self.store.current() == self.published
            known = self.store.generations()
            assert set(known) <= set(self.texts)
            assert self.published is None or self.published in known
            assert set(self.store.drafts.names()) == self.waiting
            assert not self.waiting & set(known)
            if self.published is not None:
                assert self.store.history()[-1].generation == self.published

    def teardown(self) -> None:
        if hasattr(self, "root"):
            shutil.rmtree(self.root)


class Shared(Generations):
    """The same over an archive, by its one writer; what is damaged on this machine is fetched again."""

    def opened(self) -> GenerationStore:
        archive = MemoryArchive()
        archive.held.holder = archive
        return SharedGenerations(self.root, archive)

    @rule()
    def a_writer_dies(self) -> None:
        (self.root / "shared" / "drafted" / "20260101T000000-abcdef").mkdir(parents=True, exist_ok=True)

    @precondition(lambda self: self.published is not None)
    @rule(name=st.sampled_from(["passages.jsonl", "terms.txt", "manifest.json"]))
    def damage(self, name: str) -> None:
        assert self.published is not None
        path = self.root / "shared" / "copies" / self.published / name
        path.write_bytes(b"lost")


TestGenerations = Generations.TestCase
TestGenerations.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestShared = Shared.TestCase
TestShared.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)
