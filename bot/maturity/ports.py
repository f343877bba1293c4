"""What the check asks of the outside: a store for rounds, drafts, responses and what became of them, and sources for
its advice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from bot.maturity.responses import Response
from bot.maturity.round_life import SERVICE, By
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


@dataclass(frozen=True, slots=True)
class Group:
    """Who answered alike, as far as it is counted: for which organisation and municipalities, in which roles, and
    whether alone or as a group."""

    organisation: str
    municipalities: tuple[str, ...]
    roles: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Participation:
    """How many responses a round has, by group and by the day on which they were last sent in. Not for showing as it
    is: small groups are people."""

    groups: Mapping[Group, int]
    days: Mapping[date, int]

    @property
    def total(self) -> int:
        """All responses."""
        return sum(self.groups.values())


@dataclass(frozen=True, slots=True)
class Edition:
    """What was compiled of a round, without its content: the `number`th of it, from 1. `digest` names the instrument's
    text, `checksum` is the content's SHA-256 in hexadecimal."""

    round: str
    number: int
    compiled: date
    digest: str
    checksum: str


class Visibility(StrEnum):
    """How far a municipality lets its official statements be seen: by itself, the federation, or everybody."""

    OWN = "own"
    FEDERATION = "federation"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class VisibilityDecision:
    """A municipality's decision for a round; `by` is who made it, as the audit log names people."""

    round: str
    municipality: str
    visibility: Visibility
    decided: date
    by: str


class Rounds(Protocol):
    """Rounds by their id. Every change is written together with an entry of the audit log, which names `by`.

    Every method raises StoreFailed, and the changes StepRefused (a RoundClosed) as `bot.maturity.round_life` says; for
    a round that does not exist they raise RoundClosed.
    """

    async def rounds(self) -> Sequence[Round]:
        """Every round, newest first."""

    async def add(self, new: Round, by: By = SERVICE) -> None:
        """Keep a round and make its keys. Raises Conflict where its id or label is taken."""

    async def open(self, round_id: str, by: By = SERVICE) -> None:
        """Let a planned round take answers."""

    async def close(self, round_id: str, by: By = SERVICE) -> None:
        """Take no more answers: the round is closed, its drafts deleted and its identity key destroyed.

        Repeating it finishes what was interrupted.
        """

    async def reopen(self, round_id: str, *, closes: date, reason: str, by: By = SERVICE) -> None:
        """Let a closed round take answers again, to the end of the day `closes`, under a new identity key."""

    async def archive(
        self, round_id: str, *, diary_number: str, retention: str, keep_answers: int | None = None, by: By = SERVICE
    ) -> None:
        """Register a closed round for good. `retention` is the decision by which its responses are deleted more than
        `keep_answers` days from now; None keeps them."""

    async def change(self, changed: Round, by: By = SERVICE) -> None:
        """Give a round other dates, invited numbers, another threshold or openness of its data; what else differs in
        `changed` is not looked at."""

    async def correct(self, changed: Round, by: By = SERVICE) -> None:
        """Give an open or planned round another text of its instrument."""


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

    async def numbered(self, round_id: str) -> Sequence[tuple[str, Response]]:
        """The same responses in the same order, each with its random id, by which editions know it again."""

    async def participation(self, round_id: str) -> Participation:
        """How many have answered, without reading what."""


class Editions(Protocol):
    """What was compiled of rounds, kept as it was. Every method raises StoreFailed."""

    async def all(self, round_id: str) -> Sequence[Edition]:
        """Every edition of a round, oldest first."""

    async def latest(self, round_id: str) -> Edition | None:
        """The newest edition of a round."""

    async def content(self, round_id: str, number: int) -> str:
        """What was kept. Raises StoreFailed where there is no such edition, or it was changed since."""

    async def members(self, round_id: str) -> Mapping[str, int]:
        """The ids of responses that count in editions, each with the number of the first that it counts in."""

    async def add(self, edition: Edition, content: str, members: Collection[str], by: By = SERVICE) -> None:
        """Keep the next edition of a round that is over; `members` are the ids of all responses that count in it.

        `edition.checksum` is made anew from the content. Raises Conflict where the number is not the next one, or a
        member is not there any longer, and StepRefused where the round is not over.
        """


class Visibilities(Protocol):
    """How far municipalities let their official statements be seen. Every method raises StoreFailed."""

    async def decisions(self, round_id: str) -> Mapping[str, VisibilityDecision]:
        """The decisions of a round, by municipality; those that have made none are not there."""

    async def decide(self, decision: VisibilityDecision, by: By) -> None:
        """Keep a decision, in place of an earlier one. Raises StepRefused once the round is closed."""


class CheckStore(Rounds, Drafts, Responses, Protocol):
    """All of it; `bot.storage.check.maturity.SqlCheckStore` is one."""


class Sources(Protocol):
    """The knowledge base, as far as advice quotes it."""

    def quoted(self, document: str, quote: str) -> Passage | None:
        """The passage of a document that holds this sentence; None where the knowledge base holds it not."""
