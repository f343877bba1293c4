"""Where files may be put: the storage addresses that an activity may name.

As with service addresses, a bot that believed whatever it is told could be made to send people's answers anywhere.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from yarl import URL

from bot.teams.config import TeamsConfig
from bot.teams.errors import UploadFailed


class UploadUrls:
    """Tells allowed addresses from others: https, and a host on the list."""

    def __init__(self, config: TeamsConfig) -> None:
        hosts = {host.lower() for host in config.upload_hosts}
        self._exact = frozenset(host for host in hosts if not host.startswith("*."))
        self._below = tuple(host[1:] for host in hosts if host.startswith("*."))

    def require(self, url: str) -> URL:
        """The address, spelled as it came. Raises UploadFailed."""
        try:
            parts, parsed = urlsplit(url), URL(url, encoded=True)
            host, port = parts.hostname or "", parts.port
            # Two readers that disagree about the host are how an address gets past a list.
            agreed = (parsed.scheme, (parsed.raw_host or "").lower(), parsed.explicit_port) == ("https", host, port)
        except ValueError as error:
            raise UploadFailed("the upload address is no address") from error
        if (
            not agreed
            or not all(host.split("."))
            or not self._allowed(host, port)
            or "@" in parts.netloc
            or parts.fragment
            or not url.isascii()
            or any(mark in url for mark in "\\ \t\r\n\x00")
        ):
            raise UploadFailed(f"files are not put at {host[:100]!r}, or not at addresses of this form")
        return parsed

    def _allowed(self, host: str, port: int | None) -> bool:
        if port not in (None, 443):
            return f"{host}:{port}" in self._exact
        return host in self._exact or host.endswith(self._below)
