"""What is filled in becomes a round, or is told at its field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.maturity.round_life import Step
from bot.maturity.rounds import RoundStatus
from bot.web.dashboard.forms import Reading
from bot.web.dashboard.round_forms import STEPS, change_form, changed_round, create_form, new_round, step_form, told_of
from bot.web.dashboard.voice import Voice
from tests.fakes.dashboard import CLOSED, OPEN, PLANNED
from tests.fakes.editions import main_instrument
from tests.unit.web.dashboard.scenes import TEXTS

SV = Voice(TEXTS, "sv")
INSTRUMENT = main_instrument()
GOOD = {"label": "2027:1", "instrument": INSTRUMENT.id, "opens": "2027-10-01", "closes": "2027-11-15", "threshold": "6"}


def test_a_form_becomes_a_planned_round() -> None:
    sent = GOOD | {"open_data": "yes", "invited.uddevalla.it_nara": "2", "invited.tanum.it_nara": ""}
    made, problems = new_round(sent, INSTRUMENT, SV)
    assert problems == {}
    assert made is not None
    assert (made.id, made.label, made.status, made.threshold) == ("2027-1", "2027:1", RoundStatus.PLANNED, 6)
    assert made.invited == {("uddevalla", "it_nara"): 2}
    assert made.open_data
    assert not made.practice
    late, _ = new_round(GOOD | {"label": "Höst Å 27", "closes": "", "threshold": ""}, INSTRUMENT, SV)
    assert late is not None
    assert (late.id, late.closes, late.threshold) == ("host-a-27", None, 5)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "!!"}, "label"),
        ({"label": "x" * 41}, "label"),
        ({"opens": "i morgon"}, "opens"),
        ({"opens": ""}, "opens"),
        ({"closes": "2027-13-01"}, "closes"),
        ({"threshold": "4"}, "threshold"),
        ({"threshold": "-1"}, "threshold"),
        ({"invited.uddevalla.it_nara": "två"}, "invited.uddevalla.it_nara"),
        ({"invited.uddevalla.it_nara": "²"}, "invited.uddevalla.it_nara"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(changed: dict[str, str], field: str) -> None:
    made, problems = new_round(GOOD | changed, INSTRUMENT, SV)
    assert made is None
    assert field in problems
    form = create_form([INSTRUMENT], INSTRUMENT, SV, GOOD | changed, problems)
    assert form.wrong
    assert next(each.problem for each in form.every if each.name == field) == problems[field]
    assert form.grid_wrong == field.startswith("invited")


def test_only_what_may_be_changed_is_asked_for() -> None:
    names = {each.name for each in change_form(PLANNED, SV, None, {}).fields}
    assert names == {"opens", "closes", "threshold", "open_data"}
    assert {each.name for each in change_form(OPEN, SV, None, {}).fields} == {"opens", "closes", "open_data"}
    closed = change_form(CLOSED, SV, None, {})
    assert {each.name for each in closed.fields} == {"open_data"}
    assert closed.grid == ()


def test_what_is_changed_is_changed_and_the_rest_stays() -> None:
    sent = dict(told_of(OPEN)) | {"closes": "2027-12-01", "invited.amal.verksamhetsnara": "7", "threshold": "9"}
    changed, problems = changed_round(sent, OPEN, SV)
    assert problems == {}
    assert changed is not None
    assert changed.closes is not None
    assert changed.closes.isoformat() == "2027-12-01"
    assert changed.threshold == OPEN.threshold
    assert changed.invited == {**OPEN.invited, ("amal", "verksamhetsnara"): 7}
    assert changed_round(dict(told_of(OPEN)), OPEN, SV)[0] == OPEN
    planned, problems = changed_round(dict(told_of(PLANNED)) | {"threshold": "3"}, PLANNED, SV)
    assert planned is None
    assert "threshold" in problems
    bad, problems = changed_round({"opens": "x"}, OPEN, SV)
    assert bad is None
    assert "opens" in problems


def test_every_step_has_its_fields_and_has_to_be_confirmed() -> None:
    for step in STEPS:
        form = step_form(step, CLOSED, SV, {}, {})
        assert form.confirm
        assert form.address == f"/rounds/2026-1/{step}"
    assert step_form(Step.CLOSE, OPEN, SV, {}, {}).grave
    wrong = step_form(Step.REOPEN, CLOSED, SV, {"reason": "fel"}, {"closes": "Fyll i"})
    assert [each.value for each in wrong.fields] == ["fel", ""]
    assert wrong.wrong
    reading = Reading({"reason": "x" * 501}, SV)
    reading.text("reason")
    reading.confirmed()
    assert set(reading.problems) == {"reason", "confirm"}


def test_a_round_keeps_what_its_form_showed() -> None:
    told = told_of(replace(OPEN, closes=None, open_data=True))
    assert told["closes"] == ""
    assert told["open_data"] == "yes"
