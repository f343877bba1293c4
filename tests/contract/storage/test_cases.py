"""What a store of cases promises, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.audit import Action
from bot.conversation.ports import Entry, Place
from bot.questions.cases import OPEN_LIMIT, Case, CaseStatus, Handed, Kept, origin_of
from bot.questions.keeping import Keeping
from bot.questions.model import EvaluationRow
from bot.questions.retrying import LEASE
from bot.storage.database import Database
from tests.fakes.advice import answered
from tests.fakes.cases import sent_event

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
KEEPING = Keeping(timedelta(days=30))
CASE = Case("a" * 32, NOON, "Vem beslutar?", "sv", origin_of("t", "c"), "adress")


async def keep(database: Database, case: Case = CASE) -> Kept:
    return await database.cases.take(case, sent_event(case))


async def kept(database: Database, case_id: str = CASE.id) -> Case:
    case = await database.cases.one(case_id)
    assert case is not None
    return case


async def replied(database: Database) -> None:
    await keep(database)
    assert await database.cases.answer(CASE.id, "Nämnden.", NOON, "f-1")


async def recorded(database: Database) -> list[str]:
    return [each.event.action for each in await database.audit.entries()]


class TestCases:
    async def test_a_case_is_kept_once_and_only_for_its_conversation(self, database: Database) -> None:
        assert await keep(database) is Kept.NEW
        assert await keep(database) is Kept.KNOWN
        assert await keep(database, replace(CASE, origin=origin_of("t", "other"))) is Kept.REFUSED
        [stored] = await database.cases.all()
        assert replace(stored, origin=CASE.origin) == CASE
        assert stored.origin not in ("", CASE.origin)  # under a key

    async def test_sending_and_cancelling_are_in_the_audit_log_once(self, database: Database) -> None:
        for _ in range(2):
            await keep(database)
        other = replace(CASE, id="b" * 32)
        cancelled = sent_event(other, Action.CASE_CANCELLED)
        for _ in range(2):
            assert await database.cases.cancel(other.id, other.origin, cancelled) is Kept.NEW
        assert await database.cases.cancel(CASE.id, CASE.origin, cancelled) is Kept.KNOWN
        assert await database.cases.cancel(CASE.id, origin_of("t", "other"), cancelled) is Kept.REFUSED
        [second, first] = await database.audit.entries()
        mark = first.event.actor  # the sender's conversation, under a key
        assert mark not in ("", cancelled.actor)
        assert (first.event, second.event) == (replace(sent_event(CASE), actor=mark), replace(cancelled, actor=mark))
        assert (await database.audit.verify()).broken is None

    async def test_open_cases_of_a_conversation_are_few(self, database: Database) -> None:
        for number in range(OPEN_LIMIT):
            await keep(database, replace(CASE, id=f"{number:032x}"))
        assert await keep(database) is Kept.TOO_MANY
        assert await recorded(database) == ["case_sent"] * OPEN_LIMIT

    async def test_a_reply_is_handed_over_once_and_its_address_forgotten(self, database: Database) -> None:
        cases = database.cases
        await replied(database)
        assert not await cases.answer(CASE.id, "Någon annan.", NOON, "f-2")
        assert not await cases.close(CASE.id, NOON, "f-1")
        assert [each.id for each in await cases.waiting(NOON)] == [CASE.id]
        assert await cases.claim(CASE.id, NOON)
        assert not await cases.claim(CASE.id, NOON)
        await cases.hand(CASE.id, NOON, Handed.SENT)
        case = await kept(database)
        assert (case.reply, case.address, case.handed) == ("Nämnden.", "", Handed.SENT)

    async def test_a_reply_that_was_not_taken_waits_for_its_time(self, database: Database) -> None:
        cases, again = database.cases, NOON + timedelta(minutes=10)
        await replied(database)
        assert await cases.next_try() is None
        await cases.claim(CASE.id, NOON)
        await cases.hand(CASE.id, NOON, Handed.WAITING, again)
        assert not await cases.waiting(again - SECOND)
        [due] = await cases.waiting(again)
        assert (due.tries, due.try_at, due.address) == (1, again, CASE.address)
        assert await cases.next_try() == again

    async def test_what_another_process_is_sending_right_now_is_left_to_it(self, database: Database) -> None:
        """A second process begins while the first sends: the first says what became of it."""
        cases = database.cases
        await replied(database)
        await cases.claim(CASE.id, NOON)
        await cases.interrupted(NOON + LEASE - LEASE)  # as late as it may
        assert (await kept(database)).handed is Handed.SENDING
        assert not await cases.claim(CASE.id, NOON + SECOND)
        await cases.hand(CASE.id, NOON, Handed.SENT)
        assert (await kept(database)).handed is Handed.SENT

    async def test_what_a_process_was_killed_over_is_uncertain_when_its_time_is_over(self, database: Database) -> None:
        cases = database.cases
        await replied(database)
        await cases.claim(CASE.id, NOON)
        await cases.interrupted(NOON + SECOND)
        case = await kept(database)
        assert (case.handed, case.address) == (Handed.UNCERTAIN, "")
        await cases.hand(CASE.id, NOON, Handed.WAITING, NOON)  # it was not dead, but it is too late for another try
        assert (await kept(database)).handed is Handed.UNCERTAIN
        await cases.hand(CASE.id, NOON - SECOND, Handed.SENT)  # this claim is nobody's
        assert (await kept(database)).handed is Handed.UNCERTAIN
        await cases.hand(CASE.id, NOON, Handed.SENT)  # it does know better
        assert (await kept(database)).handed is Handed.SENT

    async def test_the_channel_is_told_by_one(self, database: Database) -> None:
        await keep(database)
        assert await database.cases.post(CASE.id)
        assert not await database.cases.post(CASE.id)
        await database.cases.unpost(CASE.id)
        assert [each.id for each in await database.cases.unposted()] == [CASE.id]

    async def test_closing_forgets_where_it_came_from(self, database: Database) -> None:
        await keep(database)
        assert await database.cases.close(CASE.id, NOON, "f-1")
        case = await kept(database)
        assert (case.status, case.address) == (CaseStatus.CLOSED, "")

    @pytest.mark.parametrize(("after", "left"), [(KEEPING.done - DAY, 1), (KEEPING.done, 1), (KEEPING.done + DAY, 0)])
    async def test_what_is_done_goes_after_its_period(self, database: Database, after: timedelta, left: int) -> None:
        await keep(database)
        await database.cases.close(CASE.id, NOON, "f-1")
        await forget(database, NOON + after)
        assert len(await database.cases.all()) == left
        assert await recorded(database) == ["case_sent"]

    @pytest.mark.parametrize(("after", "left"), [(KEEPING.open - DAY, 1), (KEEPING.open, 1), (KEEPING.open + DAY, 0)])
    async def test_what_nobody_answered_goes_later_and_that_is_recorded(
        self, database: Database, after: timedelta, left: int
    ) -> None:
        await keep(database)
        await forget(database, NOON + after)
        assert len(await database.cases.all()) == left
        gone = ["data_deleted"] * (1 - left)
        assert await recorded(database) == [*gone, "case_sent"]
        await forget(database, NOON + after)
        assert await recorded(database) == [*gone, "case_sent"]

    async def test_a_reply_under_way_is_not_forgotten(self, database: Database) -> None:
        await replied(database)
        late = NOON + KEEPING.done + DAY
        await forget(database, late)
        await database.cases.claim(CASE.id, late)
        await forget(database, late)
        await database.cases.hand(CASE.id, late, Handed.GAVE_UP)
        assert (await kept(database)).address == ""
        await forget(database, late)
        assert not await database.cases.all()

    async def test_d08_what_was_sent_is_exported_with_its_reply(self, database: Database) -> None:
        await replied(database)
        await keep(database, replace(CASE, id="b" * 32, origin=origin_of("t", "other")))
        for tenant in ("t", ""):
            [case] = (await database.personal_data.export("c", tenant)).cases
            assert (case.question, case.reply, case.replied_at) == (CASE.question, "Nämnden.", NOON)
        assert not (await database.personal_data.export("c", "u")).cases
        assert (await recorded(database)).count("conversation_exported") == 2

    async def test_erasing_a_conversation_takes_its_cases(self, database: Database) -> None:
        await keep(database)
        assert await database.personal_data.erase("c", "t") == 1
        assert not await database.cases.all()

    @pytest.mark.parametrize("tenant", ["t", ""])
    async def test_d08_a_conversation_is_erased_where_no_answers_remain(self, database: Database, tenant: str) -> None:
        await keep(database)
        await keep(database, replace(CASE, id="b" * 32, origin=origin_of("t", "other")))
        await database.journal.record(Entry("q", NOON, Place("t", "c"), "Vem beslutar?", answered()))
        await database.evaluation_questions.keep(EvaluationRow("q", "Vem beslutar?", True, (), (), "f-1", NOON))
        await database.journal.forget_before(NOON + timedelta(seconds=1))
        assert await database.personal_data.erase("c", tenant) == 2
        assert [each.id for each in await database.cases.all()] == ["b" * 32]
        assert not await database.evaluation_questions.rows()


async def forget(database: Database, now: datetime) -> None:
    await database.cases.forget(now - KEEPING.done, now - KEEPING.open, now)
