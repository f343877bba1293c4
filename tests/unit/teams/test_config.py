"""Half a configuration is none, and a loopback address is this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.access.loopback import is_loopback
from bot.teams.config import AppType, TeamsConfig
from bot.teams.errors import ConfigInvalid

COMPLETE = TeamsConfig(app_id="app", app_password="hemlig", tenant_id="hem")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"app_id": "app"}, "app password and tenant id"),
        ({"app_id": "app", "tenant_id": "hem"}, "app password"),
        ({"app_id": "app", "app_password": "  ", "tenant_id": "hem"}, "app password"),
        ({"app_password": "hemlig"}, "app id and tenant id"),
        ({"app_id": " ", "app_password": "hemlig", "tenant_id": "hem"}, "app id"),
    ],
)
def test_a01_half_a_set_of_credentials_is_refused_by_name(given: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigInvalid, match=named):
        TeamsConfig(**given)  # type: ignore[arg-type]  # only text fields are given


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"certificate_path": Path("k.pem")}, "not app password and certificate"),
        ({"federated_token_file": Path("t")}, "not app password and federated token"),
        ({"app_type": AppType.MANAGED_IDENTITY}, "no proof of its own, not app password"),
        ({"app_type": AppType.MULTI_TENANT, "tenant_id": ""}, "tenant id"),
        ({"app_password": "", "tenant_id": ""}, "app password and tenant id"),
    ],
)
def test_a01_what_does_not_go_together_is_refused_by_name(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigInvalid, match=named):
        replace(COMPLETE, **given)


@pytest.mark.parametrize(
    "given",
    [
        {"app_password": "", "certificate_path": Path("k.pem")},
        {"app_password": "", "federated_token_file": Path("t")},
        {"app_password": "", "app_type": AppType.MANAGED_IDENTITY},
        {"app_type": AppType.MULTI_TENANT, "tenant_id": "", "allowed_tenants": frozenset({"t"})},
    ],
)
def test_every_kind_of_registration_asks_callers_who_they_are(given: dict[str, Any]) -> None:
    assert replace(COMPLETE, **given).authenticated


def test_only_a_complete_set_or_none_at_all_is_taken() -> None:
    assert COMPLETE.authenticated
    assert not TeamsConfig().authenticated


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "fyren.example", "127.0.0.1.ond.example", ""])
def test_a01_other_addresses_are_not_this_machine(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_loopback(host)


def test_the_password_is_not_shown() -> None:
    assert "hemlig" not in repr(COMPLETE)
