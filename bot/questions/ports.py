"""What the pages of questions ask of their stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.questions.model import EvaluationRow, Pressed, PressedPage, Shown, Unanswered


class QuestionLog(Protocol):
    """Reads what was asked and how it was rated; every method raises QuestionsStoreFailed."""

    async def pressed(self, shown: Shown) -> PressedPage:
        """Thumbs with what they were pressed on, newest first."""

    async def of_answer(self, answer: str) -> Pressed | None:
        """One answer that was given, rated or not; None where there is none, or no longer."""

    async def generators(self) -> Sequence[str]:
        """Of all answers that were rated."""

    async def unanswered(self, since: datetime, limit: int) -> Sequence[Unanswered]:
        """Questions that were refused from `since` on, newest first."""


class EvaluationQuestions(Protocol):
    """Keeps the questions that were picked for evaluation; every method raises QuestionsStoreFailed."""

    async def keep(self, row: EvaluationRow) -> bool:
        """Keep a question; False where its answer's is kept already."""

    async def drop(self, answer: str) -> bool:
        """Take a question back; False where none is kept of that answer."""

    async def rows(self) -> Sequence[EvaluationRow]:
        """All, oldest first."""


class Cases(Protocol):
    """Opens cases in the queue of questions for a person; raises QuestionsError."""

    async def open_own(self, question: str, language: str, by: str) -> str:
        """A case of the federation's own, for a document to be written; its id, as in `/questions/{id}`."""
