"""Which addresses may be fetched: sites that the settings name, and nothing else, redirects included."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.errors import AddressProblem, AddressRefused
from ingest.web_sources.addresses import HTTPS, Address, address_of, decoded


@dataclass(frozen=True, slots=True)
class Site:
    """A machine, or with `below` all machines below a domain; `path` is the folder that alone may be read."""

    host: str
    below: bool = False
    port: int = HTTPS
    path: str = ""

    def __str__(self) -> str:
        """As it is written in the settings."""
        port = "" if self.port == HTTPS else f":{self.port}"
        return f"{'*.' if self.below else ''}{self.host}{port}{self.path}"

    def holds(self, address: Address, *, whole: bool = False) -> bool:
        """Whether an address belongs to the site; `whole` looks at the machine alone."""
        named = address.host.endswith(f".{self.host}") if self.below else address.host == self.host
        if not named or address.port != self.port:
            return False
        path = decoded(address.path)
        return whole or not self.path or path == self.path or path.startswith(f"{self.path}/")


@dataclass(frozen=True, slots=True)
class AllowList:
    """The sites; an empty list allows nothing."""

    sites: tuple[Site, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything may be fetched."""
        return bool(self.sites)

    def __str__(self) -> str:
        """As it is written in the settings."""
        return ", ".join(map(str, self.sites))

    def checked(self, address: Address, *, whole: bool = False) -> Address:
        """The address, if it may be fetched; `whole`: if anything of its machine may. Raises AddressRefused."""
        if not any(site.holds(address, whole=whole) for site in self.sites):
            raise AddressRefused(AddressProblem.NOT_LISTED, address.host)
        return address

    def values(self, error: AddressRefused) -> dict[str, str]:
        """What the text of a refusal names: the machine that is not on the list, and the list."""
        return {"host": error.host, "sites": str(self)} if error.problem is AddressProblem.NOT_LISTED else {}

    def read(self, text: str) -> Address:
        """An address that somebody wrote, if it may be fetched. Raises AddressRefused."""
        return self.checked(address_of(text.strip()))


def site_of(text: str) -> Site:
    """A site as the settings name it: `www.example.se`, `*.example.se`, `www.example.se/dokument`, or with a port.

    Raises AddressRefused. A whole top domain such as `*.se` is no site.
    """
    plain = text.strip().removeprefix("https://")
    below = plain.startswith("*.")
    address = address_of(f"https://{plain.removeprefix('*.')}")
    if address.query or "#" in plain or "*" in plain.removeprefix("*."):
        raise AddressRefused(AddressProblem.NO_ADDRESS)
    return Site(address.host, below, address.port, decoded(address.path).rstrip("/"))
