"""What those who work with documents are called, so that others read names in the history and not ids."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from bot.documents.errors import DocumentsStoreFailed
from bot.documents.recording import Person

_log = logging.getLogger(__name__)


class People(Protocol):
    """Keeps names beside ids: one place to correct and to delete them. Every method raises DocumentsStoreFailed."""

    async def keep(self, by: Person, at: datetime) -> None:
        """Note what somebody who acts now is called; it replaces what they were called before."""

    async def names(self, subjects: Collection[str]) -> Mapping[str, str]:
        """Names by ids, of those of these that are known."""

    async def forget(self, acted_before: datetime) -> int:
        """Delete the names of those who last acted before this; how many they were."""


class Nobody:
    """Implements `People` where no names are kept."""

    async def keep(self, by: Person, at: datetime) -> None:
        """Nothing is kept."""

    async def names(self, subjects: Collection[str]) -> Mapping[str, str]:
        """Nobody is known."""
        return {}

    async def forget(self, acted_before: datetime) -> int:
        """Nothing is there to delete."""
        return 0


async def keep_name(people: People, by: Person, at: datetime) -> None:
    """Note the name of somebody who has acted, where the sign-in told one; what they did stands without it as well."""
    if not by.name:
        return
    try:
        await people.keep(by, at)
    except DocumentsStoreFailed as error:
        _log.warning("the name of somebody who works with documents could not be kept: %s", error)


async def known_names(people: People, subjects: Collection[str]) -> Mapping[str, str]:
    """Names by ids; none where they cannot be read, so that the page is shown with ids."""
    wanted = {each for each in subjects if each}
    if not wanted:
        return {}
    try:
        return await people.names(wanted)
    except DocumentsStoreFailed as error:
        _log.warning("the names of those who work with documents could not be read: %s", error)
        return {}
