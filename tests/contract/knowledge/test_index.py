"""Every index keeps the same promises: the one in memory that tests use, and an opened generation, whoever searches it:
its files, or a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bot.empty_index import EmptyIndex
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.search_server import SearchServer
from knowledge.model import Change, embedded_texts
from knowledge.ports import Index
from knowledge.swedish.stems import stem
from knowledge.swedish.steps import ALL, Step
from tests.fakes.knowledge import DOCUMENTS, GOALS, MemoryIndex, passage, vector_of, vectors_of
from tests.fakes.knowledge import PASSAGES as WITHOUT_QUESTIONS
from tests.fakes.search_servers import IN_MEMORY, KINDS, running

SHARKS = passage(
    "Hajar lever.", "Hajar", title="Djur", questions=("vad heter fisken med fena", "finns det farliga fiskar")
)
CHANGED = passage("Då gällde ett. Nu gäller två.", "Läget", change=Change(("läget",), (4,), "e-arkiv"))
PASSAGES = (*WITHOUT_QUESTIONS, SHARKS, CHANGED)

Backend = Callable[[str | None], Index]
pytestmark = pytest.mark.filterwarnings(IN_MEMORY)


@pytest.fixture(params=["memory", "generation", *KINDS])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    def memory(model: str | None) -> Index:
        return MemoryIndex(PASSAGES, DOCUMENTS, model=model)

    def generation(model: str | None, server: SearchServer | None = None) -> Index:
        store = GenerationStore(tmp_path, server=server)
        vectors = vectors_of(embedded_texts(PASSAGES)) if model else None
        store.publish(store.write(documents=DOCUMENTS, passages=PASSAGES, vectors=vectors, model=model))
        return store.open(model)

    if request.param in KINDS:
        for server in running(request.param, lambda: request.getfixturevalue("postgresql_server")):
            yield partial(generation, server=server)
    else:
        yield memory if request.param == "memory" else generation


def test_it_holds_what_it_was_made_of(backend: Backend) -> None:
    index = backend("m")
    assert tuple(index.passages) == PASSAGES
    assert tuple(index.documents) == DOCUMENTS
    assert index.embedding_model == "m"
    assert index.generation


def test_it_tells_what_changed_what_is_drawn_and_how_texts_are_analysed(backend: Backend) -> None:
    index = backend(None)
    assert tuple(index.figures) == (GOALS,)
    assert tuple(index.changes) == (CHANGED,)
    assert index.steps == ALL


def test_words_lead_to_positions_of_passages(backend: Backend) -> None:
    index = backend(None)
    found = index.lexical({stem("incidentanmälan"): 1.0}, 5)
    assert ["72 timmar" in index.passages[position].text for position, _ in found] == [True]
    assert index.lexical({"finnsinte": 1.0}, 5) == []
    assert len(index.lexical({stem("enkäten"): 1.0}, 1)) == 1


def test_frequencies_count_passages_and_rare_words_weigh_more(backend: Backend) -> None:
    index = backend(None)
    assert index.document_frequency(stem("statusrapport")) == 6
    assert index.document_frequency("finnsinte") == 0
    assert index.idf("finnsinte") > index.idf(stem("incident")) > index.idf(stem("statusrapport")) > 0


def test_the_vocabulary_is_sorted_and_holds_every_word(backend: Backend) -> None:
    vocabulary = backend(None).vocabulary
    assert list(vocabulary) == sorted(set(vocabulary))
    assert {stem("portföljstyrning"), "nis2", "17"} <= set(vocabulary)


def test_compounds_are_split_by_the_index_s_own_words(backend: Backend) -> None:
    index = backend(None)
    assert index.split("enkätkompetens") == (stem("enkät"), stem("kompetens"))
    assert index.split("vattenskoter") == ()
    assert index.split("") == ()


def test_vectors_lead_to_positions_and_cosines(backend: Backend) -> None:
    index = backend("m")
    for position, one in enumerate(PASSAGES):
        found = index.dense(vector_of(one.context), 3)
        assert len(found) == 3
        assert found[0][0] == position
        np.testing.assert_allclose(found[0][1], 1.0, rtol=1e-5)


def test_a_passage_is_found_by_the_questions_that_it_answers(backend: Backend) -> None:
    index = backend("m")
    place = PASSAGES.index(SHARKS)
    for asked in SHARKS.questions:
        found = index.asked(vector_of(asked.text), 3)
        assert [(position, question) for position, question, _ in found[:1]] == [(place, asked)]
        assert len(found) == len(SHARKS.questions)
        np.testing.assert_allclose(found[0][2], 1.0, rtol=1e-5)
    assert place in dict(index.lexical({stem("farliga"): 1.0}, 5))
    assert backend(None).asked(vector_of("fisk"), 3) == []


@pytest.mark.parametrize("model", ["m", None])
def test_it_knows_which_passages_say_what_they_answer(backend: Backend, model: str | None) -> None:
    """With vectors and without: whether there are questions is a matter of the texts."""
    index = backend(model)
    asked = [index.is_asked(position) for position in range(len(PASSAGES))]
    assert asked == [bool(one.questions) for one in PASSAGES]
    assert sum(asked) == 1


def test_an_index_without_passages_is_no_error(tmp_path: Path, searcher: SearchServer | None) -> None:
    store = GenerationStore(tmp_path, server=searcher)
    store.publish(store.write(documents=(), passages=(), vectors=None, model=None))
    for index in (store.open(None), MemoryIndex([]), EmptyIndex()):
        assert len(index.passages) == 0
        assert index.lexical({"enkät": 1.0}, 5) == []
        assert index.look_up({"enkät": 1.0}, 5) == []
        assert index.dense(vector_of("enkät"), 5) == []
        assert index.asked(vector_of("enkät"), 5) == []


def test_without_vectors_there_is_no_dense_search(backend: Backend) -> None:
    index = backend(None)
    assert index.embedding_model is None
    assert index.dense(vector_of("enkäten"), 5) == []


def test_every_kind_of_index_ranks_alike(tmp_path: Path, searcher: SearchServer | None) -> None:
    steps = ALL - {Step.LEXICON}  # the index in memory is made without the dictionary
    store = GenerationStore(tmp_path, steps, server=searcher)
    store.publish(store.write(documents=DOCUMENTS, passages=PASSAGES, vectors=None, model=None))
    opened, memory = store.open(None), MemoryIndex(PASSAGES, DOCUMENTS, steps=steps)
    for words in ("enkäten", "cybersäkerhetslagen gäller", "portföljstyrning", "nis2 avtalet"):
        query = {stem(word): 1.0 for word in words.split()}
        found, known = opened.lexical(query, 10), memory.lexical(query, 10)
        assert [position for position, _ in found] == [position for position, _ in known]
        assert [score for _, score in found] == pytest.approx([score for _, score in known], rel=1e-6)
        assert opened.look_up(query, 10) == known
    assert list(opened.vocabulary) == list(memory.vocabulary)
