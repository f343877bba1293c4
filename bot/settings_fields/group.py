"""What every group of settings is made from."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings_fields.problems import PREFIX


class Group(BaseSettings):
    """Frozen, read from variables with Fyren's prefix; an empty variable counts as none."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True, str_strip_whitespace=True
    )
