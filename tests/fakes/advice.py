"""A knowledge base that answers what the test put in, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from knowledge.access import EVERYBODY, Audience
from knowledge.composing.ports import NOBODY, Advance, Asker, Tell
from knowledge.language import Language, language_of
from knowledge.model import Answer, Citation, Figure, Status
from tests.fakes.knowledge import passage

QUOTED = passage(
    "Portföljstyrning saknas i 17 procent av svaren.",
    "3.2.2 Styrning",
    "Portföljstyrning",
    title="Statusrapport",
    pages=(28, 29),
)


def answered(question: str = "Hur är läget?", *, figure: Figure | None = None, notes: Sequence[str] = ()) -> Answer:
    """An answer with one citation and four suggestions."""
    quoted = QUOTED
    return Answer(
        question=question,
        status=Status.ANSWERED,
        language=language_of(question),
        text=f"Så här står det i rapporten:\n\n”{quoted.text}” [1]",
        citations=(Citation(1, quoted, quoted.text),),
        notes=tuple(notes),
        suggestions=("Vad om projektstyrning?", "Vad om ekonomi?", "Vad om teknik?", "Vad om lagar?"),
        figure=figure,
        generation="g1",
    )


class FakeAdvice:
    """Implements `bot.conversation.ports.Advice`; `error` is raised, `gate` holds answers back until it is set.

    `advances` are told before every answer; `askers`, `audiences` and `quoted` are what came with the questions.
    """

    def __init__(self, answer: Answer | None = None) -> None:
        self.askers: list[Asker] = []
        self.audiences: list[Audience] = []
        self.quoted: list[bool] = []
        self.advances: Sequence[Advance] = ()
        self.answer = answer
        self.error: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._news = asyncio.Condition()

    async def reached(self, count: int) -> None:
        """Wait until so many questions have come in."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.asked) >= count)

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
        self.askers.append(asker)
        self.audiences.append(audience)
        self.quoted.append(quoted)
        if tell is not None:
            for advance in self.advances:
                tell(advance)
        async with self._news:
            self.asked.append((question, tuple(context)))
            self._news.notify_all()
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.answer or answered(question)
