"""Visitors of the web pages, their sessions in memory, and an audit log in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from bot.access.audit import AuditEntry, AuditEvent, Verified, sealed, verified
from bot.access.errors import AccessStoreFailed
from bot.access.roles import Role
from bot.access.sessions import WebSession, WebSessions, form_token, id_of, new_secret
from bot.access.visitor import ANYBODY, Visitor
from bot.web.csrf import FIELD
from bot.web.sessions import Cookies

TENANT: Final = "11111111-1111-1111-1111-111111111111"

FEDERATION: Final = Visitor("f-1", TENANT, "Frida Förbund", frozenset({Role.FEDERATION}))
ADMINISTRATOR: Final = Visitor("m-1", TENANT, "Adam Admin", frozenset({Role.ADMINISTRATOR}))
CONTACT_A: Final = Visitor("a-1", TENANT, "Ulla Uddevalla", frozenset({Role.CONTACT}), frozenset({"uddevalla"}))
CONTACT_B: Final = Visitor("b-1", TENANT, "Lars Lysekil", frozenset({Role.CONTACT}), frozenset({"lysekil"}))
MUNICIPAL: Final = Visitor(
    "d-1", TENANT, "Doris Dokument", frozenset({Role.MUNICIPAL_ADMINISTRATOR}), frozenset({"uddevalla"})
)

VISITORS: Final = {
    "anybody": ANYBODY,
    "contact of A": CONTACT_A,
    "contact of B": CONTACT_B,
    "federation": FEDERATION,
    "administrator": ADMINISTRATOR,
    "administrator of A": MUNICIPAL,
}
"""Everybody who comes to the pages; A is Uddevalla, B is Lysekil."""


class MemorySessions:
    """Implements `bot.access.sessions.WebSessions`; `broken` makes every method fail as a lost database does."""

    def __init__(self) -> None:
        self.kept: dict[str, WebSession] = {}
        self.touches = 0
        self.broken = False

    async def add(self, session: WebSession) -> None:
        self._check()
        self.kept[session.id] = session

    async def find(self, session_id: str) -> WebSession | None:
        self._check()
        return self.kept.get(session_id)

    async def touch(self, session_id: str, seen: datetime) -> None:
        self._check()
        self.touches += 1
        if session_id in self.kept:
            self.kept[session_id] = replace(self.kept[session_id], seen=seen)

    async def remove(self, session_id: str) -> None:
        self._check()
        self.kept.pop(session_id, None)

    async def forget(self, *, seen_before: datetime, started_before: datetime) -> int:
        self._check()
        ended = [each.id for each in self.kept.values() if each.seen < seen_before or each.started < started_before]
        for each in ended:
            del self.kept[each]
        return len(ended)

    def _check(self) -> None:
        if self.broken:
            raise AccessStoreFailed("the fake store of sessions was told to fail")


class MemoryAuditLog:
    """Implements `bot.access.audit.AuditLog`; `broken` makes every method fail."""

    def __init__(self) -> None:
        self.kept: list[AuditEntry] = []
        self.broken = False

    async def append(self, event: AuditEvent) -> AuditEntry:
        self._check()
        self.kept.append(sealed(event, self.kept[-1] if self.kept else None))
        return self.kept[-1]

    async def entries(self, *, before: int | None = None, limit: int = 100, subject: str = "") -> Sequence[AuditEntry]:
        self._check()
        found = [each for each in reversed(self.kept) if before is None or each.number < before]
        return [each for each in found if subject in ("", each.event.subject)][:limit]

    async def verify(self) -> Verified:
        self._check()
        return verified(self.kept)

    def actions(self) -> list[str]:
        """What was recorded, oldest first."""
        return [each.event.action for each in self.kept]

    def _check(self) -> None:
        if self.broken:
            raise AccessStoreFailed("the fake audit log was told to fail")


async def signed_in(sessions: WebSessions, visitor: Visitor, *, now: datetime | None = None) -> str:
    """A new session of the visitor; its secret. Nobody gets none."""
    if not visitor.signed_in:
        return ""
    secret, at = new_secret(), now or datetime.now(UTC)
    await sessions.add(WebSession(id_of(secret), visitor, at, at))
    return secret


def cookie(secret: str, *, secure: bool = False) -> dict[str, str]:
    """The cookies of a browser with this session, for a client's `cookies` or `headers`."""
    return {f"{'__Host-' if secure else ''}fyren-{Cookies.KIND}": secret} if secret else {}


def headers(secret: str) -> dict[str, str]:
    """The headers of a browser with this session that shows pages."""
    sent = {"Accept": "text/html"}
    return sent | ({"Cookie": "; ".join(f"{name}={value}" for name, value in cookie(secret).items())} if secret else {})


def form(secret: str, **fields: str) -> dict[str, str]:
    """A form as a page of this session sends it."""
    return {FIELD: form_token(secret), **fields}
