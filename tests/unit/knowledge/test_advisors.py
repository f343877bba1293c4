"""One advisor an audience, made once, however many ask at once."""

from __future__ import annotations

import asyncio
from collections import Counter

from knowledge.access import EVERYBODY, OPERATOR, people_of
from knowledge.advisor import Advisor
from knowledge.advisors import Advisors
from knowledge.ports import Index
from tests.fakes.knowledge import MemoryIndex, ShownKeys, WordList, document, judged_by_coverage, passage, small_library

OWNED = [document(owner, owner=owner) for owner in ("uddevalla", "tanum")]
PASSAGES = [passage(f"Bygglov hos {one.id}.", "Bygglov", document=one.id) for one in OWNED]


class Making:
    """Makes advisors, and counts which documents they are made of."""

    def __init__(self) -> None:
        self.made: Counter[tuple[str, ...]] = Counter()

    def __call__(self, index: Index) -> Advisor:
        self.made[tuple(one.owner for one in index.documents)] += 1
        return Advisor(index, None, WordList(), ShownKeys(), answerability=judged_by_coverage())


async def test_r07_many_audiences_at_once_get_one_advisor_each() -> None:
    making = Making()
    advisors = Advisors(MemoryIndex(PASSAGES, OWNED), making)
    audiences = [people_of("uddevalla"), EVERYBODY, people_of("tanum"), OPERATOR, people_of("amal")] * 10
    found = await asyncio.gather(*(advisors.of(audience) for audience in audiences))
    assert making.made == {(): 1, ("uddevalla",): 1, ("tanum",): 1, ("uddevalla", "tanum"): 1}
    assert found[1] is found[4] is advisors.everybody
    assert [one.index.owners for one in found[:5]] == [{"uddevalla"}, set(), {"tanum"}, {"uddevalla", "tanum"}, set()]


async def test_where_everything_is_everybodys_there_is_one_advisor() -> None:
    making = Making()
    advisors = Advisors(small_library(), making)
    assert {await advisors.of(audience) for audience in (EVERYBODY, people_of("tanum"), OPERATOR)} == {
        advisors.everybody
    }
    assert making.made.total() == 1


async def test_an_advisor_that_could_not_be_made_is_made_for_the_next_one() -> None:
    making = Making()
    failing = iter([False, True, False])

    def advise(index: Index) -> Advisor:
        if next(failing):
            raise MemoryError
        return making(index)

    advisors = Advisors(MemoryIndex(PASSAGES, OWNED), advise)
    first, second = await asyncio.gather(*(advisors.of(OPERATOR) for _ in range(2)), return_exceptions=True)
    assert isinstance(first, MemoryError)
    assert isinstance(second, Advisor)
