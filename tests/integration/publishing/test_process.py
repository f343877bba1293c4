"""The process that publishes: what it keeps is what was answered, once; whatever becomes of it is one kind of error."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.demo.filling import Calendar, fill
from bot.maturity.rounds import RoundStatus
from bot.publishing.due import Outcome
from bot.publishing.edition import publish_round
from bot.publishing.errors import CompilingFailed
from bot.publishing.process import ProcessPublishing
from bot.results import statistics
from bot.results.compiling import compile_edition
from bot.results.edition_json import edition_to_json
from bot.storage.database import Database, open_database
from bot.storage.demo import SqlMadeUp
from tests.fakes.demo import TODAY, small_round

ROUND = small_round()
DAY = ROUND.closed or TODAY


@asynccontextmanager
async def opened(urls: tuple[str, str], today: date = DAY) -> AsyncIterator[Database]:
    database = await open_database(*urls, today=Calendar(today), demo=True)
    try:
        yield database
    finally:
        await database.close()


async def test_an_edition_is_compiled_and_kept_with_its_members(
    postgresql_url: str, postgresql_identity_url: str
) -> None:
    """On a server; that it goes with files is shown where a round is closed on the command line."""
    urls = postgresql_url, postgresql_identity_url
    await fill(*urls, [ROUND], publish=False)
    outcome = await ProcessPublishing(*urls, demo=True)(ROUND.held.id, DAY)
    assert (outcome.number, outcome.made, outcome.responses) == (1, True, len(ROUND.responses))
    assert 0 < outcome.hidden < outcome.cells
    async with opened(urls) as database:
        content = await database.editions.content(ROUND.held.id, 1)
        members = await database.editions.members(ROUND.held.id)
        [entry] = [each for each in await database.audit.entries() if each.event.action == "edition_compiled"]
    assert set(members) == {identifier for identifier, _, _ in ROUND.responses}
    assert entry.event.subject == ROUND.held.label
    held = replace(ROUND.held, status=RoundStatus.CLOSED, closed_on=DAY)
    responses = sorted((identifier, each) for identifier, _, each in ROUND.responses)
    compiling = partial(compile_edition, visibilities=ROUND.decisions, day=DAY, demo=True)
    expected = await asyncio.to_thread(compiling, held, responses)
    assert content == edition_to_json(expected.edition)


async def test_it_is_made_once_and_again_only_when_answers_have_come(sqlite_url: str, sqlite_identity_url: str) -> None:
    """In this process, by the code that the other one runs, for there are several turns."""
    urls = sqlite_url, sqlite_identity_url
    await fill(*urls, [replace(ROUND, responses=ROUND.responses[:6])])
    name = ROUND.held.id
    async with opened(urls) as database:
        assert await publish_round(database, name, day=DAY) == Outcome(1)
        for more, expected in (((), Outcome(1)), (ROUND.responses[6:], Outcome(2, True, len(ROUND.responses)))):
            await database.check.reopen(name, closes=DAY + timedelta(days=5), reason="r")
            await SqlMadeUp(database.main, database.identity).put(name, more)
            assert await publish_round(database, name, day=DAY) == Outcome(1), "it is open"
            await database.check.close(name)
            outcome = await publish_round(database, name, day=DAY)
            assert replace(outcome, cells=0, hidden=0) == expected
        batches = await database.editions.members(name)
    assert {batches[identifier] for identifier, _, _ in ROUND.responses[:6]} == {1}
    assert {batches[identifier] for identifier, _, _ in ROUND.responses[6:]} == {2}


async def test_two_at_once_make_one_edition(sqlite_url: str, sqlite_identity_url: str) -> None:
    urls = sqlite_url, sqlite_identity_url
    await asyncio.to_thread(statistics.share_interval, 1, 2, None)  # in two threads at once, it cannot be loaded
    await fill(*urls, [ROUND], publish=False)
    async with opened(urls) as one, opened(urls) as other:
        outcomes = await asyncio.gather(*(publish_round(each, ROUND.held.id, day=DAY) for each in (one, other)))
        assert sorted(each.made for each in outcomes) == [False, True]
        assert {each.number for each in outcomes} == {1}
        assert len(await one.editions.all(ROUND.held.id)) == 1


async def test_what_it_cannot_do_is_told_by_its_kind_alone(sqlite_url: str, sqlite_identity_url: str) -> None:
    urls = sqlite_url, sqlite_identity_url
    await fill(*urls, [], publish=False)
    with pytest.raises(CompilingFailed, match=r"^DemoMismatch$"):
        await ProcessPublishing(*urls)(ROUND.held.id, DAY)


async def test_one_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(CompilingFailed, match=r"more than 0\.01 s"):
        await ProcessPublishing(f"sqlite:///{tmp_path / 'x'}", f"sqlite:///{tmp_path / 'y'}", timeout=0.01)("r", DAY)


@pytest.mark.parametrize(
    ("program", "says"),
    [("/no/such/python", "started"), ("/bin/false", "ended with 1"), ("/bin/echo", "damaged")],
)
async def test_one_that_cannot_start_or_breaks_is_told(
    program: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(CompilingFailed, match=says):
        await ProcessPublishing("sqlite:///x", "sqlite:///y")("r", DAY)


@pytest.fixture
def spy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In place of Python: writes down what it was started with and waits for ever."""
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nprintf "%s " "$@" > {tmp_path}/arguments\ncat > {tmp_path}/input\nexec sleep 600\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    return tmp_path


async def test_no_secret_is_on_the_command_line_and_no_process_outlives_a_cancelled_one(spy: Path) -> None:
    url = "postgresql+asyncpg://fyren:hemligt@db/fyren"
    publishing = asyncio.create_task(ProcessPublishing(url, url)("r1", DAY))
    async with asyncio.timeout(10):
        while not await asyncio.to_thread(_written, spy):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.02)
    assert "hemligt" in (spy / "input").read_text()
    assert "hemligt" not in (spy / "arguments").read_text()
    publishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await publishing
    assert not await asyncio.to_thread(_running, spy)


def _written(spy: Path) -> bool:
    path = spy / "input"
    return path.exists() and "r1" in path.read_text()


def _running(spy: Path) -> list[str]:
    """Processes that have the spy among their arguments, or are what became of it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + str((process / "cwd").readlink()).encode()
        except OSError:
            continue
        if str(spy).encode() in told:
            found.append(process.name)
    return found
