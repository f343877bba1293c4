"""The fixtures of the end-to-end tests: a bot, a client and a page of each test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest

from tests.e2e.chat import Chat
from tests.e2e.stage import HERE, Stage, browser_page, missing, stage

RESULTS = HERE / "results"
_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, so that its page is kept as a picture."""
    report = yield
    if report.when == "call":
        item.stash[_failed] = report.failed
    return report


@pytest.fixture(scope="session")
def client(request: pytest.FixtureRequest) -> None:
    """Skips where browser or client are missing; with `--require-client` it fails."""
    if lack := missing():
        (pytest.fail if request.config.getoption("--require-client") else pytest.skip)(lack)


@pytest.fixture
def running(client: None, data_dir: Path, tmp_path: Path) -> Iterator[Stage]:
    """`fyren serve` on the built-in library, and the Teams client connected to it."""
    with stage(data_dir, tmp_path) as running:
        yield running


@pytest.fixture
async def chat(request: pytest.FixtureRequest, running: Stage) -> AsyncIterator[Chat]:
    """The personal chat, opened in a browser for the first time."""
    async with browser_page() as page:
        chat = Chat(page)
        await chat.open(running.teams)
        yield chat
        if request.node.stash.get(_failed, False):
            RESULTS.mkdir(exist_ok=True)
            await page.screenshot(path=RESULTS / f"{request.node.name}.png")
