"""Signing in by an OpenID provider: the authorization code flow with PKCE, a state and a nonce."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.access.visitor import Visitor
from bot.web.signin.attempts import Attempt, Attempts
from bot.web.signin.config import SigninConfig
from bot.web.signin.errors import Reason, SigninRefused
from bot.web.signin.provider import Provider
from bot.web.signin.tokens import Expected, claims_of, key_id, visitor_of_claims


class OpenidSignin:
    """Sends people to the provider, and believes what it says of them when they are back."""

    def __init__(
        self,
        config: SigninConfig,
        provider: Provider,
        *,
        attempts: Attempts | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._config = config
        self._provider = provider
        self._attempts = attempts or Attempts()
        self._clock = clock

    async def begin(self, browser_secret: str, after: str) -> str:
        """The provider's address for somebody whose browser holds this secret. Raises ProviderFailed."""
        attempt = self._attempts.begin(browser_secret, after)
        return await self._provider.address(state=attempt.state, nonce=attempt.nonce, verifier=attempt.verifier)

    async def finish(self, said: Mapping[str, str], browser_secret: str) -> tuple[Visitor, str]:
        """Who came back, and where they were going. `said` is what stands in the address by which they came.

        Raises SigninRefused, and ProviderFailed.
        """
        attempt = self._attempts.take(said.get("state", ""), browser_secret)
        if "error" in said:
            raise SigninRefused(Reason.DECLINED, f"the provider says {said['error'][:100]!r}")
        if not said.get("code"):
            raise SigninRefused(Reason.UNTRUSTED, "the provider gave no code")
        return await self._identify(said["code"], attempt), attempt.after

    async def close(self) -> None:
        """Close the connections to the provider."""
        await self._provider.close()

    async def _identify(self, code: str, attempt: Attempt) -> Visitor:
        token = await self._provider.exchange(code, attempt.verifier)
        kid = key_id(token)
        key = await self._provider.key(kid)
        if key is None:
            raise SigninRefused(Reason.UNTRUSTED, "the token is signed by a key that the provider does not have")
        description = await self._provider.description()
        expected = Expected(self._config.client_id, description.issuer, attempt.nonce, self._config.tenants)
        claims = claims_of(token, key, expected, now=self._clock(), leeway=self._config.leeway)
        return visitor_of_claims(claims, self._config.grants)
