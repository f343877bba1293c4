"""What stands in every table, for how long, and what becomes of it when a person wants their data or has it erased.

A table without an entry fails a test, so that nobody adds one without having answered these questions. The record of
processing in the Swedish handbook rests on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Whose(StrEnum):
    """Whose data a table holds.

    NOBODY, of nobody; PSEUDONYM, of people under a keyed pseudonym, or in what they wrote; STAFF, the ids of people
    beside what they did in their work; PERSON, names, or where somebody is reached.
    """

    NOBODY = "nobody"
    PSEUDONYM = "pseudonym"
    STAFF = "staff"
    PERSON = "person"


class Way(StrEnum):
    """What export or erasure does with a table.

    NOTHING, there is nothing of a person; BY_PERSON, its rows are found by a person's id; BY_CONVERSATION, by a
    conversation's; WITH_OTHERS, with rows of another table; BY_THEMSELVES, the person does it in the bot; STAYS, it is
    kept, because a public body answers for it; BY_TIME, it is gone within days, and nothing leads to it before.
    """

    NOTHING = "nothing"
    BY_PERSON = "by person"
    BY_CONVERSATION = "by conversation"
    WITH_OTHERS = "with others"
    BY_THEMSELVES = "by themselves"
    STAYS = "stays"
    BY_TIME = "by time"


@dataclass(frozen=True, slots=True)
class Entry:
    """`kept` is for how long. `tenant` is the column that says whose tenant a row is, by which PostgreSQL lets other
    roles than Fyren's own read it; without one, they read nothing."""

    whose: Whose
    kept: str
    export: Way = Way.NOTHING
    erase: Way = Way.NOTHING
    tenant: str = ""


_PERSON: Final = (Way.BY_PERSON, Way.BY_PERSON)
_ANSWERS: Final = "FYREN_HISTORY_DAYS"
_ROUND: Final = "until the round is archived and its retention decision lets it go"
_FOREVER: Final = "for good"
_OPEN: Final = "until 30 days after the round is closed, unreadable from its closing"


def _of_nobody(kept: str) -> Entry:
    return Entry(Whose.NOBODY, kept)


TABLES: Final[Mapping[str, Entry]] = {
    "answers": Entry(Whose.PSEUDONYM, _ANSWERS, *_PERSON, "tenant"),
    "deliveries": Entry(Whose.PSEUDONYM, _ANSWERS, Way.WITH_OTHERS, Way.WITH_OTHERS),
    "feedback": Entry(Whose.PSEUDONYM, _ANSWERS, *_PERSON),
    "cases": Entry(
        Whose.PSEUDONYM, f"{_ANSWERS} after the reply, twice that without one", Way.BY_PERSON, Way.BY_PERSON
    ),
    "evaluation_questions": Entry(
        Whose.PSEUDONYM, "until the federation drops it", Way.BY_CONVERSATION, Way.BY_CONVERSATION
    ),
    "document_chats": Entry(Whose.PERSON, "8 days at most", *_PERSON),
    "digest_channel": Entry(Whose.PERSON, "until the digest is ended in the channel", Way.STAYS, Way.STAYS),
    "digest_weeks": _of_nobody(_FOREVER),
    "rounds": _of_nobody(_FOREVER),
    "invited": _of_nobody(_FOREVER),
    "visibilities": Entry(Whose.STAFF, _FOREVER, Way.BY_PERSON, Way.STAYS),
    "drafts": Entry(Whose.PSEUDONYM, _OPEN, Way.BY_THEMSELVES, Way.BY_PERSON),
    "shown_notices": Entry(Whose.PSEUDONYM, "until the notice is accepted, 8 days at most", Way.BY_TIME, Way.BY_TIME),
    "responses": Entry(Whose.PSEUDONYM, _ROUND, Way.BY_THEMSELVES, Way.BY_PERSON),
    "response_answers": Entry(Whose.PSEUDONYM, _ROUND, Way.WITH_OTHERS, Way.WITH_OTHERS),
    "consensus_municipalities": Entry(Whose.PSEUDONYM, _ROUND, Way.WITH_OTHERS, Way.WITH_OTHERS),
    "edition_members": Entry(Whose.PSEUDONYM, _ROUND, Way.WITH_OTHERS, Way.WITH_OTHERS),
    "editions": _of_nobody(_FOREVER),
    "reminders": Entry(
        Whose.PSEUDONYM, "until answers are sent in or the round is closed", Way.BY_PERSON, Way.BY_PERSON
    ),
    "reminder_refusals": Entry(Whose.PSEUDONYM, "until the person wants reminders again", *_PERSON),
    "question_paces": Entry(Whose.PSEUDONYM, "an hour at most", Way.BY_TIME, Way.BY_TIME),
    "budgets": Entry(Whose.PSEUDONYM, "the month; sums without people 13 months", *_PERSON),
    "budget_reservations": Entry(Whose.PSEUDONYM, "ten minutes", Way.WITH_OTHERS, Way.WITH_OTHERS, "tenant"),
    "web_sessions": Entry(
        Whose.PERSON, "until it ends, FYREN_SIGNIN_HOURS at most", Way.BY_PERSON, Way.BY_PERSON, "tenant"
    ),
    "document_people": Entry(
        Whose.PERSON, "FYREN_KEEP_JOB_DAYS after they last acted", Way.BY_PERSON, Way.BY_PERSON, "tenant"
    ),
    "ingest_jobs": Entry(Whose.STAFF, "FYREN_KEEP_JOB_DAYS after it ended", *_PERSON, "tenant"),
    "document_uploads": Entry(Whose.NOBODY, "until the job has read them"),
    "index_generations": _of_nobody("FYREN_KEEP_GENERATIONS and FYREN_KEEP_GENERATION_DAYS"),
    "index_files": _of_nobody("with its generation"),
    "index_history": Entry(Whose.STAFF, _FOREVER, Way.STAYS, Way.STAYS),
    "index_state": _of_nobody(_FOREVER),
    "background_work": _of_nobody(_FOREVER),
    "taken_activities": Entry(Whose.PSEUDONYM, "hours", Way.BY_TIME, Way.BY_TIME),
    "pauses": Entry(Whose.STAFF, "until the pause is over", Way.STAYS, Way.STAYS, "tenant"),
    "api_keys": _of_nobody(_FOREVER),
    "webhook_deliveries": _of_nobody("days"),
    "audit_log": Entry(Whose.STAFF, _FOREVER, Way.BY_PERSON, Way.STAYS, "tenant"),
    "audit_head": _of_nobody(_FOREVER),
    "schema_versions": _of_nobody(_FOREVER),
}
"""Those of the main database."""

QUEUE_TABLES: Final[Mapping[str, Entry]] = {
    "procrastinate_jobs": _of_nobody("until a job's documents are read; it holds the job's id"),
    "procrastinate_events": _of_nobody("with its job"),
    "procrastinate_workers": _of_nobody("until the replica ends; one that was killed, until another one starts"),
    "procrastinate_periodic_defers": _of_nobody("it stays empty"),
}
"""Those of the library in which jobs wait, in the schema `fyren_queue` of a PostgreSQL database."""

IDENTITY_TABLES: Final[Mapping[str, Entry]] = {
    "round_keys": _of_nobody("a round's identity key until it is closed; a month's until the month is over"),
    "identity_schema_versions": _of_nobody(_FOREVER),
}
"""Those of the identity database. A key is about nobody; without it nothing is."""
