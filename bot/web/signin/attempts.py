"""Sign-ins that are under way: what was sent with somebody to the provider, until they come back, once.

They are in memory: an attempt takes a minute, and after a restart one begins anew.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.access.sessions import id_of, new_secret
from bot.web.signin.errors import Reason, SigninRefused

LASTS: Final = 600.0
"""Seconds that somebody has at the provider."""
AT_ONCE: Final = 10_000
"""Attempts that are remembered; the oldest goes first, so that a flood costs neither memory nor much time."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the provider and back.

    `state` comes back with the person, `nonce` inside the token, `verifier` proves (PKCE) that the token is fetched by
    whoever began. `browser` is the hash of the cookie of the browser that it began in, `after` where to go then.
    """

    state: str
    nonce: str
    verifier: str
    browser: str
    after: str
    began: float


class Attempts:
    """`clock` is monotonic, in seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._attempts: dict[str, Attempt] = {}

    def begin(self, browser_secret: str, after: str) -> Attempt:
        """A new attempt of the browser with this cookie."""
        self._clear_up(AT_ONCE - 1)
        attempt = Attempt(new_secret(), new_secret(), new_secret(), id_of(browser_secret), after, self._clock())
        self._attempts[attempt.state] = attempt
        return attempt

    def take(self, state: str, browser_secret: str) -> Attempt:
        """The attempt of this state, which is over by that. Raises SigninRefused where this browser has none."""
        self._clear_up(AT_ONCE)
        attempt = self._attempts.pop(state, None)
        if attempt is None:
            raise SigninRefused(Reason.EXPIRED, "the state is unknown, used before, or too old")
        if not hmac.compare_digest(attempt.browser, id_of(browser_secret)):
            raise SigninRefused(Reason.EXPIRED, "the attempt began in another browser")
        return attempt

    def _clear_up(self, most: int) -> None:
        """Forget what is too old, and the oldest where they are more than `most`; they stand in their order."""
        oldest = self._clock() - LASTS
        while self._attempts:
            first = next(iter(self._attempts.values()))
            if first.began > oldest and len(self._attempts) <= most:
                return
            del self._attempts[first.state]
