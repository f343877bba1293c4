"""Drafts made in a process of their own, and what becomes of it where nobody wants the draft any more."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from bot.documents.errors import DraftFailed, Problem
from bot.documents.ports import untold
from bot.drafting.lines import GIVEN, LINE, End, Given, settings_for
from bot.drafting.making import translated
from bot.drafting.order import Order
from bot.drafting.process import ProcessMaking
from bot.settings import Settings
from ingest.lock import only_one
from ingest.model import FileStatus
from ingest.sources import Source
from knowledge.adapters.generation import GenerationStore
from knowledge.archive import ArchiveFailed
from knowledge.errors import IndexDamaged
from knowledge.evaluation.questions import EvaluationQuestion

QUESTION = EvaluationQuestion.model_validate(
    {"id": "q1", "question": "När tändes fyren på Hållö?", "class": "answerable"}
)
SECRET = "kYq7vN2xW9pR4tL8"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    given = {"data_dir": tmp_path / "data", "embedding_provider": "off", "builtin_library": False}
    return Settings.read(**given, web_sources="www.example.se", operating_point=0.2)


def order(folder: Path, text: str, **more: object) -> Order:
    folder.mkdir(exist_ok=True)
    path = folder / "hallo.md"
    path.write_text(f"# Fyren på Hållö\n\n{text}\n", encoding="utf-8")
    return Order((Source(path, path.name),), "", "anna", **more)  # type: ignore[arg-type]  # fields of an order


def children() -> set[str]:
    """The processes that this one has started and that are still there."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_a_draft_is_made_beside_the_service_and_known_questions_are_asked(settings: Settings, tmp_path: Path) -> None:
    make, store, told = ProcessMaking(settings), GenerationStore(settings.index_dir), set[str]()
    first = asyncio.run(make(order(tmp_path / "a", "Fyren på Hållö tändes år 1842."), untold))
    assert [each.status for each in first.outcomes] == [FileStatus.ADDED]
    assert store.current() is None
    store.publish(first.generation)
    again = order(tmp_path / "a", "Fyren på Hållö tändes år 1843.", questions=(QUESTION,))
    second = asyncio.run(make(again, lambda phase, done, total, path="": told.add(phase)))
    assert (second.base, store.current()) == (first.generation, first.generation)
    assert second.gate is not None
    assert second.gate.asked == 1
    assert {"load", "write", "gate"} <= told
    assert store.manifest(second.generation).author == "anna"


def test_what_cannot_be_read_is_told_and_what_cannot_be_done_is_a_problem(settings: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "tom.pdf"
    broken.write_bytes(b"")
    refused = asyncio.run(ProcessMaking(settings)(Order((Source(broken, "tom.pdf"),), "", "anna"), untold))
    assert [each.reason for each in refused.outcomes] == ["ingest.rejected.empty"]
    settings.index_dir.mkdir(parents=True, exist_ok=True)
    (settings.index_dir / "current").write_text("nonsense")
    with pytest.raises(DraftFailed) as failed:
        asyncio.run(ProcessMaking(settings)(order(tmp_path / "a", "Text."), untold))
    assert failed.value.reason is Problem.INDEX


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (ArchiveFailed("the archive does not answer"), Problem.UNREACHABLE),
        (IndexDamaged("passages.jsonl differs"), Problem.INDEX),
        (OSError("no space left"), Problem.INDEX),
    ],
)
def test_what_cannot_be_reached_now_is_told_from_what_is_broken(error: Exception, problem: Problem) -> None:
    with pytest.raises(DraftFailed) as failed, translated():
        raise error
    assert failed.value.reason is problem


def test_a_busy_index_is_waited_for_and_a_cancelled_draft_leaves_no_process(settings: Settings, tmp_path: Path) -> None:
    store, wanted = GenerationStore(settings.index_dir), order(tmp_path / "a", "Text.")
    store.root.mkdir(parents=True)

    async def begun(before: set[str]) -> None:
        async with asyncio.timeout(30):
            while not await asyncio.to_thread(children) - before:  # noqa: ASYNC110 - a process sets no event
                await asyncio.sleep(0.05)

    async def cancelled() -> None:
        before = await asyncio.to_thread(children)
        async with only_one(store, 5.0):
            making = asyncio.create_task(ProcessMaking(settings)(wanted, untold))
            await begun(before)
            making.cancel()
            with pytest.raises(asyncio.CancelledError):
                await making

    before = children()
    asyncio.run(cancelled())
    assert children() <= before
    assert store.drafts.names() == []


def test_a_process_that_takes_too_long_is_a_problem_and_is_ended(settings: Settings, tmp_path: Path) -> None:
    before, wanted = children(), order(tmp_path / "a", "Text.")
    with pytest.raises(DraftFailed) as failed:
        asyncio.run(ProcessMaking(settings, patience=0.01)(wanted, untold))
    assert failed.value.reason is Problem.BROKEN
    assert children() <= before


def test_the_process_has_the_settings_and_no_others_see_its_secrets(tmp_path: Path) -> None:
    settings = Settings.read(
        data_dir=tmp_path,
        embedding_provider="openai",
        embedding_model="m",
        embedding_api_key=SECRET,
        web_sources="www.example.se,*.example.org",
        analysis_off="stems",
        keep_generations=7,
        database_url="postgresql+asyncpg://fyren:hemligt@db/fyren",
    )
    given = Given(Order((), "", "anna", questions=(QUESTION,)), settings_for(settings))
    assert SECRET not in repr(given)
    back = GIVEN.validate_json(GIVEN.dump_json(given, by_alias=True))
    assert back.order.questions == (QUESTION,)
    again = Settings.read(**back.settings)
    for name in back.settings:
        assert getattr(again, name) == getattr(settings, name)
    assert {"embedding_api_key", "database_url", "web_sources", "analysis_off"} <= back.settings.keys()


def test_an_end_comes_back_as_it_was_told() -> None:
    end = End(problem=Problem.EMBEDDING, detail="no answer")
    assert LINE.validate_json(LINE.dump_json(end)) == end
