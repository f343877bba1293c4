"""Settings of the service as a whole: its folder, its address, its databases."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from bot.settings_fields.group import Group
from bot.settings_fields.values import as_public


class ServiceSettings(Group):
    """Where the service keeps things, listens, and is found."""

    data_dir: Path = Field(Path("var"), description="Folder that holds all state: index, database, drawn pictures.")
    builtin_library: bool = Field(
        True, description="Whether the built-in knowledge base is loaded; `false` starts from an empty one."
    )
    language: Literal["sv", "en"] = Field(
        "sv", description="Language of the command line, and of the bot where a person's own is unknown: `sv` or `en`."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged to standard error: `DEBUG`, `INFO`, `WARNING` or `ERROR`."
    )

    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Address that `fyren serve` listens on; without a Teams app id only "
        "a loopback address is accepted.",
    )
    port: int = Field(3978, ge=0, le=65535, description="Port that `fyren serve` listens on; 0 takes a free one.")

    public_url: str = Field(
        "",
        description="Address at which Teams and browsers reach Fyren, such as `https://fyren.example.se`, for pictures "
        "of survey figures and for signing in to the web pages; empty shows figures as bars without a picture. Without "
        "a Teams app id the address listened on is used for pictures.",
    )

    database_url: SecretStr = Field(
        SecretStr(""),
        description="SQLAlchemy URL of the database for answers and feedback; empty means a SQLite "
        "file in the data folder.",
    )
    identity_database_url: SecretStr = Field(
        SecretStr(""),
        description="SQLAlchemy URL of the database that holds the keys between people and their answers in the "
        "maturity check, and nothing else; empty means a SQLite file of its own in the data folder, or, where "
        "`FYREN_DATABASE_URL` names a server, tables of their own there.",
    )
    history_days: int = Field(
        90, ge=1, le=3650, description="Days after which questions, answers and feedback are deleted."
    )
    history_decision: str = Field(
        "",
        max_length=200,
        description="The decision on retention that `FYREN_HISTORY_DAYS` rests on, such as its number in the diary; it "
        "is told in the audit log where questions are deleted.",
    )

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        return as_public(value) if value else value

    @property
    def database(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir / 'fyren.sqlite3'}"

    @property
    def identity_database(self) -> str:
        """The URL of the database of keys, with the default filled in."""
        given = self.identity_database_url.get_secret_value()
        if given or self.database_url.get_secret_value().startswith("postgresql"):
            return given or self.database
        return f"sqlite:///{self.data_dir / 'identity.sqlite3'}"

    @property
    def instruments_dir(self) -> Path:
        """Where instruments of one's own are."""
        return self.data_dir / "instruments"

    @property
    def index_dir(self) -> Path:
        """Where the generations of the index are."""
        return self.data_dir / "index"

    @property
    def answers_dir(self) -> Path:
        """Where the replies of people are that became documents."""
        return self.data_dir / "answers"

    @property
    def uploads_dir(self) -> Path:
        """Where files are that administrators sent, until they are published or discarded."""
        return self.data_dir / "uploads"

    @property
    def charts_dir(self) -> Path:
        """Where drawn pictures are kept."""
        return self.data_dir / "charts"
