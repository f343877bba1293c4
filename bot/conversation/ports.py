"""What the conversation asks of the outside: advice from the knowledge base, and a journal of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from knowledge.access import EVERYBODY, Audience
from knowledge.composing.ports import NOBODY, Asker, Tell
from knowledge.language import Language
from knowledge.model import Answer


class Advice(Protocol):
    """The knowledge base as the conversation sees it; `knowledge.advisor.Advisor` is one."""

    async def ask(
        self,
        question: str,
        context: Sequence[str] = (),
        language: Language | None = None,
        *,
        asker: Asker = NOBODY,
        audience: Audience = EVERYBODY,
        tell: Tell | None = None,
        quoted: bool = False,
    ) -> Answer:
        """An answer or a refusal, from the documents that the audience may read. `context` holds earlier questions,
        oldest first; `asker` is whose budget a model is charged to, and `tell` is told how far the answer is, where it
        takes long. `quoted` keeps to the sources' own words, whether there is a model or not.

        Raises knowledge.errors.IndexUnavailable where nothing is loaded, KnowledgeError where the search broke.
        """


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation is held. Two tenants never share one, whatever ids they send."""

    tenant: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One question and its answer, as the journal keeps it. `at` is UTC. `asker` is the id of who asked, by which what
    they asked is found when they want it handed over or erased; only a pseudonym of it is kept."""

    id: str
    at: datetime
    place: Place
    question: str
    answer: Answer
    asker: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Rating:
    """A thumb. `rater` tells people apart without naming them; `reply_to` is the rated message's id, if known."""

    at: datetime
    place: Place
    rater: str
    liked: bool
    comment: str = ""
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """What the answer under a thumb was to: the question, and the language that it was answered in."""

    question: str
    language: str


class JournalFailed(Exception):
    """The journal could not be read or written; raised by every method below."""


class Journal(Protocol):
    """Answers and thumbs, for the conversation's memory and for those who improve the knowledge base."""

    async def record(self, entry: Entry) -> None:
        """Keep an answer before it is sent; an id that is already kept changes nothing."""

    async def delivered(self, answer_id: str, place: Place, activity: str) -> None:
        """Note the message id under which an answer was sent; an answer may be sent as several messages."""

    async def rate(self, rating: Rating) -> bool:
        """Keep a thumb; a second one by the same rater replaces the first.

        It belongs to the answer sent as `reply_to`, or to the place's latest answer where that is None. False where
        there is no such answer in this place.
        """

    async def rated(self, place: Place, reply_to: str | None) -> Rated | None:
        """What a thumb on `reply_to` is about, found as `rate` finds it; None where that finds no answer."""

    async def history(self, place: Place, *, since: datetime, limit: int) -> Sequence[str]:
        """The latest questions of a place from `since` on, oldest first."""

    async def forget_before(self, moment: datetime, decision: str = "") -> int:
        """Delete answers, with their thumbs, older than `moment`; how many answers went. `decision` is what is told in
        the audit log of why, where anything went."""
