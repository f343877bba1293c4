"""Drafts, publications and facts about documents at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.app.commands import Finished, Fyren

YEAR = "Fyren på Hållö tändes år 1842 och släcktes aldrig under kriget."


def done(finished: Finished, code: int = 0) -> Finished:
    assert finished.code == code, finished.err
    return finished


def write(folder: Path, text: str) -> None:
    (folder / "fyrar.md").write_text(f"---\ntitle: Fyrar\n---\n# Fyrar\n\n## Hållö\n\n{text}\n", encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "documents"
    path.mkdir()
    write(path, YEAR)
    return path


@pytest.fixture
def fyren(tmp_path: Path) -> Fyren:
    return Fyren(tmp_path / "var")


def test_a_draft_is_compared_published_and_told_of(fyren: Fyren, folder: Path) -> None:
    first = done(fyren("ingest", folder, "--author", "Anna", "--note", "Första", "--json")).data["generation"]
    write(folder, "Fyren på Hållö tändes år 1843.")
    drafted = done(fyren("ingest", folder, "--draft", "--author", "Anna", "--note", "Rättat år", "--json")).data
    assert drafted["generation"] == first
    [draft] = done(fyren("documents", "drafts", "--json")).data["drafts"]
    assert (draft["generation"], draft["author"], draft["outdated"]) == (drafted["draft"], "Anna", False)
    told = done(fyren("documents", "diff", draft["generation"])).out
    assert YEAR in told
    assert "Fyren på Hållö tändes år 1843." in told
    done(fyren("documents", "publish", draft["generation"], "--author", "Bo"))
    history = done(fyren("documents", "history", "--json")).data["generations"]
    assert [(each["author"], each["note"], each["published"]) for each in history] == [
        ("Bo", "Rättat år", True),
        ("Anna", "Första", False),
    ]
    assert history[0]["difference"]["passages_changed"] == 1
    assert done(fyren("documents", "diff", "--json")).data["changed"][0]["path"] == "fyrar.md"
    done(fyren("documents", "rollback", "--author", "Bo", "--note", "Fel år"))
    told = done(fyren("documents", "history")).out
    assert "Fel år" in told
    assert "återställd" in told
    assert "fyren documents history" in done(fyren("documents", "diff", "../x"), 1).err


def test_an_outdated_draft_and_a_discarded_one_are_not_published(fyren: Fyren, folder: Path) -> None:
    draft = done(fyren("ingest", folder, "--draft", "--json")).data["draft"]
    done(fyren("ingest", folder))
    assert "nytt utkast" in done(fyren("documents", "publish", draft), 1).err
    assert "kastat" in done(fyren("documents", "discard", draft)).out


def test_questions_that_get_worse_are_told_and_may_hold_a_publication(
    fyren: Fyren, folder: Path, tmp_path: Path
) -> None:
    done(fyren("ingest", folder))
    questions = tmp_path / "questions.jsonl"
    asked = {"id": "f1", "question": "När tändes fyren på Hållö?", "facts": ["1842"], "documents": "fyrar.md"}
    questions.write_text(json.dumps(asked), encoding="utf-8")
    write(folder, "Fyren på Hållö tändes år 1843 och släcktes aldrig under kriget.")
    held = done(fyren("ingest", folder, "--gate", questions, "--hold", "--json")).data
    [worse] = held["gate"]["worse"]
    assert (worse["verdict"], worse["question"]) == ("fact_missing", "När tändes fyren på Hållö?")
    assert "1842" in worse["before"]["text"]
    assert "1843" in worse["after"]["citations"][0]["quote"]
    assert held["draft"]
    told = done(fyren("ingest", folder, "--gate", questions))
    assert "1 sämre" in told.out
    assert "fyren documents rollback" in told.err


def test_facts_are_set_and_what_is_overdue_is_listed(fyren: Fyren, folder: Path) -> None:
    done(fyren("ingest", folder))
    given = ("--review-by", "2020-06-30", "--valid-until", "2021-01-31", "--responsible", "Kansliet")
    [document] = done(fyren("documents", "set", "fyrar", *given, "--author", "Anna", "--json")).data["documents"]
    assert (document["review_by"], document["responsible"]) == ("2020-06-30", "Kansliet")
    [overdue] = done(fyren("documents", "list", "--overdue", "--json")).data["documents"]
    assert (overdue["path"], overdue["valid_until"]) == ("fyrar.md", "2021-01-31")
    answer = done(fyren("ask", "När tändes fyren på Hållö?")).out
    assert "gällde till och med 2021-01-31" in answer
    done(fyren("documents", "set", "fyrar", "--review-by", "none", "--valid-until", "none"))
    assert done(fyren("documents", "list", "--overdue")).out == ""
    backwards = ("--valid-from", "2026-02-01", "--valid-until", "2026-01-01")
    assert "efter" in done(fyren("documents", "set", "fyrar", *backwards), 1).err


def test_i15_removing_at_once_leaves_nothing_to_go_back_to(fyren: Fyren, folder: Path, tmp_path: Path) -> None:
    done(fyren("ingest", folder))
    done(fyren("documents", "remove", "fyrar", "--at-once", "--author", "Anna", "--note", "Begäran om radering"))
    assert "tidigare" in done(fyren("documents", "rollback"), 1).err
    index = tmp_path / "var" / "index"
    assert not [path for path in index.rglob("*") if path.is_file() and "Hållö".encode() in path.read_bytes()]
    history = done(fyren("documents", "history", "--json")).data["generations"]
    assert [each["kept"] for each in history] == [True, False]
