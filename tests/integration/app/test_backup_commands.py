"""`fyren backup`: what it tells people and scripts. That backups hold what they should is tested as D06."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.library import publish_generation
from tests.integration.app.in_process import InProcess


@pytest.fixture
def fyren(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    """An installation with an index and a database."""
    done = InProcess(tmp_path / "data", monkeypatch, capsys)
    monkeypatch.setenv("FYREN_BUILTIN_LIBRARY", "false")
    monkeypatch.setenv("FYREN_EMBEDDING_PROVIDER", "off")
    publish_generation(tmp_path / "data" / "index")
    assert done("pause", "show").code == 0
    return done


def test_a_backup_is_made_checked_and_put_back(fyren: InProcess, tmp_path: Path) -> None:
    folder, keys = tmp_path / "backups", tmp_path / "keys"
    made = fyren("backup", "create", folder, "--keys", keys, "--json")
    assert made.code == 0
    main, of_keys = made.data["files"]
    assert (main["kind"], main["database"], of_keys["kind"]) == ("main", "sqlite", "keys")
    assert main["tables"]["audit_log"] == 0
    assert main["generation"]

    verified = fyren("backup", "verify", main["path"])
    assert verified.code == 0
    assert "är hel" in verified.out

    refused = fyren("backup", "restore", main["path"])
    assert refused.code == 1
    assert "--replace" in refused.err

    other = fyren("backup", "restore", of_keys["path"], "--replace")
    assert other.code == 1
    assert "något annat" in other.err

    restored = fyren("backup", "restore", main["path"], "--keys", of_keys["path"], "--replace", "--json")
    assert restored.code == 0
    assert restored.data["keys"] is True
    assert restored.data["tables"]
    assert Path(restored.data["aside"]).is_dir()
    assert [restored.data[name] for name in ("destroyed", "keyless", "open")] == [[], [], []]
    assert fyren("documents", "list").code == 0


def test_that_the_keys_are_left_out_is_said_and_where_they_must_not_be(fyren: InProcess, tmp_path: Path) -> None:
    made = fyren("backup", "create", tmp_path / "backups")
    assert made.code == 0
    assert "--keys" in made.err
    together = fyren("backup", "create", tmp_path / "backups", "--keys", tmp_path / "backups" / "keys")
    assert together.code == 1
    assert "tillsammans" in together.err


def test_a_damaged_one_is_named(fyren: InProcess, tmp_path: Path) -> None:
    path = tmp_path / "fyren.tar"
    path.write_bytes(b"no archive")
    done = fyren("backup", "verify", path)
    assert (done.code, done.out) == (1, "")
    assert "skadad" in done.err
    assert fyren("backup", "verify", tmp_path / "nowhere.tar").code == 1
