"""What the main database holds under one person's id, or under a pseudonym that is made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Delete, Update, delete, or_, select, update

from bot.conversation.ports import Place
from bot.conversation.raters import rater_of
from bot.maturity.ports import Person
from bot.storage.marks import Marks
from bot.storage.personal.conversation_data import KeptAnswer, KeptCase, kept_answer
from bot.storage.schema.audit import audit_log
from bot.storage.schema.cases import cases
from bot.storage.schema.check import visibilities
from bot.storage.schema.document_chats import document_chats
from bot.storage.schema.jobs import ingest_jobs
from bot.storage.schema.journal import answers, feedback
from bot.storage.schema.questions import evaluation_questions
from bot.storage.schema.web import web_sessions
from bot.storage.transactions import Transactions

AT_ONCE: Final = 500
"""Ids in one statement; SQLite and PostgreSQL take some thousands."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a person's rows are: ids of the answers to what they asked, the conversations that those were given in, and
    thumbs as (answer, rater)."""

    answers: Collection[str]
    conversations: Collection[str]
    thumbs: Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeptThumb:
    """A thumb that the person gave."""

    at: datetime
    liked: bool
    comment: str


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A sign-in to the web pages."""

    name: str
    roles: Sequence[str]
    started: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """What the audit log says that the person did."""

    at: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class KeptRows:
    """All of it, each oldest first. `replied`, `picked` and `decided` are what they did for the federation or their
    municipality: when they replied to questions, which answers they picked for evaluation, and for which municipality
    they decided who sees results."""

    answers: Sequence[KeptAnswer]
    thumbs: Sequence[KeptThumb]
    cases: Sequence[KeptCase]
    replied: Sequence[datetime]
    picked: Sequence[datetime]
    decided: Sequence[str]
    chats: Sequence[datetime]
    sessions: Sequence[KeptSession]
    log: Sequence[KeptEntry]

    def count(self) -> int:
        """How many rows."""
        parts = (self.answers, self.thumbs, self.cases, self.replied, self.picked, self.decided, self.chats)
        return sum(map(len, (*parts, self.sessions, self.log)))


async def find(main: Transactions, marks: Marks, person: Person) -> Found:
    """Look through the answers of the person's tenant. Raises StorageError."""
    asked = select(answers.c.id, answers.c.conversation, answers.c.asker)
    asked = asked.where(answers.c.tenant == person.tenant, answers.c.asker != "")
    rated = select(feedback.c.answer, feedback.c.rater, answers.c.conversation).join_from(feedback, answers)
    rated = rated.where(answers.c.tenant == person.tenant)

    def read(connection: Connection) -> tuple[Sequence[Any], Sequence[Any]]:
        return connection.execute(asked).all(), connection.execute(rated).all()

    rows, thumbs = await main.read("what a person asked could not be looked for", read)

    def mine() -> Found:
        known: dict[str, tuple[str, str]] = {}

        def of(conversation: str) -> tuple[str, str]:
            if conversation not in known:
                asker = marks.asker(person.tenant, conversation, person.user)
                rater = rater_of(Place(person.tenant, conversation), person.tenant, person.user)
                known[conversation] = asker, marks.rater(rater)
            return known[conversation]

        asked_here = [row for row in rows if row.asker == of(row.conversation)[0]]
        return Found(
            tuple(row.id for row in asked_here),
            frozenset(row.conversation for row in asked_here),
            tuple((row.answer, row.rater) for row in thumbs if row.rater == of(row.conversation)[1]),
        )

    return await asyncio.to_thread(mine)  # some ten thousand rows of a tenant would hold everybody else up


def kept_rows(connection: Connection, found: Found, person: Person, sender: str, actors: Collection[str]) -> KeptRows:
    """What there is. `sender` is the person's mark at cases, `actors` what the audit log knows them by."""
    kept = [row for ids in _pieces(found.answers) for row in connection.execute(_answers(ids))]
    given: dict[str, list[tuple[bool, str]]] = {}
    thumbs: list[KeptThumb] = []
    for answer, by in found.thumbs:
        row = connection.execute(select(feedback).where(feedback.c.answer == answer, feedback.c.rater == by)).first()
        if row is not None:
            given.setdefault(answer, []).append((row.liked, row.comment))
            thumbs.append(KeptThumb(row.at, row.liked, row.comment))
    subject = person.user
    sent = select(cases.c.at, cases.c.question, cases.c.status, cases.c.reply, cases.c.replied_at)
    log = select(audit_log.c.at, audit_log.c.action, audit_log.c.subject)
    log = log.where(audit_log.c.tenant == person.tenant, audit_log.c.actor.in_(sorted(actors)))
    return KeptRows(
        answers=[kept_answer(row, given.get(row.id, ())) for row in sorted(kept, key=lambda row: (row.at, row.id))],
        thumbs=sorted(thumbs, key=lambda each: each.at),
        cases=[KeptCase(*row) for row in connection.execute(sent.where(cases.c.asker == sender).order_by(cases.c.at))],
        replied=_all(connection, cases.c.replied_at, cases.c.by == subject, cases.c.replied_at.is_not(None)),
        picked=_all(connection, evaluation_questions.c.at, evaluation_questions.c.by == subject),
        decided=_all(connection, visibilities.c.municipality, visibilities.c.decided_by == subject),
        chats=_all(connection, document_chats.c.at, _begun_by(person)),
        sessions=[
            KeptSession(row.name, tuple(row.roles), row.started, row.seen)
            for row in connection.execute(select(web_sessions).where(*_signed_in(person)).order_by(web_sessions.c.seen))
        ],
        log=[KeptEntry(*row) for row in connection.execute(log.order_by(audit_log.c.number))],
    )


def erase_rows(connection: Connection, found: Found, person: Person, sender: str) -> Mapping[str, int]:
    """Delete what is the person's own, and their id from what they did for others; how many rows of each."""
    gone: dict[str, int] = {}

    def note(name: str, *statements: Delete | Update) -> None:
        count = sum(connection.execute(each).rowcount for each in statements)
        if count:
            gone[name] = gone.get(name, 0) + count

    for ids in _pieces(found.answers):
        note("evaluation", delete(evaluation_questions).where(evaluation_questions.c.answer.in_(ids)))
        note("answers", delete(answers).where(answers.c.id.in_(ids)))
    for answer, by in found.thumbs:
        note("thumbs", delete(feedback).where(feedback.c.answer == answer, feedback.c.rater == by))
    note("cases", delete(cases).where(cases.c.asker == sender))
    note("chats", delete(document_chats).where(_begun_by(person)))
    note("sessions", delete(web_sessions).where(*_signed_in(person)))
    note(
        "work",
        update(cases).where(cases.c.by == person.user).values(by=""),
        update(evaluation_questions).where(evaluation_questions.c.by == person.user).values(by=""),
    )
    return gone


def _answers(ids: Sequence[str]) -> Any:
    return select(answers).where(answers.c.id.in_(ids))


def _all(connection: Connection, column: ColumnElement[Any], *where: ColumnElement[bool]) -> Sequence[Any]:
    return connection.execute(select(column).where(*where).order_by(column)).scalars().all()


def _begun_by(person: Person) -> ColumnElement[bool]:
    """Chats whose files became work that the person began; those that are still fetched are found by conversation."""
    mine = select(ingest_jobs.c.id).where(ingest_jobs.c.tenant == person.tenant, ingest_jobs.c.by == person.user)
    return document_chats.c.job.in_(mine)


def _signed_in(person: Person) -> tuple[ColumnElement[bool], ...]:
    return web_sessions.c.subject == person.user, or_(
        web_sessions.c.tenant == person.tenant, web_sessions.c.tenant == ""
    )


def _pieces(ids: Collection[str]) -> Iterator[Sequence[str]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
