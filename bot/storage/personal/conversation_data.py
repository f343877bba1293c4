"""What the journal keeps of one conversation, for the person who held it: all of it to take along, or to be deleted.

Answers to the maturity check are not here: `mina svar` and `radera mina svar` in the conversation itself are for those,
as nothing but the person's own sign-in leads to them.

Nor is what hangs on a person and no conversation: `bot.storage.personal.person_data` finds that by the person's id.
Entries of the audit log stay; they know a conversation by a keyed mark.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, delete, func, select

from bot.access.audit import Action, AuditEvent
from bot.maturity.round_life import COMMAND_LINE, By
from bot.questions.cases import conversation_mark, conversation_part, origin_of
from bot.storage.marks import Marks
from bot.storage.operating.audit import Now, put_entry, utc_now
from bot.storage.schema.base import Moment
from bot.storage.schema.cases import cases
from bot.storage.schema.document_chats import document_chats
from bot.storage.schema.journal import answers, deliveries, feedback
from bot.storage.schema.questions import evaluation_questions
from bot.storage.scrubbing import tidy
from bot.storage.transactions import Transactions


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A question with its answer. `thumbs` are whether it was liked, with the comment."""

    at: datetime
    tenant: str
    question: str
    answer: str
    status: str
    language: str
    citations: Sequence[Mapping[str, object]]
    generator: str
    thumbs: Sequence[tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A question that was sent to a person, with the reply where there is one."""

    at: datetime
    question: str
    status: str
    reply: str
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept of a conversation, each oldest first; `chats` are when files were sent that are worked on."""

    answers: Sequence[KeptAnswer]
    cases: Sequence[KeptCase]
    chats: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A conversation of which something is kept: how many answers, and when the latest was given."""

    conversation: str
    tenant: str
    answers: int
    latest: datetime


class SqlPersonalData:
    """Every method raises StorageError where the database fails, and all but `find` leave an entry in the audit log,
    which names the conversation by a keyed mark of its id only."""

    def __init__(self, main: Transactions, marks: Marks, now: Now = utc_now) -> None:
        self._main = main
        self._marks = marks
        self._now = now

    async def find(self, words: str) -> Sequence[KeptConversation]:
        """The conversations with a question that holds these words. Somebody who wants to be found there asks Fyren
        something that nobody else would; no id of a person is kept by which to find them."""
        counted = (
            select(
                answers.c.conversation,
                answers.c.tenant,
                func.count().label("answers"),
                func.max(answers.c.at, type_=Moment()).label("latest"),
            )
            .group_by(answers.c.conversation, answers.c.tenant)
            .having(func.sum(case((answers.c.question.contains(words, autoescape=True), 1), else_=0)) > 0)
            .order_by(func.max(answers.c.at).desc())
        )

        def look(connection: Connection) -> Sequence[KeptConversation]:
            return tuple(KeptConversation(*row) for row in connection.execute(counted))

        return await self._main.read("conversations could not be looked through", look)

    async def export(self, conversation: str, tenant: str = "", by: By = COMMAND_LINE) -> Kept:
        """Everything that is kept of a conversation; of one tenant, or of any."""
        mine = _of(conversation, tenant)
        query = select(answers).where(*mine).order_by(answers.c.at, answers.c.id)
        thumbs = select(feedback).join_from(feedback, answers).where(*mine).order_by(feedback.c.at)

        sent = (
            select(cases.c.at, cases.c.question, cases.c.status, cases.c.reply, cases.c.replied_at)
            .where(*self._from(cases.c.origin, conversation, tenant))
            .order_by(cases.c.at, cases.c.id)
        )
        chats = select(document_chats.c.at).where(*_held_in(conversation, tenant)).order_by(document_chats.c.at)

        def take(connection: Connection) -> Kept:
            given: dict[str, list[tuple[bool, str]]] = {}
            for row in connection.execute(thumbs):
                given.setdefault(row.answer, []).append((row.liked, row.comment))
            found = tuple(kept_answer(row, given.get(row.id, ())) for row in connection.execute(query))
            asked = tuple(KeptCase(*row) for row in connection.execute(sent))
            told = tuple(connection.execute(chats).scalars())
            if count := len(found) + len(asked) + len(told):
                put_entry(connection, self._event(Action.CONVERSATION_EXPORTED, conversation, by, count))
            return Kept(found, asked, told)

        return await self._main.write("a conversation could not be read", take, repeatable=False)

    async def erase(self, conversation: str, tenant: str = "", by: By = COMMAND_LINE) -> int:
        """Delete everything that is kept of a conversation, and what was made of its questions, which may outlive their
        answers; how many answers, cases, evaluation questions and chats to be told of documents went."""

        def remove(connection: Connection) -> int:
            gone = sum(
                connection.execute(delete(table).where(*where)).rowcount
                for table, where in (
                    (cases, self._from(cases.c.origin, conversation, tenant)),
                    (evaluation_questions, self._from(evaluation_questions.c.origin, conversation, tenant)),
                    (answers, _of(conversation, tenant)),
                    (document_chats, _held_in(conversation, tenant)),
                )
            )
            if gone:
                put_entry(connection, self._event(Action.CONVERSATION_ERASED, conversation, by, gone))
            return gone

        gone = await self._main.write("a conversation could not be deleted", remove, repeatable=False)
        if gone:
            await tidy(self._main, (answers, deliveries, feedback, cases, evaluation_questions, document_chats))
        return gone

    def _event(self, action: Action, conversation: str, by: By, count: int) -> AuditEvent:
        subject = self._marks.logged(conversation_mark(conversation))
        return AuditEvent(self._now(), by.actor, by.tenant, action, subject, {"answers": str(count)})

    def _from(self, origin: ColumnElement[str], conversation: str, tenant: str) -> tuple[ColumnElement[bool], ...]:
        if tenant:
            return (origin == self._marks.origin(origin_of(tenant, conversation)),)
        return (origin.startswith(self._marks.conversation(conversation_part(conversation)), autoescape=True),)


def _of(conversation: str, tenant: str) -> tuple[ColumnElement[bool], ...]:
    mine = (answers.c.conversation == conversation,)
    return (*mine, answers.c.tenant == tenant) if tenant else mine


def _held_in(conversation: str, tenant: str) -> tuple[ColumnElement[bool], ...]:
    """Addresses are JSON of whatever carries the chat, in which every id is a value of its own."""
    ids = (conversation, tenant) if tenant else (conversation,)
    quoted = (json.dumps(each, ensure_ascii=False) for each in ids)
    return tuple(document_chats.c.address.contains(each, autoescape=True) for each in quoted)


def kept_answer(row: Row[Any], thumbs: Sequence[tuple[bool, str]]) -> KeptAnswer:
    """A row of `answers` as it is handed over, with the thumbs on it."""
    return KeptAnswer(
        at=row.at,
        tenant=row.tenant,
        question=row.question,
        answer=row.answer,
        status=row.status,
        language=row.language,
        citations=row.citations,
        generator=row.generator,
        thumbs=tuple(thumbs),
    )
