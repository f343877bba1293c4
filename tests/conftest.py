"""What every test gets: a watch on the event loop, and the built-in library's index, built once."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from blockbuster import BlockBuster, blockbuster_ctx

from knowledge.adapters import generation_files
from knowledge.swedish.lexicon import load_lexicon
from tests.program import FYREN, environment

BUILD_TIMEOUT = 600

MAY_BLOCK = (
    # Small files that come with the program, read once, before the first turn.
    ("bot/conversation/router.py", "load"),
    ("bot/conversation/texts.py", "load"),
    # The database's driver is imported, and its folder made, when the service starts.
    ("bot/storage/engine.py", "open_engine"),
    ("bot/storage/database.py", "_make_folder"),
)
"""Where our own code may block the event loop: file, function, and above it the reason."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--require-client`, for machines on which nothing may be left out."""
    parser.addoption(
        "--require-client",
        action="store_true",
        help="fail instead of skipping where the browser or the Teams client of the end-to-end tests is missing",
    )


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> Iterator[BlockBuster]:
    """A call of ours that blocks the event loop (files, sockets, sleep, locks) raises BlockingError.

    Only calls made by our packages count: what a test does to set its scene may block.
    """
    with blockbuster_ctx(scanned_modules=["bot", "ingest", "knowledge", "prompts"]) as watch:
        for blocking in watch.functions.values():
            for file, function in MAY_BLOCK:
                blocking.can_block_in(file, function)
        yield watch


@pytest.fixture(scope="session", autouse=True)
def dictionary_read_once() -> Iterator[None]:
    """Reading the Swedish dictionary takes a second, and tests write hundreds of generations."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generation_files, "load_lexicon", lru_cache(maxsize=1)(load_lexicon))
        yield


@pytest.fixture(scope="session")
def library(request: pytest.FixtureRequest) -> Path:
    """A data folder with the built-in library's index. Read it or copy it; write nothing into it.

    It stays in pytest's cache, so that only what was changed in the library is embedded again in the next run.
    """
    folder: Path = request.config.cache.mkdir("library")
    done = _build(folder)
    if done.returncode:
        # What an earlier state of the program left there need not be readable to this one.
        shutil.rmtree(folder)
        done = _build(folder)
    if done.returncode:
        pytest.fail(f"the built-in library could not be built:\n{done.stderr[-4000:]}")
    return folder


def _build(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [*FYREN, "documents", "list", "--json"]
    return subprocess.run(
        command, env=environment(folder), capture_output=True, text=True, timeout=BUILD_TIMEOUT, check=False
    )


@pytest.fixture
def data_dir(library: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own with the built-in library's index, to do anything with."""
    folder = tmp_path / "data"
    shutil.copytree(library / "index", folder / "index", symlinks=True)
    return folder
