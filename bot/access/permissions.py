"""What may be done on the web pages, and by whom: one table, from which everything else follows.

Two decisions stand in it that are not obvious. The administrator looks after the service and sees no results beyond
what is published to everybody, so that running it gives nobody insight into a municipality; whoever needs both has both
roles. The federation sees every municipality but decides nothing for one: how far a municipality's own statements are
shown is for its contact alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.access.roles import Role


class Permission(StrEnum):
    """What a page or a form needs. Those that are about one municipality are decided for that municipality."""

    BE_ANYBODY = "be_anybody"
    """Start page, health, open data, the sign-in itself."""
    SPEAK_AS_TEAMS = "speak_as_teams"
    """The bot's endpoint, whose callers prove themselves by tokens of their own; no sign-in of a person opens it."""
    BE_SIGNED_IN = "be_signed_in"
    """The visitor's own pages, such as signing out."""
    SEE_RESULTS = "see_results"
    """Fyrbodal as a whole, as far as the visitor's view of an edition goes."""
    SEE_MUNICIPALITY = "see_municipality"
    """One municipality's results beside its peers."""
    SEE_RESPONSE = "see_response"
    """How many have answered in the whole federation, by municipality."""
    SEE_MUNICIPALITY_RESPONSE = "see_municipality_response"
    """How many have answered in one municipality."""
    EXPORT_RESULTS = "export_results"
    """The federation's exports, read API and report."""
    EXPORT_MUNICIPALITY = "export_municipality"
    """One municipality's own picture as files."""
    MANAGE_ROUNDS = "manage_rounds"
    """Creating, opening, closing, reopening and archiving rounds."""
    SEND_REMINDERS = "send_reminders"
    """Looking at who would be reminded, in numbers, and reminding them."""
    DECIDE_VISIBILITY = "decide_visibility"
    """Deciding who sees a municipality's statements."""
    SEE_AUDIT_LOG = "see_audit_log"
    """Reading and verifying the audit log."""
    MANAGE_RETENTION = "manage_retention"
    """What is kept for how long, and the deletion of it."""
    PAUSE_BOT = "pause_bot"
    """Letting the bot answer nobody for a while, or nobody of one tenant."""
    READ_FEEDBACK = "read_feedback"
    """How answers were rated, which questions had none, and picking questions for evaluation."""
    ANSWER_QUESTIONS = "answer_questions"
    """Answering questions that people sent to the federation, and publishing the answers."""
    MANAGE_DOCUMENTS = "manage_documents"
    """Reading in documents, publishing them and undoing that: everybody's, or one municipality's own."""


class Scope(StrEnum):
    """For which municipalities a role has a permission: for all, or for its own."""

    ALL = "all"
    OWN = "own"


_FEDERATION, _CONTACT, _ADMINISTRATOR = Role.FEDERATION, Role.CONTACT, Role.ADMINISTRATOR

MATRIX: Final[Mapping[Permission, Mapping[Role, Scope]]] = MappingProxyType(
    {
        Permission.BE_ANYBODY: dict.fromkeys(Role, Scope.ALL),
        Permission.SPEAK_AS_TEAMS: {},
        Permission.BE_SIGNED_IN: dict.fromkeys(Role, Scope.ALL),
        Permission.SEE_RESULTS: {_FEDERATION: Scope.ALL, _CONTACT: Scope.OWN},
        Permission.SEE_MUNICIPALITY: {_FEDERATION: Scope.ALL, _CONTACT: Scope.OWN},
        Permission.SEE_RESPONSE: {_FEDERATION: Scope.ALL},
        Permission.SEE_MUNICIPALITY_RESPONSE: {_FEDERATION: Scope.ALL, _CONTACT: Scope.OWN},
        Permission.EXPORT_RESULTS: {_FEDERATION: Scope.ALL},
        Permission.EXPORT_MUNICIPALITY: {_FEDERATION: Scope.ALL, _CONTACT: Scope.OWN},
        Permission.MANAGE_ROUNDS: {_FEDERATION: Scope.ALL},
        Permission.SEND_REMINDERS: {_FEDERATION: Scope.ALL},
        Permission.DECIDE_VISIBILITY: {_CONTACT: Scope.OWN},
        Permission.SEE_AUDIT_LOG: {_ADMINISTRATOR: Scope.ALL},
        Permission.MANAGE_RETENTION: {_ADMINISTRATOR: Scope.ALL},
        Permission.PAUSE_BOT: {_ADMINISTRATOR: Scope.ALL},
        Permission.READ_FEEDBACK: {_FEDERATION: Scope.ALL},
        Permission.ANSWER_QUESTIONS: {_FEDERATION: Scope.ALL},
        Permission.MANAGE_DOCUMENTS: {_ADMINISTRATOR: Scope.ALL, Role.MUNICIPAL_ADMINISTRATOR: Scope.OWN},
    }
)


def allows(role: Role, permission: Permission, municipality: str = "", own: Collection[str] = ()) -> bool:
    """Whether the role has the permission for a municipality; `own` are those that the person is for.

    Without a municipality: whether it has the permission for any, so that a page shows what the visitor may see of it.
    """
    scope = MATRIX[permission].get(role)
    if scope is Scope.OWN:
        return municipality in own if municipality else bool(own)
    return scope is Scope.ALL


def unbounded(roles: Collection[Role], permission: Permission) -> bool:
    """Whether any of the roles has the permission for every municipality, and for what belongs to none."""
    return any(MATRIX[permission].get(role) is Scope.ALL for role in roles)
