"""The databases of a running Fyren: opened, brought to the newest schema, closed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.maturity.days import Today, swedish_days
from bot.maturity.instrument_file import parse
from bot.storage.answers.budgets import SqlBudgets
from bot.storage.answers.cases import SqlCases
from bot.storage.answers.feedback import SqlEvaluationQuestions, SqlQuestionLog
from bot.storage.answers.journal import SqlJournal
from bot.storage.answers.question_paces import SqlQuestionPaces
from bot.storage.check.editions import SqlEditions
from bot.storage.check.keys import RoundKeys
from bot.storage.check.maturity import SqlCheckStore
from bot.storage.check.notices import SqlNotices
from bot.storage.check.retention import SqlRetention
from bot.storage.check.round_details import SqlVisibilities
from bot.storage.check.rounds import ReadInstrument
from bot.storage.demo import require_kind
from bot.storage.documents.chats import SqlChats
from bot.storage.documents.jobs import SqlJobs
from bot.storage.documents.people import SqlPeople
from bot.storage.documents.queue_schema import set_up_queue
from bot.storage.documents.uploads import SqlUploads
from bot.storage.engine import is_shared, open_engine
from bot.storage.errors import StorageError
from bot.storage.marks import open_marks
from bot.storage.migrations.numbered import IDENTITY_MIGRATIONS, MIGRATIONS, migrate
from bot.storage.older_rows import renew_older_rows
from bot.storage.operating.audit import SqlAuditLog
from bot.storage.operating.background import ALWAYS, SqlTurns, Turns
from bot.storage.operating.claims import SqlClaims
from bot.storage.operating.pauses import SqlPauses
from bot.storage.pages.api_keys import SqlApiKeys
from bot.storage.pages.web_sessions import SqlWebSessions
from bot.storage.pages.webhooks import SqlOutbox
from bot.storage.personal.conversation_data import SqlPersonalData
from bot.storage.personal.person_data import SqlPersonData
from bot.storage.pulse import Pulse
from bot.storage.reminding.digests import SqlDigests
from bot.storage.schema.base import identity_versions, versions
from bot.storage.transactions import Transactions
from bot.telemetry.ports import NO_TELEMETRY, Telemetry


@dataclass(frozen=True, slots=True)
class Database:
    """The open databases and the repositories in them.

    `demo` is whether they hold made-up data; `uploads` is None where replicas cannot share them. `log_secret` is what
    conversations' names in the log are made with.
    """

    main: Transactions
    identity: Transactions
    journal: SqlJournal
    personal_data: SqlPersonalData
    person_data: SqlPersonData
    check: SqlCheckStore
    notices: SqlNotices
    editions: SqlEditions
    visibilities: SqlVisibilities
    audit: SqlAuditLog
    retention: SqlRetention
    digests: SqlDigests
    web_sessions: SqlWebSessions
    api_keys: SqlApiKeys
    outbox: SqlOutbox
    cases: SqlCases
    jobs: SqlJobs
    document_chats: SqlChats
    uploads: SqlUploads | None
    turns: Turns
    claims: SqlClaims
    pauses: SqlPauses
    people: SqlPeople
    budgets: SqlBudgets
    question_paces: SqlQuestionPaces
    question_log: SqlQuestionLog
    evaluation_questions: SqlEvaluationQuestions
    pulse: Pulse
    log_secret: bytes = field(repr=False)
    demo: bool = False

    async def ping(self) -> bool:
        """Whether both databases answer within two seconds, and take writes where they last refused one."""
        return await self.pulse.beats()

    async def close(self) -> None:
        """Close every connection."""
        await self.pulse.close()
        await self.identity.engine.close()
        await self.main.engine.close()


async def open_database(
    url: str,
    identity_url: str,
    *,
    today: Today | None = None,
    read: ReadInstrument = parse,
    demo: bool = False,
    beside: bool = False,
    telemetry: Telemetry = NO_TELEMETRY,
) -> Database:
    """Open and migrate both databases, and finish the closing of rounds that was interrupted.

    `identity_url` is where the keys of rounds are; with `url` itself they are in the same database. `today` is the day,
    today in Sweden by default. `demo` opens databases of made-up data, and nothing else does. `beside` opens what a
    running Fyren has brought up to date already, for another of its processes.

    Raises StorageError where a database cannot be used, SchemaTooNew where it is newer, DemoMismatch where it holds
    made-up data and `demo` was not wanted, or the other way round.
    """
    main = await _open(url, "main", telemetry)
    try:
        identity = main if identity_url == url else await _open(identity_url, "identity", telemetry)
    except BaseException:
        await main.engine.close()
        raise
    try:
        for each in (main, identity):
            await require_kind(each, demo=demo)  # before anything is written
        today = today or await swedish_days()
        check = SqlCheckStore(main, identity, read=read, today=today)
        if not beside:
            await migrate(main.engine, MIGRATIONS, versions)
            await migrate(identity.engine, IDENTITY_MIGRATIONS, identity_versions)
            await set_up_queue(main.engine)
            await check.finish_closings()
        marks = await open_marks(identity)
        if not beside:
            await renew_older_rows(main, marks)
    except BaseException:
        await identity.engine.close()
        await main.engine.close()
        raise
    people, budgets = SqlPeople(main), SqlBudgets(main, identity, today)
    pulse = Pulse(((main, versions), (identity, identity_versions)))
    return Database(
        main=main,
        identity=identity,
        journal=SqlJournal(main, marks),
        personal_data=SqlPersonalData(main, marks),
        person_data=SqlPersonData(main, identity, marks, check, budgets, people),
        check=check,
        notices=SqlNotices(main, marks, today),
        editions=SqlEditions(main),
        visibilities=SqlVisibilities(main),
        audit=SqlAuditLog(main),
        retention=SqlRetention(main, RoundKeys(identity)),
        digests=SqlDigests(main),
        web_sessions=SqlWebSessions(main),
        api_keys=SqlApiKeys(main),
        outbox=SqlOutbox(main),
        cases=SqlCases(main, marks),
        jobs=SqlJobs(main),
        document_chats=SqlChats(main),
        uploads=SqlUploads(main) if is_shared(url) else None,
        turns=SqlTurns(main) if is_shared(url) else ALWAYS,
        claims=SqlClaims(main),
        pauses=SqlPauses(main),
        people=people,
        budgets=budgets,
        question_paces=SqlQuestionPaces(main, marks),
        question_log=SqlQuestionLog(main),
        evaluation_questions=SqlEvaluationQuestions(main, marks),
        pulse=pulse,
        log_secret=marks.log_secret(),
        demo=demo,
    )


async def _open(url: str, name: str, telemetry: Telemetry) -> Transactions:
    engine = await asyncio.to_thread(open_engine, url)  # it imports the driver
    await asyncio.to_thread(_make_folder, url)
    return Transactions(engine, telemetry=telemetry, name=name)


def _make_folder(url: str) -> None:
    """SQLite makes its file, but not the folder that the file is in."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return
    folder = Path(parsed.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"the folder {folder} cannot be made: {error.strerror}") from error
