"""Keys by which programs read the API: whom they stand for, and how they are told from guesses.

A key is written `fyren_<id>_<secret>`. The secret is random and shown once; what is kept is its hash. Like a session it
needs nothing slower than SHA-256, as nobody guesses 256 random bits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from bot.access.roles import Role
from bot.access.visitor import Visitor

_WRITTEN: Final = re.compile(r"fyren_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NOBODYS: Final = hashlib.sha256(b"").hexdigest()
"""What the secret of a key that does not exist is compared with, so that the answer takes no less time."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept. `digest` is its secret's hash; `name` says what it is for.

    `municipality` is the one whose view it reads; empty reads the federation's. It counts up to and including the day
    `expires`. `used` is the last day on which it was used; `revoked` the day on which it was taken back.
    """

    id: str
    digest: str
    name: str
    municipality: str
    created: date
    expires: date
    used: date | None = None
    revoked: date | None = None

    def counts(self, day: date) -> bool:
        """Whether it opens anything on this day."""
        return self.revoked is None and day <= self.expires

    @property
    def visitor(self) -> Visitor:
        """Whom its requests count as coming from."""
        roles = frozenset({Role.CONTACT if self.municipality else Role.FEDERATION})
        own = frozenset({self.municipality}) if self.municipality else frozenset()
        return Visitor(f"api-key:{self.id}", "", self.name, roles, own)


class ApiKeys(Protocol):
    """Keeps keys. Every method raises AccessStoreFailed."""

    async def add(self, key: ApiKey) -> None:
        """Keep a new key; committed when this returns."""

    async def find(self, key_id: str) -> ApiKey | None:
        """The key with this id, whether or not it counts."""

    async def all(self) -> Sequence[ApiKey]:
        """Every key, newest first."""

    async def note_use(self, key_id: str, day: date) -> None:
        """Note the last day on which it was used."""

    async def revoke(self, key_id: str, day: date) -> bool:
        """Take a key back; False where there is none with this id. One that was taken back keeps its day."""


def new_key(name: str, municipality: str, *, created: date, expires: date) -> tuple[ApiKey, str]:
    """A key, and how it is written for whoever gets it: the only time that it is known."""
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey(key_id, _digest(secret), name, municipality, created, expires)
    return key, f"fyren_{key_id}_{secret}"


async def recognised(written: str, keys: ApiKeys, day: date) -> ApiKey | None:
    """The key that is written so, where it is one and counts today; notes its use. Raises AccessStoreFailed."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return None
    key = await keys.find(found[1])
    same = hmac.compare_digest(_digest(found[2]), key.digest if key is not None else _NOBODYS)
    if key is None or not same or not key.counts(day):
        return None
    if key.used != day:
        await keys.note_use(key.id, day)
    return key


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
