"""Who is calling: the JWT that the Bot Framework service signs every request with.

Stricter than the SDK, which accepts tokens without an expiry and activities without service address or channel, and
answers HTTP 500 to most forged tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from bot.teams.errors import TokenRejected
from bot.teams.receiving.incoming import Incoming
from bot.teams.receiving.keys import SigningKeys

LEEWAY = 300
CHANNEL = "msteams"


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified token: what it claims, and the channels that its key may speak for."""

    claims: Mapping[str, Any]
    endorsements: frozenset[str]

    def require_matches(self, incoming: Incoming) -> None:
        """Raises TokenRejected unless the token was made for exactly this activity's channel and address."""
        if incoming.channel != CHANNEL:
            raise TokenRejected("the activity is not from Teams")
        if incoming.channel not in self.endorsements:
            raise TokenRejected("the key is not endorsed for the channel")
        claimed = self.claims.get("serviceurl", self.claims.get("serviceUrl"))
        if not claimed or claimed != incoming.service_url:
            raise TokenRejected("the token is for another service address")


class TokenVerifier:
    """Verifies `Authorization` headers for one app id: RS256, issuer, audience and expiry, five minutes of leeway."""

    def __init__(self, keys: SigningKeys, *, app_id: str, issuer: str) -> None:
        self._keys = keys
        self._app_id = app_id
        self._issuer = issuer

    async def verify(self, authorization: str | None) -> Caller:
        """Raises TokenRejected, and KeysUnavailable while no key has ever been read."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token or token != token.strip():
            raise TokenRejected("no bearer token")
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise TokenRejected("the token is malformed") from error
        kid = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str) or not kid:
            raise TokenRejected("the token is not signed as agreed")
        key = await self._keys.find(kid)
        if key is None:
            raise TokenRejected("the token's key is unknown")
        try:
            claims = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"], "strict_aud": True},
            )
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise TokenRejected(f"the token does not hold ({type(error).__name__})") from error
        return Caller(claims, key.endorsements)
