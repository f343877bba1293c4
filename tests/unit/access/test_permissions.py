"""One table decides who may do what, and only for the municipalities that are theirs."""

from __future__ import annotations

import pytest

from bot.access.permissions import MATRIX, Permission, Scope, allows, unbounded
from bot.access.roles import DEFAULT_GRANTS, Grant, Role, granted
from bot.access.visitor import ANYBODY, Visitor
from tests.fakes.visitors import ADMINISTRATOR, CONTACT_A, FEDERATION

TABLE = """
be_anybody                 f c m d
speak_as_teams
be_signed_in               f c m d
see_results                f o
see_municipality           f o
see_response               f
see_municipality_response  f o
export_results             f
export_municipality        f o
manage_rounds              f
send_reminders             f
decide_visibility          o
see_audit_log              m
manage_retention           m
read_feedback              f
answer_questions           f
manage_documents           m n
pause_bot                  m
"""
"""f: federation, c: contact, o: contact for its own municipality, m: administrator,
d: a municipality's administrator, n: the same for its own municipality."""


def test_d09_the_table_is_exactly_this() -> None:
    letters = {
        (Role.FEDERATION, Scope.ALL): "f",
        (Role.CONTACT, Scope.ALL): "c",
        (Role.CONTACT, Scope.OWN): "o",
        (Role.ADMINISTRATOR, Scope.ALL): "m",
        (Role.MUNICIPAL_ADMINISTRATOR, Scope.ALL): "d",
        (Role.MUNICIPAL_ADMINISTRATOR, Scope.OWN): "n",
    }
    found = {
        permission.value: {letters[role, scope] for role, scope in roles.items()}
        for permission, roles in MATRIX.items()
    }
    expected = {line.split()[0]: set(line.split()[1:]) for line in TABLE.strip().splitlines()}
    assert found == expected
    assert set(MATRIX) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_d09_a_contact_has_nothing_elsewhere(permission: Permission) -> None:
    if MATRIX[permission].get(Role.CONTACT) is not Scope.OWN:
        return
    assert CONTACT_A.may(permission)
    assert CONTACT_A.may(permission, "uddevalla")
    assert not CONTACT_A.may(permission, "lysekil")
    assert not allows(Role.CONTACT, permission), "a contact of no municipality has nothing at all"


def test_d09_who_has_not_signed_in_may_only_what_anybody_may() -> None:
    assert {each for each in Permission if ANYBODY.may(each)} == {Permission.BE_ANYBODY}
    nameless = Visitor("", "", "", frozenset(Role), frozenset({"uddevalla"}))
    assert {each for each in Permission if nameless.may(each)} == {Permission.BE_ANYBODY}


def test_the_administrator_sees_no_results_and_the_federation_decides_for_no_municipality() -> None:
    assert not any(ADMINISTRATOR.may(each, "uddevalla") for each in Permission if "see_m" in each or "results" in each)
    assert not FEDERATION.may(Permission.DECIDE_VISIBILITY, "uddevalla")


def test_two_roles_together_have_what_either_has() -> None:
    both = Visitor("x", "", "", frozenset({Role.ADMINISTRATOR, Role.CONTACT}), frozenset({"orust"}))
    assert both.may(Permission.SEE_AUDIT_LOG)
    assert both.may(Permission.SEE_MUNICIPALITY, "orust")
    assert not both.may(Permission.SEE_MUNICIPALITY, "tanum")


def test_values_of_the_sign_in_service_mean_roles_for_the_tenant_that_they_name() -> None:
    grants = {
        "app": (Grant(Role.FEDERATION, (), "t1"), Grant(Role.CONTACT, ("tanum",), "t2")),
        "group": (Grant(Role.CONTACT, ("orust", "lysekil")),),
    }
    assert granted(["app"], "t1", grants) == (frozenset({Role.FEDERATION}), frozenset())
    assert granted(["app", "group"], "t2", grants) == (
        frozenset({Role.CONTACT}),
        frozenset({"tanum", "orust", "lysekil"}),
    )
    assert granted(["app", "unknown"], "t3", grants) == (frozenset(), frozenset())
    assert granted(["Fyren.Federation"], "t3", DEFAULT_GRANTS)[0] == {Role.FEDERATION}


def test_d09_two_roles_for_different_municipalities_reach_nowhere_together() -> None:
    grants = {
        "contact": (Grant(Role.CONTACT, ("orust", "tanum")),),
        "documents": (Grant(Role.MUNICIPAL_ADMINISTRATOR, ("tanum", "lysekil")),),
    }
    assert granted(["documents"], "t", grants)[1] == {"tanum", "lysekil"}
    assert granted(["contact", "documents"], "t", grants) == (
        frozenset({Role.CONTACT, Role.MUNICIPAL_ADMINISTRATOR}),
        frozenset({"tanum"}),
    )


def test_d09_only_the_federations_administrator_manages_what_belongs_to_no_municipality() -> None:
    assert unbounded({Role.ADMINISTRATOR}, Permission.MANAGE_DOCUMENTS)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert not unbounded({role}, Permission.MANAGE_DOCUMENTS)
