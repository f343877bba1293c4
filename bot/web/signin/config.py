"""What signing in by an OpenID provider needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bot.access.roles import DEFAULT_GRANTS, Grants


@dataclass(frozen=True, slots=True)
class SigninConfig:
    """`authority` is the provider's issuer, `redirect_uri` where it sends people back to. People of `tenants` may sign
    in (empty: all whom it vouches for), and have the roles that `grants` give for their app roles and groups.

    `timeout` (seconds) is for each call to the provider; clocks may differ by `leeway`. Its keys are read again when
    they are older than `keys_age`, or for a key that is unknown, then at most every `refresh_pause`.
    """

    authority: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    grants: Grants = field(default_factory=lambda: DEFAULT_GRANTS)
    tenants: frozenset[str] = frozenset()
    scope: str = "openid profile"
    timeout: float = 5.0
    leeway: timedelta = timedelta(minutes=1)
    keys_age: timedelta = timedelta(hours=1)
    refresh_pause: timedelta = timedelta(minutes=1)
