"""Where files may be put: the storage addresses that an activity may name."""

from __future__ import annotations

from yarl import URL

from bot.teams.config import TeamsConfig
from bot.teams.errors import UploadFailed
from bot.teams.files.file_hosts import AddressRefused, FileHosts


class UploadUrls:
    """Tells allowed addresses from others."""

    def __init__(self, config: TeamsConfig) -> None:
        self._hosts = FileHosts(config.upload_hosts)

    def require(self, url: str) -> URL:
        """The address, spelled as it came. Raises UploadFailed."""
        try:
            return self._hosts.require(url)
        except AddressRefused as error:
            raise UploadFailed(str(error)) from error
