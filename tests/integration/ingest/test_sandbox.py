"""Files are parsed in processes of their own; what a file does to its process reaches nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ingest.errors import DocumentRejected, Reason
from ingest.sandbox import Limits, Sandbox
from tests.contract.loaders import files


def text_file(folder: Path, words: int = 20) -> Path:
    path = folder / f"{words}.txt"
    path.write_text("Kommunen har en plan som följs upp varje år. " * (words // 9 + 1), encoding="utf-8")
    return path


async def reason(path: Path, limits: Limits) -> Reason:
    async with Sandbox(limits, workers=1) as sandbox:
        with pytest.raises(DocumentRejected) as caught:
            await sandbox.load(path, path.name)
        return caught.value.reason


async def test_documents_come_back_as_they_would_without_a_sandbox(tmp_path: Path) -> None:
    path = files.guideline_pdf(tmp_path / "a.pdf")
    async with Sandbox() as sandbox:
        document = await sandbox.load(path, "mapp/a.pdf")
    assert (document.id, document.title) == ("mapp-a", files.TITLE)
    assert document.blocks[0].pages == (1,)


async def test_a_rejection_comes_back_with_its_reason(tmp_path: Path) -> None:
    assert await reason(files.scanned_pdf(tmp_path / "a.pdf"), Limits()) is Reason.NO_TEXT_LAYER


async def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    assert await reason(text_file(tmp_path, 3_000_000), Limits(wall=1.0)) is Reason.TIMED_OUT


async def test_a_file_that_burns_processor_time_is_given_up(tmp_path: Path) -> None:
    assert await reason(text_file(tmp_path, 3_000_000), Limits(cpu=1, wall=60.0)) is Reason.TIMED_OUT


async def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    path = text_file(tmp_path, 400_000)
    assert await reason(path, Limits(memory=110_000_000, wall=60.0)) is Reason.UNREADABLE


async def test_a_worker_that_dies_takes_only_its_file_along(tmp_path: Path) -> None:
    assert await reason(text_file(tmp_path), Limits(memory=12_000_000)) is Reason.UNREADABLE


async def test_after_a_time_out_the_next_file_is_read(tmp_path: Path) -> None:
    slow, quick = text_file(tmp_path, 3_000_000), text_file(tmp_path)
    async with Sandbox(Limits(wall=2.0), workers=1) as sandbox:
        results = await asyncio.gather(
            sandbox.load(slow, "slow.txt"), sandbox.load(quick, "quick.txt"), return_exceptions=True
        )
    assert isinstance(results[0], DocumentRejected)
    assert not isinstance(results[1], BaseException)


async def test_cancelling_leaves_no_process_behind(tmp_path: Path) -> None:
    sandbox = Sandbox(workers=1)
    async with sandbox:
        task = asyncio.create_task(sandbox.load(text_file(tmp_path, 3_000_000), "a.txt"))
        await asyncio.sleep(1.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert sandbox.processes == 0
