"""`fyren usage` on a real database, and what is counted of a person: forgotten with the month, or erased."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.maturity.days import swedish_days
from bot.storage.answers.budgets import BudgetLimits
from bot.storage.answers.usage import month_of
from bot.storage.database import Database, open_database
from knowledge.composing.ports import Asker
from tests.fakes.check_talk import TEXTS
from tests.integration.app.in_process import InProcess

ANNA, BO = Asker("tenant-a", "tenant-a/anna"), Asker("tenant-b", "tenant-b/bo")


class Stage:
    """One data folder, the commands on it, and its database."""

    def __init__(self, folder: Path, fyren: InProcess) -> None:
        self.fyren = fyren
        self._urls = [f"sqlite:///{folder / name}.sqlite3" for name in ("fyren", "identity")]

    def on(self, act: Callable[[Database], Awaitable[object]]) -> object:
        async def run() -> object:
            database = await open_database(*self._urls)
            try:
                return await act(database)
            finally:
                await database.close()

        return asyncio.run(run())

    def people(self) -> object:
        """How many people anything is counted of."""
        query = text("SELECT count(*) FROM budgets WHERE scope = 'person'")
        return self.on(lambda database: database.main.engine.read(lambda connection: connection.scalar(query)))


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Stage:
    return Stage(tmp_path, InProcess(tmp_path, monkeypatch, capsys))


@pytest.fixture
def used(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Of two tenants, one has used some and the other set some aside; the first has a limit."""

    async def use(database: Database) -> None:
        await (await database.budgets.reserve(ANNA, 300, BudgetLimits())).settle(250)
        await database.budgets.reserve(BO, 100, BudgetLimits())

    stage.on(use)
    for scope, limit in (("person", 500), ("tenant", 1000), ("total", 0)):
        monkeypatch.setenv(f"FYREN_BUDGET_{scope}".upper(), str(limit))
    return stage


@pytest.mark.parametrize("language", ["sv", "en"])
def test_r09_usage_is_told_by_tenant_with_what_is_left(
    used: Stage, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("FYREN_LANGUAGE", language)
    done = used.fyren("usage")

    def say(key: str, **values: object) -> str:
        return TEXTS.say(f"usage.{key}", language, **values)

    assert done.code == 0
    assert done.out.splitlines() == [
        say("month", month=this_month(), people=2),
        f"  {say('total')}: {say('no_limit', used=350)}",
        f"  tenant-a: {say('of_limit', used=250, limit=1000, percent=25)}",
        f"  tenant-b: {say('of_limit', used=100, limit=1000, percent=10)}",
    ]
    assert "anna" not in done.out


def test_r09_usage_as_json_tells_used_and_reserved_apart(used: Stage) -> None:
    assert used.fyren("usage", "--json").data == {
        "month": this_month(),
        "total": {"used": 250, "reserved": 100},
        "tenants": {"tenant-a": {"used": 250, "reserved": 0}, "tenant-b": {"used": 0, "reserved": 100}},
        "people": 2,
        "limits": {"person": 500, "tenant": 1000, "total": 0},
    }


def test_usage_of_nothing_is_nothing(stage: Stage) -> None:
    told = stage.fyren("usage", "--json").data
    assert (told["total"], told["tenants"], told["people"]) == ({"used": 0, "reserved": 0}, {}, 0)


def test_d08_what_is_counted_of_a_person_is_erased_where_their_id_is_given(used: Stage) -> None:
    erase = ("personal-data", "erase", "--conversation", "a:1")
    assert used.fyren(*erase).code == 1
    assert used.people() == 2
    done = used.fyren(*erase, "--person", ANNA.person, "--json")
    assert (done.code, done.data) == (0, {"erased": 0, "person": {"tokens": 1}})
    assert used.people() == 1
    assert used.fyren("usage", "--json").data["total"] == {"used": 250, "reserved": 100}
    assert "månader: 1." in used.fyren(*erase, "--person", BO.person).out
    assert used.fyren(*erase, "--person", BO.person).code == 1
    assert used.people() == 0
    assert used.fyren(*erase, "--person", "anna").code == 2


def this_month() -> str:
    async def today() -> str:
        return month_of((await swedish_days())())

    return asyncio.run(today())
