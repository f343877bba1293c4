"""What has to be done again and again beside the service: closing rounds in time, deleting what is no longer kept.

Each runs until it is cancelled, and none ends because a database does not answer: it tries again later. Of replicas
that take `turns`, one does it. What each machine keeps for itself is done on each: the knowledge base, and uploads.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from bot.conversation.ports import Journal, JournalFailed
from bot.documents.errors import DocumentsStoreFailed
from bot.maturity.days import Today
from bot.maturity.errors import StoreFailed
from bot.maturity.ports import Rounds
from bot.maturity.retention import Retention, dispose
from bot.storage.answers.budgets import SqlBudgets
from bot.storage.operating.background import ALWAYS, Turns
from ingest.errors import IngestError
from knowledge.errors import KnowledgeError

A_DAY: Final = 24 * 3600.0
AN_HOUR: Final = 3600.0

_log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class OldJobs(Protocol):
    """What was done to documents; `bot.documents.desk.Desk` is one."""

    async def forget(self, ended_before: datetime) -> int:
        """Delete what ended before this; how many. Raises DocumentsStoreFailed."""


class Past(Protocol):
    """Rows that count for a while only, such as `bot.storage.check.notices.SqlNotices`."""

    async def forget(self) -> int:
        """Delete what is out of date; how many. Raises StoreFailed."""


async def forget_old(
    journal: Journal, age: timedelta, pause: float = A_DAY, turns: Turns = ALWAYS, decision: str = ""
) -> None:
    """Delete questions and answers older than `age`, as was decided, now and every `pause` seconds."""
    while True:
        try:
            async with turns.turn("forget answers", pause) as mine:
                if mine:
                    gone = await journal.forget_before(datetime.now(UTC) - age, decision)
                    _log.info("deleted %d answers older than %d days", gone, age.days)
        except JournalFailed:
            _log.exception("old answers could not be deleted; the next try is in %.0f hours", pause / 3600)
        await asyncio.sleep(pause)


async def forget_jobs(
    jobs: OldJobs, age: timedelta, pause: float = A_DAY, clock: Callable[[], datetime] = _now
) -> None:
    """Delete what was done to documents longer ago than `age`, now and every `pause` seconds."""
    while True:
        try:
            gone = await jobs.forget(clock() - age)
        except (DocumentsStoreFailed, OSError) as error:
            _log.warning("jobs that ended long ago could not be deleted; the next try is soon enough: %s", error)
        else:
            _log.info("deleted %d jobs that ended more than %d days ago", gone, age.days)
        await asyncio.sleep(pause)


async def forget_usage(budgets: SqlBudgets, pause: float = A_DAY, turns: Turns = ALWAYS) -> None:
    """Delete what earlier months' budgets hold of people, now and every `pause` seconds."""
    while True:
        try:
            async with turns.turn("forget budgets", pause) as mine:
                if mine:
                    gone = await budgets.forget()
                    _log.info("deleted %d budgets of earlier months", gone)
        except StoreFailed:
            _log.exception("old budgets could not be deleted; the next try is in %.0f hours", pause / 3600)
        await asyncio.sleep(pause)


async def forget_past(past: Past, what: str, pause: float = A_DAY, turns: Turns = ALWAYS) -> None:
    """Delete what is out of date of `what`, now and every `pause` seconds."""
    while True:
        try:
            async with turns.turn(f"forget {what}", pause) as mine:
                if mine:
                    gone = await past.forget()
                    _log.info("deleted %d rows that are out of date: %s", gone, what)
        except StoreFailed:
            _log.exception("what is out of date could not be deleted (%s); it is tried again", what)
        await asyncio.sleep(pause)


async def drop_outlived(tidy: Callable[[], Awaitable[None]], pause: float = A_DAY) -> None:
    """Drop publications and drafts of the knowledge base that are no longer kept, now and every `pause` seconds."""
    while True:
        try:
            await tidy()
        except (KnowledgeError, IngestError, OSError) as error:
            _log.warning("what is no longer kept of the knowledge base could not be dropped now: %s", error)
        await asyncio.sleep(pause)


async def close_ended(
    store: Rounds,
    today: Today,
    pause: float = AN_HOUR,
    closed: Callable[[], None] = lambda: None,
    turns: Turns = ALWAYS,
) -> None:
    """Close rounds whose last day is over, now and every `pause` seconds: their keys should not outlive them.

    `closed` is called after each, so that its results need not wait; it must not raise.
    """
    while True:
        try:
            async with turns.turn("close rounds", pause) as mine:
                for each in await store.rounds() if mine else ():
                    if each.has_ended(today()):
                        await store.close(each.id)
                        _log.info("closed round %s, whose last day is over", each.label)
                        closed()
        except StoreFailed:
            _log.exception("ended rounds could not be closed; the next try is in %.0f minutes", pause / 60)
        await asyncio.sleep(pause)


async def keep_to_retention(
    store: Rounds, retention: Retention, today: Today, pause: float = A_DAY, turns: Turns = ALWAYS
) -> None:
    """Delete what of rounds is due by their decisions on retention, now and every `pause` seconds."""
    while True:
        try:
            async with turns.turn("keep to retention", pause) as mine:
                for done in await dispose(store, retention, today()) if mine else ():
                    disposal = done.disposal
                    told = disposal.round.label, done.count, disposal.held, disposal.decision
                    _log.info("round %s: deleted %d of %s, decision %r", *told)
        except StoreFailed:
            _log.exception("what is due could not be deleted; the next try is in %.0f hours", pause / 3600)
        await asyncio.sleep(pause)
