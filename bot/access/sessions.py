"""Sessions of those who are signed in. The browser holds a secret; here and in the database is only its hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.access.visitor import Visitor

SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class WebSession:
    """A sign-in. `id` is the hash of its secret; `seen` is when it was last used, as exact as `Lifetimes.grain`."""

    id: str
    visitor: Visitor
    started: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """A session ends after `idle` without a page, and `life` after its start in any case."""

    idle: timedelta
    life: timedelta

    def over(self, session: WebSession, now: datetime) -> bool:
        """Whether it has ended."""
        return now >= session.seen + self.idle or now >= session.started + self.life

    @property
    def grain(self) -> timedelta:
        """How old `seen` may be before it is written again: not every page should cost a write."""
        return self.idle / 30


class WebSessions(Protocol):
    """Keeps sessions; every method raises AccessStoreFailed."""

    async def add(self, session: WebSession) -> None:
        """Keep a new session; on disk when this returns."""

    async def find(self, session_id: str) -> WebSession | None:
        """The session with this id, whether or not it is over."""

    async def touch(self, session_id: str, seen: datetime) -> None:
        """Note that it was used; one that is gone stays gone."""

    async def remove(self, session_id: str) -> None:
        """Forget it; repeating it does no harm."""

    async def forget(self, *, seen_before: datetime, started_before: datetime) -> int:
        """Forget sessions last used, or started, before these times; how many they were."""


def new_secret() -> str:
    """A secret that nobody guesses: 256 random bits."""
    return secrets.token_urlsafe(SECRET_BYTES)


def id_of(secret: str) -> str:
    """The id of the session with this secret: SHA-256, hex. The secret is random, so nothing slower is needed."""
    return hashlib.sha256(octets(secret)).hexdigest()


def form_token(secret: str) -> str:
    """What every form of the session carries: nobody can make it without the secret, which it does not tell."""
    return urlsafe_b64encode(hmac.digest(octets(secret), b"form", "sha256")).decode().rstrip("=")


def octets(text: str) -> bytes:
    """A text from a browser as bytes; what was no text there becomes bytes that equal nothing of ours."""
    return text.encode(errors="surrogatepass")
