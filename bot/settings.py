"""Every setting of Fyren, read once from the environment: prefix `FYREN_`, frozen, passed on as values.

    SettingsInvalid      one or more settings are wrong; each problem has its name, what is wrong, and what to write

The texts of the problems are in the message catalogue under `settings.problem`.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.teams.config import is_loopback

PREFIX = "FYREN_"
_PLACEHOLDERS = """
changeme changethis change-me secret password passw0rd hemligt hemlig lösenord losenord todo example placeholder
your-secret your-password your-api-key api-key apikey fyll-i xxx
"""
PLACEHOLDERS = frozenset(_PLACEHOLDERS.split())


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
        if value.get_secret_value().strip(" <>[]{}.*").casefold() in PLACEHOLDERS:
            raise PydanticCustomError("placeholder", "a placeholder is no secret")
        return value

    @field_validator("teams_app_id", "teams_tenant_id")
    @classmethod
    def _guid(cls, value: str) -> str:
        return _as_guid(value) if value else value

    @field_validator("teams_allowed_tenants", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(_as_guid(part.strip()) for part in value.split(",") if part.strip())

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        return _as_public(value) if value else value

    @field_validator("embedding_base_url")
    @classmethod
    def _http(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise PydanticCustomError("no_url", "not an address")
        return value

    @classmethod
    def read(cls, **given: object) -> Self:
        """From the environment, `given` going before it. Raises SettingsInvalid with every problem there is."""
        try:
            settings = cls(**given)  # type: ignore[arg-type]  # values that pydantic checks against each field
        except ValidationError as error:
            raise SettingsInvalid([_problem(detail) for detail in error.errors(include_url=False)]) from None
        together = list(_do_not_fit(settings))
        if together:
            raise SettingsInvalid(together)
        return settings

    @property
    def database(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url.get_secret_value() or f"sqlite+aiosqlite:///{self.data_dir / 'fyren.sqlite3'}"

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


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one setting: its variable, the kind of mistake (a catalogue key), and values for the text."""

    name: str
    kind: str
    values: Mapping[str, object] = field(default_factory=dict)


class SettingsInvalid(Exception):
    """The settings cannot be used; no value of a setting stands in the message."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.name}: {problem.kind}" for problem in problems))
        self.problems = problems


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


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
        rows.append(f"| `{variable(name)}` | {f'`{shown}`' if shown not in ('', ()) else ''} | {info.description} |")
    return "\n".join(rows) + "\n"


def _as_guid(value: str) -> str:
    groups = value.lower().split("-")
    hexadecimal = all(set(group) <= set("0123456789abcdef") for group in groups)
    if [len(group) for group in groups] != [8, 4, 4, 4, 12] or not hexadecimal:
        raise PydanticCustomError("no_guid", "not a GUID")
    return value.lower()


def _as_public(value: str) -> str:
    try:
        parts = urlsplit(value)
        secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        plain = not (parts.query or parts.fragment or "@" in parts.netloc or set(value) & set(' \\"<>'))
        valid = secure and plain and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not match
        valid = False
    if not valid:
        raise PydanticCustomError("no_public_url", "not an address that Teams reaches")
    return value.rstrip("/")


_KINDS = {
    "int_parsing": "no_integer",
    "float_parsing": "no_number",
    "bool_parsing": "no_boolean",
    "literal_error": "not_one_of",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_large",
}


def _problem(detail: ErrorDetails) -> Problem:
    name = str(detail["loc"][0])
    kind = _KINDS.get(detail["type"], detail["type"])
    context = detail.get("ctx", {})
    match kind:
        case "not_one_of":
            return Problem(
                variable(name), kind, {"allowed": str(context["expected"]).replace("'", "").replace(" or ", ", ")}
            )
        case "too_small":
            return Problem(variable(name), kind, {"limit": context.get("ge", context.get("gt"))})
        case "too_large":
            return Problem(variable(name), kind, {"limit": context["le"]})
        case "placeholder" | "no_guid" | "no_url" | "no_public_url" | "no_integer" | "no_number" | "no_boolean":
            return Problem(variable(name), kind)
        case _:
            return Problem(variable(name), "other", {"detail": detail["msg"]})


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
