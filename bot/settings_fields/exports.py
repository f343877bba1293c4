"""Settings of what leaves by itself: open data, and webhooks."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from bot.settings_fields.group import Group
from bot.settings_fields.values import as_email, as_webhooks, check_webhook_secret


class ExportSettings(Group):
    """Who answers for open data, and which systems are told that a round was closed."""

    open_data_publisher: str = Field(
        "Fyrbodals kommunalförbund",
        min_length=1,
        description="Who publishes the open data, as data portals name it.",
    )
    open_data_email: str = Field(
        "",
        description="E-mail address for questions about the open data; data portals require one.",
    )
    webhook_urls: SecretStr = Field(
        SecretStr(""),
        description="Addresses that are told, signed, when a round is closed and its results are published, separated "
        "by commas: `https://`, on the open network; `http://` and addresses of this machine only where they name it.",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="Secret that webhooks are signed with, by Standard Webhooks: `whsec_` and 24 to 64 random bytes in "
        "base64.",
    )

    @field_validator("open_data_email")
    @classmethod
    def _email(cls, value: str) -> str:
        return as_email(value) if value else value

    @field_validator("webhook_urls")
    @classmethod
    def _webhooks(cls, value: SecretStr) -> SecretStr:
        as_webhooks(value.get_secret_value())
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _signable(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            check_webhook_secret(value.get_secret_value())
        return value

    @property
    def webhooks(self) -> tuple[str, ...]:
        """The addresses that are told."""
        return as_webhooks(self.webhook_urls.get_secret_value())
