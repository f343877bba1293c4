"""What a store of cases promises, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.ports import Entry, Place
from bot.questions.cases import OPEN_LIMIT, Case, CaseStatus, Handed, Kept, origin_of
from bot.questions.model import EvaluationRow
from bot.storage.database import Database, open_database
from tests.fakes.advice import answered

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CASE = Case("a" * 32, NOON, "Vem beslutar?", "sv", origin_of("t", "c"), "adress")


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    urls = (request.getfixturevalue(f"{request.param}{name}") for name in ("_url", "_identity_url"))
    opened = await open_database(*urls)
    yield opened
    await opened.close()


class TestCases:
    async def test_a_case_is_kept_once_and_only_for_its_conversation(self, database: Database) -> None:
        assert await database.cases.take(CASE) is Kept.NEW
        assert await database.cases.take(CASE) is Kept.KNOWN
        assert await database.cases.take(replace(CASE, origin=origin_of("t", "other"))) is Kept.REFUSED
        assert list(await database.cases.all()) == [CASE]

    async def test_open_cases_of_a_conversation_are_few(self, database: Database) -> None:
        for number in range(OPEN_LIMIT):
            await database.cases.take(replace(CASE, id=f"{number:032x}"))
        assert await database.cases.take(CASE) is Kept.TOO_MANY

    async def test_a_reply_is_handed_over_once_and_its_address_forgotten(self, database: Database) -> None:
        cases = database.cases
        await cases.take(CASE)
        assert await cases.answer(CASE.id, "Nämnden.", NOON, "f-1")
        assert not await cases.answer(CASE.id, "Någon annan.", NOON, "f-2")
        assert not await cases.close(CASE.id, NOON, "f-1")
        assert [each.id for each in await cases.waiting()] == [CASE.id]
        assert await cases.claim(CASE.id)
        assert not await cases.claim(CASE.id)
        await cases.hand(CASE.id, Handed.SENT)
        kept = await cases.one(CASE.id)
        assert kept is not None
        assert (kept.reply, kept.address, kept.handed) == ("Nämnden.", "", Handed.SENT)

    async def test_closing_forgets_where_it_came_from_and_old_ones_go(self, database: Database) -> None:
        cases = database.cases
        await cases.take(CASE)
        assert await cases.close(CASE.id, NOON, "f-1")
        kept = await cases.one(CASE.id)
        assert kept is not None
        assert (kept.status, kept.address) == (CaseStatus.CLOSED, "")
        assert await cases.forget_before(NOON + timedelta(seconds=1)) == 1

    async def test_erasing_a_conversation_takes_its_cases(self, database: Database) -> None:
        await database.cases.take(CASE)
        assert await database.personal_data.erase("c", "t") == 1
        assert not await database.cases.all()

    @pytest.mark.parametrize("tenant", ["t", ""])
    async def test_d08_a_conversation_is_erased_where_no_answers_remain(self, database: Database, tenant: str) -> None:
        await database.cases.take(CASE)
        await database.cases.take(replace(CASE, id="b" * 32, origin=origin_of("t", "other")))
        await database.journal.record(Entry("q", NOON, Place("t", "c"), "Vem beslutar?", answered()))
        await database.evaluation_questions.keep(EvaluationRow("q", "Vem beslutar?", True, (), (), "f-1", NOON))
        await database.journal.forget_before(NOON + timedelta(seconds=1))
        assert await database.personal_data.erase("c", tenant) == 2
        assert [each.id for each in await database.cases.all()] == ["b" * 32]
        assert not await database.evaluation_questions.rows()
