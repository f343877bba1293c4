"""The journal in a database: answers, the messages they were sent as, and thumbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.access.audit import Action, AuditEvent
from bot.conversation.ports import Entry, Place, Rated, Rating
from bot.maturity.round_life import SERVICE
from bot.questions.model import Cited
from bot.storage.answers.feedback import cited_from
from bot.storage.errors import StorageError
from bot.storage.marks import Marks
from bot.storage.operating.audit import put_entry, utc_now
from bot.storage.schema.base import Row
from bot.storage.schema.journal import answers, deliveries, feedback
from bot.storage.transactions import Transactions
from knowledge.model import Answer

SUBJECT: Final = "answers"
"""What the audit log's entry on deleted answers is about."""


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """A thumb with what it was pressed on, as the federation reads it."""

    at: datetime
    liked: bool
    comment: str
    question: str
    answer: str
    status: str
    generator: str
    generation: str
    cited: tuple[Cited, ...]
    notes: tuple[str, ...]


class SqlJournal:
    """Implements `bot.conversation.ports.Journal`; every method raises StorageError where the database fails."""

    def __init__(self, main: Transactions, marks: Marks) -> None:
        self._main = main
        self._marks = marks

    async def record(self, entry: Entry) -> None:
        """Keep an answer; committed to disk when this returns."""
        asker = self._marks.asker(entry.place.tenant, entry.place.conversation, entry.asker)
        known = select(answers.c.id).where(answers.c.id == entry.id)

        def keep(connection: Connection) -> None:
            if connection.scalar(known) is None:
                connection.execute(insert(answers).values(_row(entry) | {"asker": asker}))

        try:
            await self._main.write("an answer could not be stored", keep)
        except StorageError as error:
            if not isinstance(error.__cause__, IntegrityError) or not await self._exists(entry.id):
                raise

    async def delivered(self, answer_id: str, place: Place, activity: str) -> None:
        """Note under which message id an answer was sent; unknown answers and repetitions change nothing."""
        mine = select(answers.c.id).where(answers.c.id == answer_id, _in(place))
        known = select(deliveries.c.answer).where(deliveries.c.answer == answer_id, deliveries.c.activity == activity)

        def keep(connection: Connection) -> None:
            if connection.scalar(mine) is not None and connection.scalar(known) is None:
                connection.execute(insert(deliveries).values(answer=answer_id, activity=activity))

        await self._main.write("a delivery could not be stored", keep)

    async def rate(self, rating: Rating) -> bool:
        """Keep a thumb; False where it belongs to no answer of its place."""
        rater = self._marks.rater(rating.rater)

        def keep(connection: Connection) -> bool:
            answer = connection.scalar(_under(rating.place, rating.reply_to, answers.c.id))
            if answer is None:
                return False
            row = {"at": rating.at, "liked": rating.liked, "comment": rating.comment}
            mine = and_(feedback.c.answer == answer, feedback.c.rater == rater)
            if connection.execute(update(feedback).where(mine).values(row)).rowcount == 0:
                connection.execute(insert(feedback).values(answer=answer, rater=rater, **row))
            return True

        return await self._main.write("a thumb could not be stored", keep)

    async def rated(self, place: Place, reply_to: str | None) -> Rated | None:
        """The question under a thumb, and the language of its answer; None where there is no such answer."""
        query = _under(place, reply_to, answers.c.question, answers.c.language)

        def find(connection: Connection) -> Rated | None:
            row = connection.execute(query).first()
            return Rated(*row) if row is not None else None

        return await self._main.read("what was rated could not be read", find)

    async def history(self, place: Place, *, since: datetime, limit: int) -> Sequence[str]:
        """The latest questions of a place from `since` on, oldest first."""
        query = (
            select(answers.c.question)
            .where(_in(place), answers.c.at >= since)
            .order_by(answers.c.at.desc(), answers.c.id)
            .limit(limit)
        )

        def find(connection: Connection) -> Sequence[str]:
            return tuple(connection.execute(query).scalars())[::-1]

        return await self._main.read("the history could not be read", find)

    async def forget_before(self, moment: datetime, decision: str = "") -> int:
        """Delete answers older than `moment`, with their deliveries and thumbs, and record that; how many went."""

        def forget(connection: Connection) -> int:
            gone = connection.execute(delete(answers).where(answers.c.at < moment)).rowcount
            if gone:
                told = {"class": "answers", "count": str(gone), "before": moment.date().isoformat()}
                told |= {"decision": decision} if decision else {}
                put_entry(
                    connection, AuditEvent(utc_now(), SERVICE.actor, SERVICE.tenant, Action.DATA_DELETED, SUBJECT, told)
                )
            return gone

        return await self._main.write("old answers could not be deleted", forget)

    async def ratings(self, limit: int = 100) -> Sequence[RatedAnswer]:
        """The latest thumbs with question, answer and generation, newest first."""
        query = (
            select(
                feedback.c.at,
                feedback.c.liked,
                feedback.c.comment,
                answers.c.question,
                answers.c.answer,
                answers.c.status,
                answers.c.generator,
                answers.c.generation,
                answers.c.citations,
                answers.c.notes,
            )
            .join_from(feedback, answers)
            .order_by(feedback.c.at.desc())
            .limit(limit)
        )

        def find(connection: Connection) -> Sequence[RatedAnswer]:
            rows: list[tuple[Any, ...]] = [tuple(row) for row in connection.execute(query)]
            return tuple(RatedAnswer(*(*row[:-2], cited_from(row[-2]), tuple(row[-1]))) for row in rows)

        return await self._main.read("the thumbs could not be read", find)

    async def _exists(self, answer_id: str) -> bool:
        def find(connection: Connection) -> bool:
            return connection.scalar(select(answers.c.id).where(answers.c.id == answer_id)) is not None

        return await self._main.read("an answer could not be found", find)


def _under(place: Place, reply_to: str | None, *columns: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    """Columns of the answer that a thumb belongs to."""
    query = select(*columns).where(_in(place)).limit(1)
    if reply_to is None:
        return query.order_by(answers.c.at.desc(), answers.c.id)
    return query.join_from(answers, deliveries).where(deliveries.c.activity == reply_to)


def _in(place: Place) -> ColumnElement[bool]:
    return and_(answers.c.tenant == place.tenant, answers.c.conversation == place.conversation)


def _row(entry: Entry) -> Row:
    answer = entry.answer
    return {
        "id": entry.id,
        "at": entry.at,
        "tenant": entry.place.tenant,
        "conversation": entry.place.conversation,
        "question": entry.question,
        "answer": answer.text,
        "status": answer.status.value,
        "language": answer.language,
        "citations": _citations(answer),
        "generator": answer.generator,
        "generation": answer.generation,
        "notes": list(answer.notes),
    }


def _citations(answer: Answer) -> list[Row]:
    return [
        {
            "n": citation.n,
            "passage": citation.passage.id,
            "document": citation.passage.document,
            "title": citation.passage.title,
            "section": citation.passage.section,
            "pages": list(citation.passage.pages),
            "quote": citation.quote,
        }
        for citation in answer.citations
    ]
