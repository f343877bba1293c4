"""What the federation reads of the journal, and the questions that it picked for evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select
from sqlalchemy import Row as Found

from bot.questions.cases import origin_of
from bot.questions.model import PAGE, Cited, EvaluationRow, Pressed, PressedPage, Shown, Unanswered
from bot.storage.marks import Marks
from bot.storage.schema.journal import answers, feedback
from bot.storage.schema.questions import evaluation_questions
from bot.storage.transactions import Transactions
from knowledge.model import Status

_ANSWER = (
    answers.c.question,
    answers.c.answer,
    answers.c.status,
    answers.c.language,
    answers.c.generator,
    answers.c.generation,
    answers.c.citations,
    answers.c.notes,
)


class SqlQuestionLog:
    """Implements `bot.questions.ports.QuestionLog`; every method raises StorageError."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def pressed(self, shown: Shown) -> PressedPage:
        """Thumbs with what they were pressed on, newest first."""
        query = _narrowed(
            select(answers.c.id, feedback.c.at, feedback.c.liked, feedback.c.comment, *_ANSWER)
            .join_from(feedback, answers)
            .order_by(feedback.c.at.desc(), answers.c.id, feedback.c.rater),
            shown,
        )
        query = query.offset((shown.page - 1) * PAGE).limit(PAGE + 1)

        def find(connection: Connection) -> PressedPage:
            rows = [_pressed(row) for row in connection.execute(query)]
            return PressedPage(tuple(rows[:PAGE]), len(rows) > PAGE)

        return await self._main.read("the thumbs could not be read", find)

    async def of_answer(self, answer: str) -> Pressed | None:
        """One answer that was given; None where there is none, or no longer."""
        query = select(answers.c.id, answers.c.at, *_ANSWER).where(answers.c.id == answer)

        def find(connection: Connection) -> Pressed | None:
            row = connection.execute(query).first()
            if row is None:
                return None
            told: tuple[Any, ...] = tuple(row)
            return _made(told[0], told[1], None, "", *told[2:])

        return await self._main.read("an answer could not be read", find)

    async def generators(self) -> Sequence[str]:
        """Of all answers that were rated."""
        query = select(answers.c.generator).join_from(feedback, answers).distinct().order_by(answers.c.generator)

        def find(connection: Connection) -> Sequence[str]:
            return tuple(connection.execute(query).scalars())

        return await self._main.read("the generators could not be read", find)

    async def unanswered(self, since: datetime, limit: int) -> Sequence[Unanswered]:
        """Questions that were refused from `since` on, newest first."""
        query = (
            select(answers.c.id, answers.c.at, answers.c.question, answers.c.language)
            .where(answers.c.status == Status.REFUSED.value, answers.c.at >= since)
            .order_by(answers.c.at.desc(), answers.c.id)
            .limit(limit)
        )

        def find(connection: Connection) -> Sequence[Unanswered]:
            return tuple(Unanswered(*row) for row in connection.execute(query))

        return await self._main.read("the unanswered questions could not be read", find)


class SqlEvaluationQuestions:
    """Implements `bot.questions.ports.EvaluationQuestions`; every method raises StorageError."""

    def __init__(self, main: Transactions, marks: Marks) -> None:
        self._main = main
        self._marks = marks

    async def keep(self, row: EvaluationRow) -> bool:
        """Keep a question; False where its answer's is kept already."""
        mine = evaluation_questions.c.answer == row.answer_id
        values = {
            "answer": row.answer_id,
            "at": row.at,
            "by": row.by,
            "question": row.question,
            "must_refuse": row.must_refuse,
            "documents": list(row.documents),
            "passages": list(row.passages),
        }

        def write(connection: Connection) -> bool:
            if connection.scalar(select(evaluation_questions.c.answer).where(mine)) is not None:
                return False
            asked = select(answers.c.tenant, answers.c.conversation).where(answers.c.id == row.answer_id)
            place = connection.execute(asked).first()
            origin = self._marks.origin(origin_of(place.tenant, place.conversation)) if place is not None else ""
            connection.execute(insert(evaluation_questions).values(values | {"origin": origin}))
            return True

        return await self._main.write("an evaluation question could not be kept", write)

    async def drop(self, answer: str) -> bool:
        """Take a question back; False where none is kept of that answer."""

        def write(connection: Connection) -> bool:
            gone = delete(evaluation_questions).where(evaluation_questions.c.answer == answer)
            return connection.execute(gone).rowcount > 0

        return await self._main.write("an evaluation question could not be taken back", write)

    async def rows(self) -> Sequence[EvaluationRow]:
        """All, oldest first."""
        query = select(evaluation_questions).order_by(evaluation_questions.c.at, evaluation_questions.c.answer)

        def find(connection: Connection) -> Sequence[EvaluationRow]:
            return tuple(
                EvaluationRow(
                    row.answer, row.question, row.must_refuse, tuple(row.documents), tuple(row.passages), row.by, row.at
                )
                for row in connection.execute(query)
            )

        return await self._main.read("the evaluation questions could not be read", find)


def cited_from(citations: Sequence[dict[str, Any]]) -> tuple[Cited, ...]:
    """Passages as the journal keeps them; rows from earlier versions lack most of it."""
    return tuple(
        Cited(
            each["n"],
            each.get("document", ""),
            each.get("title", ""),
            each.get("section", ""),
            tuple(each.get("pages", ())),
            each.get("passage", ""),
            each.get("quote", ""),
        )
        for each in citations
    )


def _narrowed(query: Select[Any], shown: Shown) -> Select[Any]:
    if shown.kind == "disliked":
        query = query.where(feedback.c.liked.is_(False))
    elif shown.kind == "liked":
        query = query.where(feedback.c.liked.is_(True))
    elif shown.kind == "comment":
        query = query.where(feedback.c.comment != "")
    return query.where(answers.c.generator == shown.generator) if shown.generator else query


def _pressed(row: Found[Any]) -> Pressed:
    told: tuple[Any, ...] = tuple(row)
    return _made(*told)


def _made(
    answer_id: str,
    at: datetime,
    liked: bool | None,
    comment: str,
    question: str,
    answer: str,
    status: str,
    language: str,
    generator: str,
    generation: str,
    citations: Sequence[dict[str, Any]],
    notes: Sequence[str],
) -> Pressed:
    cited = cited_from(citations)
    return Pressed(
        answer_id, at, liked, comment, question, answer, status, language, generator, generation, cited, tuple(notes)
    )
