"""For whom and in which role, as people type it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.check.background_words import read
from bot.maturity.instrument import Instrument
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.session import Background
from tests.fakes.instruments import instrument

UDDEVALLA = Background(organisation="uddevalla")
IT_ROLE = Background(roles=("it_nara",))


@pytest.fixture(scope="module")
def shipped() -> Instrument:
    return load_folder(INSTRUMENTS)[MAIN]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Uddevalla", UDDEVALLA),
        ("uddevalla kommun", UDDEVALLA),
        ("Udevalla", UDDEVALLA),
        ("SML-IT", Background(organisation="sml-it")),
        ("sml it", Background(organisation="sml-it")),
        ("IT-nära", IT_ROLE),
        ("it nära", IT_ROLE),
        ("IT", Background(operation="it")),
        ("övergripande och verksamhetsnära", Background(roles=("overgripande", "verksamhetsnara"))),
        ("Socialtjänst, vård och omsorg", Background(operation="socialtjanst")),
        ("socialtjänst", Background(operation="socialtjanst")),
        ("skola", Background(operation="utbildning")),
        ("Uddevalla, IT-nära, IT", Background("uddevalla", ("it_nara",), "it")),
        ("Dals-Ed; övergripande; ekonomi", Background("dals-ed", ("overgripande",), "ekonomi")),
        ("Åmål, close to services, finance", Background("amal", ("verksamhetsnara",), "ekonomi")),
    ],
)
def test_names_are_recognised_as_they_are_typed(shipped: Instrument, text: str, said: Background) -> None:
    assert read(text, shipped) == said


@pytest.mark.parametrize(
    "text",
    [
        "Stockholm",
        "Uddevalla, chef",
        "Uddevalla och Orust",
        "it, ekonomi",
        "",
        ", ,",
        "och",
        "vad menas med roll",
        "Uddevalla " * 50,
    ],
)
def test_what_is_unknown_or_unclear_is_not_guessed(shipped: Instrument, text: str) -> None:
    assert read(text, shipped) is None


@given(st.text(max_size=250))
def test_any_text_is_read(text: str) -> None:
    said = read(text, instrument())
    assert said is None or said != Background()
