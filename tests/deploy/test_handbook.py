"""The Swedish handbook: every command is run, or held against what it names; links and settings lead somewhere."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from bot.cli.parser import build_parser
from bot.conversation.ports import Entry, Place
from bot.settings import OF_COMPOSE, Settings
from bot.storage.database import Database, open_database
from bot.storage.personal.register import TABLES, Whose
from tests.deploy.handbook import ROOT, anchors, blocks, links, pages, typed
from tests.fakes.advice import answered
from tests.integration.app.in_process import InProcess
from tests.integration.app.test_exporting import answer

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TENANT, PERSON = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"
EXAMPLE = (ROOT / "deploy" / "fyren.env.example").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text("utf-8"))
UNIT = (ROOT / "deploy" / "fyren.service").read_text("utf-8")
SETTINGS = {f"FYREN_{name.upper()}" for name in Settings.model_fields} | set(
    re.findall(r"^(FYREN_\w+)=", EXAMPLE, re.MULTILINE)
)
WALK = ROOT / "README.md"
"""The way from nothing to Teams is there."""
RUN_ELSEWHERE = {
    "ingest https://www.example.se/sitemap.xml --prune": "test_web_ingest.py, against a site of its own",
    "maturity rounds remind 2026:1": "test_reminding.py, as it sends within working hours alone",
    "maturity rounds reopen 2026:1 --reason Två kommuner hann inte --closes 2026-12-20": "test_round_commands.py",
    "maturity demo --respondents 60": "test_demo.py, and takes seconds",
    "doctor": "test_doctor_model.py and others, since it asks services that this installation has not",
}
"""What is parsed here, and where it is run."""
KNOWN = ("UTKAST", "DOKUMENT", "KOPIA")
"""Names that the handbook leaves open, and tells where to read."""


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_every_block_is_of_a_kind_that_is_looked_at(page: Path) -> None:
    assert {kind for kind, _ in blocks(page)} <= {"sh", "ini", "csv", "sql"}


@pytest.mark.parametrize("page", [*pages(), WALK], ids=lambda page: page.parent.name + page.stem)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_what_compose_is_given_beside_settings_is_known_as_that() -> None:
    given = set(re.findall(r"^(FYREN_\w+)=", EXAMPLE, re.MULTILINE))
    assert given - {f"FYREN_{name.upper()}" for name in Settings.model_fields} == OF_COMPOSE


def test_the_walk_tells_where_every_value_is_from_that_teams_needs() -> None:
    told = WALK.read_text("utf-8").partition("### From nothing to Teams")[2].partition("\n## ")[0]
    for name in (*OF_COMPOSE, *(f"FYREN_TEAMS_{each}" for each in ("APP_ID", "APP_PASSWORD", "TENANT_ID"))):
        assert f"`{name}`" in told


def test_every_page_can_be_reached_from_the_first() -> None:
    first = next(page for page in pages() if page.stem == "README")
    assert {page.name for page in pages()} - {"README.md"} <= set(links(first))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_settings_that_are_named_exist(page: Path) -> None:
    assert set(re.findall(r"FYREN_[A-Z_]*[A-Z]", page.read_text("utf-8"))) <= SETTINGS
    for kind, text in blocks(page):
        if kind == "ini":
            assert all(line.partition("=")[0] in SETTINGS for line in text.splitlines())


def test_the_record_of_processing_names_every_table_that_holds_data_of_people() -> None:
    text = (ROOT / "deploy" / "handbok" / "sakerhet-och-integritet.md").read_text("utf-8")
    rows = "\n".join(line.partition(" | ")[0] for line in text.splitlines() if line.startswith("| `"))
    named = set(re.findall(r"`([a-z_]+)`", rows))
    assert named == {name for name, entry in TABLES.items() if entry.whose is not Whose.NOBODY}


# ------------------------------------------------------------------------------------------------ commands of Fyren


@pytest.fixture
def fyren(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    """An installation with two documents to read, and with what a person has asked."""
    done = InProcess(tmp_path / "data", monkeypatch, capsys)
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "BUILTIN_LIBRARY": "false",
        "EMBEDDING_PROVIDER": "off",
        "TEAMS_APP_ID": TENANT,
        "TEAMS_APP_PASSWORD": "fyrtio-tecken-brukar-den-vara",
        "TEAMS_TENANT_ID": TENANT,
        "TEAMS_ALLOWED_TENANTS": TENANT,
        "PUBLIC_URL": "https://fyren.example.se",
    }.items():
        monkeypatch.setenv(f"FYREN_{name}", value)
    folder = tmp_path / "dokument"
    folder.mkdir()
    for title in ("Bygglov", "Avfallsplan"):
        write(folder, title)
    csv = next(text for page in pages() for kind, text in blocks(page) if kind == "csv")
    (tmp_path / "inbjudna.csv").write_text(csv, "utf-8")
    asyncio.run(_ask(tmp_path / "data"))
    return done


def write(folder: Path, title: str) -> None:
    text = f"# {title}\n\nDen som vill veta vad {title.lower()} kostar läser taxan. Taxan beslutas av fullmäktige.\n"
    (folder / f"{title.lower()}.md").write_text(text, "utf-8")


def opened(folder: Path) -> Awaitable[Database]:
    return open_database(*(f"sqlite:///{folder / name}.sqlite3" for name in ("fyren", "identity")))


async def _respond(folder: Path) -> None:
    """Some people take the check, or there would be no results."""
    database = await opened(folder)
    [held] = await database.check.rounds()
    for number in range(6):
        await answer(database, held, number)
    await database.close()


async def _ask(folder: Path) -> None:
    database = await opened(folder)
    for name, conversation, user in (("a", "a:1xyz", ""), ("b", "a:2", PERSON)):
        question = "Detta är ord som bara den personen har skrivit" if not user else "Vad är en portfölj?"
        entry = Entry(name, NOON, Place(TENANT, conversation), question, answered(), user)
        await database.journal.record(entry)
    await database.close()


def as_here(words: tuple[str, ...], folder: Path, days: Mapping[str, str], known: Callable[[str], str]) -> list[str]:
    """A command with this installation's folder, days from today on, and names that the handbook leaves open."""
    return [
        known(word) if word in KNOWN else days.get(word, re.sub("^/(srv|var/backups)/", f"{folder}/", word))
        for word in words
    ]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_fyrens_commands_do_what_they_say(page: Path, fyren: InProcess, tmp_path: Path) -> None:
    commands = [each.words[1:] for each in typed(page) if each.words[0] == "fyren"]
    if any(words[0] in ("ask", "documents") for words in commands):
        assert fyren("ingest", tmp_path / "dokument").code == 0
    today = datetime.now(UTC).date()
    told = sorted({word for words in commands for word in words if re.fullmatch(r"\d{4}-\d\d-\d\d", word)})
    shifted = {day: str(today + (date.fromisoformat(day) - date.fromisoformat(told[0]))) for day in told}

    def known(word: str) -> str:
        if word == "KOPIA":
            return str(max((tmp_path / "fyren").iterdir()))
        if word == "UTKAST":
            return str(fyren("documents", "drafts", "--json").data["drafts"][0]["generation"])
        return str(fyren("documents", "list", "--json").data["documents"][0]["document"])

    for words in commands:
        if " ".join(words) in RUN_ELSEWHERE:
            assert build_parser().parse_args(words).module
            continue
        if words[:3] == ("maturity", "rounds", "close"):
            asyncio.run(_respond(tmp_path / "data"))
        if "--draft" in words:
            write(tmp_path / "dokument", f"Taxa {commands.index(words)}")  # or there would be nothing to look at
        done = fyren(*as_here(words, tmp_path, shifted, known))
        assert done.code == 0, f"{words}: {done.out}{done.err}"
    if page.stem == "dokument":
        log = fyren("maturity", "rounds", "log", "--json").data["log"]
        assert {"documents_published", "documents_removed", "documents_undone"} <= {each["action"] for each in log}


# ----------------------------------------------------------------------------------------------- everybody else's


def _compose(words: tuple[str, ...]) -> None:
    assert words[:2] == ("docker", "compose")
    arguments = list(words[2:])
    assert arguments[:2] == ["--file", "deploy/compose.yml"]
    assert arguments[2:4] == ["--env-file", "deploy/fyren.env"]
    verb, *rest = arguments[4:]
    assert verb in ("up", "exec", "ps", "stop", "cp", "logs")
    if verb == "exec":
        service, *inside = (word for word in rest if word != "--no-TTY")
        assert service in COMPOSE["services"]
        if inside[:1] == ["fyren"] and inside[1:]:
            assert build_parser().parse_args(inside[1:]).module
    if verb == "cp":
        assert rest[0].partition(":")[0] in COMPOSE["services"]


def _systemctl(words: tuple[str, ...]) -> None:
    assert words[1] in ("daemon-reload", "enable", "start", "stop", "restart", "status")
    for unit in set(words[2:]) - {"--now"}:
        assert any((ROOT / "deploy" / name).is_file() for name in (unit, f"{unit}.service")), unit


def _copied(words: tuple[str, ...]) -> None:
    """What is copied is in the repository, or in the folders that the unit names."""
    sources = [word for word in words[1:-1] if not word.startswith("--")]
    for source in sources:
        path = source.removeprefix("/opt/fyren/")
        assert (ROOT / path).exists() or source.startswith("/var/lib/fyren"), source


def _make(words: tuple[str, ...]) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert words[1:3] == ("-C", "/opt/fyren")
    assert re.search(rf"^{words[3]}:", makefile, re.MULTILINE)


def _curl(words: tuple[str, ...]) -> None:
    assert words[1] == "--fail"
    assert words[2].rpartition("/")[2] in ("healthz", "readyz")


def _alias(words: tuple[str, ...]) -> None:
    told = words[1].partition("=")[2]
    if told.startswith("docker"):
        _compose(tuple(shlex.split(told)))
        return
    started = re.search(r"^ExecStart=(\S+) serve$", UNIT, re.MULTILINE)
    assert started is not None
    assert told.endswith(started[1])
    for line in ("User=fyren", "Group=fyren", "EnvironmentFile=/etc/fyren.env", "FYREN_DATA_DIR=/var/lib/fyren"):
        assert line in UNIT
    assert {"--uid=fyren", "--gid=fyren", "--setenv=FYREN_DATA_DIR=/var/lib/fyren"} <= set(told.split())


OTHERS: Mapping[str, Callable[[tuple[str, ...]], None]] = {
    "alias": _alias,
    "docker": _compose,
    "systemctl": _systemctl,
    "cp": _copied,
    "install": _copied,
    "make": _make,
    "curl": _curl,
}
EXACTLY = {
    "chmod 600 deploy/fyren.env",
    "openssl rand -hex 24",
    "useradd --system --home-dir /var/lib/fyren --shell /usr/sbin/nologin fyren",
    "install --directory --owner=fyren --group=fyren --mode=700 /var/backups/fyren /var/backups/fyren-keys",
    "git pull --ff-only",
    "git -C /opt/fyren pull --ff-only",
    "journalctl --unit fyren --grep A3F9",
    'journalctl --unit fyren --since "2 days ago" > fyren-incident.log',
}
"""Commands of every Linux that name nothing of Fyren's but its user, its folder and its unit."""


@pytest.mark.parametrize("page", [*pages(), WALK], ids=lambda page: page.parent.name + page.stem)
def test_no_command_is_left_unchecked(page: Path) -> None:
    for each in typed(page):
        program = each.words[0]
        if program != "fyren" and each.line not in EXACTLY:
            assert program in OTHERS, each.line
            OTHERS[program](each.words)


def test_the_unit_is_the_one_that_commands_name() -> None:
    assert "User=fyren" in UNIT
    assert "StateDirectory=fyren" in UNIT


def test_days_in_the_handbook_are_those_of_the_settings() -> None:
    text = (ROOT / "deploy" / "handbok" / "sakerhet-och-integritet.md").read_text("utf-8")
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    assert defaults["history_days"] == 90
    assert "| Frågor, svar, tummar | 90 dagar | `FYREN_HISTORY_DAYS` |" in text
    assert defaults["keep_job_days"] == 365
    assert "| Vem som skött dokument | ett år | `FYREN_KEEP_JOB_DAYS` |" in text
    assert defaults["keep_generation_days"] == 30
