"""`fyren personal-data` on a real database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation.ports import Entry, Place
from bot.documents.recording import Person
from bot.questions.cases import Case, origin_of
from bot.storage.database import open_database
from knowledge.adapters.generation import GenerationStore
from tests.fakes.advice import answered
from tests.fakes.cases import sent_event
from tests.fakes.library import publish_generation
from tests.integration.app.in_process import InProcess


@pytest.fixture
def fyren(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    async def ask() -> None:
        urls = (f"sqlite:///{tmp_path / name}.sqlite3" for name in ("fyren", "identity"))
        database = await open_database(*urls)
        for name, conversation in (("a", "a:1"), ("b", "a:2")):
            place = Place("tenant-a", conversation)
            at = datetime(2026, 11, 2, 12, tzinfo=UTC)
            await database.journal.record(Entry(name, at, place, f"Vad är 100 % {name}?", answered()))
            case = Case(name * 32, at, f"Vem är {name}?", "sv", origin_of(place.tenant, conversation))
            await database.cases.take(case, sent_event(case))
        await database.people.keep(Person("user-1", "tenant-a", "Adam"), datetime(2026, 11, 2, 12, tzinfo=UTC))
        await database.close()

    asyncio.run(ask())
    return InProcess(tmp_path, monkeypatch, capsys)


def test_d08_a_conversation_is_found_exported_and_erased(fyren: InProcess) -> None:
    [found] = fyren("personal-data", "find", "100 % a", "--json").data["conversations"]
    assert (found["conversation"], found["tenant"], found["answers"]) == ("a:1", "tenant-a", 1)
    assert "a:1" in fyren("personal-data", "find", "100 % a").out
    told = fyren("personal-data", "export", "--conversation", "a:1").data
    [kept], [sent] = told["answers"], told["questions"]
    assert (kept["question"], kept["at"]) == ("Vad är 100 % a?", "2026-11-02T12:00:00+00:00")
    assert (sent["question"], sent["status"], sent["replied_at"]) == ("Vem är a?", "open", None)
    mine = ("--conversation", "a:1", "--tenant", "tenant-a")
    assert "Raderade frågor, med svar och tummar: 2." in fyren("personal-data", "erase", *mine).out
    for action in (("find", "100 % a"), ("export", *mine), ("erase", *mine)):
        done = fyren("personal-data", *action)
        assert (done.code, done.out) == (1, "")
        assert "Ingenting är sparat" in done.err
    assert len(fyren("personal-data", "export", "--conversation", "a:2").data["answers"]) == 1
    log = fyren("maturity", "rounds", "log", "--json").data["log"]
    actions = [each["action"] for each in log if each["action"].startswith("conversation")]
    assert actions[-2:] == ["conversation_erased", "conversation_exported"]
    assert "a:1" not in repr(log)


def test_a_percent_sign_is_looked_for_as_it_is(fyren: InProcess) -> None:
    assert fyren("personal-data", "find", "V%d").code == 1


def test_d08_the_name_of_who_works_with_documents_is_handed_over_and_erased(fyren: InProcess) -> None:
    asked = ("--conversation", "a:3", "--person", "tenant-a/user-1", "--json")
    told = fyren("personal-data", "export", *asked).data
    documents = told["person"]["documents"]
    assert (told["answers"], documents["name"], documents["work"]) == ([], "Adam", [])
    assert fyren("personal-data", "erase", *asked).data["person"] == {"documents": 1}
    assert fyren("personal-data", "export", *asked).code == 1


def test_the_history_of_publications_tells_who_by_name_as_long_as_one_is_kept(fyren: InProcess, tmp_path: Path) -> None:
    generation = publish_generation(tmp_path / "index")
    publish_generation(tmp_path / "index")
    GenerationStore(tmp_path / "index").publish(generation, author="user-1")
    assert "Adam" in fyren("documents", "history").out
    [row, *_] = fyren("documents", "history", "--json").data["generations"]
    assert (row["author"], row["name"]) == ("user-1", "Adam")
    fyren("personal-data", "erase", "--conversation", "a:3", "--person", "tenant-a/user-1")
    told = fyren("documents", "history").out
    assert ("Adam" in told, "user-1" in told) == (False, True)


def test_d14_what_is_done_to_documents_at_the_command_line_is_in_the_audit_log(
    fyren: InProcess, tmp_path: Path
) -> None:
    first = publish_generation(tmp_path / "index")
    publish_generation(tmp_path / "index")
    assert fyren("documents", "rollback", "--note", "Fel fil").code == 0
    [entry] = [
        each for each in fyren("maturity", "rounds", "log", "--json").data["log"] if "documents" in each["action"]
    ]
    assert (entry["action"], entry["subject"], entry["actor"]) == ("documents_undone", first, "command line")


def test_whose_data_it_is_has_to_be_said(fyren: InProcess) -> None:
    done = fyren("personal-data", "erase")
    assert (done.code, "--person" in done.err) == (1, True)
