"""Nothing that a test runs may reach beyond this machine: no tokenizer, model or certificate list is fetched unseen."""

from __future__ import annotations

import sys
from ipaddress import ip_address


class OutsideReached(Exception):
    """A connection to another machine was about to be made."""


def watch() -> None:
    """Refuse every such connection of this process from now on; an audit hook sees them all and cannot be removed."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in ("socket.connect", "socket.sendto"):
        return
    address = arguments[1]
    # Sockets of the file system have a path for an address.
    if isinstance(address, tuple) and isinstance(address[0], str) and not _is_here(address[0]):
        raise OutsideReached(f"{address[0]} is another machine")


def _is_here(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
