"""Every setting of Fyren, read once from the environment: prefix `FYREN_`, frozen, passed on as values.

What is wrong with them is in `bot.settings_problems`, what a text must be to count as a value in `bot.settings_values`.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.settings_problems import PREFIX, Problem, SettingsInvalid, problem_of, variable
from bot.settings_values import as_address, as_guid, as_guids, as_organisations, as_public, as_steps, check_secret
from knowledge.model import OPERATING_POINT
from knowledge.swedish.steps import ALL, Step, Steps

__all__ = ["PREFIX", "Problem", "Settings", "SettingsInvalid", "table", "unknown_variables", "variable"]


class Settings(BaseSettings):
    """The settings; `Settings.read()` is how to get them."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True, str_strip_whitespace=True
    )

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
        description="Address at which Teams reaches Fyren, such as `https://fyren.example.se`, for pictures of survey "
        "figures; empty shows them as bars without a picture. Without a Teams app id the address listened on is used.",
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

    question_limit: int = Field(1000, ge=100, le=10_000, description="Longest question, in characters.")
    context_turns: int = Field(
        4, ge=0, le=20, description="How many earlier questions of a conversation a follow-up is understood from."
    )
    context_minutes: int = Field(
        30, ge=0, le=24 * 60, description="Minutes after which earlier questions no longer count as context."
    )

    contact: str = Field(
        "digitaliseringsstrategen vid Fyrbodals kommunalförbund",
        min_length=1,
        description="Whom people turn to about the maturity check: a name, an e-mail address, a telephone number.",
    )
    data_protection_contact: str = Field(
        "dataskyddsombudet vid Fyrbodals kommunalförbund",
        min_length=1,
        description="How the data protection officer is reached; told before the maturity check begins.",
    )
    tenant_organisations: Annotated[Mapping[str, tuple[str, ...]], NoDecode] = Field(
        {},
        description="Which municipality or IT organisation the people of a tenant are likely to answer for, as "
        "`TENANT=NAME` separated by commas, several names by `+`: `00000000-0000-0000-0000-000000000000=Uddevalla`.",
    )

    embedding_provider: Literal["local", "openai", "off"] = Field(
        "local",
        description="Who makes vectors: `local` (built in, multilingual-e5-small), `openai` (OpenAI or a "
        "server that speaks its API), or `off` (word search only).",
    )
    embedding_model: str = Field(
        "", description="Name of the embedding model; required with `openai`, unused with `local`."
    )
    embedding_base_url: str = Field(
        "", description="Address of an OpenAI-compatible embedding server; empty means OpenAI itself."
    )
    embedding_api_key: SecretStr = Field(
        SecretStr(""), description="Key of the embedding server; required when no base address is given."
    )
    embedding_timeout: float = Field(
        20.0, gt=0, le=300, description="Seconds to wait for one answer of the embedding server."
    )

    analysis_off: Annotated[tuple[Step, ...], NoDecode] = Field(
        (),
        description="Steps of the Swedish text analysis that are left out, separated by commas, for whoever measures "
        f"what one brings or has texts in another language: {', '.join(f'`{step}`' for step in Step)}.",
    )

    operating_point: float = Field(
        OPERATING_POINT,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Probability (0-1) that what was found answers the question, from which an answer is given: lower "
        "answers more, higher refuses more; 1 refuses everything.",
    )

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

    @field_validator("teams_app_password", "embedding_api_key")
    @classmethod
    def _no_placeholder(cls, value: SecretStr) -> SecretStr:
        check_secret(value.get_secret_value())
        return value

    @field_validator("teams_app_id", "teams_tenant_id")
    @classmethod
    def _guid(cls, value: str) -> str:
        return as_guid(value) if value else value

    @field_validator("teams_allowed_tenants", mode="before")
    @classmethod
    def _guids(cls, value: object) -> object:
        return as_guids(value) if isinstance(value, str) else value

    @field_validator("tenant_organisations", mode="before")
    @classmethod
    def _organisations(cls, value: object) -> object:
        return as_organisations(value) if isinstance(value, str) else value

    @field_validator("analysis_off", mode="before")
    @classmethod
    def _steps(cls, value: object) -> object:
        return as_steps(value) if isinstance(value, str) else value

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        return as_public(value) if value else value

    @field_validator("embedding_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return as_address(value) if value else value

    @classmethod
    def read(cls, **given: object) -> Self:
        """From the environment, `given` going before it. Raises SettingsInvalid with every problem there is."""
        try:
            settings = cls(**given)  # type: ignore[arg-type]  # values that pydantic checks against each field
        except ValidationError as error:
            raise SettingsInvalid([problem_of(detail) for detail in error.errors(include_url=False)]) from None
        together = list(_do_not_fit(settings))
        if together:
            raise SettingsInvalid(together)
        return settings

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
    def steps(self) -> Steps:
        """The steps of the text analysis that are taken."""
        return ALL.difference(self.analysis_off)

    @property
    def index_dir(self) -> Path:
        """Where the generations of the index are."""
        return self.data_dir / "index"

    @property
    def charts_dir(self) -> Path:
        """Where drawn pictures are kept."""
        return self.data_dir / "charts"

    @property
    def pictures_url(self) -> str:
        """Where clients fetch pictures; empty where they cannot.

        Without Teams sign-in every client is on this machine, so the address listened on will do where it is known.
        """
        if self.public_url or self.teams_app_id or not self.port:
            return self.public_url
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def tenants(self) -> frozenset[str]:
        """Tenants whose people are answered: the allowed ones, or else the home tenant alone."""
        return frozenset(self.teams_allowed_tenants or filter(None, (self.teams_tenant_id,)))


def unknown_variables() -> list[tuple[str, str]]:
    """Environment variables with the prefix that are no setting, each with the nearest setting's (or empty)."""
    known = [variable(name) for name in Settings.model_fields]
    strays = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    return [(stray, next(iter(difflib.get_close_matches(stray, known, 1)), "")) for stray in strays]


def table() -> str:
    """All settings as a Markdown table, for the documentation."""
    rows = ["| Setting | Default | What it does |", "| --- | --- | --- |"]
    for name, info in Settings.model_fields.items():
        default = info.default.get_secret_value() if isinstance(info.default, SecretStr) else info.default
        shown = str(default).lower() if isinstance(default, bool) else default
        rows.append(
            f"| `{variable(name)}` | {f'`{shown}`' if shown not in ('', (), {}) else ''} | {info.description} |"
        )
    return "\n".join(rows) + "\n"


def _do_not_fit(settings: Settings) -> Iterator[Problem]:
    """Settings that are right one by one and wrong together."""
    teams = {
        "teams_app_id": settings.teams_app_id,
        "teams_app_password": settings.teams_app_password.get_secret_value(),
        "teams_tenant_id": settings.teams_tenant_id,
    }
    given = [variable(name) for name, value in teams.items() if value]
    for name, value in teams.items():
        if given and not value:
            yield Problem(variable(name), "missing_beside", {"other": ", ".join(given)})
    if settings.embedding_provider == "openai":
        provider = f"{variable('embedding_provider')}=openai"
        if not settings.embedding_model:
            yield Problem(variable("embedding_model"), "missing_model", {"other": provider})
        if not settings.embedding_api_key.get_secret_value() and not settings.embedding_base_url:
            yield Problem(variable("embedding_api_key"), "missing_beside", {"other": provider})


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - the documentation's table is redrawn from here
