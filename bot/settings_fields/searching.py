"""Settings of where the knowledge base is searched."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from bot.settings_fields.group import Group
from bot.settings_fields.values import as_address, check_secret


class SearchSettings(Group):
    """Files on each replica, or a server that all of them ask."""

    index: Literal["files", "postgresql", "qdrant"] = Field(
        "files",
        description="Where the knowledge base is searched: in `files` on each replica, in `postgresql` (pgvector, on "
        "the server that `FYREN_DATABASE_URL` names), or in `qdrant`. The published one moves by itself when this "
        "changes.",
    )
    qdrant_url: str = Field("", description="Address of the Qdrant server, such as `https://qdrant.example.se:6333`.")
    qdrant_api_key: SecretStr = Field(SecretStr(""), description="Key of the Qdrant server, if it wants one.")
    qdrant_prefix: str = Field(
        "fyren",
        pattern="^[0-9A-Za-z_-]{1,40}$",
        description="What the names of this installation's collections in Qdrant begin with; installations that share "
        "a server each need one of their own, as each deletes what it does not know under its own.",
    )
    qdrant_shards: int = Field(
        1, ge=1, le=64, description="Shards that each collection in Qdrant is divided into, for a cluster of servers."
    )
    qdrant_replicas: int = Field(
        1,
        ge=1,
        le=7,
        description="Servers of a Qdrant cluster that hold each shard; 2 or more survive the loss of one.",
    )

    @field_validator("qdrant_url")
    @classmethod
    def _server_address(cls, value: str) -> str:
        return as_address(value) if value else value

    @field_validator("qdrant_api_key")
    @classmethod
    def _no_placeholder_for_qdrant(cls, value: SecretStr) -> SecretStr:
        check_secret(value.get_secret_value())
        return value
