"""Chats in which files were sent: where to tell how far they are, and what has been told already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

LEASE: Final = timedelta(seconds=30)
"""How long a chat counts as being told by a process after that last said so; a crashed one says nothing."""
KEPT: Final = timedelta(days=8)
"""For how long a chat is remembered at most: a draft that nobody decided on is gone a little earlier."""


@dataclass(frozen=True, slots=True)
class Chat:
    """`address` is where the chat is found outside of a turn, in the words of whatever carries it. `job` is empty until
    the files are here. `message` is the message that shows the progress, empty where that is not known; `told` the
    draft that the person has been told of. `holder` tells them, and last said so at `held_at`."""

    id: str
    at: datetime
    address: str = field(repr=False)
    language: str
    job: str = ""
    message: str = ""
    told: str = ""
    holder: str = ""
    held_at: datetime | None = None


class Chats(Protocol):
    """Keeps them; every method raises DocumentsStoreFailed."""

    async def keep(self, chat: Chat) -> None:
        """Keep a new one."""

    async def all(self) -> Sequence[Chat]:
        """The oldest first."""

    async def shown(self, chat_id: str, message: str) -> None:
        """Note under which message id the progress is shown."""

    async def sent(self, chat_id: str, job: str) -> None:
        """Note which job the files are about to become."""

    async def tell(self, chat_id: str, draft: str) -> None:
        """Note that the person has been told of a draft."""

    async def hold(self, chat_id: str, holder: str, now: datetime, stale: datetime) -> bool:
        """Take a chat that nobody holds, or whose holder was last heard of before `stale`; whether it is taken."""

    async def beat(self, holder: str, now: datetime) -> None:
        """Say that a holder is still there."""

    async def release(self, chat_id: str, holder: str) -> None:
        """Let others hold it."""

    async def forget(self, chat_id: str) -> None:
        """Delete it: there is nothing more to tell."""

    async def forget_before(self, moment: datetime) -> int:
        """Delete older ones; how many went."""
