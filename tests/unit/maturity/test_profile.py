"""What comes back after the answers are sent in: areas, comparison and recommendations of one session."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge_base import LIBRARY
from bot.maturity.advice_file import load_advice
from bot.maturity.baseline import baseline_of
from bot.maturity.instrument import Instrument, Kind, Null
from bot.maturity.instrument_file import INSTRUMENTS, load_folder
from bot.maturity.profile import profile
from bot.maturity.recommendations import AdviceFile
from bot.maturity.session import Background, Given, Phase, Session, Source
from knowledge.survey.loading import load

BASELINE = baseline_of(load(LIBRARY / "enkat-2024.yaml"))


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_folder(INSTRUMENTS)["fyrbodal-mognad"]


@pytest.fixture(scope="module")
def advice(instrument: Instrument) -> AdviceFile:
    found = load_advice(instrument)
    assert found is not None
    return found


def sent(instrument: Instrument, roles: tuple[str, ...], code: str, **others: Given) -> Session:
    """A session in which every item with levels has the same level, but for the `others`."""
    levels = {item.id: Given(codes=(code,)) for item in instrument.routed(roles, {}) if item.kind is Kind.LEVEL}
    return Session(
        id="s",
        round="2026-1",
        digest=instrument.digest,
        source=Source.INDIVIDUAL,
        language="sv",
        notice="1",
        noticed=date(2026, 11, 1),
        phase=Phase.SUBMITTED,
        background=Background("uddevalla", roles, "it"),
        answers=levels | others,
    )


def test_one_role_sees_its_own_areas_items_and_advice(instrument: Instrument, advice: AdviceFile) -> None:
    session = sent(instrument, ("it_nara",), "1", sdk=Given(null=Null.DONT_KNOW))
    result = profile(instrument, session, BASELINE, advice)
    assert [(area.title.sv, area.role) for area in result.areas] == [
        (instrument.area("organisation").title.sv, None),
        (instrument.area("teknik").title.sv, None),
    ]
    teknik = result.areas[1].score
    assert (teknik.index, teknik.answered, teknik.asked, teknik.unknown) == (20, 5, 6, 1)
    asked = [item.id for item in instrument.routed(("it_nara",), {}) if item.kind is not Kind.TEXT]
    assert [one.item for one in result.comparisons] == asked
    assert len(result.recommendations) == 3
    assert {one.item for one in result.recommendations} <= set(asked)


def test_two_roles_are_shown_apart_and_named(instrument: Instrument, advice: AdviceFile) -> None:
    session = sent(instrument, ("it_nara", "verksamhetsnara"), "3")
    result = profile(instrument, session, BASELINE, advice)
    teknik = [area for area in result.areas if area.score.area == "teknik"]
    assert [area.role.sv for area in teknik if area.role] == ["IT-nära", "Verksamhetsnära"]
    assert [area.score.asked for area in teknik] == [6, 1]


def test_the_same_session_gives_the_same_result(instrument: Instrument, advice: AdviceFile) -> None:
    session = sent(instrument, ("overgripande",), "2", forum=Given(codes=("inget",)))
    assert profile(instrument, session, BASELINE, advice) == profile(instrument, session, BASELINE, advice)


def test_without_survey_and_advice_there_are_still_areas(instrument: Instrument) -> None:
    result = profile(instrument, sent(instrument, ("overgripande",), "4"), {}, None)
    assert [area.score.index for area in result.areas] == [80, 100]
    assert (result.comparisons, result.recommendations) == ((), ())


def test_nothing_answered_is_no_reason_to_fail(instrument: Instrument, advice: AdviceFile) -> None:
    session = sent(instrument, ("verksamhetsnara",), "0")
    empty = Session(**{name: getattr(session, name) for name in Session.__slots__} | {"answers": {}})
    result = profile(instrument, empty, BASELINE, advice)
    assert {area.score.index for area in result.areas} == {None}
    assert result.recommendations == ()
