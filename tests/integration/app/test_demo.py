"""Made-up data from the command to the page, and that it never meets real data, in either direction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import create_app
from bot.cli.maturity.results import lines
from bot.composition import open_parts
from bot.conversation.texts import Texts
from bot.demo.errors import FolderTaken
from bot.demo.folder import KEPT, DemoFolder, demo_settings
from bot.demo.making import make_demo
from bot.maturity.ports import Person
from bot.maturity.session import Session, Source
from bot.results.edition_json import edition_from_json
from bot.results.views import federation_view
from bot.settings import Settings
from bot.storage.database import Database, open_database
from bot.storage.demo import SqlMadeUp
from bot.storage.errors import DemoMismatch
from tests.fakes.demo import TODAY, baseline, small_round
from tests.fakes.library import publish_generation
from tests.integration.app.in_process import InProcess

MADE = small_round()
GUID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFolder:
    """A demo with one small round; read it only."""
    folder = DemoFolder(tmp_path_factory.mktemp("demo"))
    asyncio.run(make_demo(folder, [MADE]))
    return folder


@pytest.fixture
def fyren(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    monkeypatch.setenv("FYREN_BUILTIN_LIBRARY", "false")
    return InProcess(tmp_path, monkeypatch, capsys)


@asynccontextmanager
async def opened(folder: Path, *, demo: bool = False) -> AsyncIterator[Database]:
    database = await open_database(*DemoFolder(folder).urls, demo=demo)
    try:
        yield database
    finally:
        await database.close()


def test_the_command_makes_rounds_and_says_how_to_see_them(fyren: InProcess, tmp_path: Path) -> None:
    done = fyren("maturity", "demo", "--respondents", 60, "--seed", 3)
    assert (done.code, len(done.out.splitlines())) == (0, 4)
    assert "fyren serve --demo" in done.err
    assert sorted(each.name for each in (tmp_path / "demo").iterdir()) == ["fyren.sqlite3", "identity.sqlite3"]
    assert not (tmp_path / "fyren.sqlite3").exists(), "nothing is where real data would be"


async def test_an_edition_says_that_it_is_made_up(demo: DemoFolder) -> None:
    async with opened(demo.path, demo=True) as database:
        edition = edition_from_json(await database.editions.content(MADE.held.id, 1))
    assert edition.demo
    assert edition.results


async def test_real_and_made_up_databases_are_not_taken_for_each_other(demo: DemoFolder, tmp_path: Path) -> None:
    before = [each.read_bytes() for each in demo.files]
    with pytest.raises(DemoMismatch):
        async with opened(demo.path):
            pass
    async with opened(tmp_path) as database:
        with pytest.raises(DemoMismatch):
            await SqlMadeUp(database.main, database.identity).put(MADE.held.id, MADE.responses)
    with pytest.raises(DemoMismatch):
        async with opened(tmp_path, demo=True):
            pass
    main, identity = demo.files[0], tmp_path / "identity.sqlite3"
    for mixed in ((f"sqlite:///{main}", f"sqlite:///{identity}"), (f"sqlite:///{identity}", f"sqlite:///{main}")):
        for wanted in (True, False):
            with pytest.raises(DemoMismatch):
                await open_database(*mixed, demo=wanted)
    assert [each.read_bytes() for each in demo.files] == before


def test_a_folder_with_anything_else_is_left_alone(fyren: InProcess, tmp_path: Path) -> None:
    fyren("maturity", "rounds", "create", "2026:1", "--open")
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    with pytest.raises(FolderTaken):
        asyncio.run(make_demo(DemoFolder(tmp_path), [MADE]))
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before
    other = DemoFolder(tmp_path / "other")
    other.path.mkdir()
    other.files[1].write_text("no database at all")
    with pytest.raises(FolderTaken):
        asyncio.run(make_demo(other, [MADE]))
    assert other.files[1].read_text() == "no database at all"


async def test_a_demo_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "here")
    for _ in range(2):
        [filled] = await make_demo(folder, [MADE], publish=False)
        assert filled.responses == len(MADE.responses)
    async with opened(folder.path, demo=True) as database:
        assert [each.label for each in await database.check.rounds()] == [MADE.held.label]


def test_the_service_starts_on_its_own_kind_only(
    fyren: InProcess, demo: DemoFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fyren("maturity", "rounds", "list")
    done = fyren("serve", "--port", 0, "--demo", tmp_path)
    assert (done.code, "inte är påhittade" in done.err) == (1, True)
    done = fyren("serve", "--port", 0, "--demo", tmp_path / "nowhere")
    assert (done.code, "inga påhittade uppgifter" in done.err) == (1, True)
    monkeypatch.setenv("FYREN_DATA_DIR", str(demo.path))
    done = fyren("serve", "--port", 0)
    assert (done.code, "innehåller påhittade uppgifter" in done.err) == (1, True)
    assert fyren("maturity", "demo", "--data-dir", tmp_path).code == 1
    assert fyren("maturity", "rounds", "list").code == 1


def test_a_demo_reaches_nobody(demo: DemoFolder, tmp_path: Path) -> None:
    real = Settings.read(
        data_dir=tmp_path,
        database_url="postgresql+asyncpg://fyren:hemligt@db/fyren",
        public_url="https://fyren.example.se",
        host="127.0.0.2",
        language="en",
        teams_app_id=GUID,
        teams_app_password="x" * 40,
        teams_tenant_id=GUID,
        signin_authority=f"https://login.example.se/{GUID}/v2.0",
        signin_client_id="c",
        signin_client_secret="y" * 40,
    )
    shown = demo_settings(real, demo)
    assert (shown.database, shown.identity_database) == demo.urls
    assert (shown.index_dir, shown.host, shown.language) == (real.index_dir, "127.0.0.2", "en")
    kept = {name for group in KEPT for name in group.model_fields}
    for name, info in Settings.model_fields.items():
        if name not in kept:
            assert getattr(shown, name) == info.get_default(call_default_factory=True), name
    assert not shown.public_url


async def test_every_page_of_a_demo_says_so(demo: DemoFolder, tmp_path: Path) -> None:
    settings = Settings.read(data_dir=tmp_path, builtin_library=False, embedding_provider="off")
    await asyncio.to_thread(publish_generation, settings.index_dir)
    parts = await open_parts(demo_settings(settings, demo), Texts.load(), demo=True)
    try:
        async with TestClient(TestServer(await asyncio.to_thread(create_app, parts))) as client:
            for path in ("/", "/sign-in", "/nowhere"):
                async with client.get(path, headers={"Accept": "text/html"}) as response:
                    assert "Påhittade uppgifter" in await response.text(), path
    finally:
        await parts.close()


def test_closing_a_round_compiles_its_results(fyren: InProcess, tmp_path: Path) -> None:
    fyren("maturity", "rounds", "create", "2026:2", "--open")
    assert "är inte stängd" in fyren("maturity", "results", "2026:2").err
    asyncio.run(_answer(tmp_path))
    done = fyren("maturity", "rounds", "close", "2026:2", "--json")
    assert (done.code, done.data["status"]) == (0, "closed")
    assert f"bygger på {len(MADE.responses)} svar" in done.err
    assert "kunna pekas ut" in done.err
    again = fyren("maturity", "rounds", "close", "2026:2")
    assert (again.code, "bygger på" in again.err) == (0, False)
    shown = fyren("maturity", "results", "2026:2", "--json").data
    assert (shown["edition"], shown["audience"], shown["municipality"]) == (1, "federation", "")
    told = {(each["role"], each["item"]): each for each in shown["results"]}
    one = told["verksamhetsnara", "innovationskultur"]
    assert one["state"] == "shown"
    assert 5 <= one["answered"] <= len(MADE.responses)
    assert one["index_2024"] == pytest.approx([38.82, 38.82], abs=0.01)
    assert told["it_nara", "sdk"]["state"] == "empty"
    table = fyren("maturity", "results", "2026:2")
    assert "39" in next(line for line in table.out.splitlines() if "nnovationskultur" in line)
    own = fyren("maturity", "results", "2026:2", "--municipality", "tanum", "--json").data
    assert own["municipality"] == "tanum"
    assert fyren("maturity", "results", "2026:2", "--municipality", "malmo").code == 1
    assert fyren("maturity", "results", "2030:1").code == 1


def test_results_are_listed_by_role_and_then_as_they_are_asked(demo: DemoFolder) -> None:
    async def read() -> str:
        async with opened(demo.path, demo=True) as database:
            return await database.editions.content(MADE.held.id, 1)

    view = federation_view(edition_from_json(asyncio.run(read())))
    listed = [(each.role, each.item) for each in lines(view, MADE.held.instrument, baseline())]
    order = ["", *(role.id for role in MADE.held.instrument.roles)]
    items = [item.id for item in MADE.held.instrument.items]
    assert listed == sorted(listed, key=lambda each: (order.index(each[0]), items.index(each[1])))
    assert len(listed) == len(view.edition.results)


async def _answer(folder: Path) -> None:
    async with opened(folder) as database:
        [held] = await database.check.rounds()
        for number, (_, _, one) in enumerate(MADE.responses):
            session = Session(f"s{number}", held.id, held.instrument.digest, Source.INDIVIDUAL, "sv", "1", TODAY)
            await database.check.submit(Person("t", str(number)), session, one, 0)
