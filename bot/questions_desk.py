"""Parts -> the federation's pages of ratings and unanswered questions."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.composition import Parts
from bot.questions.keeping import Keeping
from bot.web.access import Routes
from bot.web.feedback.pages import FeedbackPages
from bot.web.questions.pages import CasePages, CaseParts
from bot.web.rendering import Pages
from bot.written_documents import WrittenDocuments


def attach_questions(app: web.Application, routes: Routes, parts: Parts, pages: Pages) -> None:
    """Add the routes."""
    database = parts.database
    written = WrittenDocuments(parts.settings.answers_dir, parts.knowledge, database.uploads)
    keeping = Keeping(timedelta(days=parts.settings.history_days))
    desk = CaseParts(database.cases, written, database.audit, parts.today, parts.cases_due.set, keeping)
    CasePages(pages, desk).attach(routes)
    FeedbackPages(pages, database.question_log, database.evaluation_questions, database.audit, database.cases).attach(
        routes
    )
