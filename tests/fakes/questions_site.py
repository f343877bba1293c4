"""A site with the pages of ratings and of questions for a person, over a database with a bit of everything in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.conversation.ports import Entry, Place, Rating
from bot.questions.cases import Case, Handed, origin_of
from bot.questions.keeping import Keeping
from bot.storage.database import Database
from bot.web.feedback.pages import FeedbackPages
from bot.web.questions.pages import CasePages, CaseParts
from knowledge.model import Answer, Status
from tests.fakes.advice import answered
from tests.fakes.cases import sent_event
from tests.fakes.site import Site

NOW: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOSTILE: Final = "<script>alert(1)</script><img src=x onerror=alert(2)> @everyone [här](https://elsewhere.example)"
LONG: Final = "Digitaliseringsstrategi" * 9
"""A word that no narrow page has room for."""
RATED: Final = (
    ("Hur många kommuner har en process för portföljstyrning?", False, "Siffran stämmer inte med det som vi svarade."),
    ("Vad är SML-IT?", True, ""),
    (f"Vad säger {LONG} om upphandling av gemensamma system i mindre kommuner?", False, HOSTILE),
    ("How many municipalities lack portfolio management?", True, "Clear."),
)
UNANSWERED: Final = (
    "Vilka bidrag finns för bredband på landsbygden?",
    "Finns det bidrag till bredband i skärgården?",
    "vilka bidrag finns för bredband på landsbygden",
    "Hur loggar jag in i lönesystemet?",
    f"Vem ansvarar för {LONG}?",
    HOSTILE,
)
QUESTION: Final = "Vem beslutar om vi får använda AI-tjänster som personalen själv har hittat på nätet?"
REPLY: Final = "Det beslutar varje kommun själv.\n\nFörbundet har en mall för riktlinjer, och den får ni gärna använda."
OPEN, SENT, UNREACHABLE, PUBLISHED, CLOSED = (f"{number:032x}" for number in range(1, 6))
"""Cases, by what became of them."""


class WrittenInMemory:
    """Implements `bot.web.questions.pages.Documents`; `written` are the titles and texts."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []

    async def publish(self, case_id: str, title: str, text: str, day: date) -> tuple[str, str]:
        """Takes everything in."""
        self.written.append((title, text))
        return f"fraga-{case_id}.md", "g2"


class QuestionsSite(Site):
    """Build it in a thread; `fill` puts in what is shown. `sent` counts the replies that were to be sent."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.documents = WrittenInMemory()
        self.sent = 0
        keeping = Keeping(timedelta(days=90))
        desk = CaseParts(database.cases, self.documents, self.audit, NOW.date, self._due, keeping, clock=lambda: NOW)
        CasePages(self.pages, desk).attach(self.routes)
        FeedbackPages(
            self.pages,
            database.question_log,
            database.evaluation_questions,
            self.audit,
            database.cases,
            clock=lambda: NOW,
        ).attach(self.routes)

    async def fill(self) -> None:
        """Ratings, unanswered questions, and a case of every kind."""
        await fill_journal(self.database, RATED, UNANSWERED)
        await fill_cases(self.database)

    def _due(self) -> None:
        self.sent += 1


async def fill_journal(database: Database, rated: Sequence[tuple[str, bool, str]], unanswered: Sequence[str]) -> None:
    """Answers with a thumb each, as question, thumb and comment; and questions that were refused."""
    here, journal = Place("t", "c"), database.journal
    for number, (question, liked, comment) in enumerate(rated):
        name, at = f"rated-{number}", NOW - timedelta(hours=number)
        note = "Språkmodellen svarade inte i tid. Det här är källornas egna ord."
        answer = replace(answered(question, notes=(note,) if number == 2 else ()), generator="gpt-5-mini")
        if number == 2:
            answer = replace(answer, text=f"{answer.text}\n\n{LONG}", generator="extractive")
        await journal.record(Entry(name, at, here, question, answer))
        await journal.delivered(name, here, f"sent-{name}")
        await journal.rate(Rating(at, here, f"rater-{number}", liked, comment, f"sent-{name}"))
    for number, question in enumerate(unanswered):
        refusal = Answer(question, Status.REFUSED, "sv", "Det hittar jag inget om.")
        await journal.record(Entry(f"refused-{number}", NOW - timedelta(days=number), here, question, refusal))


async def fill_cases(database: Database) -> None:
    """A case of every kind; the latest is open."""
    cases = database.cases
    for number, case_id in enumerate((OPEN, SENT, UNREACHABLE, PUBLISHED, CLOSED)):
        question = f"{QUESTION} ({LONG})" if case_id == CLOSED else QUESTION
        at, origin = NOW - timedelta(days=number), origin_of("t", f"conversation-{number}")
        case = Case(case_id, at, question, "sv", origin, "address")
        await cases.take(case, sent_event(case))
    for case_id, handed in ((SENT, Handed.SENT), (UNREACHABLE, Handed.UNREACHABLE), (PUBLISHED, Handed.UNCERTAIN)):
        await cases.answer(case_id, REPLY, NOW, "f-1")
        await cases.claim(case_id, NOW)
        await cases.hand(case_id, NOW, handed)
    await cases.publish(PUBLISHED, f"fraga-{PUBLISHED}.md", "g1")
    await cases.close(CLOSED, NOW, "f-1")
