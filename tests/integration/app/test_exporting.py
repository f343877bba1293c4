"""`fyren maturity export`, `api-keys` and `disclose`, on a round that was answered and closed."""

from __future__ import annotations

import asyncio
import base64
import csv
import io
import json
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.access.api_keys import recognised
from bot.access.audit import Action, AuditEntry
from bot.app import create_app
from bot.composition import open_parts
from bot.conversation.texts import Texts
from bot.maturity.instrument import Null
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.ports import Person
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.rounds import Round, RoundStatus
from bot.maturity.session import Session, Source
from bot.publishing.edition import publish_round
from bot.settings import Settings
from bot.storage.database import Database, open_database
from tests.integration.app.in_process import InProcess

DAY = datetime.now(UTC).date()
"""Today, so that webhooks take it for news."""
PLACES = ("uddevalla", "lysekil", "tanum")
SECRET = "ROT13 hos oss"


def urls(folder: Path) -> tuple[str, str]:
    return f"sqlite:///{folder / 'fyren.sqlite3'}", f"sqlite:///{folder / 'identity.sqlite3'}"


async def fill(folder: Path) -> None:
    """A round of 27 people in three municipalities, one of whom writes about security."""
    database = await open_database(*urls(folder), today=lambda: DAY)
    instrument = (await asyncio.to_thread(load_folder, INSTRUMENTS))[MAIN]
    held = Round("2026-1", "2026:1", instrument, RoundStatus.OPEN, DAY, open_data=True)
    try:
        await database.check.add(held)
        for number in range(27):
            await answer(database, held, number)
        await database.check.close(held.id)
        await publish_round(database, held.id, day=DAY)
    finally:
        await database.close()


async def answer(database: Database, held: Round, number: int) -> None:
    answers = (
        ItemAnswer("portfoljstyrning", (str(number % 5),), comment="=1+1" if number == 3 else ""),
        ItemAnswer("projektstyrning", null=Null.DONT_KNOW),
        ItemAnswer("informationssakerhet", ("1",), comment=SECRET, security=True),
    )
    place = PLACES[number % 3]
    session = Session(f"s{number}", held.id, held.instrument.digest, Source.INDIVIDUAL, "sv", "1", DAY)
    response = Response(
        held.id,
        held.instrument.id,
        held.instrument.version,
        held.instrument.digest,
        DAY,
        Source.INDIVIDUAL,
        "terminal",
        "sv",
        "1",
        place,
        (place,),
        ("overgripande",),
        "ekonomi",
        answers,
    )
    await database.check.submit(Person("t", f"u{number}"), session, response, 0)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exporting")
    asyncio.run(fill(folder))
    return folder


@pytest.fixture
def fyren(filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    return InProcess(filled, monkeypatch, capsys)


def logged(fyren: InProcess) -> list[dict[str, object]]:
    """What the audit log holds of what was handed out."""
    told = fyren("maturity", "rounds", "log", "--limit", 50, "--json").data
    return [each for each in told["log"] if each["action"] in ("results_exported", "responses_disclosed")]


def test_results_are_written_in_every_format_and_recorded(fyren: InProcess, tmp_path: Path) -> None:
    before = len(logged(fyren))
    done = fyren("maturity", "export", "2026:1", "--format", "csv", "--out", tmp_path / "new" / "a.csv", "--json")
    assert (done.code, done.data["edition"]) == (0, 1)
    table = list(csv.DictReader(io.StringIO((tmp_path / "new" / "a.csv").read_text("utf-8-sig"))))
    first = next(each for each in table if each["item"] == "portfoljstyrning" and each["group"] == "persons")
    assert (first["answered"], first["state"]) == ("27", "shown")
    assert (
        fyren("maturity", "export", "2026:1", "--format", "xlsx", "--out", tmp_path / "a.xlsx", "--language", "en").code
        == 0
    )
    assert openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True).sheetnames[0] == "Results"
    arguments = ("--format", "json", "--out", tmp_path / "a.json", "--municipality", "tanum")
    assert fyren("maturity", "export", "2026:1", *arguments).code == 0
    told = json.loads((tmp_path / "a.json").read_text())
    assert (told["audience"], {each["municipality"] for each in told["rows"]}) == ("municipality", {"", "tanum"})
    assert fyren("maturity", "export", "2026:1", "--format", "csv-sv", "--out", tmp_path / "s.csv").code == 0
    assert (tmp_path / "s.csv").read_text("utf-8-sig").startswith("round;edition")
    out = fyren("maturity", "export", "2026:1", "--format", "csv", "--out", "-").out
    assert out.replace("\r", "") == (tmp_path / "new" / "a.csv").read_text("utf-8").replace("\r", "")
    assert len(logged(fyren)) == before + 5
    assert not list(tmp_path.rglob("*.draft"))


def test_open_data_are_a_folder_with_its_catalogue(fyren: InProcess, tmp_path: Path) -> None:
    done = fyren("maturity", "export", "2026:1", "--format", "open-data", "--out", tmp_path / "open", "--json")
    assert done.code == 0
    assert sorted(each.name for each in (tmp_path / "open").iterdir()) == [
        *("2026-1.codebook.json", "2026-1.csv", "2026-1.json"),
        *("catalog.jsonld", "catalog.rdf", "catalog.ttl"),
    ]
    assert "informationssakerhet" not in (tmp_path / "open" / "2026-1.csv").read_text()
    wrong = fyren("maturity", "export", "2026:1", "--format", "open-data", "--out", "-")
    assert (wrong.code, "mapp" in wrong.err) == (1, True)


def test_what_cannot_be_exported_is_told(fyren: InProcess, tmp_path: Path) -> None:
    for arguments, says in (
        (("2099:1", "--format", "csv", "--out", tmp_path / "x"), "2099:1"),
        (("2026:1", "--format", "csv", "--out", tmp_path / "x", "--municipality", "oslo"), "oslo"),
        (("2026:1", "--format", "csv", "--out", tmp_path), str(tmp_path)),
    ):
        done = fyren("maturity", "export", *arguments)
        assert (done.code, says in done.err) == (1, True), done.err
    assert fyren("maturity", "export", "2026:1", "--format", "exe", "--out", "x").code == 2


def test_a_key_is_shown_once_and_can_be_taken_back(fyren: InProcess, filled: Path) -> None:
    assert fyren("maturity", "api-keys", "list").code == 0
    made = fyren("maturity", "api-keys", "create", "Power BI", "--municipality", "tanum", "--days", 30, "--json").data
    assert (made["audience"], made["state"]) == ("municipality", "valid")
    told = fyren("maturity", "api-keys", "list", "--json")
    assert made["key"].rpartition("_")[2] not in told.out

    async def opens() -> bool:
        database = await open_database(*urls(filled))
        try:
            return await recognised(made["key"], database.api_keys, date.fromisoformat(made["created"])) is not None
        finally:
            await database.close()

    assert asyncio.run(opens())
    assert fyren("maturity", "api-keys", "revoke", made["id"]).code == 0
    assert not asyncio.run(opens())
    assert fyren("maturity", "api-keys", "list", "--json").data["keys"][0]["state"] == "revoked"
    assert fyren("maturity", "api-keys", "revoke", "nothing").code == 1
    assert fyren("maturity", "api-keys", "create", "x", "--municipality", "oslo").code == 1


def test_responses_are_handed_out_masked_and_recorded_with_their_decision(fyren: InProcess, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "documents"
    asked = ("maturity", "disclose", "2026:1", "--decision", "KS 2026/9 §4", "--out")
    done = fyren(*asked, folder, "--mask", "projektstyrning", "--json")
    assert (done.code, done.data["responses"]) == (0, 27)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    table = list(csv.DictReader(io.StringIO((folder / "responses.csv").read_text("utf-8-sig"))))
    by_item = {item: [each for each in table if each["item"] == item] for item in {each["item"] for each in table}}
    assert len(by_item["portfoljstyrning"]) == 27
    assert "'=1+1" in {each["comment"] for each in by_item["portfoljstyrning"]}
    for item in ("informationssakerhet", "projektstyrning"):
        assert {(each["masked"], each["codes"], each["no_answer"], each["comment"]) for each in by_item[item]} == {
            ("true", "", "", "")
        }
    everything = "".join(each.read_text("utf-8-sig") for each in folder.iterdir())
    assert SECRET not in everything
    assert "u3" not in everything
    note = (folder / "decision.txt").read_text()
    assert "KS 2026/9 §4" in note
    assert "Informationssäkerhet" in note
    entry = logged(fyren)[0]
    assert (entry["action"], entry["subject"]) == ("responses_disclosed", "2026:1")
    assert "KS 2026/9 §4" in json.dumps(entry["details"], ensure_ascii=False)
    again = fyren(*asked, folder)
    assert (again.code, str(folder) in again.err) == (1, True)
    assert fyren(*asked, tmp_path / "all", "--include-security").code == 0
    assert SECRET in (tmp_path / "all" / "responses.json").read_text()


def test_nothing_is_handed_out_without_a_decision_or_with_a_misspelled_mask(fyren: InProcess, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert fyren("maturity", "disclose", "2026:1", "--out", out).code == 2
    assert fyren("maturity", "disclose", "2026:1", "--out", out, "--decision", " ").code == 1
    done = fyren("maturity", "disclose", "2026:1", "--out", out, "--decision", "x", "--mask", "portfolj")
    assert (done.code, "portfolj" in done.err, out.exists()) == (1, True, False)


async def test_the_service_tells_other_systems_of_the_round_and_records_that(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FYREN_{name.upper()}", raising=False)
    told: list[str] = []
    both = asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        told.append(json.loads(await request.read())["type"])
        if len(told) == 2:
            both.set()
        return web.Response(status=204)

    receiver = web.Application()
    receiver.router.add_post("/hook", take)
    async with TestServer(receiver, host="127.0.0.1") as server:
        settings = Settings.read(
            data_dir=filled,
            builtin_library=False,
            embedding_provider="off",
            webhook_urls=str(server.make_url("/hook")),
            webhook_secret=f"whsec_{base64.b64encode(bytes(32)).decode()}",
        )
        parts = await open_parts(settings, await asyncio.to_thread(Texts.load))
        try:
            async with TestServer(await asyncio.to_thread(create_app, parts)):
                async with asyncio.timeout(30):
                    await both.wait()
                    while not (found := await recorded(parts.database)):  # noqa: ASYNC110 - nothing tells when it is written
                        await asyncio.sleep(0.02)  # the answer is on its way
        finally:
            await parts.close()
    assert sorted(told) == ["edition.published", "round.closed"]
    assert {each.event.details["event"] for each in found} <= set(told)


async def recorded(database: Database) -> list[AuditEntry]:
    return [each for each in await database.audit.entries() if each.event.action == Action.WEBHOOK_SENT]
