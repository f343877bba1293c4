"""What the Teams side needs to know, and what keeps it closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bot.teams.errors import ConfigInvalid

OPENID_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
TOKEN_ISSUER = "https://api.botframework.com"  # noqa: S105 - an issuer's name, not a secret
LOGIN_AUTHORITY = "https://login.microsoftonline.com"
CONNECTOR_SCOPE = "https://api.botframework.com/.default"
SERVICE_HOSTS = frozenset({"smba.trafficmanager.net"})
UPLOAD_HOSTS = frozenset({"*.sharepoint.com", "*.svc.ms"})
DOWNLOAD_HOSTS = UPLOAD_HOSTS


class AppType(StrEnum):
    """How the bot is registered. New registrations are for a single tenant or a managed identity; those for many
    tenants, which cannot be made any more, go on."""

    SINGLE_TENANT = "single_tenant"
    MULTI_TENANT = "multi_tenant"
    MANAGED_IDENTITY = "managed_identity"


@dataclass(frozen=True, slots=True)
class TeamsConfig:
    """Settings of the Teams side; times in seconds, sizes in bytes.

    Without `app_id` nobody is authenticated (development mode), which is allowed on a loopback address only.
    With one, `app_type` says what else there must be: an app proves who it is by `app_password`, by the certificate and
    key in `certificate_path` (PEM), or by what the platform keeps writing into `federated_token_file`; a managed
    identity by none of them. `tenant_id` is the home tenant, where the registration lives; `allowed_tenants` are those
    whose people are answered (empty: all). `service_hosts` are the connector's host names (`name` or `name:port`);
    `upload_hosts` are those where people's files may be put, and `download_hosts` those where files that they send are
    fetched, where `*.name` stands for every name below that one.

    A message that takes longer than `patience` is acknowledged first and answered afterwards, because Teams sends
    a message again after about 15 s; a card action is held for `invoke_patience`. `turn_timeout` is longer than two
    answers of a language model take: a second question waits for the first. A file may take `download_timeout` in all,
    and `download_silence` between two pieces. Whoever does more than
    `turns_per_minute` is asked to wait; so is everybody beyond `most_under_way` turns at a time, which are what a
    replica answers well before `invoke_patience` ends. An answer that takes longer than `typing_after` is announced.
    """

    app_id: str = ""
    app_password: str = field(default="", repr=False)
    certificate_path: Path | None = None
    federated_token_file: Path | None = None
    app_type: AppType = AppType.SINGLE_TENANT
    tenant_id: str = ""
    allowed_tenants: frozenset[str] = frozenset()
    service_hosts: frozenset[str] = SERVICE_HOSTS
    upload_hosts: frozenset[str] = UPLOAD_HOSTS
    download_hosts: frozenset[str] = DOWNLOAD_HOSTS
    metadata_url: str = OPENID_METADATA
    issuer: str = TOKEN_ISSUER
    authority: str = LOGIN_AUTHORITY
    body_limit: int = 256 * 1024
    body_timeout: float = 7.5
    patience: float = 1.5
    invoke_patience: float = 8.0
    turn_timeout: float = 90.0
    typing_after: float = 0.2
    connect_timeout: float = 5.0
    send_timeout: float = 15.0
    upload_timeout: float = 30.0
    download_timeout: float = 600.0
    download_silence: float = 30.0
    metadata_timeout: float = 5.0
    login_timeout: float = 10.0
    turns_per_minute: int = 120
    most_under_way: int = 300
    retry_pause: float = 0.4
    retry_pause_limit: float = 10.0
    drain_timeout: float = 10.0

    def __post_init__(self) -> None:
        """Raises ConfigInvalid where some but not all of what the app needs is given, or what does not go together."""
        proofs = {
            "app password": self.app_password.strip(),
            "certificate": self.certificate_path,
            "federated token": self.federated_token_file,
        }
        proven = [name for name, value in proofs.items() if value]
        if not self.app_id.strip() and not self.tenant_id.strip() and not proven:
            return
        most = 0 if self.app_type is AppType.MANAGED_IDENTITY else 1
        if len(proven) > most:
            allowed = "no proof of its own" if most == 0 else "one proof of its own"
            raise ConfigInvalid(f"a {self.app_type} app has {allowed}, not {' and '.join(proven)}")
        missing = [] if self.app_id.strip() else ["app id"]
        if len(proven) < most:
            missing.append("app password")
        if not self.tenant_id.strip() and not (self.app_type is AppType.MULTI_TENANT and self.allowed_tenants):
            missing.append("tenant id")
        if missing:
            raise ConfigInvalid(
                f"the Teams {' and '.join(missing)} must be given too; leave all empty to run without authentication "
                "on a loopback address"
            )

    @property
    def authenticated(self) -> bool:
        """Whether callers must prove who they are."""
        return bool(self.app_id.strip())
