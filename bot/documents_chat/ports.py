"""What fetches files and sends cards, as those who use them see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from bot.conversation.card import CardReply
from bot.reminders.ports import Delivery
from bot.teams.files.downloads import Take

INTERVAL: Final = 2.0
"""Seconds between two updates of the progress in one chat, at least; Teams allows more only for a short time."""
PAUSE: Final = 5.0
"""Seconds between two looks for chats that another process left, or that there is something new for."""
LATER: Final = 60.0
"""Seconds until something is told again that could not be."""
PATIENCE: Final = 10.0
"""Seconds that are waited for the message which shows the progress; without it, only the end is told."""


class Sender(Protocol):
    """Sends cards; `bot.teams.sending.proactive.Proactive` is one. It raises nothing."""

    async def send(self, address: str, card: CardReply, language: str) -> Delivery:
        """Send a card to a chat."""

    async def replace(self, address: str, message: str, card: CardReply, language: str) -> Delivery:
        """Put a card in the place of an earlier message."""


class Downloads(Protocol):
    """Fetches files; `bot.teams.files.downloads.FileDownloads` is one."""

    async def fetch(self, address: str, take: Take) -> None:
        """Give a file's pieces to `take`. Raises DownloadFailed, and what `take` raises."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """In seconds: how often progress is told, how often somebody looks for more, when what failed is tried again, and
    how long the first message may take."""

    interval: float = INTERVAL
    pause: float = PAUSE
    later: float = LATER
    patience: float = PATIENCE
