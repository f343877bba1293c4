"""What the check asks of the outside: a store for rounds, drafts and responses, and sources for its advice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.maturity.responses import Response
from bot.maturity.rounds import Round
from bot.maturity.session import Session, Source
from knowledge.model import Passage


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers, as the channel names them. Nothing but the store's key turns this into what is stored."""

    tenant: str
    user: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A stored session with the version that a change must be made from."""

    session: Session
    version: int


class Rounds(Protocol):
    """Rounds by their id. Every method raises StoreFailed."""

    async def rounds(self) -> Sequence[Round]:
        """Every round, newest first."""

    async def add(self, new: Round) -> None:
        """Keep a round and make its keys. Raises Conflict where its id or label is taken."""

    async def open(self, round_id: str) -> None:
        """Let a planned round take answers. Raises RoundClosed unless it is planned."""

    async def close(self, round_id: str) -> None:
        """Take no more answers: the round is closed, its drafts deleted and its identity key destroyed.

        Repeating it finishes what was interrupted. Raises RoundClosed where there is no such round.
        """

    async def correct(self, changed: Round) -> None:
        """Give an open or planned round another text of its instrument. Raises RoundClosed."""


class Drafts(Protocol):
    """Sessions under way, each readable by its owner only. Every method raises StoreFailed."""

    async def mine(self, person: Person) -> Sequence[Draft]:
        """The person's drafts in rounds that are not closed, submitted ones too, in no particular order."""

    async def load(self, person: Person, round_id: str, source: Source) -> Draft | None:
        """One draft. None where there is none, or its round is closed."""

    async def save(self, person: Person, session: Session, expected: int) -> int:
        """Keep a session; committed when this returns. `expected` is the version it was made from, 0 for a new one.

        Returns the new version. Raises Conflict, and RoundClosed where the round takes no answers today.
        """

    async def submit(self, person: Person, session: Session, response: Response, expected: int) -> int:
        """Keep a session and its response in one transaction; a later response replaces the earlier one.

        Raises as `save` does, and AlreadyAnswered where another group has answered for the same municipality.
        """

    async def erase(self, person: Person, round_id: str, source: Source) -> bool:
        """Delete a person's draft and response; whether there was any. Raises RoundClosed, after which it stays."""


class Responses(Protocol):
    """Submitted responses, without a way back to who gave them. Every method raises StoreFailed."""

    async def of_round(self, round_id: str) -> Sequence[Response]:
        """Every response of a round, in an order that says nothing about when they came."""


class CheckStore(Rounds, Drafts, Responses, Protocol):
    """All of it; `bot.storage.maturity.SqlCheckStore` is one."""


class Sources(Protocol):
    """The knowledge base, as far as advice quotes it."""

    def quoted(self, document: str, quote: str) -> Passage | None:
        """The passage of a document that holds this sentence; None where the knowledge base holds it not."""
