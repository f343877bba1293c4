"""Who may send documents in a chat."""

from __future__ import annotations

import pytest

from bot.access.stewards import Steward, Stewards
from bot.settings_fields.values import as_people

TENANT, OTHER = (f"3b1d0c7a-0000-4000-8000-00000000{last}" for last in ("a001", "b002"))
ANNA = "0b0e8a52-0000-4000-8000-00000000a77a"
NAMES = {"uddevalla": "Uddevalla", "lysekil": "Lysekil"}


def steward(*roles: str, user: str = ANNA, tenant: str = TENANT) -> Steward | None:
    given = as_people(",".join(f"{ANNA}@{TENANT}={role}" for role in roles))
    return Stewards(given, NAMES).of(tenant, user)


@pytest.mark.parametrize(
    ("roles", "owner"),
    [
        (["administrator"], ""),
        (["municipal_administrator:uddevalla"], "uddevalla"),
        (["municipal_administrator:uddevalla+lysekil"], None),
        (["administrator", "municipal_administrator:uddevalla"], ""),
        (["municipal_administrator:uddevalla+atlantis"], "uddevalla"),
    ],
)
def test_whose_documents_become_what_somebody_sends(roles: list[str], owner: str | None) -> None:
    found = steward(*roles)
    assert found is not None
    assert found.owner == owner


@pytest.mark.parametrize("roles", [["federation"], ["contact:uddevalla"], ["municipal_administrator:atlantis"], []])
def test_other_roles_send_none(roles: list[str]) -> None:
    assert steward(*roles) is None


def test_a20_the_same_id_in_another_tenant_is_somebody_else() -> None:
    assert steward("administrator", tenant=TENANT.upper(), user=ANNA.upper()) == Steward(True)
    assert steward("administrator", tenant=OTHER) is None
    assert steward("administrator", user="") is None


def test_nobody_reaches_beyond_their_municipality() -> None:
    own = steward("municipal_administrator:uddevalla")
    assert own is not None
    assert [own.covers(each) for each in ("uddevalla", "lysekil", "")] == [True, False, False]
    assert Steward(True).covers("")
