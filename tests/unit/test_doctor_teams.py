"""What `fyren doctor` says about what the bot shows for itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.doctor.findings import Verdict
from bot.doctor.teams import examine_teams
from bot.settings import Settings, SettingsInvalid
from tests.unit.teams.test_logins import certificate

GUID = "3b1d0c7a-0000-4000-8000-00000000a001"
IDS = {"teams_app_id": GUID, "teams_tenant_id": GUID}


def found(now: datetime | None = None, **given: object) -> list[tuple[Verdict, str]]:
    return [(each.verdict, each.key) for each in examine_teams(Settings.read(**IDS, **given), now)][1:]


def test_a_certificate_has_to_fit_and_to_last(tmp_path: Path) -> None:
    path, other = tmp_path / "bot.pem", tmp_path / "other.pem"
    certificate(path)
    certificate(other)
    later = datetime.now(UTC) + timedelta(days=2)
    assert found(teams_certificate_path=str(path)) == [(Verdict.WARNING, "teams_certificate.ok")]
    assert found(later, teams_certificate_path=str(path)) == [(Verdict.ERROR, "teams_certificate.over")]
    mark = b"-----BEGIN CERTIFICATE"
    key, certified = path.read_bytes().split(mark)[0], other.read_bytes().split(mark)[1]
    for content, expected in ((key + mark + certified, "apart"), (key, "broken"), (b"", "broken")):
        path.write_bytes(content)
        assert found(teams_certificate_path=str(path)) == [(Verdict.ERROR, f"teams_certificate.{expected}")]
    path.unlink()
    assert found(teams_certificate_path=str(path)) == [(Verdict.ERROR, "teams_certificate.unread")]


def test_a_platforms_token_has_to_be_there(tmp_path: Path) -> None:
    path = tmp_path / "token"
    assert found(teams_federated_token_file=str(path)) == [(Verdict.ERROR, "teams_token.unread")]
    path.write_text(" ", encoding="ascii")
    assert found(teams_federated_token_file=str(path)) == [(Verdict.ERROR, "teams_token.empty")]
    path.write_text("x", encoding="ascii")
    assert found(teams_federated_token_file=str(path)) == [(Verdict.OK, "teams_token.ok")]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, []),
        ({"teams_openid_url": "https://keys.example.se/openid"}, [(Verdict.WARNING, "teams_elsewhere")]),
        ({"teams_service_hosts": ("smba.example.se",)}, [(Verdict.WARNING, "teams_elsewhere")]),
    ],
)
def test_other_addresses_than_microsofts_own_are_pointed_out(
    given: dict[str, object], wanted: list[tuple[Verdict, str]]
) -> None:
    assert found(None, teams_app_type="managed_identity", **given) == wanted


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({**IDS}, ["FYREN_TEAMS_APP_PASSWORD"]),
        ({**IDS, "teams_app_password": "  "}, ["FYREN_TEAMS_APP_PASSWORD"]),
        ({"teams_certificate_path": "x"}, ["FYREN_TEAMS_APP_ID", "FYREN_TEAMS_TENANT_ID"]),
        (
            {**IDS, "teams_app_password": "hemligt-losenord", "teams_certificate_path": "x"},
            ["FYREN_TEAMS_CERTIFICATE_PATH"],
        ),
        (
            {**IDS, "teams_app_type": "managed_identity", "teams_app_password": "hemligt-losenord"},
            ["FYREN_TEAMS_APP_PASSWORD"],
        ),
        (
            {"teams_app_id": GUID, "teams_app_type": "multi_tenant", "teams_app_password": "hemligt-losenord"},
            ["FYREN_TEAMS_TENANT_ID"],
        ),
    ],
)
def test_a01_what_does_not_go_together_stops_the_start_by_name(given: dict[str, str], named: list[str]) -> None:
    with pytest.raises(SettingsInvalid) as problems:
        Settings.read(**given)
    assert [each.name for each in problems.value.problems] == named


@pytest.mark.parametrize(
    "given",
    [
        {**IDS, "teams_app_type": "managed_identity"},
        {**IDS, "teams_federated_token_file": "x"},
        {
            "teams_app_id": GUID,
            "teams_app_type": "multi_tenant",
            "teams_app_password": "hemligt-losenord",
            "teams_allowed_tenants": GUID,
        },
        {},
    ],
)
def test_what_goes_together_is_taken(given: dict[str, str]) -> None:
    assert Settings.read(**given).teams_app_id == given.get("teams_app_id", "")
