"""A service whose searches are done by a server: with it, questions are answered; without it, that is said at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.conversation.texts import Texts
from bot.serving import ServedKnowledge
from ingest.upkeep import LockedStore
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.search_server import SearchServer
from knowledge.advisor import Advisor
from knowledge.errors import IndexUnavailable
from knowledge.model import Status
from knowledge.ports import Index
from tests.fakes.knowledge import WordList
from tests.fakes.library import FACTS, publish_generation
from tests.fakes.search_servers import IN_MEMORY, BreakableServer, running

pytestmark = pytest.mark.filterwarnings(IN_MEMORY)
TEXTS = Texts.load()
QUESTION = "Hur många båtar har Lysekils hamn plats för?"


@pytest.fixture
def server() -> Iterator[SearchServer]:
    yield from running("qdrant", lambda: None)


def advise(index: Index) -> Advisor:
    return Advisor(index, None, WordList(), TEXTS)


async def served(root: Path, server: SearchServer) -> ServedKnowledge:
    store = GenerationStore(root, server=server)
    knowledge = ServedKnowledge(LockedStore(store), advise, model=None, check=server.check)
    await knowledge.load()
    return knowledge


async def test_what_was_published_without_a_server_is_taken_in_at_the_start(
    tmp_path: Path, server: SearchServer
) -> None:
    generation = await asyncio.to_thread(publish_generation, tmp_path, FACTS)
    knowledge = await served(tmp_path, server)
    assert server.names() == [generation]
    assert knowledge.state.ready
    [hit, *_] = await knowledge.search("portföljstyrning")
    assert hit.passage.pages == (1,)


async def test_a_server_that_is_gone_is_told_before_anybody_asks_and_its_return_too(
    tmp_path: Path, server: SearchServer
) -> None:
    await asyncio.to_thread(publish_generation, tmp_path, {"Hamnar": "Hamnen i Lysekil har plats för 400 båtar."})
    breakable = BreakableServer(server)
    knowledge = await served(tmp_path, breakable)
    watch = asyncio.create_task(knowledge.watch(0.01))
    for left, ready in ((0, False), (None, True)):
        breakable.left = left
        async with asyncio.timeout(10):
            while knowledge.state.ready is not ready:  # noqa: ASYNC110 - the watch itself polls
                await asyncio.sleep(0.01)
        assert (knowledge.state.problem is None) is ready
        if ready:
            assert (await knowledge.ask(QUESTION)).status is Status.ANSWERED
        else:
            with pytest.raises(IndexUnavailable, match="gone"):
                await knowledge.ask(QUESTION)
    watch.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watch


async def test_a_quoted_sentence_is_found_on_the_loop_without_the_server(tmp_path: Path, server: SearchServer) -> None:
    sentence = "Hamnen i Lysekil har plats för 400 båtar."
    await asyncio.to_thread(publish_generation, tmp_path, {"Hamnar": sentence})
    breakable = BreakableServer(server)
    knowledge = await served(tmp_path, breakable)
    breakable.left = 0
    document = knowledge.documents[0].id
    passage = knowledge.quoted(document, sentence)
    assert passage is not None
    assert sentence in passage.text
