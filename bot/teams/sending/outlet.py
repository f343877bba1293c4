"""The way back to where a turn came from, as whatever sends through it sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Outlet(Protocol):
    """Sends and replaces activities of one conversation."""

    async def send(self, payload: Mapping[str, Any]) -> str:
        """Send an activity; its id, empty where the channel gives none. A step of a stream is tried once.

        Raises TeamsError.
        """

    async def update(self, activity_id: str, payload: Mapping[str, Any]) -> None:
        """Replace an activity that was sent before. Raises TeamsError."""
