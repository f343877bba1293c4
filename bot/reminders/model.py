"""What is kept about reminders: days and counts under a pseudonym, and, sealed, where the person is reached."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.maturity.session import Source


@dataclass(frozen=True, slots=True)
class Wish:
    """Where and in which language somebody is reminded, and of what. Stored sealed, and only while it is needed.

    `address` is what the channel needs to find the person's chat, and says nothing to anybody else. `draft` is the id
    of the session that was left, empty where none was begun; `left` counts its unanswered questions at that time.
    """

    address: str = field(repr=False)
    language: str
    draft: str = ""
    left: int = 0


class Standing(StrEnum):
    """REFUSED: the person wants no reminders. UNREACHABLE: the last one could not be delivered, and never will be."""

    WANTED = "wanted"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Kept:
    """One person's reminders in one round; names nobody. Days are Swedish ones, and no time of day is kept.

    `active` is the last day on which the person did something in the check, or asked to be reminded. `sent` counts
    reminders, `last` is the day of the latest. `submitted` is whether the person's answers have been sent in. The
    `wish` is gone as soon as nobody is to be reminded.
    """

    round: str
    owner: str
    source: Source
    active: date
    standing: Standing = Standing.WANTED
    sent: int = 0
    last: date | None = None
    submitted: bool = False
    wish: Wish | None = None

    @property
    def short_id(self) -> str:
        """Tells lines of a list apart; it cannot be matched with the pseudonym that responses are stored under."""
        return hashlib.sha256(f"reminder\0{self.owner}\0{self.source}".encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Channel:
    """Where the weekly digest goes; `address` as in Wish."""

    address: str
    language: str
