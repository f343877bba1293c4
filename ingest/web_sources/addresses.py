"""Web addresses, read strictly: what is checked here is letter by letter what is asked for later.

The forms are those of RFC 3986. Whatever two programs could read differently is refused: backslashes, spaces, a user's
name, dots that climb out of a folder, machines named by numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urljoin, urlsplit

from ingest.errors import AddressProblem, AddressRefused

HTTPS: Final = 443
LONGEST: Final = 2000
"""Characters of an address."""
_FORBIDDEN: Final = re.compile(r'[\x00-\x20\x7f-\x9f\\<>"^`{|}]')
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_BROKEN: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BETWEEN: Final = re.compile(r"[/\\]")
PLAIN: Final = "/%:@!$&'()*+,;=~-._?"
"""Signs that an address keeps as they are."""
_DECODINGS: Final = 3
"""How often an address may be encoded on top of itself."""


@dataclass(frozen=True, slots=True)
class Address:
    """An https address. `host` is in small ASCII letters, `path` and `query` are encoded as they are sent."""

    host: str
    port: int = HTTPS
    path: str = "/"
    query: str = ""

    @property
    def origin(self) -> str:
        """The address of the machine, without a path."""
        return f"https://{self.host}" if self.port == HTTPS else f"https://{self.host}:{self.port}"

    @property
    def asked(self) -> str:
        """What is asked of the machine: the path, and the query if there is one."""
        return f"{self.path}{'?' if self.query else ''}{self.query}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.origin}{self.asked}"


def looks_like_address(text: str) -> bool:
    """Whether somebody means a web address and not a file."""
    return text.lower().startswith(("https://", "http://"))


def address_of(text: str) -> Address:
    """Read an address; what follows `#` is left out. Raises AddressRefused."""
    if len(text) > LONGEST or _FORBIDDEN.search(text):
        raise AddressRefused(AddressProblem.NO_ADDRESS)
    try:
        parts = urlsplit(text)
        name, port = parts.hostname or "", parts.port
        path, query = quote(parts.path or "/", safe=PLAIN), quote(parts.query, safe=PLAIN)
    except ValueError as error:
        raise AddressRefused(AddressProblem.NO_ADDRESS) from error
    if parts.scheme == "http":
        raise AddressRefused(AddressProblem.NOT_HTTPS)
    if parts.scheme != "https" or port == 0 or len(path) + len(query) > LONGEST:
        raise AddressRefused(AddressProblem.NO_ADDRESS)
    if "@" in parts.netloc:
        raise AddressRefused(AddressProblem.CREDENTIALS)
    return Address(host_of(name), port or HTTPS, _checked(path), query)


def address_from(base: Address, location: str) -> Address:
    """Where a redirect from `base` leads. Raises AddressRefused."""
    try:
        return address_of(urljoin(base.url, location))
    except ValueError as error:
        raise AddressRefused(AddressProblem.NO_ADDRESS) from error


def host_of(name: str) -> str:
    """A machine's name in small ASCII letters. Raises AddressRefused where it is a number, or no name of the web."""
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise AddressRefused(AddressProblem.NO_ADDRESS) from error
    labels = host.split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        raise AddressRefused(AddressProblem.BY_NUMBER)
    if len(labels) < 2 or len(host) > 253 or not all(_LABEL.fullmatch(each) for each in labels):
        raise AddressRefused(AddressProblem.NO_ADDRESS)
    return host


def decoded(path: str) -> str:
    """A path as a server may understand it, decoded to the end. Raises AddressRefused where there is none."""
    for _ in range(_DECODINGS):
        before, path = path, unquote(path, errors="replace")
        if path == before:
            return path
    raise AddressRefused(AddressProblem.NO_ADDRESS)


def _checked(path: str) -> str:
    meant = decoded(path)
    climbs = any(each in (".", "..") for each in _BETWEEN.split(meant))
    if _BROKEN.search(path) or climbs or not path.startswith("/") or any(ord(each) < 32 for each in meant):
        raise AddressRefused(AddressProblem.NO_ADDRESS)
    return path
