"""Everything that is kept of one person, found by their ids in Entra: to be handed over, or to be erased.

`bot.storage.personal.register` says of every table what is in it, and what becomes of it here. Answers to the maturity
check are handed over to nobody but the person, who writes `mina svar`; here it is told that there are some, and they
are erased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, delete, select

from bot.access.audit import Action, AuditEvent
from bot.maturity.errors import RoundClosed
from bot.maturity.ports import Person
from bot.maturity.round_life import COMMAND_LINE, By
from bot.maturity.rounds import OVER
from bot.maturity.session import Source
from bot.questions.cases import conversation_mark
from bot.storage.answers.budgets import SqlBudgets
from bot.storage.check.draft_seal import OwnDraft
from bot.storage.check.keys import RoundKeys
from bot.storage.check.maturity import SqlCheckStore
from bot.storage.documents.people import KeptPerson, SqlPeople
from bot.storage.marks import Marks
from bot.storage.operating.audit import Now, put_entry, utc_now
from bot.storage.personal.person_rows import KeptRows, erase_rows, find, kept_rows
from bot.storage.reminding.refusals import Refusals, has_refused
from bot.storage.schema.cases import cases
from bot.storage.schema.check import drafts, responses, rounds
from bot.storage.schema.document_chats import document_chats
from bot.storage.schema.journal import answers, deliveries, feedback
from bot.storage.schema.questions import evaluation_questions
from bot.storage.schema.reminders import refusals, reminders
from bot.storage.schema.web import web_sessions
from bot.storage.scrubbing import tidy
from bot.storage.transactions import Transactions


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """That the person takes the check in a round that is not closed: alone or for a group, whether there is a draft,
    the day their answers were sent in, and how it stands with reminders, empty where there are none."""

    label: str
    source: str
    draft: bool
    sent: date | None
    reminders: str


@dataclass(frozen=True, slots=True)
class KeptOfPerson:
    """All of it. `tokens` are those of a language model, by month; `refused` is whether they want no reminders."""

    rows: KeptRows
    documents: KeptPerson | None
    check: Sequence[KeptCheck]
    refused: bool
    tokens: Mapping[str, int]

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.rows.count() or self.documents or self.check or self.refused or self.tokens)


class SqlPersonData:
    """Every method raises StorageError where a database fails, and leaves an entry in the audit log where there was
    anything, which names the person by a keyed mark only."""

    def __init__(
        self,
        main: Transactions,
        identity: Transactions,
        marks: Marks,
        check: SqlCheckStore,
        budgets: SqlBudgets,
        people: SqlPeople,
        now: Now = utc_now,
    ) -> None:
        self._main = main
        self._keys = RoundKeys(identity)
        self._refusals = Refusals(identity)
        self._marks = marks
        self._check = check
        self._budgets = budgets
        self._people = people
        self._now = now

    async def export(self, person: Person, by: By = COMMAND_LINE) -> KeptOfPerson:
        """What is kept of a person."""
        documents = await self._people.export(person.tenant, person.user)
        tokens = await self._budgets.of_person(f"{person.tenant}/{person.user}")
        check = await self._taken(person)
        mark = await self._refusals.mark(person)
        found = await find(self._main, self._marks, person)
        sender = self._marks.sender(person.tenant, person.user)
        actors = {person.user, *(self._marks.logged(conversation_mark(each)) for each in found.conversations)}

        def take(connection: Connection) -> KeptOfPerson:
            rows = kept_rows(connection, found, person, sender, actors)
            kept = KeptOfPerson(rows, documents, check, has_refused(connection, mark), tokens)
            if kept:
                put_entry(connection, self._event(Action.PERSON_EXPORTED, person, by, {}))
            return kept

        return await self._main.write("what is kept of a person could not be read", take, repeatable=False)

    async def erase(self, person: Person, by: By = COMMAND_LINE) -> Mapping[str, int]:
        """Delete it: how many rows of what. The audit log stays, and so does who decided about results' visibility and
        who published documents: that is how a public body answers for what it did. Doing it again finishes what was
        interrupted."""
        gone = {
            "check": await self._erase_check(person),
            "tokens": await self._budgets.erase(f"{person.tenant}/{person.user}"),
        }
        mark = await self._refusals.mark(person)
        found = await find(self._main, self._marks, person)
        sender = self._marks.sender(person.tenant, person.user)

        def remove(connection: Connection) -> Mapping[str, int]:
            told = dict(erase_rows(connection, found, person, sender))
            told["refusal"] = connection.execute(delete(refusals).where(refusals.c.mark == mark)).rowcount
            return told

        gone |= await self._main.write("what is kept of a person could not be deleted", remove, repeatable=False)
        # Last, as chats are found by what it empties.
        gone["documents"] = await self._people.erase(person.tenant, person.user)
        gone = {name: count for name, count in gone.items() if count}
        if gone:
            await tidy(
                self._main,
                (answers, deliveries, feedback, cases, evaluation_questions, document_chats, web_sessions, refusals),
            )
            told = {name: str(count) for name, count in gone.items() if name != "check"}
            event = self._event(Action.PERSON_ERASED, person, by, told)
            await self._main.write("an erasure could not be recorded", lambda each: put_entry(each, event))
        return gone

    async def _erase_check(self, person: Person) -> int:
        """Draft, response and reminders, in every round that is not closed; of others nothing leads to a person."""
        gone = 0
        for round_id, _, _ in await self._open():
            for source in Source:
                try:
                    gone += await self._check.erase(person, round_id, source)
                except RoundClosed:
                    break  # just now: its key is gone
        return gone

    async def _taken(self, person: Person) -> Sequence[KeptCheck]:
        opened = await self._open()
        keys = await self._keys.identity([(round_id, number) for round_id, _, number in opened])
        owners = {
            (label, source): (round_id, OwnDraft(keys[round_id, number], person, round_id, source, number).owner)
            for round_id, label, number in opened
            if (round_id, number) in keys
            for source in Source
        }

        def look(connection: Connection) -> Sequence[KeptCheck]:
            told = []
            for (label, source), (round_id, owner) in owners.items():
                mine = [
                    and_(each.c.round == round_id, each.c.owner == owner, each.c.source == source)
                    for each in (drafts, responses, reminders)
                ]
                draft = connection.execute(select(drafts.c.version).where(mine[0])).first()
                sent = connection.scalar(select(responses.c.submitted).where(mine[1]))
                standing = connection.scalar(select(reminders.c.standing).where(mine[2])) or ""
                if draft is not None or sent is not None or standing:
                    told.append(KeptCheck(label, source.value, draft is not None, sent, standing))
            return tuple(told)

        return await self._main.read("what a person answers could not be looked for", look)

    async def _open(self) -> Sequence[tuple[str, str, int]]:
        query = select(rounds.c.id, rounds.c.label, rounds.c.openings).where(rounds.c.status.not_in(OVER))

        def look(connection: Connection) -> Sequence[tuple[str, str, int]]:
            return [(row.id, row.label, row.openings) for row in connection.execute(query.order_by(rounds.c.label))]

        return await self._main.read("the rounds could not be read", look)

    def _marked(self, person: Person) -> str:
        return self._marks.logged(f"{person.tenant}/{person.user}")

    def _event(self, action: Action, person: Person, by: By, told: Mapping[str, str]) -> AuditEvent:
        return AuditEvent(self._now(), by.actor, by.tenant, action, self._marked(person), told)
