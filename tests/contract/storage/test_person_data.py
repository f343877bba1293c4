"""D08 by a person's ids: everything that is kept of them is handed over and erased, and what others gave stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.access.audit import Action, AuditEvent
from bot.access.roles import Role
from bot.access.sessions import WebSession
from bot.access.visitor import Visitor
from bot.conversation.ports import Entry, Place, Rating
from bot.conversation.raters import rater_of
from bot.documents.chats import Chat
from bot.documents.recording import Person as Author
from bot.maturity.ports import Person
from bot.maturity.session import Source
from bot.questions.cases import Case, conversation_mark, origin_of
from bot.questions.model import EvaluationRow
from bot.reminders.model import Wish
from bot.storage.answers.budgets import BudgetLimits
from bot.storage.database import Database, open_database
from bot.storage.schema.audit import audit_log
from knowledge.composing.ports import Asker
from tests.contract.storage.checks import BO, Calendar, a_response, a_round, a_session, read
from tests.contract.storage.test_erasure import NOON, everything, found
from tests.fakes.advice import answered

WHO = Person("8f6c2c0e-tenant", "bengt-oid")
OTHER = Person("8f6c2c0e-tenant", "cecilia-oid")
OWN = Place(WHO.tenant, "a:1-bengts-samtal")
SHARED = Place(WHO.tenant, "19:kanalen@thread")


@pytest.fixture
async def database(urls: tuple[str, str]) -> AsyncIterator[Database]:
    database = await open_database(*urls, today=Calendar(), read=read)
    await database.check.add(a_round())
    await database.check.submit(BO, a_session(), a_response(), 0)
    await leave_traces(database, OTHER, Place(WHO.tenant, "a:2"), "c")
    yield database
    await database.close()


async def leave_traces(database: Database, who: Person, own: Place, name: str) -> None:
    """Whatever a person does in Fyren, in their own chat, in a channel and on the web pages."""
    for place in (own, SHARED):
        answer = f"{name}-{place.conversation}"
        await database.journal.record(Entry(answer, NOON, place, f"Fråga {name} ?", answered(), who.user))
        by = rater_of(place, who.tenant, who.user)
        await database.journal.delivered(answer, place, f"sent-{answer}")
        await database.journal.rate(Rating(NOON, place, by, True, f"bra {name}", f"sent-{answer}"))
    case = Case(name * 32, NOON, f"Vem {name}?", "sv", origin_of(own.tenant, own.conversation), f'{{"to":"{name}"}}')
    event = AuditEvent(NOON, conversation_mark(own.conversation), who.tenant, Action.CASE_SENT, case.id)
    await database.cases.take(case, event, who.user)
    await database.evaluation_questions.keep(
        EvaluationRow(f"{name}-{own.conversation}", f"Fråga {name} ?", False, (), (), who.user, NOON)
    )
    await database.people.keep(Author(who.user, who.tenant, f"Namn {name}"), NOON)
    visitor = Visitor(who.user, who.tenant, f"Namn {name}", frozenset({Role.FEDERATION}), frozenset())
    await database.web_sessions.add(WebSession(name * 64, visitor, NOON, NOON))
    await database.document_chats.keep(Chat(f"chat-{name}", NOON, f'{{"conversation":"{own.conversation}"}}', "sv"))
    await (await database.budgets.reserve(Asker(who.tenant, f"{who.tenant}/{who.user}"), 9, BudgetLimits())).settle(7)
    await database.check.save(who, a_session(), 0)
    await database.check.submit(who, a_session(), a_response(), 1)
    await database.check.reminders.remember(who, "r1", Source.INDIVIDUAL, Wish("{}", "sv", "s1", 1), asked=True)
    await database.check.reminders.refuse(who)


async def test_d08_a_person_is_found_by_their_ids_in_every_store(database: Database) -> None:
    await leave_traces(database, WHO, OWN, "b")
    kept = await database.person_data.export(WHO)
    rows = kept.rows
    assert [each.question for each in rows.answers] == ["Fråga b ?", "Fråga b ?"]
    assert [each.comment for each in rows.thumbs] == ["bra b", "bra b"]
    assert [each.question for each in rows.cases] == ["Vem b?"]
    assert [each.name for each in rows.sessions] == ["Namn b"]
    assert len(rows.picked) == 1
    assert [each.action for each in rows.log] == [Action.CASE_SENT]
    assert kept.documents is not None
    assert kept.documents.name == "Namn b"
    assert [(each.label, each.draft, each.sent is not None) for each in kept.check] == [(a_round().label, True, True)]
    assert kept.refused
    assert list(kept.tokens.values()) == [7]
    assert not await database.person_data.export(Person("another", "another-oid"))


async def test_d08_after_erasure_nothing_leads_to_the_person_and_the_others_stay(database: Database) -> None:
    before = {str(each) for each in await everything(database)}
    await leave_traces(database, WHO, OWN, "b")
    traces = ["Fråga b", "bra b", "Vem b", "Namn b", "b" * 32, WHO.user]
    assert {trace for _, _, trace in await found(database, traces)} == set(traces)
    gone = await database.person_data.erase(WHO)
    assert gone.keys() == {
        *("check", "tokens", "answers", "evaluation", "cases", "sessions", "refusal", "documents"),
    }
    left = await found(database, traces)
    assert {table for table, _, _ in left} <= {"audit_log"}  # the case's id, by which its entry is found
    assert await database.person_data.erase(WHO) == {}
    kept_from_others = {each for each in before if "audit" not in each and "'budgets'" not in each}
    assert kept_from_others <= {str(each) for each in await everything(database)}
    assert await database.personal_data.erase(OWN.conversation, "") == 1  # the chat whose files are still fetched


async def test_d08_the_log_knows_people_and_conversations_by_keyed_marks(database: Database) -> None:
    await leave_traces(database, WHO, OWN, "b")
    await database.person_data.export(WHO)
    await database.person_data.erase(WHO)
    await database.personal_data.erase(OWN.conversation)

    def rows(connection: Connection) -> str:
        return repr(connection.execute(select(audit_log)).all())

    log = await database.main.read("the log", rows)
    for known in (WHO.user, OWN.conversation, conversation_mark(OWN.conversation)):
        assert known not in log
    actions = [each.event.action for each in await database.audit.entries(limit=4)]
    assert actions[1:3] == [Action.PERSON_ERASED, Action.PERSON_EXPORTED]
    assert (await database.audit.verify()).broken is None


async def test_who_asked_is_another_one_in_every_conversation(database: Database) -> None:
    await leave_traces(database, WHO, OWN, "b")
    values = [value for table, column, value in await everything(database) if (table, column) == ("answers", "asker")]
    assert len(set(values)) == len(values) == 4


async def test_d08_what_somebody_did_for_others_stays_without_them(database: Database) -> None:
    await database.cases.answer("c" * 32, "Nämnden.", NOON + timedelta(hours=1), WHO.user)
    assert len((await database.person_data.export(WHO)).rows.replied) == 1
    assert await database.person_data.erase(WHO) == {"work": 1}
    case = await database.cases.one("c" * 32)
    assert case is not None
    assert replace(case, address="").by == ""
    assert case.reply == "Nämnden."
