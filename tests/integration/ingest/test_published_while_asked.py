"""Fifty publications while questions are asked all the time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.serving import ServedKnowledge
from ingest.drafts import rollback
from ingest.errors import NoSuchGeneration
from ingest.pipeline import remove
from knowledge.adapters.generation import GenerationStore
from knowledge.advisor import Advisor
from knowledge.model import Answer, Status
from knowledge.ports import Index
from knowledge.retention import Retention
from tests.fakes.knowledge import ShownKeys, WordList, judged_by_coverage
from tests.fakes.library import publish_generation

PUBLICATIONS = 50
ASKING = 2


def advise(index: Index) -> Advisor:
    return Advisor(index, None, WordList(), ShownKeys(), answerability=judged_by_coverage())


async def test_i10_fifty_publications_under_constant_questions(tmp_path: Path) -> None:
    store = GenerationStore(tmp_path)
    said: dict[str, str] = {}

    async def publish(number: int) -> None:
        year = 1900 + number
        facts = {"Fyrar": f"Fyren på Hållö tändes år {year} och släcktes aldrig under kriget."}
        said[await asyncio.to_thread(publish_generation, tmp_path, facts)] = str(year)
        await asyncio.to_thread(store.prune, Retention(1))

    await publish(0)
    served = ServedKnowledge(store, advise, model=None)
    await served.load()
    answers: list[Answer] = []
    over = asyncio.Event()

    async def ask() -> None:
        while not over.is_set():
            answers.append(await served.ask("När tändes fyren på Hållö?"))

    async with asyncio.TaskGroup() as group:
        for _ in range(ASKING):
            group.create_task(ask())
        for number in range(1, PUBLICATIONS + 1):
            await publish(number)
            assert await served.reload()
        over.set()
    assert len(answers) >= PUBLICATIONS
    assert {answer.status for answer in answers} == {Status.ANSWERED}
    for answer in answers:
        year = said[answer.generation]
        assert year in answer.text
        assert [year in citation.passage.text and year in citation.quote for citation in answer.citations] == [True]
    assert len(await asyncio.to_thread(store.history)) == PUBLICATIONS + 1
    assert len(await asyncio.to_thread(store.generations)) == 1


async def test_i15_a_removed_document_answers_no_more_until_it_is_brought_back(tmp_path: Path) -> None:
    first = await asyncio.to_thread(publish_generation, tmp_path)
    store = GenerationStore(tmp_path)
    served = ServedKnowledge(store, advise, model=None)
    await served.load()
    question = "När tändes fyren på Hållö?"
    assert (await served.ask(question)).status is Status.ANSWERED
    await remove(["prov.md"], store=store, author="Anna")
    assert await served.reload()
    assert (await served.ask(question)).status is Status.REFUSED
    await rollback(store, author="Anna")
    assert await served.reload()
    assert (await served.ask(question)).generation == first
    await remove(["prov.md"], store=store, author="Anna", at_once=True)
    assert await served.reload()
    assert (await served.ask(question)).status is Status.REFUSED
    with pytest.raises(NoSuchGeneration):
        await rollback(store, author="Anna")
