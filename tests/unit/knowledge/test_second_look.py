"""Where words do not meet, sentences are compared by meaning: only where needed, and each sentence once."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from knowledge import second_look
from knowledge.errors import EmbeddingFailed
from knowledge.evidence import Evidence, weigh
from knowledge.model import Hit
from knowledge.pieces import PieceReader
from knowledge.question import understand
from knowledge.retrieval import Retrieval, retrieve
from knowledge.second_look import SENTENCES, SecondLook
from knowledge.swedish.analysis import no_split
from tests.fakes.knowledge import MemoryIndex, RecordingEmbedder, WordList, passage, small_library, vector_of

MODEL = "fake/words"


async def looked(text: str, index: MemoryIndex, embedder: RecordingEmbedder) -> tuple[Retrieval, list[Evidence]]:
    question = understand(text)
    found = await retrieve(question, index, embedder, WordList())
    return found, weigh(question, found.concepts, found.hits, PieceReader(index.split))


async def test_a_question_whose_words_are_found_needs_no_second_look() -> None:
    index, embedder = small_library(model=MODEL), RecordingEmbedder()
    _, evidence = await looked("Hur många personer besvarade enkäten?", index, embedder)
    look = SecondLook(embedder, PieceReader(index.split))
    assert not look.needed(understand("Hur många personer besvarade enkäten?"), evidence)


async def test_a_question_whose_words_are_not_found_and_every_english_one_need_it() -> None:
    index, embedder = small_library(model=MODEL), RecordingEmbedder()
    look = SecondLook(embedder, PieceReader(index.split))
    _, evidence = await looked("vad händer om hackare slår till", index, embedder)
    assert look.needed(understand("vad händer om hackare slår till"), evidence)
    covered = [replace(one, coverage=1.0) for one in evidence]
    assert look.needed(understand("What is the deadline?"), covered)
    assert not look.needed(understand("Vad är fristen?"), covered)


async def test_without_an_embedder_or_evidence_there_is_no_second_look() -> None:
    index = small_library(model=MODEL)
    found, evidence = await looked("vattenskoterförbud", index, RecordingEmbedder())
    alone = SecondLook(None, PieceReader(index.split))
    assert not alone.needed(understand("vattenskoterförbud"), evidence)
    assert await alone.meanings(found) == {}
    assert not SecondLook(RecordingEmbedder(), PieceReader(index.split)).needed(understand("vattenskoterförbud"), [])


async def test_sentences_like_the_question_mean_more_than_others() -> None:
    text = "Kommunen köper arkivtjänster. Bredbandet byggs ut."
    index, embedder = MemoryIndex([passage(text)], model=MODEL), RecordingEmbedder()
    found, _ = await looked("arkivtjänster köper kommunen", index, embedder)
    meanings = await SecondLook(embedder, PieceReader(index.split)).meanings(found)
    assert set(meanings) == {"Kommunen köper arkivtjänster.", "Bredbandet byggs ut."}
    assert meanings["Kommunen köper arkivtjänster."] > meanings["Bredbandet byggs ut."]


async def test_a_sentence_is_embedded_once_however_often_it_is_asked_about() -> None:
    index, embedder = small_library(model=MODEL), RecordingEmbedder()
    look = SecondLook(embedder, PieceReader(index.split))
    for text in ("hackare slår till", "hackare slår till igen", "pengar till hackare"):
        found, _ = await looked(text, index, embedder)
        await look.meanings(found)
    embedded = [text for batch in embedder.batches for text in batch]
    assert embedded
    assert len(embedded) == len(set(embedded))


async def test_the_work_for_one_question_is_bounded() -> None:
    text = " ".join(f"Mening nummer {n} handlar om annat." for n in range(200))
    index, embedder = MemoryIndex([passage(text)] * 1, model=MODEL), RecordingEmbedder()
    found, _ = await looked("hackare", index, embedder)
    await SecondLook(embedder, PieceReader(index.split)).meanings(found)
    assert sum(len(batch) for batch in embedder.batches) <= SENTENCES


async def test_reservations_are_not_looked_at() -> None:
    index, embedder = small_library(model=MODEL), RecordingEmbedder()
    found, _ = await looked("andelarna", index, embedder)
    meanings = await SecondLook(embedder, PieceReader(index.split)).meanings(found)
    assert not any(text.startswith("Obs:") for text in meanings)


async def test_a_search_without_a_vector_has_no_meanings() -> None:
    index, embedder = small_library(), RecordingEmbedder()
    found, _ = await looked("hackare incident", index, embedder)
    assert await SecondLook(embedder, PieceReader(index.split)).meanings(found) == {}
    assert embedder.batches == []


async def test_a_failing_embedder_leaves_the_words_to_decide_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    index, embedder = small_library(model=MODEL), RecordingEmbedder()
    found, _ = await looked("hackare slår till", index, embedder)
    embedder.error = EmbeddingFailed("no answer")
    with caplog.at_level(logging.WARNING):
        assert await SecondLook(embedder, PieceReader(index.split)).meanings(found) == {}
    assert "no answer" in caplog.text


async def test_a_full_memory_of_sentences_does_not_break_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "KEPT", 2)
    index, embedder = MemoryIndex([passage("Alfa råder. Beta gäller. Gamma syns. Delta finns.")]), RecordingEmbedder()
    found = Retrieval((Hit(1, 1.0, index.passages[0], 0.0, 0.5),), (), vector_of("x"))
    look = SecondLook(embedder, PieceReader(no_split))
    for _ in range(2):
        assert len(await look.meanings(found)) == 4


async def test_sentence_vectors_of_another_width_give_no_second_look(caplog: pytest.LogCaptureFixture) -> None:
    index = MemoryIndex([passage("Alfa råder. Beta gäller.")])
    found = Retrieval((Hit(1, 1.0, index.passages[0], 0.0, 0.5),), (), vector_of("x")[:3])
    assert await SecondLook(RecordingEmbedder(), PieceReader(no_split)).meanings(found) == {}
    assert "no second look" in caplog.text
