"""Settings of signing in to the web pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.access.roles import DEFAULT_GRANTS, Grant, Grants
from bot.settings_fields.group import Group
from bot.settings_fields.values import as_grants, as_guids, as_issuer, check_secret


class SigninSettings(Group):
    """The OpenID provider, what its values mean here, and how long a sign-in lasts."""

    signin_authority: str = Field(
        "",
        description="Issuer of the OpenID provider by which people sign in to the web pages; for Entra ID "
        "`https://login.microsoftonline.com/<tenant>/v2.0`. Empty, with a loopback address, lets `fyren serve` print "
        "a link that signs in once.",
    )
    signin_client_id: str = Field(
        "",
        description="Client id of the web pages' registration at the provider. Its redirect address is "
        "`FYREN_PUBLIC_URL` followed by `/sign-in/callback`.",
    )
    signin_client_secret: SecretStr = Field(
        SecretStr(""), description="Client secret of the web pages' registration at the provider."
    )
    signin_roles: Annotated[Mapping[str, tuple[Grant, ...]], NoDecode] = Field(
        {},
        description="What app roles, or groups by their ids, mean: `VALUE=ROLE` separated by commas, with the roles "
        "`federation`, `administrator`, `contact:MUNICIPALITY+MUNICIPALITY` and "
        "`municipal_administrator:MUNICIPALITY` (the municipality's own documents), as in "
        "`Fyren.Federation=federation,Fyren.Uddevalla=contact:uddevalla`. `VALUE@TENANT=ROLE` counts for one tenant's "
        "people only. Empty takes the app roles `Fyren.Federation` and `Fyren.Administrator`.",
    )
    signin_allowed_tenants: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Tenants whose people may sign in, separated by commas; empty takes everybody whom the provider "
        "lets in, and with `organizations` as `<tenant>` those whom the bot answers in Teams.",
    )
    signin_idle_minutes: int = Field(
        30, ge=1, le=24 * 60, description="Minutes without a page after which one has to sign in again."
    )
    signin_hours: int = Field(
        10, ge=1, le=7 * 24, description="Hours after which one has to sign in again in any case."
    )

    @field_validator("signin_client_secret")
    @classmethod
    def _no_placeholder_client(cls, value: SecretStr) -> SecretStr:
        check_secret(value.get_secret_value())
        return value

    @field_validator("signin_authority")
    @classmethod
    def _issuer(cls, value: str) -> str:
        return as_issuer(value) if value else value

    @field_validator("signin_roles", mode="before")
    @classmethod
    def _grants(cls, value: object) -> object:
        return as_grants(value) if isinstance(value, str) else value

    @field_validator("signin_allowed_tenants", mode="before")
    @classmethod
    def _signin_tenants(cls, value: object) -> object:
        return as_guids(value) if isinstance(value, str) else value

    @property
    def grants(self) -> Grants:
        """What the provider's values mean, with the default filled in."""
        return self.signin_roles or DEFAULT_GRANTS

    @property
    def session_idle(self) -> timedelta:
        """For how long a sign-in lasts without a page."""
        return timedelta(minutes=self.signin_idle_minutes)

    @property
    def session_life(self) -> timedelta:
        """For how long a sign-in lasts in any case."""
        return timedelta(hours=self.signin_hours)
