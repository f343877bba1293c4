"""Who is let in: token, service address and tenant, in that order, before anything is done for anybody."""

from __future__ import annotations

import logging

from bot.teams.config import TeamsConfig
from bot.teams.errors import ActivityInvalid, CallerRefused
from bot.teams.receiving.incoming import Incoming
from bot.teams.receiving.service_urls import ServiceUrls
from bot.teams.receiving.tokens import Caller, TokenVerifier

_log = logging.getLogger(__name__)


class Gate:
    """With a verifier every caller proves who they are; without one (development) only the address is checked."""

    def __init__(self, config: TeamsConfig, urls: ServiceUrls, verifier: TokenVerifier | None) -> None:
        self._urls = urls
        self._verifier = verifier
        self._tenants = frozenset(tenant.lower() for tenant in config.allowed_tenants)

    async def identify(self, authorization: str | None) -> Caller | None:
        """Raises TokenRejected or KeysUnavailable; None where nobody is asked to identify themselves."""
        return await self._verifier.verify(authorization) if self._verifier else None

    def admit(self, incoming: Incoming, caller: Caller | None) -> None:
        """Raises TokenRejected, CallerRefused or ActivityInvalid unless the activity may be answered."""
        if caller is not None:
            caller.require_matches(incoming)
        elif not incoming.service_url:
            raise ActivityInvalid("serviceUrl is missing or malformed")
        self._urls.require(incoming.service_url)
        self._require_tenant(incoming, authenticated=caller is not None)

    def _require_tenant(self, incoming: Incoming, *, authenticated: bool) -> None:
        # No token says whose tenant it is: the body of an authenticated call is all there is, so it must at least
        # agree with itself.
        named = {tenant.lower() for tenant in (incoming.conversation.tenant, incoming.channel_tenant) if tenant}
        if len(named) > 1:
            raise CallerRefused("the activity names two tenants")
        if authenticated and not named:
            raise CallerRefused("the activity names no tenant")
        if self._tenants and not named <= self._tenants:
            _log.warning("refused an activity from tenant %s, which is not on the list", *named)
            raise CallerRefused("the tenant is not served here")
        if self._tenants and not named:
            raise CallerRefused("the activity names no tenant")
