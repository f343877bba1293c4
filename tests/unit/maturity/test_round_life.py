"""The life of a round: every step from every status, by everybody, with and without what it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access.roles import Role
from bot.maturity import round_life
from bot.maturity.errors import StepRefused, ThresholdTooLow
from bot.maturity.round_life import CHANGEABLE, COMMAND_LINE, RULES, By, Request, Step
from bot.maturity.rounds import Round, RoundStatus
from tests.fakes.check_talk import TEXTS
from tests.fakes.instruments import instrument

PLANNED, OPEN, CLOSED, ARCHIVED = RoundStatus
TODAY = date(2026, 11, 2)
TOMORROW = TODAY + timedelta(days=1)
CONTACT = By("oid-1", "tenant-a", frozenset({Role.CONTACT}))
ADMINISTRATOR = By("oid-2", "tenant-a", frozenset({Role.ADMINISTRATOR}))
HELD = instrument()
ORGANISATION = next(each for each in HELD.organisations if not each.shared)


def a_round(status: RoundStatus = OPEN, **fields: object) -> Round:
    made = Round("r1", "2026:1", HELD, status, date(2026, 11, 1), None)
    return replace(made, **fields)  # type: ignore[arg-type]  # fields of a round


def asked(by: By = COMMAND_LINE, **fields: object) -> Request:
    whole = Request(by, TODAY, reason="x", closes=TOMORROW, diary_number="KS 1", retention="Dnr 2", keep_answers=3)
    return replace(whole, **fields)  # type: ignore[arg-type]  # fields of a request


def take(step: Step, held: Round, request: Request) -> Round:
    """Any step, on a round that it would change."""
    if step is Step.CHANGE:
        return round_life.change(held, replace(held, open_data=not held.open_data), request.by)
    if step is Step.CORRECT:
        return round_life.correct(held, instrument("2026.2"), request.by)
    return round_life.take(step, held, request)


def refusal(action: Callable[[], object]) -> str:
    """Why it was refused; the refusal has a text in both languages, with exactly these values."""
    with pytest.raises(StepRefused) as caught:
        action()
    for language in ("sv", "en"):
        assert TEXTS.say(f"cli.maturity.refused.{caught.value.reason}", language, **caught.value.values)
    return caught.value.reason


@pytest.mark.parametrize("status", RoundStatus)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_taken_from_the_statuses_of_the_table_and_from_no_other(step: Step, status: RoundStatus) -> None:
    held = a_round(status)
    if status in RULES[step].before:
        assert take(step, held, asked()).status is (RULES[step].after or status)
    else:
        assert refusal(lambda: take(step, held, asked())).startswith(step.value)


def test_the_table_is_the_life_that_was_decided() -> None:
    moves = {(before, rule.after) for rule in RULES.values() for before in rule.before if rule.after}
    assert moves == {(PLANNED, OPEN), (PLANNED, CLOSED), (OPEN, CLOSED), (CLOSED, OPEN), (CLOSED, ARCHIVED)}
    federation = frozenset({Role.FEDERATION})
    assert round_life.possible(CLOSED, federation) == (Step.REOPEN, Step.ARCHIVE, Step.CHANGE)
    assert round_life.possible(ARCHIVED, federation) == (Step.CHANGE,)
    assert round_life.possible(OPEN, CONTACT.roles) == ()


@pytest.mark.parametrize("by", [CONTACT, ADMINISTRATOR, By("oid-3", "tenant-a", frozenset())])
@pytest.mark.parametrize("step", Step)
def test_only_the_federation_takes_steps(step: Step, by: By) -> None:
    status = next(iter(RULES[step].before))
    assert refusal(lambda: take(step, a_round(status), asked(by))) == "role"


@pytest.mark.parametrize(
    ("step", "field", "empty"),
    [
        (Step.REOPEN, "reason", ""),
        (Step.REOPEN, "closes", None),
        (Step.ARCHIVE, "diary_number", ""),
        (Step.ARCHIVE, "retention", ""),
    ],
)
def test_what_a_step_needs_must_be_given(step: Step, field: str, empty: object) -> None:
    assert field in RULES[step].needs
    lacking = replace(asked(), **{field: empty})  # type: ignore[arg-type]  # a field of a request
    assert refusal(lambda: take(step, a_round(CLOSED), lacking)) == f"needs_{field}"


def test_closing_reopening_and_archiving_leave_their_days() -> None:
    closed = take(Step.CLOSE, a_round(closes=TODAY), asked())
    assert closed.closed_on == TODAY
    again = take(Step.REOPEN, closed, asked())
    assert (again.closes, again.closed_on, again.openings) == (TOMORROW, None, 2)
    archived = take(Step.ARCHIVE, closed, asked())
    assert (archived.archived_on, archived.diary_number, archived.retention) == (TODAY, "KS 1", "Dnr 2")
    assert archived.keep_answers == 3
    assert take(Step.ARCHIVE, closed, asked(keep_answers=None)).keep_answers is None
    assert refusal(lambda: take(Step.ARCHIVE, closed, asked(keep_answers=-1))) == "keep_answers"


def test_a_round_is_not_opened_for_days_that_are_over() -> None:
    over = TODAY - timedelta(days=1)
    assert refusal(lambda: take(Step.OPEN, a_round(PLANNED, closes=over), asked())) == "last_day"
    assert refusal(lambda: take(Step.CREATE, a_round(OPEN, closes=over), asked())) == "last_day"
    assert refusal(lambda: take(Step.REOPEN, a_round(CLOSED), asked(closes=over))) == "last_day"
    assert take(Step.CREATE, a_round(PLANNED, closes=over), asked()).status is PLANNED
    assert take(Step.OPEN, a_round(PLANNED, closes=TODAY), asked()).status is OPEN
    before = date(2026, 10, 1)
    assert refusal(lambda: take(Step.CREATE, a_round(PLANNED, closes=before), asked())) == "dates"


@pytest.mark.parametrize("status", RoundStatus)
@pytest.mark.parametrize("name", CHANGEABLE)
def test_a_field_is_changed_in_the_statuses_of_the_table_and_in_no_other(name: str, status: RoundStatus) -> None:
    other = {
        "opens": date(2026, 11, 3),
        "closes": date(2026, 12, 1),
        "invited": {(ORGANISATION.id, HELD.roles[0].id): 4},
        "threshold": 9,
        "open_data": True,
    }[name]
    held = a_round(status)
    wanted = replace(held, **{name: other}, label="not looked at")  # type: ignore[arg-type]  # fields of a round
    if status in CHANGEABLE[name]:
        after = round_life.change(held, wanted, COMMAND_LINE)
        assert (getattr(after, name), after.label) == (other, "2026:1")
    else:
        assert refusal(lambda: round_life.change(held, wanted, COMMAND_LINE)) == f"fixed_{name}"


@pytest.mark.parametrize("status", [OPEN, CLOSED, ARCHIVED])
@pytest.mark.parametrize("threshold", [5, 6, 8, 100])
def test_d13_no_other_threshold_once_a_round_is_open(status: RoundStatus, threshold: int) -> None:
    held = a_round(status, threshold=7)
    assert (
        refusal(lambda: round_life.change(held, replace(held, threshold=threshold), COMMAND_LINE)) == "fixed_threshold"
    )


@pytest.mark.parametrize("threshold", [-1, 0, 1, 4])
def test_d13_no_round_has_a_threshold_below_five(threshold: int) -> None:
    with pytest.raises(ThresholdTooLow):
        a_round(threshold=threshold)


def test_distributions_and_words_need_ten_and_never_fewer_than_the_threshold() -> None:
    assert [a_round(threshold=each).text_threshold for each in (5, 10, 12)] == [10, 10, 12]


def test_invited_numbers_are_about_what_the_instrument_knows() -> None:
    role = HELD.roles[0].id
    cases = {
        "unknown_municipality": {("atlantis", role): 1},
        "unknown_role": {(ORGANISATION.id, "chefer"): 1},
        "invited_number": {(ORGANISATION.id, role): -1},
    }
    for reason, invited in cases.items():
        assert refusal(lambda: take(Step.CREATE, a_round(invited=invited), asked())) == reason  # noqa: B023 - at once
        held = a_round()
        assert refusal(lambda: round_life.change(held, replace(held, invited=invited), COMMAND_LINE)) == reason  # noqa: B023 - at once


def test_refusals_of_editions_and_visibility_have_texts() -> None:
    for reason in ("visibility_over", "compile_now"):
        assert TEXTS.say(f"cli.maturity.refused.{reason}", "sv", label="2026:1")


def test_the_log_says_what_changed_and_nothing_else() -> None:
    before = a_round(PLANNED)
    after = replace(before, status=OPEN, closes=TOMORROW, threshold=6, invited={(ORGANISATION.id, "ledning"): 3})
    assert round_life.difference(before, after) == {
        "status": "planned > open",
        "closes": "> 2026-11-03",
        "threshold": "5 > 6",
        "invited": f"> {ORGANISATION.id}/ledning: 3",
    }
    assert round_life.difference(after, after) == {}
    assert round_life.difference(None, before)["threshold"] == "5"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Step), st.integers(0, 2)), max_size=12))
def test_whatever_is_tried_a_round_keeps_its_promises(tried: list[tuple[Step, int]]) -> None:
    """A threshold stands once open; an archived round stays archived; an opening is counted, and never twice."""
    held = a_round(PLANNED, threshold=6)
    for step, days in tried:
        before = held
        try:
            if step is Step.CHANGE:
                held = round_life.change(held, replace(held, threshold=5 + days), COMMAND_LINE)
            else:
                held = take(step, held, asked(closes=TODAY + timedelta(days=days)))
        except StepRefused:
            assert held is before
        if before.status is not PLANNED:
            assert held.threshold == before.threshold
        if before.status is ARCHIVED:
            assert held.status is ARCHIVED
        reopened = before.is_over and held.status is OPEN
        assert held.openings == before.openings + reopened
        assert held.is_over == (held.closed_on is not None)
