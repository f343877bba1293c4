"""Signing in on this machine without a provider: a link that `fyren serve` prints, which works once.

The secret is in the link's fragment, which browsers keep to themselves: it stands in no request line and in no log. A
script on the page posts it. What is kept here is its hash.
"""

from __future__ import annotations

import hmac
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from bot.access.roles import Role
from bot.access.sessions import id_of, new_secret
from bot.access.visitor import Visitor
from bot.web.signin.errors import Reason, SigninRefused

VALID: Final = 600.0
"""Seconds that a link works."""
TRIES: Final = 10
"""Wrong codes within A_MINUTE after which none is looked at for LOCKED seconds."""
A_MINUTE: Final = 60.0
LOCKED: Final = 600.0

LOCAL_VISITOR: Final = Visitor("local", "", "", frozenset({Role.FEDERATION, Role.ADMINISTRATOR}))
"""Who uses the machine that the service runs on may read its database anyway."""


class LocalLink:
    """One link at a time. `clock` is monotonic, in seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._hash = ""
        self._until = 0.0
        self._wrong: deque[float] = deque(maxlen=TRIES)
        self._locked_until = 0.0

    def issue(self) -> str:
        """A new code; an earlier one works no longer."""
        code = new_secret()
        self._hash, self._until = id_of(code), self._clock() + VALID
        return code

    def redeem(self, code: str) -> Visitor:
        """Who has the code, which is used up by that. Raises SigninRefused."""
        now = self._clock()
        if now < self._locked_until:
            raise SigninRefused(Reason.LOCKED, "too many wrong codes")
        right = hmac.compare_digest(id_of(code), self._hash or id_of(new_secret()))
        if not right or now >= self._until:
            self._count(now)
            raise SigninRefused(Reason.WRONG_CODE, "the code is wrong, used before, or too old")
        self._hash = ""
        return LOCAL_VISITOR

    def _count(self, now: float) -> None:
        self._wrong.append(now)
        if len(self._wrong) == TRIES and now - self._wrong[0] < A_MINUTE:
            self._locked_until = now + LOCKED
            self._wrong.clear()
