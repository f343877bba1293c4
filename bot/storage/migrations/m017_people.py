"""Main database, 17."""

from __future__ import annotations

from sqlalchemy import DDL, Connection

from bot.storage.migrations.row_security import guard

TENANT_COLUMNS = {
    "answers": "tenant",
    "audit_log": "tenant",
    "budget_reservations": "tenant",
    "document_people": "tenant",
    "ingest_jobs": "tenant",
    "web_sessions": "tenant",
}
"""Tables whose rows belong to a tenant, and the column that names it."""
OTHERS = (
    "api_keys",
    "audit_head",
    "background_work",
    "budgets",
    "cases",
    "consensus_municipalities",
    "deliveries",
    "digest_channel",
    "digest_weeks",
    "document_chats",
    "document_uploads",
    "drafts",
    "edition_members",
    "editions",
    "evaluation_questions",
    "feedback",
    "index_files",
    "index_generations",
    "index_history",
    "index_state",
    "invited",
    "reminder_refusals",
    "reminders",
    "response_answers",
    "responses",
    "rounds",
    "schema_versions",
    "visibilities",
    "webhook_deliveries",
)


def m017_people(connection: Connection) -> None:
    """Who asked, as a pseudonym, and which rows other roles of the database may read."""
    for table in ("answers", "cases"):
        # As DDL, and not as text: statements that are prepared for the table as it was are dropped.
        ddl = DDL(f"ALTER TABLE {table} ADD COLUMN asker VARCHAR(64) NOT NULL DEFAULT ''")  # type: ignore[no-untyped-call]  # SQLAlchemy's has no types
        connection.execute(ddl)
    for table in OTHERS:
        guard(connection, table)
    for table, column in TENANT_COLUMNS.items():
        guard(connection, table, tenant=column)
