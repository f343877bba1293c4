"""Sign-ins that are under way: what was sent with somebody to the provider, until they come back, once.

All that is known of an attempt goes with the browser, so that whichever replica it comes back to can finish it: the
state, which only the secret of the browser's cookie can have signed, and from which, with that secret, all else is
derived. The cookie goes with the sign-in, and a provider takes each code once; a state is refused here as well that
this process has seen come back.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.access.sessions import new_secret, octets
from bot.web.signin.addresses import own_path
from bot.web.signin.errors import Reason, SigninRefused

LASTS: Final = 600.0
"""Seconds that somebody has at the provider."""
AHEAD: Final = 60.0
"""Seconds by which the clock of another replica may be ahead."""
AT_ONCE: Final = 10_000
"""States that came back and are remembered; the oldest goes first, so that a flood costs no memory."""
LONGEST: Final = 8192
"""Characters of a state that are looked at."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the provider and back.

    `state` comes back with the person, `nonce` inside the token, `verifier` proves (PKCE) that the token is fetched by
    whoever began. `after` is where to go then.
    """

    state: str
    nonce: str
    verifier: str
    after: str
    began: float


class Attempts:
    """`clock` tells seconds, and is that of all replicas."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._over: OrderedDict[str, None] = OrderedDict()

    def begin(self, browser_secret: str, after: str) -> Attempt:
        """A new attempt of the browser with this cookie."""
        told = json.dumps([self._clock(), new_secret(), after]).encode()
        return _attempt(f"{_text(told)}.{_signed(browser_secret, b'state', told)}", browser_secret)

    def take(self, state: str, browser_secret: str) -> Attempt:
        """The attempt of this state, which is over by that. Raises SigninRefused where this browser has none."""
        told, _, signature = state[:LONGEST].partition(".")
        try:
            signed = _signed(browser_secret, b"state", _octets(told))
        except ValueError as error:
            raise SigninRefused(Reason.EXPIRED, "the state is none of this service's") from error
        if not browser_secret or not hmac.compare_digest(signature.encode(), signed.encode()):
            raise SigninRefused(Reason.EXPIRED, "the state is none of this service's, or began in another browser")
        attempt = _attempt(state, browser_secret)
        if state in self._over or not -AHEAD <= self._clock() - attempt.began < LASTS:
            raise SigninRefused(Reason.EXPIRED, "the state was used before, or is too old")
        self._over[state] = None
        if len(self._over) > AT_ONCE:
            self._over.popitem(last=False)
        return attempt


def _attempt(state: str, secret: str) -> Attempt:
    """What follows from a state whose signature is right."""
    began, _, after = json.loads(_octets(state.partition(".")[0]))
    nonce, verifier = (_signed(secret, use, state.encode()) for use in (b"nonce", b"verifier"))
    return Attempt(state, nonce, verifier, own_path(after), began)


def _signed(secret: str, use: bytes, told: bytes) -> str:
    return _text(hmac.digest(octets(secret), use + b"\0" + told, "sha256"))


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _octets(text: str) -> bytes:
    """Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
