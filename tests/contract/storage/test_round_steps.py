"""What every store promises about the life of a round, and about what is kept beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.access.audit import Action, AuditEvent
from bot.access.roles import Role
from bot.maturity.errors import AlreadyAnswered, Conflict, RoundClosed, StepRefused, StoreFailed
from bot.maturity.ports import (
    CheckStore,
    Edition,
    Editions,
    Group,
    Visibilities,
    Visibility,
    VisibilityDecision,
)
from bot.maturity.responses import ItemAnswer
from bot.maturity.round_life import By
from bot.maturity.rounds import Round, RoundStatus
from bot.maturity.session import Source
from bot.storage.database import open_database
from tests.contract.storage.checks import (
    ANNA,
    BO,
    CLOSES,
    OPENS,
    SHARED,
    Calendar,
    a_response,
    a_round,
    a_session,
    read,
)
from tests.fakes.check_store import MemoryCheckStore, MemoryEditions, MemoryVisibilities

ALONE, GROUP = Source.INDIVIDUAL, Source.CONSENSUS
ELSA = By("oid-elsa", "tenant-f", frozenset({Role.FEDERATION}))
LATER = CLOSES + timedelta(days=30)
INVITED = {("uddevalla", "it"): 3, ("lysekil", "overgripande"): 0}


@dataclass
class Kept:
    """The parts of a store; `log` is what its audit log holds, oldest first."""

    check: CheckStore
    editions: Editions
    visibilities: Visibilities
    log: Callable[[], Awaitable[Sequence[AuditEvent]]]
    calendar: Calendar

    async def round(self) -> Round:
        [held] = await self.check.rounds()
        return held

    async def answered(self, *people: Any) -> None:
        for person in people:
            await self.check.submit(person, a_session(), a_response(), 0)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def kept(request: pytest.FixtureRequest) -> AsyncIterator[Kept]:
    """An empty store with one planned round."""
    calendar = Calendar()
    if request.param == "memory":
        memory = MemoryCheckStore(clock=calendar)

        async def told() -> Sequence[AuditEvent]:
            return memory.log

        parts = Kept(memory, MemoryEditions(memory), MemoryVisibilities(memory), told, calendar)
        await memory.add(a_round(status=RoundStatus.PLANNED))
        yield parts
        return
    urls = (request.getfixturevalue(f"{request.param}{name}") for name in ("_url", "_identity_url"))
    database = await open_database(*urls, today=calendar, read=read)

    async def entries() -> Sequence[AuditEvent]:
        return [entry.event for entry in await database.audit.entries()][::-1]

    parts = Kept(database.check, database.editions, database.visibilities, entries, calendar)
    await database.check.add(a_round(status=RoundStatus.PLANNED))
    yield parts
    await database.close()


async def test_a_round_comes_back_with_everything_that_is_known_of_it(kept: Kept) -> None:
    full = replace(
        a_round("r2", status=RoundStatus.PLANNED), invited=INVITED, threshold=7, open_data=True, practice=True
    )
    await kept.check.add(full, ELSA)
    assert full in await kept.check.rounds()
    await kept.check.open("r2", ELSA)
    await kept.check.close("r2", ELSA)
    await kept.check.archive("r2", diary_number="KS 1", retention="Dnr 2", keep_answers=0, by=ELSA)
    done = replace(
        full,
        status=RoundStatus.ARCHIVED,
        closed_on=OPENS + timedelta(days=1),
        archived_on=OPENS + timedelta(days=1),
        diary_number="KS 1",
        retention="Dnr 2",
        keep_answers=0,
    )
    assert done in await kept.check.rounds()


async def test_every_step_stands_in_the_log_with_who_took_it_and_refused_ones_do_not(kept: Kept) -> None:
    held = await kept.round()
    await kept.check.change(replace(held, threshold=6, invited=INVITED), ELSA)
    await kept.check.change(replace(held, threshold=6, invited=INVITED), ELSA)  # the same again changes nothing
    await kept.check.open("r1", ELSA)
    with pytest.raises(StepRefused):
        await kept.check.open("r1", ELSA)
    await kept.check.correct(a_round(text="koll 2"), ELSA)
    await kept.check.close("r1")
    await kept.check.close("r1")
    await kept.check.reopen("r1", closes=CLOSES, reason="Tanum bad om det", by=ELSA)
    with pytest.raises(StepRefused):
        await kept.check.archive("r1", diary_number="KS 1", retention="Dnr 2", by=ELSA)
    log = await kept.log()
    assert [each.action for each in log] == [
        *(Action.ROUND_CREATED, Action.ROUND_CHANGED, Action.ROUND_OPENED, Action.ROUND_CORRECTED),
        *(Action.ROUND_CLOSED, Action.ROUND_REOPENED),
    ]
    assert [each.actor for each in log] == ["system", *["oid-elsa"] * 3, "system", "oid-elsa"]
    assert [each.tenant for each in log] == ["", *["tenant-f"] * 3, "", "tenant-f"]
    assert {each.subject for each in log} == {"2026:r1"}
    assert log[1].details == {"threshold": "5 > 6", "invited": "> lysekil/overgripande: 0, uddevalla/it: 3"}
    assert log[-1].details["reason"] == "Tanum bad om det"


async def test_d13_no_store_changes_the_threshold_of_a_round_that_was_opened(kept: Kept) -> None:
    await kept.check.change(replace(await kept.round(), threshold=8))
    await kept.check.open("r1")
    for threshold in (5, 9):
        with pytest.raises(StepRefused, match="fixed_threshold"):
            await kept.check.change(replace(await kept.round(), threshold=threshold))
    assert (await kept.round()).threshold == 8


async def test_dates_and_numbers_are_changed_until_the_round_is_closed(kept: Kept) -> None:
    await kept.check.open("r1")
    held = replace(await kept.round(), closes=LATER, invited=INVITED)
    await kept.check.change(held)
    assert await kept.round() == held
    await kept.check.change(replace(held, closes=None, invited={}))
    assert ((await kept.round()).closes, (await kept.round()).invited) == (None, {})
    await kept.check.close("r1")
    for changed in ({"closes": LATER}, {"invited": INVITED}):
        with pytest.raises(StepRefused):
            await kept.check.change(replace(await kept.round(), **changed))
    await kept.check.change(replace(await kept.round(), open_data=True))
    assert (await kept.round()).open_data


async def test_what_is_not_there_takes_no_steps(kept: Kept) -> None:
    gone = a_round("nothing")
    steps = (
        kept.check.reopen("nothing", closes=CLOSES, reason="x"),
        kept.check.archive("nothing", diary_number="1", retention="2"),
        kept.check.change(gone),
        kept.editions.add(Edition("nothing", 1, OPENS, "d", ""), "{}", []),
        kept.visibilities.decide(VisibilityDecision("nothing", "uddevalla", Visibility.OWN, OPENS, "x"), ELSA),
    )
    for step in steps:
        with pytest.raises(RoundClosed):
            await step


class TestReopening:
    """A round that was closed, open again."""

    @pytest.fixture(autouse=True)
    async def reopened(self, kept: Kept) -> None:
        await kept.check.open("r1")
        await kept.answered(ANNA)
        shared = a_response(source=GROUP, municipalities=SHARED)
        await kept.check.submit(BO, a_session(source=GROUP), shared, 0)
        await kept.check.close("r1")
        await kept.check.reopen("r1", closes=LATER, reason="Tanum bad om det")

    async def test_earlier_responses_stay_and_belong_to_nobody(self, kept: Kept) -> None:
        assert (await kept.round()).openings == 2
        assert list(await kept.check.mine(ANNA)) == []
        assert await kept.check.load(ANNA, "r1", ALONE) is None
        assert await kept.check.erase(ANNA, "r1", ALONE) is False
        assert len(await kept.check.of_round("r1")) == 2

    async def test_it_takes_new_answers_which_can_be_changed_and_erased(self, kept: Kept) -> None:
        kept.calendar.day = LATER
        assert await kept.check.submit(ANNA, a_session(), a_response(), 0) == 1
        fewer = a_response((ItemAnswer("portfolj", ("5",)),))
        assert await kept.check.submit(ANNA, a_session(), fewer, 1) == 2
        assert len(await kept.check.of_round("r1")) == 3
        assert len(await kept.check.mine(ANNA)) == 1
        assert await kept.check.erase(ANNA, "r1", ALONE) is True
        assert len(await kept.check.of_round("r1")) == 2

    async def test_a_group_that_had_answered_has_answered(self, kept: Kept) -> None:
        with pytest.raises(AlreadyAnswered):
            await kept.check.submit(
                ANNA, a_session(source=GROUP), a_response(source=GROUP, municipalities=SHARED[:1]), 0
            )

    async def test_what_is_closed_again_and_archived_takes_nothing(self, kept: Kept) -> None:
        await kept.check.save(ANNA, a_session(), 0)
        await kept.check.close("r1")
        assert list(await kept.check.mine(ANNA)) == []
        await kept.check.archive("r1", diary_number="KS 1", retention="Dnr 2")
        for step in (
            kept.check.save(ANNA, a_session(), 0),
            kept.check.erase(ANNA, "r1", ALONE),
            kept.check.close("r1"),
            kept.check.reopen("r1", closes=LATER, reason="x"),
        ):
            with pytest.raises(RoundClosed):
                await step
        assert len(await kept.check.of_round("r1")) == 2


class TestCounting:
    """Responses by id, and how many there are."""

    async def test_responses_have_ids_that_stay(self, kept: Kept) -> None:
        await kept.check.open("r1")
        await kept.answered(ANNA, BO)
        first = await kept.check.numbered("r1")
        assert [response for _, response in first] == list(await kept.check.of_round("r1"))
        names = [name for name, _ in first]
        assert names == sorted(set(names))
        await kept.check.submit(ANNA, a_session(), a_response(submitted=date(2026, 11, 3)), 1)
        await kept.check.close("r1")
        assert [name for name, _ in await kept.check.numbered("r1")] == names
        assert list(await kept.check.numbered("nothing")) == []

    async def test_participation_is_counted_by_group_and_day(self, kept: Kept) -> None:
        await kept.check.open("r1")
        await kept.answered(ANNA, BO)
        shared = replace(a_response(source=GROUP, municipalities=SHARED), roles=("overgripande",))
        await kept.check.submit(ANNA, a_session(source=GROUP), replace(shared, submitted=CLOSES), 0)
        told = await kept.check.participation("r1")
        assert told.groups == {
            Group("uddevalla", ("uddevalla",), ("it", "overgripande"), ALONE): 2,
            Group("uddevalla", SHARED, ("overgripande",), GROUP): 1,
        }
        assert told.days == {date(2026, 11, 2): 2, CLOSES: 1}
        assert told.total == 3
        assert (await kept.check.participation("nothing")).total == 0


class TestEditions:
    """What was compiled."""

    @pytest.fixture(autouse=True)
    async def closed(self, kept: Kept) -> None:
        await kept.check.open("r1")
        await kept.answered(ANNA, BO)
        await kept.check.close("r1")

    async def ids(self, kept: Kept) -> list[str]:
        return [name for name, _ in await kept.check.numbered("r1")]

    async def test_an_edition_comes_back_with_its_members(self, kept: Kept) -> None:
        content = '{"å": "\U0001f914"}'
        assert await kept.editions.latest("r1") is None
        await kept.editions.add(Edition("r1", 1, CLOSES, "d", "not looked at"), content, await self.ids(kept), ELSA)
        edition = await kept.editions.latest("r1")
        assert edition is not None
        assert (edition.round, edition.number, edition.compiled, edition.digest) == ("r1", 1, CLOSES, "d")
        assert len(edition.checksum) == 64
        assert list(await kept.editions.all("r1")) == [edition]
        assert await kept.editions.content("r1", 1) == content
        assert await kept.editions.members("r1") == dict.fromkeys(await self.ids(kept), 1)

    async def test_a_later_edition_counts_those_who_came_since(self, kept: Kept) -> None:
        first = await self.ids(kept)
        await kept.editions.add(Edition("r1", 1, CLOSES, "d", ""), "one", first)
        await kept.check.reopen("r1", closes=CLOSES, reason="x")
        await kept.answered(ANNA)
        await kept.check.close("r1")
        both = await self.ids(kept)
        await kept.editions.add(Edition("r1", 2, CLOSES, "d", ""), "two", both)
        [new] = set(both) - set(first)
        assert await kept.editions.members("r1") == dict.fromkeys(first, 1) | {new: 2}
        assert [each.number for each in await kept.editions.all("r1")] == [1, 2]
        assert await kept.editions.content("r1", 1) == "one"

    async def test_what_does_not_follow_is_not_kept(self, kept: Kept) -> None:
        await kept.editions.add(Edition("r1", 1, CLOSES, "d", ""), "one", [])
        for number, members in ((1, []), (3, []), (0, []), (2, ["nobody's"])):
            with pytest.raises(Conflict):
                await kept.editions.add(Edition("r1", number, CLOSES, "d", ""), "other", members)
        assert await kept.editions.content("r1", 1) == "one"
        assert len(await kept.editions.all("r1")) == 1
        for absent in (("r1", 2), ("nothing", 1)):
            with pytest.raises(StoreFailed):
                await kept.editions.content(*absent)

    async def test_an_open_round_is_not_compiled(self, kept: Kept) -> None:
        await kept.check.reopen("r1", closes=CLOSES, reason="x")
        with pytest.raises(StepRefused, match="compile_now"):
            await kept.editions.add(Edition("r1", 1, CLOSES, "d", ""), "one", [])


async def test_visibility_is_decided_until_the_round_is_closed(kept: Kept) -> None:
    own = VisibilityDecision("r1", "uddevalla", Visibility.OWN, OPENS, "oid-elsa")
    public = VisibilityDecision("r1", "lysekil", Visibility.PUBLIC, OPENS, "oid-elsa")
    assert await kept.visibilities.decisions("r1") == {}
    for decision in (own, public, replace(own, visibility=Visibility.FEDERATION), own):
        await kept.visibilities.decide(decision, ELSA)
    assert await kept.visibilities.decisions("r1") == {"uddevalla": own, "lysekil": public}
    log = [each for each in await kept.log() if each.action == Action.VISIBILITY_DECIDED]
    assert [each.details["visibility"] for each in log] == ["> own", "> public", "own > federation", "federation > own"]
    await kept.check.close("r1")
    with pytest.raises(StepRefused, match="visibility_over"):
        await kept.visibilities.decide(replace(own, visibility=Visibility.PUBLIC), ELSA)
    assert (await kept.visibilities.decisions("r1"))["uddevalla"] == own
