"""Rounds from the command line, and their end by itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.maturity.instrument_file import INSTRUMENTS
from bot.maturity.retention import Disposal, Disposed
from bot.maturity.round_life import SERVICE, By
from bot.maturity.rounds import RoundStatus
from bot.upkeep import close_ended, keep_to_retention
from tests.fakes.check_store import MONDAY, MemoryCheckStore
from tests.fakes.check_talk import open_round
from tests.integration.app.commands import Fyren
from tests.integration.app.in_process import InProcess


@pytest.fixture
def fyren(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    return InProcess(tmp_path, monkeypatch, capsys)


def test_a_round_is_made_opened_and_closed(fyren: InProcess) -> None:
    assert "Det finns inga omgångar" in fyren("maturity", "rounds", "list").err
    made = fyren("maturity", "rounds", "create", "2026:1", "--closes", "2036-12-15", "--json").data
    assert (made["status"], made["instrument"], made["closes"]) == ("planned", "fyrbodal-mognad", "2036-12-15")
    assert fyren("maturity", "rounds", "open", "2026:1", "--json").data["status"] == "open"
    assert fyren("maturity", "rounds", "open", "2026:1").code == 1
    assert fyren("maturity", "rounds", "close", "2026:1", "--json").data["status"] == "closed"
    [listed] = fyren("maturity", "rounds", "list", "--json").data["rounds"]
    assert (listed["label"], listed["status"]) == ("2026:1", "closed")
    assert "stängd" in fyren("maturity", "rounds", "list").out


@pytest.mark.parametrize(
    ("arguments", "says", "code"),
    [
        (("open", "2030:1"), "Det finns ingen omgång 2030:1", 1),
        (("create", "2026:1", "--instrument", "okänt"), "Det finns inget instrument okänt", 1),
        (("create", "2026:1", "--opens", "2026-12-10", "--closes", "2026-12-01"), "kan inte stänga 2026-12-01", 1),
        (("create", "2026:1", "--closes", "i morgon"), "a date such as 2026-12-15", 2),
        (("correct", "2030:1"), "Det finns ingen omgång 2030:1", 1),
    ],
)
def test_what_cannot_be_done_says_why(fyren: InProcess, arguments: tuple[str, ...], says: str, code: int) -> None:
    done = fyren("maturity", "rounds", *arguments)
    assert (done.code, done.out) == (code, "")
    assert says in done.err


def test_a_label_is_used_once(fyren: InProcess) -> None:
    assert fyren("maturity", "rounds", "create", "2026:1", "--open").code == 0
    assert "redan en omgång 2026:1" in fyren("maturity", "rounds", "create", "2026:1").err


def test_instruments_are_listed_and_one_of_ones_own_is_found(fyren: InProcess, tmp_path: Path) -> None:
    known = {each["id"]: each["items"] for each in fyren("maturity", "instruments", "--json").data["instruments"]}
    assert known == {"fyrbodal-mognad": 27, "kort-avstamning": 5}
    shipped = INSTRUMENTS / "kort-2026.yaml"
    own = tmp_path / "instruments" / "egen.yaml"
    own.parent.mkdir()
    own.write_text(shipped.read_text(encoding="utf-8").replace("kort-avstamning", "egen"), encoding="utf-8")
    assert "egen" in fyren("maturity", "instruments").out
    assert fyren("maturity", "rounds", "create", "2026:2", "--instrument", "egen", "--open").code == 0


def test_a_broken_instrument_stops_the_start_with_its_line(tmp_path: Path) -> None:
    fyren = Fyren(tmp_path)
    own = tmp_path / "instruments" / "egen.yaml"
    own.parent.mkdir()
    lines = (INSTRUMENTS / "kort-2026.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, each in enumerate(lines, start=1) if each.startswith("minutes:"))
    lines[line - 1] = "minutes: many"
    own.write_text("\n".join(lines), encoding="utf-8")
    for command in (("maturity", "instruments"), ("chat",)):
        done = fyren(*command)
        assert done.code == 1
        assert f"egen.yaml:{line}:" in done.err


async def test_a_round_whose_last_day_is_over_is_closed_and_others_are_not() -> None:
    over = open_round(label="2026:1", closes=MONDAY - timedelta(days=1))
    last_day = open_round(label="2026:2", closes=MONDAY)
    endless = open_round(label="2026:3")
    store = MemoryCheckStore(over, last_day, endless)
    closed = asyncio.Event()
    task = asyncio.create_task(close_ended(store, lambda: MONDAY, pause=3600, closed=closed.set))
    async with asyncio.timeout(5):
        await closed.wait()
    task.cancel()
    assert {each.label: each.status for each in store.held.values()} == {
        "2026:1": RoundStatus.CLOSED,
        "2026:2": RoundStatus.OPEN,
        "2026:3": RoundStatus.OPEN,
    }


async def test_a_lost_database_does_not_end_the_closing_of_rounds() -> None:
    store = MemoryCheckStore(open_round(closes=date(2026, 10, 1)))
    store.broken = True
    task = asyncio.create_task(close_ended(store, lambda: MONDAY, pause=0))
    async with asyncio.timeout(5):
        while len(store.calls) < 3:  # noqa: ASYNC110 - the same
            await asyncio.sleep(0)
        store.broken = False
        while store.held["2026-1"].status is RoundStatus.OPEN:  # noqa: ASYNC110 - the same
            await asyncio.sleep(0)
    task.cancel()


async def test_d07_what_is_due_is_deleted_by_itself_also_after_the_database_was_lost() -> None:
    over = replace(
        open_round(),
        status=RoundStatus.ARCHIVED,
        closed_on=MONDAY - timedelta(days=9),
        archived_on=MONDAY - timedelta(days=8),
        retention="Dnr 1",
        keep_answers=7,
    )
    store, kept = MemoryCheckStore(over), KeptForNow()
    store.broken = True
    task = asyncio.create_task(keep_to_retention(store, kept, lambda: MONDAY, pause=0))
    async with asyncio.timeout(5):
        while len(store.calls) < 2:  # noqa: ASYNC110 - seen from outside
            await asyncio.sleep(0)
        assert kept.deleted == []
        store.broken = False
        while not kept.deleted:  # noqa: ASYNC110 - the same
            await asyncio.sleep(0)
    task.cancel()
    assert kept.deleted == ["Dnr 1"]


class KeptForNow:
    """Implements `bot.maturity.retention.Retention`: answers that are there until they are deleted."""

    def __init__(self) -> None:
        self.deleted: list[str] = []

    async def look(self, disposal: Disposal) -> Disposed:
        return Disposed(disposal, 0 if self.deleted else 2, key=False)

    async def delete(self, disposal: Disposal, by: By = SERVICE) -> Disposed:
        self.deleted.append(disposal.decision)
        return Disposed(disposal, 2, key=False)
