"""Files are parsed in processes of their own; what a file does to its process reaches nothing else."""

from __future__ import annotations

import asyncio
import resource
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.archives import Room
from ingest.errors import DocumentRejected, IsolationUnavailable, Reason
from ingest.sandbox import Limits, Sandbox
from tests.contract.loaders import files
from tests.fakes import office_files
from tests.fakes.hostile_packages import Entry, deflated, zip_of


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
    assert await reason(text_file(tmp_path, 1_400_000), Limits(wall=1.0)) is Reason.TIMED_OUT


async def test_a_file_that_burns_processor_time_is_given_up(tmp_path: Path) -> None:
    assert await reason(text_file(tmp_path, 1_400_000), Limits(cpu=1, wall=60.0)) is Reason.TIMED_OUT


async def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    path = text_file(tmp_path, 400_000)
    assert await reason(path, Limits(memory=85_000_000, wall=60.0)) is Reason.UNREADABLE


async def test_a_worker_that_dies_takes_only_its_file_along(tmp_path: Path) -> None:
    assert await reason(text_file(tmp_path), Limits(memory=12_000_000)) is Reason.UNREADABLE


async def test_after_a_time_out_the_next_file_is_read(tmp_path: Path) -> None:
    slow, quick = text_file(tmp_path, 1_400_000), text_file(tmp_path)
    async with Sandbox(Limits(wall=2.0), workers=1) as sandbox:
        results = await asyncio.gather(
            sandbox.load(slow, "slow.txt"), sandbox.load(quick, "quick.txt"), return_exceptions=True
        )
    assert isinstance(results[0], DocumentRejected)
    assert not isinstance(results[1], BaseException)


async def test_cancelling_leaves_no_process_behind(tmp_path: Path) -> None:
    sandbox = Sandbox(workers=1)
    async with sandbox:
        task = asyncio.create_task(sandbox.load(text_file(tmp_path, 1_400_000), "a.txt"))
        await asyncio.sleep(1.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert sandbox.processes == 0


async def test_i08_a_parser_reaches_neither_a_network_nor_another_program(tmp_path: Path, unused_tcp_port: int) -> None:
    hits: list[str] = []

    async def canary(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hits.append("somebody called")
        writer.close()

    path = tmp_path / "a.spy"
    path.write_text(f"127.0.0.1 {unused_tcp_port} {tmp_path}", encoding="utf-8")
    server = await asyncio.start_server(canary, "127.0.0.1", unused_tcp_port)
    async with server, Sandbox(workers=1, program="tests.fakes.spying_worker") as sandbox:
        document = await sandbox.load(path, path.name)
    tried = dict(block.text.split() for block in document.blocks)
    assert hits == []
    assert tried.pop("thread") == "done", "libraries that count may still do it side by side"
    assert (tried.pop("write"), (tmp_path / "left.txt").read_text()) == ("OSError", ""), "the limit on what is written"
    assert set(tried.values()) == {"PermissionError"}


async def test_where_a_parser_cannot_be_locked_in_nothing_is_parsed(tmp_path: Path) -> None:
    async with Sandbox(workers=1, program="tests.fakes.unguarded_worker") as sandbox:
        with pytest.raises(IsolationUnavailable, match="x86_64 and aarch64"):
            await sandbox.load(text_file(tmp_path), "a.txt")
        assert sandbox.processes == 0


async def test_a_document_with_too_much_text_is_refused_by_the_worker(tmp_path: Path) -> None:
    path = text_file(tmp_path, 20_000)
    assert await reason(path, Limits(max_answer=100_000)) is Reason.TOO_LARGE
    async with Sandbox(Limits(max_answer=300_000), workers=1) as sandbox:
        assert (await sandbox.load(path, "a.txt")).blocks


@pytest.mark.parametrize(
    ("make", "part", "before", "piece"),
    [
        (office_files.guideline_docx, "word/document.xml", b"<w:body>", b"<w:p><w:r><w:t>Text</w:t></w:r></w:p>"),
        (office_files.guideline_xlsx, "xl/worksheets/sheet1.xml", b"<sheetData>", b"<row>%s</row>" % (b"<c/>" * 1000)),
    ],
    ids=["half a gigabyte of text", "more than 20 million cells"],
)
async def test_i01_a_bomb_of_full_size_is_refused_and_costs_the_service_no_memory(
    tmp_path: Path, make: Callable[[Path], Path], part: str, before: bytes, piece: bytes
) -> None:
    path = await asyncio.to_thread(_bomb, make(tmp_path / "good"), tmp_path / "bomb", part, before, piece)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with Sandbox(workers=1) as sandbox:
        with pytest.raises(DocumentRejected) as caught:
            await sandbox.load(path, "bomb.docx")
    assert (caught.value.reason, path.stat().st_size < 2_000_000) == (Reason.TOO_LARGE, True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 20_000, "kilobytes"


def _bomb(good: Path, path: Path, name: str, before: bytes, piece: bytes) -> Path:
    """A file one part of which inflates to 500 MB; packed once, as what is repeated packs alike."""
    start = office_files.part(good, name).partition(before)[0] + before
    million = piece * (1_000_000 // len(piece))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(million) + packer.flush(zlib.Z_FULL_FLUSH)
    with zipfile.ZipFile(good) as package:
        others = [deflated(each, package.read(each)) for each in package.namelist() if each != name]
    large = Entry(name, first + 500 * again + packer.flush(), len(start) + 500 * len(million), 0)
    return zip_of(path, [*others, large])


async def test_an_archive_is_told_from_a_document_and_unpacked(tmp_path: Path) -> None:
    path, folder = tmp_path / "a.zip", tmp_path / "folder"
    folder.mkdir()
    zip_of(path, [deflated("a.md", b"Text"), deflated("b.bin", bytes(90_000_000))])
    async with Sandbox(workers=1) as sandbox:
        with pytest.raises(DocumentRejected) as caught:
            await sandbox.load(path, "a.zip")
        entries = await sandbox.unpack(path, folder, Room())
    assert caught.value.reason is Reason.ARCHIVE
    assert [(entry.name, entry.reason) for entry in entries] == [("a.md", None), ("b.bin", Reason.TOO_LARGE)]
