"""What every store of the check promises, whatever keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.maturity.errors import AlreadyAnswered, Conflict, RoundClosed
from bot.maturity.instrument import Null
from bot.maturity.ports import CheckStore, Draft, Person
from bot.maturity.responses import ItemAnswer
from bot.maturity.rounds import RoundStatus
from bot.maturity.session import Cascade, Given, Source
from bot.storage.database import open_database
from tests.contract.storage.checks import (
    ANNA,
    BO,
    CLOSES,
    NAMESAKE,
    OPENS,
    SHARED,
    Calendar,
    a_response,
    a_round,
    a_session,
    read,
    with_answer,
)
from tests.fakes.check_store import MemoryCheckStore

ALONE, GROUP = Source.INDIVIDUAL, Source.CONSENSUS


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, calendar: Calendar) -> AsyncIterator[CheckStore]:
    """An empty store with one open round."""
    if request.param == "memory":
        memory = MemoryCheckStore(clock=calendar)
        await memory.add(a_round())
        yield memory
        return
    urls = (request.getfixturevalue(f"{request.param}{name}") for name in ("_url", "_identity_url"))
    database = await open_database(*urls, today=calendar, read=read)
    await database.check.add(a_round())
    yield database.check
    await database.close()


class TestRounds:
    """Rounds, every backend."""

    async def test_rounds_come_back_as_they_were_kept_newest_first(self, store: CheckStore) -> None:
        later = replace(a_round("r2", opens=date(2027, 3, 1), status=RoundStatus.PLANNED), closes=None, practice=True)
        await store.add(later)
        assert list(await store.rounds()) == [later, a_round()]

    async def test_two_rounds_have_neither_id_nor_label_in_common(self, store: CheckStore) -> None:
        for taken in (a_round(label="2026:9"), a_round("r9", label="2026:r1")):
            with pytest.raises(Conflict):
                await store.add(taken)
        assert list(await store.rounds()) == [a_round()]

    async def test_a_closed_round_is_no_beginning(self, store: CheckStore) -> None:
        with pytest.raises(RoundClosed):
            await store.add(a_round("r2", status=RoundStatus.CLOSED))

    async def test_a_planned_round_is_opened_once(self, store: CheckStore) -> None:
        await store.add(a_round("r2", status=RoundStatus.PLANNED))
        with pytest.raises(RoundClosed):
            await store.save(ANNA, a_session(round="r2"), 0)
        await store.open("r2")
        assert await store.save(ANNA, a_session(round="r2"), 0) == 1
        for closed in ("r2", "nothing"):
            with pytest.raises(RoundClosed):
                await store.open(closed)

    async def test_another_text_of_an_instrument_replaces_the_first_and_leaves_drafts_alone(
        self, store: CheckStore
    ) -> None:
        await store.save(ANNA, a_session(), 0)
        await store.correct(a_round(text="koll 2"))
        [held] = await store.rounds()
        assert held.instrument.version == "2"
        assert await store.load(ANNA, "r1", ALONE) == Draft(a_session(), 1)

    async def test_two_rounds_may_have_the_same_instrument(self, store: CheckStore) -> None:
        await store.add(a_round("r2"))
        assert [each.instrument for each in await store.rounds()] == [read("koll 1", "")] * 2

    async def test_closing_twice_is_closing(self, store: CheckStore) -> None:
        await store.close("r1")
        await store.close("r1")
        assert [each.status for each in await store.rounds()] == [RoundStatus.CLOSED]

    async def test_what_is_closed_or_unknown_is_not_changed(self, store: CheckStore) -> None:
        with pytest.raises(RoundClosed):
            await store.close("nothing")
        await store.close("r1")
        for gone in (a_round(), a_round("nothing")):
            with pytest.raises(RoundClosed):
                await store.correct(gone)
            with pytest.raises(RoundClosed):
                await store.open(gone.id)


class TestDrafts:
    """Drafts, every backend."""

    async def test_a_draft_comes_back_as_it_was_saved(self, store: CheckStore) -> None:
        odd = "Å i NFC, A\u030a, \U0001d518, \U0001f914, \u202e, 'citat'; DROP TABLE drafts;--\n\t\\"
        session = replace(
            with_answer(a_session(comments={"hinder": odd}), "portfolj", "3"),
            pending=Cascade(("b",), "a", Given(("1",), Null.SKIPPED, odd, "f")),
            aside={"c": Given(text=odd)},
        )
        assert await store.save(ANNA, session, 0) == 1
        assert await store.load(ANNA, "r1", ALONE) == Draft(session, 1)
        assert list(await store.mine(ANNA)) == [Draft(session, 1)]

    async def test_nobody_else_sees_a_draft_not_even_with_the_same_user_id(self, store: CheckStore) -> None:
        await store.save(ANNA, a_session(), 0)
        for other in (BO, NAMESAKE, Person("tenant-aa", "nna"), Person("", "tenant-aanna")):
            assert list(await store.mine(other)) == []
            assert await store.load(other, "r1", ALONE) is None
            assert await store.erase(other, "r1", ALONE) is False
        assert len(await store.mine(ANNA)) == 1

    async def test_a_person_has_a_draft_for_each_round_and_source(self, store: CheckStore) -> None:
        await store.add(a_round("r2"))
        drafts = [a_session(), a_session(source=GROUP), a_session(round="r2")]
        for each in drafts:
            await store.save(ANNA, each, 0)
        found = {(draft.session.round, draft.session.source) for draft in await store.mine(ANNA)}
        assert found == {("r1", ALONE), ("r1", GROUP), ("r2", ALONE)}

    async def test_d02_a_change_made_from_an_older_version_is_refused_and_nothing_is_lost(
        self, store: CheckStore
    ) -> None:
        first = with_answer(a_session(), "a", "1")
        await store.save(ANNA, first, 0)
        await store.save(ANNA, with_answer(first, "b", "2"), 1)
        for version in (0, 1, 3):
            with pytest.raises(Conflict):
                await store.save(ANNA, with_answer(first, "c", "3"), version)
        assert await store.load(ANNA, "r1", ALONE) == Draft(with_answer(first, "b", "2"), 2)

    async def test_d02_of_those_who_begin_the_same_draft_at_once_one_wins(self, store: CheckStore) -> None:
        sessions = [with_answer(a_session(), "a", str(n)) for n in range(8)]
        results = await asyncio.gather(*(store.save(ANNA, each, 0) for each in sessions), return_exceptions=True)
        assert [type(result) for result in results if result != 1] == [Conflict] * 7
        draft = await store.load(ANNA, "r1", ALONE)
        assert draft == Draft(sessions[results.index(1)], 1)

    @pytest.mark.parametrize("same", [True, False], ids=["same item", "different items"])
    async def test_d02_two_devices_lose_no_answer_when_they_ask_again(self, store: CheckStore, same: bool) -> None:
        await store.save(ANNA, a_session(), 0)

        async def device(name: str) -> int:
            conflicts = 0
            for number in range(6):
                while True:
                    draft = await store.load(ANNA, "r1", ALONE)
                    assert draft is not None
                    item = f"i{number}" if same else f"{name}{number}"
                    mine = replace(draft.session, seen=(*draft.session.seen, f"{name}-{number}"))
                    try:
                        await store.save(ANNA, with_answer(mine, item, name), draft.version)
                        break
                    except Conflict:
                        conflicts += 1
            return conflicts

        await asyncio.gather(device("x"), device("y"))
        draft = await store.load(ANNA, "r1", ALONE)
        assert draft is not None
        assert draft.version == 13
        assert sorted(draft.session.seen[1:]) == sorted(f"{name}-{n}" for name in "xy" for n in range(6))
        assert len(draft.session.answers) == (6 if same else 12)

    async def test_a_round_takes_answers_from_its_first_day_to_its_last(
        self, store: CheckStore, calendar: Calendar
    ) -> None:
        await store.save(ANNA, a_session(), 0)
        calendar.day = CLOSES
        await store.save(ANNA, a_session(), 1)
        for day in (OPENS - timedelta(days=1), CLOSES + timedelta(days=1)):
            calendar.day = day
            with pytest.raises(RoundClosed):
                await store.save(ANNA, a_session(), 2)
            with pytest.raises(RoundClosed):
                await store.submit(ANNA, a_session(), a_response(), 2)
        assert await store.load(ANNA, "r1", ALONE) == Draft(a_session(), 2)
        assert list(await store.of_round("r1")) == []

    async def test_a_round_that_is_not_there_takes_no_answers(self, store: CheckStore) -> None:
        with pytest.raises(RoundClosed):
            await store.save(ANNA, a_session(round="nothing"), 0)
        with pytest.raises(RoundClosed):
            await store.erase(ANNA, "nothing", ALONE)
        assert await store.load(ANNA, "nothing", ALONE) is None


class TestResponses:
    """Responses, every backend."""

    async def test_a_response_comes_back_as_it_was_submitted(self, store: CheckStore) -> None:
        assert await store.submit(ANNA, a_session(), a_response(), 0) == 1
        assert list(await store.of_round("r1")) == [a_response()]
        assert await store.load(ANNA, "r1", ALONE) == Draft(a_session(), 1)
        assert list(await store.of_round("nothing")) == []

    async def test_a_later_response_replaces_the_earlier_one(self, store: CheckStore) -> None:
        await store.submit(ANNA, a_session(), a_response(), 0)
        fewer = a_response((ItemAnswer("portfolj", ("5",)),), municipalities=SHARED)
        assert await store.submit(ANNA, a_session(), fewer, 1) == 2
        assert list(await store.of_round("r1")) == [replace(fewer, version=2)]

    async def test_a_response_from_an_older_draft_is_not_kept(self, store: CheckStore) -> None:
        await store.submit(ANNA, a_session(), a_response(), 0)
        with pytest.raises(Conflict):
            await store.submit(ANNA, a_session(), a_response(()), 0)
        assert list(await store.of_round("r1")) == [a_response()]

    async def test_everybodys_responses_are_kept_apart(self, store: CheckStore) -> None:
        await store.add(a_round("r2"))
        for person in (ANNA, BO, NAMESAKE):
            await store.submit(person, a_session(), a_response(), 0)
        await store.submit(ANNA, a_session(round="r2"), a_response(round="r2"), 0)
        assert list(await store.of_round("r1")) == [a_response()] * 3
        assert list(await store.of_round("r2")) == [a_response(round="r2")]

    async def test_erasing_takes_draft_and_response_and_makes_room_for_another(self, store: CheckStore) -> None:
        shared = a_response(source=GROUP, municipalities=SHARED)
        await store.submit(ANNA, a_session(source=GROUP), shared, 0)
        await store.submit(ANNA, a_session(), a_response(), 0)
        assert await store.erase(ANNA, "r1", GROUP) is True
        assert await store.erase(ANNA, "r1", GROUP) is False
        assert list(await store.of_round("r1")) == [a_response()]
        assert [draft.session.source for draft in await store.mine(ANNA)] == [ALONE]
        assert await store.submit(BO, a_session(source=GROUP), shared, 0) == 1
        assert await store.submit(ANNA, a_session(source=ALONE), a_response(), 1) == 2

    async def test_a_municipality_answers_as_a_group_once_in_a_round(self, store: CheckStore) -> None:
        await store.add(a_round("r2"))
        group = a_session(source=GROUP)
        await store.submit(ANNA, group, a_response(source=GROUP, municipalities=SHARED), 0)
        with pytest.raises(AlreadyAnswered):
            await store.submit(BO, group, a_response(source=GROUP, municipalities=("orust", "munkedal")), 0)
        assert await store.load(BO, "r1", GROUP) is None
        assert await store.submit(BO, group, a_response(source=GROUP, municipalities=("orust",)), 0) == 1
        assert await store.submit(BO, a_session(), a_response(municipalities=SHARED), 0) == 1
        other = a_response(source=GROUP, municipalities=SHARED, round="r2")
        assert await store.submit(BO, a_session(source=GROUP, round="r2"), other, 0) == 1

    async def test_a_group_may_change_its_response_and_its_municipalities(self, store: CheckStore) -> None:
        group = a_session(source=GROUP)
        await store.submit(ANNA, group, a_response(source=GROUP, municipalities=SHARED), 0)
        await store.submit(ANNA, group, a_response(source=GROUP, municipalities=SHARED[:2]), 1)
        assert await store.submit(BO, group, a_response(source=GROUP, municipalities=SHARED[2:]), 0) == 1
        with pytest.raises(AlreadyAnswered):
            await store.submit(ANNA, group, a_response(source=GROUP, municipalities=SHARED), 2)
        kept = {response.municipalities for response in await store.of_round("r1")}
        assert kept == {SHARED[:2], SHARED[2:]}

    async def test_of_groups_that_answer_at_once_for_the_same_municipality_one_wins(self, store: CheckStore) -> None:
        people = [Person("tenant-a", f"user-{n}") for n in range(6)]
        places = [SHARED, SHARED[::-1], SHARED[:1], SHARED[1:], (*SHARED[1:], "orust"), SHARED[2:]]
        results = await asyncio.gather(
            *(
                store.submit(person, a_session(source=GROUP), a_response(source=GROUP, municipalities=each), 0)
                for person, each in zip(people, places, strict=True)
            ),
            return_exceptions=True,
        )
        assert {type(result) for result in results} <= {int, AlreadyAnswered}
        kept = [response.municipalities for response in await store.of_round("r1")]
        assert len(kept) == results.count(1) >= 1
        names = [name for each in kept for name in each]
        assert len(names) == len(set(names))
        for person, result in zip(people, results, strict=True):
            assert (await store.load(person, "r1", GROUP) is not None) == (result == 1)


class TestClosing:
    """The end of a round, every backend."""

    async def test_after_closing_there_are_no_drafts_and_the_responses_stay(self, store: CheckStore) -> None:
        await store.submit(ANNA, a_session(), a_response(), 0)
        await store.save(BO, a_session(), 0)
        await store.close("r1")
        for person in (ANNA, BO):
            assert list(await store.mine(person)) == []
            assert await store.load(person, "r1", ALONE) is None
        assert list(await store.of_round("r1")) == [a_response()]

    async def test_a_closed_round_takes_nothing_and_gives_nothing_back(self, store: CheckStore) -> None:
        await store.submit(ANNA, a_session(), a_response(), 0)
        await store.close("r1")
        with pytest.raises(RoundClosed):
            await store.save(ANNA, a_session(), 1)
        with pytest.raises(RoundClosed):
            await store.submit(ANNA, a_session(), a_response(), 1)
        with pytest.raises(RoundClosed):
            await store.erase(ANNA, "r1", ALONE)
        assert list(await store.of_round("r1")) == [a_response()]

    async def test_other_rounds_go_on(self, store: CheckStore) -> None:
        await store.add(a_round("r2"))
        await store.save(ANNA, a_session(round="r2"), 0)
        await store.save(ANNA, a_session(), 0)
        await store.close("r1")
        assert [draft.session.round for draft in await store.mine(ANNA)] == ["r2"]
        assert await store.save(ANNA, a_session(round="r2"), 1) == 2

    async def test_what_comes_while_a_round_is_closed_is_kept_or_refused_but_never_left_over(
        self, store: CheckStore
    ) -> None:
        people = [Person("tenant-a", f"user-{n}") for n in range(12)]
        *results, _ = await asyncio.gather(
            *(store.submit(each, a_session(), a_response(), 0) for each in people),
            store.close("r1"),
            return_exceptions=True,
        )
        assert {type(result) for result in results} <= {int, RoundClosed}
        assert len(await store.of_round("r1")) == results.count(1)
        for each in people:
            assert list(await store.mine(each)) == []
