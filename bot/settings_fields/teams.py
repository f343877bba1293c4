"""Settings of the connection to Microsoft Teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.access.roles import Grant
from bot.settings_fields.group import Group
from bot.settings_fields.values import as_guid, as_guids, as_hosts, as_key_source, as_people, check_secret


class TeamsSettings(Group):
    """The bot's registration, and whose people it answers."""

    teams_app_id: str = Field(
        "",
        description="Application (client) id of the bot's registration; empty runs without Teams sign-in, on a "
        "loopback address only. Of a managed identity its client id.",
    )
    teams_app_type: Literal["single_tenant", "multi_tenant", "managed_identity"] = Field(
        "single_tenant",
        description="How the bot is registered: `single_tenant`, `multi_tenant` (registrations that there are already; "
        "new ones cannot be made), or `managed_identity` (user-assigned, without a secret).",
    )
    teams_app_password: SecretStr = Field(
        SecretStr(""), description="Client secret of the bot's registration; or one of the next two instead."
    )
    teams_certificate_path: str = Field(
        "", description="PEM file with the certificate that the bot's registration knows, and its private key."
    )
    teams_federated_token_file: str = Field(
        "",
        description="File into which the platform keeps writing a token that the bot's registration trusts (workload "
        "identity); it is read each time anew.",
    )
    teams_tenant_id: str = Field("", description="Home tenant, where the bot is registered.")
    teams_allowed_tenants: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Tenants whose people are answered, separated by commas; empty answers only the home tenant."
    )

    teams_openid_url: str = Field(
        "",
        description="Where the keys are told that Teams signs with, as an OpenID configuration; only where a firewall "
        "lets nothing but a mirror of it through. `https://`, or an address on this machine. Whoever answers there can "
        "speak as Teams. Empty asks the Bot Framework.",
    )
    teams_service_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts of the Bot Framework that replies may go to, over HTTPS only: `NAME` or `NAME:PORT`, "
        "separated by commas. Empty allows `smba.trafficmanager.net`, where all of Teams outside of clouds of "
        "governments is.",
    )

    teams_administrators: Annotated[Mapping[str, tuple[Grant, ...]], NoDecode] = Field(
        {},
        description="Who may send documents to the bot in a chat of their own: `PERSON@TENANT=ROLE` separated by "
        "commas, with the person's object id in Entra ID and the roles `administrator` and "
        "`municipal_administrator:MUNICIPALITY` of `FYREN_SIGNIN_ROLES`. Teams tells the bot nothing about app roles "
        "or groups, so people are named one by one. Empty takes documents on the web pages only.",
    )
    teams_publisher: str = Field(
        "Fyrbodals kommunalförbund",
        min_length=1,
        max_length=32,
        description="Who publishes the app, as Teams shows it; at most 32 characters.",
    )

    @field_validator("teams_administrators", mode="before")
    @classmethod
    def _people(cls, value: object) -> object:
        return as_people(value) if isinstance(value, str) else value

    @field_validator("teams_app_password")
    @classmethod
    def _no_placeholder_password(cls, value: SecretStr) -> SecretStr:
        check_secret(value.get_secret_value())
        return value

    @field_validator("teams_app_id", "teams_tenant_id")
    @classmethod
    def _guid(cls, value: str) -> str:
        return as_guid(value) if value else value

    @field_validator("teams_allowed_tenants", mode="before")
    @classmethod
    def _tenants(cls, value: object) -> object:
        return as_guids(value) if isinstance(value, str) else value

    @field_validator("teams_openid_url")
    @classmethod
    def _openid(cls, value: str) -> str:
        return as_key_source(value) if value else value

    @field_validator("teams_service_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        return as_hosts(value) if isinstance(value, str) else value

    @property
    def teams_proofs(self) -> Mapping[str, str]:
        """By the setting's name, what the bot shows for itself; empty where that is not set."""
        return {
            "teams_app_password": self.teams_app_password.get_secret_value().strip(),
            "teams_certificate_path": self.teams_certificate_path,
            "teams_federated_token_file": self.teams_federated_token_file,
        }

    @property
    def tenants(self) -> frozenset[str]:
        """Tenants whose people are answered: the allowed ones, or else the home tenant alone."""
        return frozenset(self.teams_allowed_tenants or filter(None, (self.teams_tenant_id,)))
