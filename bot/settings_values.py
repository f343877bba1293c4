"""From text to the value of a setting: ids, addresses, secrets, steps of the analysis.

Each raises PydanticCustomError, with the kind of the problem, for a text that is none.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

from bot.teams.config import is_loopback
from knowledge.swedish.steps import Step

_PLACEHOLDERS = """
changeme changethis change-me secret password passw0rd hemligt hemlig lösenord losenord todo example placeholder
your-secret your-password your-api-key api-key apikey fyll-i xxx
"""
PLACEHOLDERS = frozenset(_PLACEHOLDERS.split())


def check_secret(value: str) -> None:
    """A secret is no placeholder that somebody forgot to replace."""
    if value.strip(" <>[]{}.*").casefold() in PLACEHOLDERS:
        raise PydanticCustomError("placeholder", "a placeholder is no secret")


def as_guid(value: str) -> str:
    """An id from Entra, in small letters."""
    groups = value.lower().split("-")
    hexadecimal = all(set(group) <= set("0123456789abcdef") for group in groups)
    if [len(group) for group in groups] != [8, 4, 4, 4, 12] or not hexadecimal:
        raise PydanticCustomError("no_guid", "not a GUID")
    return value.lower()


def as_guids(value: str) -> tuple[str, ...]:
    """Ids from Entra, separated by commas."""
    return tuple(as_guid(part) for part in _parts(value))


def as_organisations(value: str) -> dict[str, tuple[str, ...]]:
    """Organisations by tenant: `TENANT=NAME+NAME`, separated by commas."""
    found: dict[str, tuple[str, ...]] = {}
    for part in _parts(value):
        tenant, equals, names = part.partition("=")
        named = tuple(name.strip() for name in names.split("+") if name.strip())
        if not equals or not named:
            raise PydanticCustomError("no_organisations", "not a tenant and its organisations")
        found[as_guid(tenant.strip())] = named
    return found


def as_steps(value: str) -> tuple[Step, ...]:
    """Steps of the Swedish analysis, separated by commas."""
    named = [part.lower() for part in _parts(value)]
    unknown = [name for name in named if name not in {step.value for step in Step}]
    if unknown:
        raise PydanticCustomError("unknown_step", "no step of the analysis", {"unknown": ", ".join(unknown)})
    return tuple(map(Step, named))


def as_address(value: str) -> str:
    """The address of a server."""
    if not value.startswith(("http://", "https://")):
        raise PydanticCustomError("no_url", "not an address")
    return value


def as_public(value: str) -> str:
    """An address that Teams reaches, or one on this machine, without the slash at its end."""
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


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]
