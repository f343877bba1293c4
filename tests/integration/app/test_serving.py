"""A newly published generation is served without a restart, and one that cannot be opened never replaces a good one."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from bot.conversation.texts import Texts
from bot.serving import ServedKnowledge
from knowledge.access import people_of
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.open_generation import OpenGeneration
from knowledge.advisor import Advisor
from knowledge.errors import IndexDamaged, IndexUnavailable
from knowledge.model import Status
from knowledge.ports import Index
from tests.fakes.figures import FIGURE
from tests.fakes.knowledge import WordList
from tests.fakes.library import FACTS, publish_figure, publish_generation

TEXTS = Texts.load()
TOLD = "Portföljstyrning är icke-existerande i 17 procent och delvis etablerad i 5,5 procent av svaren."


def advise(index: Index) -> Advisor:
    return Advisor(index, None, WordList(), TEXTS)


async def publish(root: Path, facts: Mapping[str, str] = FACTS) -> str:
    return await asyncio.to_thread(publish_generation, root, facts)


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Lysekil", b"Lysekel"))


def served(root: Path, *, empty: bool = False) -> ServedKnowledge:
    return ServedKnowledge(GenerationStore(root), advise, model=None, empty=empty)


async def test_the_published_generation_is_searched(tmp_path: Path) -> None:
    generation = await publish(tmp_path)
    knowledge = served(tmp_path)
    await knowledge.load()
    assert knowledge.state.generation == generation
    assert (knowledge.state.passages, knowledge.state.mode, knowledge.state.ready) == (2, "lexical", True)
    [hit, *_] = await knowledge.search("portföljstyrning")
    assert hit.passage.pages == (1,)


async def test_a_new_generation_takes_over_and_its_answers_name_it(tmp_path: Path) -> None:
    await publish(tmp_path)
    knowledge = served(tmp_path)
    await knowledge.load()
    assert await knowledge.reload() is False
    newer = await publish(tmp_path, {"Hamnar": "Hamnen i Lysekil har plats för 400 båtar."})
    assert await knowledge.reload() is True
    assert (await knowledge.ask("Hur många båtar har Lysekils hamn plats för?")).generation == newer


async def test_the_watch_notices_by_itself(tmp_path: Path) -> None:
    await publish(tmp_path)
    knowledge = served(tmp_path)
    await knowledge.load()
    watch = asyncio.create_task(knowledge.watch(0.01))
    newer = await publish(tmp_path, {"Hamnar": "Hamnen i Lysekil har plats för 400 båtar."})
    async with asyncio.timeout(10):
        while knowledge.state.generation != newer:  # noqa: ASYNC110 - the watch itself polls
            await asyncio.sleep(0.01)
    watch.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watch


async def test_i12_a_damaged_generation_leaves_the_old_one_on_and_is_told(tmp_path: Path) -> None:
    old = await publish(tmp_path)
    knowledge = served(tmp_path)
    await knowledge.load()
    broken = await publish(tmp_path, {"Hamnar": "Hamnen i Lysekil."})
    await asyncio.to_thread(damage, tmp_path / "generations" / broken / "passages.jsonl")
    assert await knowledge.reload() is False
    assert knowledge.state.generation == old
    assert "passages.jsonl" in (knowledge.state.problem or "")
    assert (await knowledge.search("portföljstyrning"))[0].passage.pages == (1,)
    with pytest.raises(IndexDamaged):
        await served(tmp_path).load()


async def test_nothing_published_is_told_or_served_as_an_empty_knowledge_base(tmp_path: Path) -> None:
    strict = served(tmp_path)
    with pytest.raises(IndexUnavailable):
        await strict.load()
    with pytest.raises(IndexUnavailable):
        await strict.ask("Hur ser portföljstyrningen ut?")
    assert not strict.state.ready
    empty = served(tmp_path, empty=True)
    await empty.load()
    assert (await empty.ask("Hur ser portföljstyrningen ut?")).status is Status.REFUSED
    assert list(await empty.search("portföljstyrning")) == []
    await publish(tmp_path)
    assert await empty.reload() is True
    assert empty.state.passages == 2


async def test_an_answer_that_quotes_a_text_about_a_figure_brings_the_figure(tmp_path: Path) -> None:
    await asyncio.to_thread(publish_figure, tmp_path, FIGURE, beside=TOLD)
    knowledge = served(tmp_path)
    await knowledge.load()
    assert list(knowledge.figures) == [FIGURE]
    answer = await knowledge.ask("Hur många har icke-existerande styrning av portföljen?")
    assert [citation.quote for citation in answer.citations] == [TOLD]
    assert answer.figure == FIGURE
    assert (await knowledge.ask("Vad blir det för lunch?")).figure is None


async def test_what_is_not_served_any_more_is_gone_without_waiting_for_the_collector(tmp_path: Path) -> None:
    await publish(tmp_path)
    knowledge = served(tmp_path)
    await knowledge.load()
    assert (await knowledge.ask("Hur många båtar har Lysekils hamn plats för?", audience=people_of("lysekil"))).text
    index = cast(OpenGeneration, knowledge.advisor.index)
    parts = [weakref.ref(each) for each in (knowledge.advisor, index, index.passages, index._splits)]
    del index
    await publish(tmp_path, {"Hamnar": "Hamnen i Lysekil har plats för 400 båtar."})
    gc.disable()
    try:
        assert await knowledge.reload()
        await asyncio.sleep(0.05)  # a thread lets go of its last task a moment after that has answered
        assert [part() for part in parts] == [None] * len(parts)
    finally:
        gc.enable()
