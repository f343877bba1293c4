"""`fyren teams package` as an administrator types it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.integration.app.in_process import InProcess

APP = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def fyren(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    fyren = InProcess(tmp_path / "state", monkeypatch, capsys)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FYREN_TEAMS_APP_ID", APP)
    monkeypatch.setenv("FYREN_TEAMS_APP_PASSWORD", "kYq7vN2xW9pR4tL8")
    monkeypatch.setenv("FYREN_TEAMS_TENANT_ID", APP)
    monkeypatch.setenv("FYREN_PUBLIC_URL", "https://fyren.example.se")
    return fyren


def test_the_package_is_written_where_one_stands(fyren: InProcess, tmp_path: Path) -> None:
    told = fyren("teams", "package")
    assert told.code == 0
    assert "fyren-teams.zip är skriven" in told.out
    with zipfile.ZipFile(tmp_path / "fyren-teams.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["bots"][0]["botId"] == APP
    assert manifest["developer"]["privacyUrl"] == "https://fyren.example.se/privacy"
    assert manifest["validDomains"] == ["fyren.example.se"]


def test_a_later_package_is_an_update_of_the_same_app(fyren: InProcess) -> None:
    first = fyren("teams", "package", "--json").data
    second = fyren("teams", "package", "--app-version", "2027.1.3", "--json").data
    assert second["app"] == first["app"]
    assert (second["package"], second["version"]) == ("fyren-teams.zip", "2027.1.3")


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        (("FYREN_TEAMS_APP_ID", "FYREN_TEAMS_APP_PASSWORD", "FYREN_TEAMS_TENANT_ID"), "FYREN_TEAMS_APP_ID"),
        (("FYREN_PUBLIC_URL",), "FYREN_PUBLIC_URL"),
    ],
)
def test_what_is_missing_is_named(
    fyren: InProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: tuple[str, ...], named: str
) -> None:
    for name in missing:
        monkeypatch.delenv(name)
    told = fyren("teams", "package")
    assert told.code == 1
    assert named in told.err
    assert not (tmp_path / "fyren-teams.zip").exists()


def test_a_folder_that_is_not_there_is_told(fyren: InProcess, tmp_path: Path) -> None:
    told = fyren("teams", "package", "--output", tmp_path / "none" / "x.zip")
    assert told.code == 1
    assert "--output" in told.err


def test_a_version_that_teams_would_not_take_is_wrong_usage(fyren: InProcess) -> None:
    assert fyren("teams", "package", "--app-version", "november").code == 2


@pytest.mark.parametrize(("publisher", "code"), [("Trollhättans Stad", 0), ("x" * 33, 1)])
def test_the_publisher_is_a_setting(
    fyren: InProcess, monkeypatch: pytest.MonkeyPatch, publisher: str, code: int
) -> None:
    monkeypatch.setenv("FYREN_TEAMS_PUBLISHER", publisher)
    told = fyren("teams", "package")
    assert told.code == code
    assert code == 0 or "FYREN_TEAMS_PUBLISHER" in told.err
