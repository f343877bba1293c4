"""From text to the value of a setting: ids, addresses, secrets, roles, steps of the analysis.

Each raises PydanticCustomError, with the kind of the problem, for a text that is none.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from pydantic_core import PydanticCustomError

from bot.access.loopback import is_loopback
from bot.access.roles import OF_ONE, Grant, Role
from bot.webhooks.errors import SecretUnfit, TargetRefused
from bot.webhooks.signing import key_of
from bot.webhooks.targets import required
from knowledge.swedish.steps import Step

_PLACEHOLDERS = """
changeme changethis change-me secret password passw0rd hemligt hemlig lösenord losenord todo example placeholder
your-secret your-password your-api-key api-key apikey fyll-i xxx
"""
_EMAIL = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_CHANNEL_LINK = re.compile(r"https://teams\.(?:cloud\.)?microsoft(?:\.com)?/l/channel/([^/?#]+)(?:[/?#].*)?")
_LISTENING = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[0-9A-Za-z.-]*)):(?P<port>[0-9]{1,5})")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[1-9][0-9]{0,4})?")
_CHANNEL = re.compile(r"19:[A-Za-z0-9_@.:-]{1,200}")
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


def as_grants(value: str) -> dict[str, tuple[Grant, ...]]:
    """What values of a sign-in service mean: `VALUE=ROLE` or `VALUE@TENANT=ROLE`, separated by commas."""
    found: dict[str, tuple[Grant, ...]] = {}
    for part in _parts(value):
        whose, equals, meaning = (each.strip() for each in part.rpartition("="))
        role, colon, names = (each.strip() for each in meaning.partition(":"))
        municipalities = tuple(name.strip().lower() for name in names.split("+") if name.strip())
        named, at, tenant = whose.rpartition("@")
        name = named if at else whose
        fitting = bool(municipalities) if role in OF_ONE else not colon
        if not equals or not name or role not in set(Role) or not fitting:
            raise PydanticCustomError("no_roles", "not a value and its role")
        grant = Grant(Role(role), municipalities, as_guid(tenant) if at else "")
        found[name] = (*found.get(name, ()), grant)
    return found


def as_people(value: str) -> dict[str, tuple[Grant, ...]]:
    """Roles of people by their object ids, each within a tenant: `PERSON@TENANT=ROLE`, separated by commas."""
    found = as_grants(value)
    if any(not grant.tenant for given in found.values() for grant in given):
        raise PydanticCustomError("no_people", "not a person, a tenant and a role")
    try:
        return {as_guid(person): given for person, given in found.items()}
    except PydanticCustomError:
        raise PydanticCustomError("no_people", "not a person, a tenant and a role") from None


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


def as_listening(value: str) -> tuple[str, int]:
    """Where to listen: `HOST:PORT`, an address of version 6 in brackets; without a host on this machine only."""
    found = _LISTENING.fullmatch(value)
    if found is None or int(found["port"]) > 65535:
        raise PydanticCustomError("no_listening", "not an address to listen on")
    return found["six"] or found["host"] or "127.0.0.1", int(found["port"])


def as_public(value: str) -> str:
    """An address that Teams reaches, or one on this machine, without the slash at its end."""
    if not _reachable(value):
        raise PydanticCustomError("no_public_url", "not an address that Teams reaches")
    return value.rstrip("/")


def as_issuer(value: str) -> str:
    """The issuer of an OpenID provider, as it is: tokens name it letter by letter."""
    if not _reachable(value):
        raise PydanticCustomError("no_issuer", "not the address of an OpenID provider")
    return value


def as_key_source(value: str) -> str:
    """Where keys are told: over HTTPS or on this machine, since whoever answers there is believed."""
    if not _reachable(value):
        raise PydanticCustomError("no_key_source", "not an address for signing keys")
    return value


def as_hosts(value: str) -> tuple[str, ...]:
    """Hosts, each with a port where it is not the usual one, separated by commas; each once, in small letters."""
    hosts = tuple(dict.fromkeys(part.lower() for part in _parts(value)))
    if not hosts or not all(_HOST.fullmatch(each) for each in hosts):
        raise PydanticCustomError("no_hosts", "not names of hosts")
    return hosts


def as_email(value: str) -> str:
    """An e-mail address, as far as one can tell without writing to it."""
    if not _EMAIL.fullmatch(value):
        raise PydanticCustomError("no_email", "not an e-mail address")
    return value


def as_channel(value: str) -> str:
    """The id of a Teams channel: from the link to the channel that Teams copies, or as it is."""
    linked = _CHANNEL_LINK.fullmatch(value)
    channel = unquote(linked[1]) if linked else value
    if not _CHANNEL.fullmatch(channel):
        raise PydanticCustomError("no_channel", "not a channel of Teams")
    return channel


def as_webhooks(value: str) -> tuple[str, ...]:
    """Addresses that messages may go to, separated by commas; each once."""
    try:
        return tuple(dict.fromkeys(required(part) for part in _parts(value)))
    except TargetRefused as error:
        raise PydanticCustomError("no_webhook", "not an address for webhooks") from error


def check_webhook_secret(value: str) -> None:
    """A secret by Standard Webhooks."""
    try:
        key_of(value)
    except SecretUnfit as error:
        raise PydanticCustomError("no_webhook_secret", "not a secret for webhooks") from error


def _reachable(value: str) -> bool:
    """Whether it is an address over HTTPS, or one on this machine, that holds neither a query nor a name to sign in."""
    try:
        parts = urlsplit(value)
        secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        plain = not (parts.query or parts.fragment or "@" in parts.netloc or set(value) & set(' \\"<>'))
        return secure and plain and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not match
        return False


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]
