"""What is published: which rounds, where, and by whom. A round that is not meant for it never gets here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.maturity.ports import Edition
from bot.maturity.rounds import Round


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes. `base` is the service's address without a slash at its end, below which everything stands.

    `email` is where questions about the data go; a catalogue without one is not complete for the profile.
    """

    name: str
    contact: str
    email: str
    base: str

    @property
    def page(self) -> str:
        """The page that lists the data sets, and that the catalogue's name derives from."""
        return f"{self.base}/open-data"


@dataclass(frozen=True, slots=True)
class Published:
    """A round whose data are open: its newest edition, and the day on which the first one was compiled."""

    round: Round
    edition: Edition
    issued: date

    def address(self, ending: str) -> str:
        """Where it is, below the page: `csv`, `json` and so on."""
        return f"{self.round.id}.{ending}"


def is_open(held: Round) -> bool:
    """Whether a round's data may be published: it is over, meant to be open, and no trial."""
    return held.open_data and held.is_over and not held.practice


def published(held: Round, editions: Sequence[Edition]) -> Published | None:
    """A round with its editions, as far as it is published; None where nothing of it is."""
    if not is_open(held) or not editions:
        return None
    return Published(held, editions[-1], editions[0].compiled)
