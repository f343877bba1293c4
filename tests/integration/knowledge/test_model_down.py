"""The language model and the embedding server both gone: answers in the sources' own words, found by words."""

from __future__ import annotations

import asyncio

import pytest

from knowledge.adapters.chat_model import ModelConfig, build_chat_model
from knowledge.adapters.embeddings import EmbeddingConfig, build_embedder
from knowledge.advisor import Advisor
from knowledge.composing.composer import Composer
from knowledge.composing.options import ComposerOptions
from knowledge.model import Status
from prompts.loader import Prompts
from tests.fakes import model_behaviours
from tests.fakes.knowledge import METHOD, PASSAGES, MemoryIndex, ShownKeys, WordList, judged_by_coverage
from tests.fakes.model_call import Behaviour
from tests.fakes.model_server import open_model_server


@pytest.mark.parametrize("behaviour", [model_behaviours.hang, model_behaviours.broken], ids=["hanging", "broken"])
async def test_r13_without_model_and_vectors_a_question_is_answered_by_words(
    behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with open_model_server(behaviour) as server:
        model = await asyncio.to_thread(
            build_chat_model, ModelConfig("openai", "small", base_url=server.url, deadline=0.4)
        )
        vectors = EmbeddingConfig("openai", "small", base_url=server.url, timeout=0.1)
        embedder = await asyncio.to_thread(build_embedder, vectors)
        assert embedder is not None
        index = MemoryIndex(PASSAGES, model=embedder.model)
        advisor = Advisor(index, embedder, WordList(), ShownKeys(), answerability=judged_by_coverage())
        prompts = await asyncio.to_thread(Prompts.load)
        composer = Composer(model, ShownKeys(), prompts, None, ComposerOptions(deadline=2.0))
        answer = await composer.ask(advisor, "Hur många personer besvarade enkäten?")
        assert (answer.status, answer.generator) == (Status.ANSWERED, "extractive")
        assert answer.citations[0].passage == METHOD
        assert any("composed.note." in note for note in answer.notes)
        await composer.close()
        await model.aclose()
        await embedder.aclose()
