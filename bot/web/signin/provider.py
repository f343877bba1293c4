"""The OpenID provider over HTTP: its description, its keys, and the token that a code is exchanged for."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from bot.web.signin.config import SigninConfig
from bot.web.signin.documents import Description, SigningKey, described, signing_keys
from bot.web.signin.errors import ProviderFailed, Reason, SigninRefused

DOCUMENT: Final = ".well-known/openid-configuration"
DOCUMENT_LIMIT: Final = 1024 * 1024
DESCRIPTION_AGE: Final = 24 * 3600.0
FIRST_PAUSE: Final = 5.0
"""Seconds after which a description that could not be read is asked for again, where there is none yet."""
TRIES: Final = 2
"""How often a document is asked for before the provider counts as failed."""

_log = logging.getLogger(__name__)


class Provider:
    """All calls to the provider. Documents are fetched by one caller at a time and kept; old ones outlive a failure.

    `clock` is monotonic, in seconds.
    """

    def __init__(self, config: SigninConfig, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Reads the certificates that HTTPS is checked against, so it belongs into a thread."""
        self._config = config
        self._clock = clock
        self._client = AsyncOAuth2Client(
            client_id=config.client_id,
            client_secret=config.client_secret,
            redirect_uri=config.redirect_uri,
            scope=config.scope,
            code_challenge_method="S256",
            timeout=config.timeout,
        )
        self._fetching = asyncio.Lock()
        self._description: Description | None = None
        self._described = 0.0
        self._failed: float | None = None
        self._keys: Mapping[str, SigningKey] = {}
        self._keyed: float | None = None
        self._keys_tried: float | None = None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send somebody who wants to sign in. Raises ProviderFailed."""
        description = await self.description()
        url, _ = self._client.create_authorization_url(
            description.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier
        )
        return str(url)

    async def exchange(self, code: str, verifier: str) -> str:
        """The id token for a code. Raises ProviderFailed, and SigninRefused where the provider does not give one."""
        description = await self.description()
        try:
            token = await self._fetch_token(description, code, verifier)
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            # A connection that was never made has not used up the code; anything later may have.
            try:
                token = await self._fetch_token(description, code, verifier)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                raise ProviderFailed(f"the token endpoint is not reached: {type(error).__name__}") from error
        found = token.get("id_token")
        if not isinstance(found, str):
            raise SigninRefused(Reason.UNTRUSTED, "the provider gave no id token")
        return found

    async def description(self) -> Description:
        """What the provider says of itself, at most a day old unless it fails. Raises ProviderFailed."""
        if self._description is not None and self._fetching.locked():
            return self._description  # somebody is asking already, and what is known will do meanwhile
        async with self._fetching:
            known = self._description
            if known is not None and self._clock() - self._described < DESCRIPTION_AGE:
                return known
            if self._failed is not None and self._clock() - self._failed < FIRST_PAUSE:
                if known is None:
                    raise ProviderFailed("the sign-in service failed a moment ago")
                return known
            try:
                document = await self._get(f"{self._config.authority.rstrip('/')}/{DOCUMENT}")
                self._description, self._described = described(document, self._config.authority), self._clock()
            except ProviderFailed as error:
                self._failed = self._clock()
                if known is None:
                    raise
                _log.warning("the sign-in service's description is kept, as it could not be read anew: %s", error)
                return known
            return self._description

    async def key(self, kid: str) -> SigningKey | None:
        """The key with this id; without an id the only key there is. None where there is none.

        Raises ProviderFailed where no key has ever been read.
        """
        description = await self.description()
        known = self._of(kid)
        if known is not None and self._fetching.locked():
            return known
        async with self._fetching:
            now = self._clock()
            old = self._keyed is None or now - self._keyed > self._config.keys_age.total_seconds()
            pause = self._config.refresh_pause.total_seconds()
            rested = self._keys_tried is None or now - self._keys_tried >= pause
            if (old or self._of(kid) is None) and (rested or not self._keys):
                self._keys_tried = now
                await self._read_keys(description)
            return self._of(kid)

    def _of(self, kid: str) -> SigningKey | None:
        if kid:
            return self._keys.get(kid)
        return next(iter(self._keys.values())) if len(self._keys) == 1 else None

    async def _read_keys(self, description: Description) -> None:
        try:
            keys = signing_keys((await self._get(description.jwks_uri)).get("keys"))
            if not keys:
                raise ProviderFailed("the sign-in service names no key that can be used")
        except ProviderFailed as error:
            if not self._keys:
                raise
            _log.warning(
                "the sign-in service's %d keys are kept, as they could not be read anew: %s", len(self._keys), error
            )
            return
        self._keys, self._keyed = keys, self._clock()

    async def _fetch_token(self, description: Description, code: str, verifier: str) -> Mapping[str, Any]:
        auth = self._client.client_auth("client_secret_post" if description.secret_in_body else "client_secret_basic")
        try:
            token: Mapping[str, Any] = await self._client.fetch_token(
                description.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                auth=auth,
            )
        except OAuthError as error:
            raise SigninRefused(Reason.UNTRUSTED, f"the provider refused the code: {error.error}") from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            raise
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderFailed(f"the token endpoint failed: {type(error).__name__}") from error
        return token

    async def _get(self, url: str) -> dict[str, Any]:
        """A JSON object. Raises ProviderFailed."""
        failed: Exception | None = None
        for _ in range(TRIES):
            try:
                return await self._read(url)
            except (httpx2.TransportError, _Busy) as error:
                failed = error
            except (httpx2.HTTPError, ValueError, RecursionError) as error:
                failed = error
                break
        raise ProviderFailed(f"{url} cannot be used: {type(failed).__name__}: {failed}") from failed

    async def _read(self, url: str) -> dict[str, Any]:
        body = bytearray()
        async with self._client.stream("GET", url, withhold_token=True) as response:
            if response.status_code >= 500:
                raise _Busy(f"HTTP {response.status_code}")
            if response.status_code != 200:
                raise ValueError(f"HTTP {response.status_code}")
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > DOCUMENT_LIMIT:
                    raise ValueError("it is too large")
        document = json.loads(body)
        if not isinstance(document, dict):
            raise ValueError("it is no JSON object")
        return document


class _Busy(Exception):
    """The provider has trouble that may pass."""
