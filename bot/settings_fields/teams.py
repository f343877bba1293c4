"""Settings of the connection to Microsoft Teams."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.settings_fields.group import Group
from bot.settings_values import as_guid, as_guids, check_secret


class TeamsSettings(Group):
    """The bot's registration, and whose people it answers."""

    teams_app_id: str = Field(
        "",
        description="Application (client) id of the bot's registration; empty runs without Teams sign-in, on a "
        "loopback address only.",
    )
    teams_app_password: SecretStr = Field(SecretStr(""), description="Client secret of the bot's registration.")
    teams_tenant_id: str = Field("", description="Home tenant, where the bot is registered.")
    teams_allowed_tenants: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Tenants whose people are answered, separated by commas; empty answers only the home tenant."
    )

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

    @property
    def tenants(self) -> frozenset[str]:
        """Tenants whose people are answered: the allowed ones, or else the home tenant alone."""
        return frozenset(self.teams_allowed_tenants or filter(None, (self.teams_tenant_id,)))
