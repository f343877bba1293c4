"""The demo's rounds: the same from the same seed, as the instrument asks, and near 2024."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from bot.demo.answering import People
from bot.demo.places import INHABITANTS, IT, OVERALL, SERVED, SERVICES, SHARED_IT, heads
from bot.demo.rounds import DECISIONS, MadeRound, made_rounds
from bot.demo.tendencies import tendency
from bot.demo.words import Words
from bot.maturity.answering import accepted
from bot.maturity.baseline import index_range
from bot.maturity.instrument import Kind
from bot.maturity.personal_data import holds_personal_number
from bot.maturity.ports import Visibility
from bot.maturity.responses import Response
from bot.maturity.routing import items_of
from bot.maturity.session import Background, Given, Session, Source
from bot.maturity.words import TEXT_LIMIT
from tests.fakes.demo import TODAY, baseline, small_round, world


@pytest.fixture(scope="module")
def rounds() -> tuple[MadeRound, ...]:
    return tuple(made_rounds(world(), today=TODAY, respondents=400))


def test_there_are_two_that_are_closed_and_one_that_is_open(rounds: tuple[MadeRound, ...]) -> None:
    assert [each.held.label for each in rounds] == ["2026:1", "2026:2", "2026:3"]
    assert [each.closed is None for each in rounds] == [False, False, True]
    for each in rounds:
        last = TODAY if each.closed is None else each.held.closes
        assert last is not None
        assert all(each.held.opens <= one.submitted <= last for _, _, one in each.responses)
    newest = rounds[2].held
    assert newest.closes is not None
    assert newest.opens < TODAY < newest.closes


def test_labels_follow_the_year() -> None:
    labels = [each.held.label for each in made_rounds(world(), today=date(2027, 1, 15), respondents=60)]
    assert labels == ["2026:1", "2026:2", "2027:1"]


def test_the_same_seed_gives_the_same_rounds_and_another_others(rounds: tuple[MadeRound, ...]) -> None:
    again = tuple(made_rounds(world.__wrapped__(), today=TODAY, respondents=400))
    assert again == rounds
    other = next(iter(made_rounds(world(2), today=TODAY, respondents=400)))
    assert other.responses != rounds[0].responses


def test_who_answers_is_as_in_fyrbodal(rounds: tuple[MadeRound, ...]) -> None:
    people = [one for _, _, one in rounds[1].responses if one.source is Source.INDIVIDUAL]
    assert len(people) == 400
    roles = Counter((one.organisation, one.roles[0]) for one in people)
    assert all(roles[place, OVERALL] >= 1 for place in INHABITANTS)
    assert all(roles[place, IT] <= 2 for place in INHABITANTS)
    assert all(roles[place, IT] == 0 for place in SERVED)
    [shared] = [one for one in people if one.organisation == SHARED_IT]
    assert shared.municipalities == SERVED
    assert roles["trollhattan", SERVICES] > 4 * roles["dals-ed", SERVICES] > 0
    joint = [one for _, _, one in rounds[1].responses if one.source is Source.CONSENSUS]
    assert {one.organisation for one in joint} == {"mellerud", "tanum"}


def test_invited_are_at_least_those_who_answer(rounds: tuple[MadeRound, ...]) -> None:
    held = rounds[1].held
    for (place, role), number in heads(400).items():
        if (place, role) in held.invited:
            assert held.invited[place, role] >= number
    assert (SHARED_IT, IT) not in held.invited
    assert set(rounds[1].decisions) == set(DECISIONS)
    assert set(DECISIONS.values()) == set(Visibility)


def test_every_response_is_one_that_the_instrument_takes(rounds: tuple[MadeRound, ...]) -> None:
    for _, _, one in random.Random(1).sample(list(rounds[1].responses), 60) + list(rounds[1].responses[-2:]):
        session = _session(one)
        assert [item.id for item in items_of(session, world().instrument)] == [each.item for each in one.answers]
        for item_id, given in session.answers.items():
            assert accepted(session, item_id, given, world().instrument).codes == given.codes


def test_ids_and_owners_are_as_the_store_makes_them(rounds: tuple[MadeRound, ...]) -> None:
    every = [(identifier, owner) for each in rounds for identifier, owner, _ in each.responses]
    assert len({identifier for identifier, _ in every}) == len({owner for _, owner in every}) == len(every)
    assert all(len(identifier) == 32 and len(owner) == 64 for identifier, owner in every)


def test_the_whole_is_near_2024() -> None:
    """What the tendency says, not one draw of it: its index lies within what 2024 allows, give or take the rare."""
    known = 0
    for item in world().instrument.items:
        then = baseline().get(item.baseline)
        bounds = index_range(then) if then is not None and item.kind is Kind.LEVEL else None
        if bounds is None or then is None:
            continue
        weights = tendency(item, baseline()).weights
        steps = len(weights) - 1
        index = 100 * sum(level * weight for level, weight in enumerate(weights)) / sum(weights) / steps
        # Who is left over in 2024's figures stands on the options without a number, at one end of the scale or both.
        assert bounds[0] - 8 <= index <= bounds[1] + 8, item.id
        known += 1
    assert known == 17


def test_people_follow_the_tendency() -> None:
    item = world().instrument.item("digital_kompetens")
    assert item is not None
    held = small_round().held
    people = People(world(), held, random.Random(3), (held.opens, held.opens), {})
    crowd = {(place, SERVICES): 60 for place in INHABITANTS}
    levels = Counter(
        each.codes[0] for one in people.everybody(crowd) for each in one.answers if each.item == item.id and each.codes
    )
    total, weights = levels.total(), tendency(item, baseline()).weights
    for option, weight in zip(item.options, weights, strict=True):
        assert levels[option.code] / total == pytest.approx(weight / sum(weights), abs=0.09)


def test_what_has_moved_shows(rounds: tuple[MadeRound, ...]) -> None:
    """Governance was moved up, and so it is, for those who are asked about it."""
    means = []
    for each in rounds[:2]:
        codes = [
            int(answer.codes[0])
            for _, _, one in each.responses
            for answer in one.answers
            if answer.item in ("digital_mognad", "it_miljo") and answer.codes
        ]
        means.append(sum(codes) / len(codes))
    assert means[1] > means[0] + 0.1


def test_words_are_short_and_hold_nothing_personal() -> None:
    words = Words.load()
    assert sum(map(len, words.texts.values())) >= 40
    dice = random.Random(1)
    for item in words.texts:
        found = world().instrument.item(item)
        assert found is not None
        assert found.kind is Kind.TEXT
        for _ in range(100):
            text = words.about(item, dice)
            assert "[" not in text
            assert "|" not in text
            assert len(text) < TEXT_LIMIT
            assert not holds_personal_number(text)
    assert words.about("digital_mognad", dice) == ""


def _session(one: Response) -> Session:
    given = {each.item: Given(each.codes, each.null, each.text) for each in one.answers}
    background = Background(one.organisation, one.roles, one.operation)
    session = Session("s", one.round, one.digest, one.source, "sv", "1", TODAY, background=background)
    return replace(session, answers=given)
