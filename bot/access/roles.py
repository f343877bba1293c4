"""Roles of those who sign in to the web pages, and how a sign-in service's values come to mean one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """As what somebody is signed in; one person may have several."""

    FEDERATION = "federation"
    CONTACT = "contact"
    ADMINISTRATOR = "administrator"
    MUNICIPAL_ADMINISTRATOR = "municipal_administrator"


OF_ONE: Final = frozenset({Role.CONTACT, Role.MUNICIPAL_ADMINISTRATOR})
"""Roles for named municipalities only."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and for a role OF_ONE the municipalities (organisation ids of the instrument) that it is for.

    `tenant` is the only one whose people have it; empty means all who may sign in. An app role of a registration that
    several tenants share is handed out by each tenant's own administrators, so there it has to name the tenant.
    """

    role: Role
    municipalities: tuple[str, ...] = ()
    tenant: str = ""


Grants = Mapping[str, tuple[Grant, ...]]
"""What each value of a sign-in service means: the value of an app role, or the id of a group."""

DEFAULT_GRANTS: Final[Grants] = {
    "Fyren.Federation": (Grant(Role.FEDERATION),),
    "Fyren.Administrator": (Grant(Role.ADMINISTRATOR),),
}
"""App roles that mean something without a setting. A contact's municipality has to be set: no value tells it."""


def granted(values: Iterable[str], tenant: str, grants: Grants) -> tuple[frozenset[Role], frozenset[str]]:
    """The roles and municipalities that a person's values give together; both empty for somebody unknown here.

    A visitor has one set of municipalities for all roles. Whoever is the contact of one and the administrator of
    another has only those that both roles are for, so that neither role reaches where it was not given.
    """
    given = [grant for value in values for grant in grants.get(value, ()) if grant.tenant in ("", tenant)]
    by_role = [
        frozenset(each for grant in given if grant.role is role for each in grant.municipalities)
        for role in OF_ONE.intersection(grant.role for grant in given)
    ]
    return (
        frozenset(grant.role for grant in given),
        frozenset.intersection(*by_role) if by_role else frozenset(),
    )
