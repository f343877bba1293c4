"""What every test gets: a watch on the event loop, and the built-in library's index, built once."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from blockbuster import BlockBuster, blockbuster_ctx

from tests import outside, read_once
from tests.program import FYREN, environment

BUILD = (*FYREN, "documents", "list", "--json")
"""Every command that asks builds the library's index where it is missing or old; this one does nothing else."""
BUILD_TIMEOUT = 600
BEHIND = 5
"""By how much the building of it, which takes ten seconds, gives way to the tests; of 19 steps."""
_building = pytest.StashKey[subprocess.Popen[bytes]]()

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


def pytest_configure(config: pytest.Config) -> None:
    """Watch what is connected to, and read the message catalogues once: before anything is collected, as test modules
    read them too."""
    outside.watch()
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    read_once.texts(patch)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where processes share the tests: slow files first, then those on the library, and quick ones last.

    Files are handed out in this order. The library is built behind the first ones, so that nobody waits for it; and as
    the last ones are quick, no process waits long in the end for another one's last file.
    """
    if "workerinput" not in vars(config):
        return
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    asking = {item.path for item in items if _asks_the_library(item)}
    watching = {item.path for item in items if item.get_closest_marker("e2e")}

    def turn(item: pytest.Item) -> int:
        if item.path in asking:
            return 1 if item.path in watching else 2  # the browser's take longest
        return 0 if item.path in slow else 3

    items.sort(key=turn)


def _asks_the_library(item: pytest.Item) -> bool:
    return "library" in getattr(item, "fixturenames", ())


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin to build the library's index, behind the tests that do not need it."""
    config = session.config
    first = getattr(config, "workerinput", {}).get("workerid", "gw0") == "gw0"
    if first and not config.option.collectonly and any(map(_asks_the_library, session.items)):
        nowhere = subprocess.DEVNULL
        building = subprocess.Popen(
            BUILD, env=environment(_library_folder(config)), stdin=nowhere, stdout=nowhere, stderr=nowhere
        )
        os.setpriority(os.PRIO_PROCESS, building.pid, BEHIND)
        config.stash[_building] = building


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no process behind where the tests ended before the library was built; what it has embedded is kept."""
    if building := config.stash.get(_building, None):
        building.terminate()
        building.wait()


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
    """Tests write hundreds of generations with it."""
    with pytest.MonkeyPatch.context() as patch:
        read_once.dictionary(patch)
        yield


@pytest.fixture(scope="session")
def library(request: pytest.FixtureRequest) -> Path:
    """A data folder with the built-in library's index. Read it or copy it; write nothing into it.

    It stays in pytest's cache, so that only what was changed in the library is embedded again in the next run.
    """
    folder = _library_folder(request.config)
    if building := request.config.stash.get(_building, None):
        building.wait(BUILD_TIMEOUT)
    done = _build(folder)
    if done.returncode:
        # What an earlier state of the program left there need not be readable to this one.
        shutil.rmtree(folder)
        done = _build(folder)
    if done.returncode:
        pytest.fail(f"the built-in library could not be built:\n{done.stderr[-4000:]}")
    return folder


def _library_folder(config: pytest.Config) -> Path:
    folder: Path = config.cache.mkdir("library")
    return folder


def _build(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        BUILD, env=environment(folder), capture_output=True, text=True, timeout=BUILD_TIMEOUT, check=False
    )


@pytest.fixture
def data_dir(library: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own with the built-in library's index, to do anything with."""
    folder = tmp_path / "data"
    shutil.copytree(library / "index", folder / "index", symlinks=True)
    return folder
