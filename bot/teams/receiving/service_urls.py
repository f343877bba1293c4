"""Where replies may go: the connector addresses that an activity may name.

The address comes from the activity itself, so a bot that believed it would send its token and its answers anywhere.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.access.loopback import is_loopback
from bot.teams.config import TeamsConfig
from bot.teams.errors import CallerRefused


class ServiceUrls:
    """Tells allowed service addresses from others.

    With authentication: https and one of the configured hosts, spelled exactly. Without: a loopback address, since
    that is where emulators live.
    """

    def __init__(self, config: TeamsConfig) -> None:
        self._authenticated = config.authenticated
        self._hosts = frozenset(host.lower() for host in config.service_hosts)

    def require(self, url: str) -> str:
        """The address without its closing slash. Raises CallerRefused when replies may not go there."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise CallerRefused("the service address is no address") from error
        if (
            not host
            or not url.isascii()
            or any(mark in url for mark in "\\@?# \t\r\n")
            or not (self._allowed if self._authenticated else self._local)(parts.scheme, host, port)
        ):
            raise CallerRefused("the service address is not one that this bot sends to")
        return url.rstrip("/")

    def _allowed(self, scheme: str, host: str, port: int | None) -> bool:
        name = host if port in (None, 443) else f"{host}:{port}"
        return scheme == "https" and name in self._hosts

    @staticmethod
    def _local(scheme: str, host: str, port: int | None) -> bool:
        return scheme in ("http", "https") and port != 0 and is_loopback(host)
