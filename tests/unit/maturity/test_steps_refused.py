"""What a step refuses: answers, items and backgrounds that there are not, and words that are too long."""

from __future__ import annotations

import pytest

from bot.maturity import moves
from bot.maturity.errors import Refused
from bot.maturity.instrument import Null
from bot.maturity.routing import items_of
from bot.maturity.session import Background, Given, Phase, Source
from bot.maturity.steps import take
from tests.unit.maturity.session_made import BOTH, INSTRUMENT, LED, after, answer, new


def test_a_person_takes_two_roles_and_a_group_all() -> None:
    everything = Background("uddevalla", ("it", "ledning", "verksamhet"), "it")
    with pytest.raises(Refused, match="too_many_roles"):
        take(new(), moves.Describe(everything), INSTRUMENT)
    assert take(new(Source.CONSENSUS), moves.Describe(everything), INSTRUMENT).phase is Phase.ITEMS
    two = after(new(), moves.Describe(BOTH))
    assert [item.id for item in items_of(two, INSTRUMENT)] == ["portfolj", "sakerhet", "modell", "forum", "mal"]


@pytest.mark.parametrize(
    "tampered",
    [
        Given(codes=("99",)),
        Given(codes=("-1",)),
        Given(codes=("2", "3")),
        Given(),
        Given(codes=("2",), null=Null.DONT_KNOW),
        Given(text="fyra"),
        Given(codes=("2",), text="x"),
        Given(codes=("",)),
    ],
)
def test_a20_an_answer_that_the_item_does_not_have_is_refused(tampered: Given) -> None:
    session = after(new(), moves.Describe(LED))
    with pytest.raises(Refused, match="level_unknown"):
        take(session, moves.Reply("portfolj", tampered), INSTRUMENT)


@pytest.mark.parametrize("codes", [(), ("inget", "rad"), ("x",)])
def test_a20_choices_that_do_not_go_together_are_refused(codes: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="level_unknown"):
        take(after(new(), moves.Describe(LED)), moves.Reply("forum", Given(codes=codes)), INSTRUMENT)


@pytest.mark.parametrize("item", ["modell", "vilken", "nothing", ""])
def test_a20_an_item_that_this_session_does_not_ask_is_refused(item: str) -> None:
    session = after(new(), moves.Describe(LED))
    for move in (
        answer(item, "1"),
        moves.Show(item),
        moves.Comment(item, "x"),
        moves.Suggest(item, Given(codes=("1",))),
    ):
        with pytest.raises(Refused, match="item_unknown"):
            take(session, move, INSTRUMENT)


@pytest.mark.parametrize(
    "said",
    [Background("lund"), Background(roles=("chef",)), Background(operation="x"), Background(roles=("it", "it2"))],
)
def test_a20_a_background_that_the_instrument_does_not_have_is_refused(said: Background) -> None:
    with pytest.raises(Refused, match="background_unknown"):
        take(new(), moves.Describe(said), INSTRUMENT)


def test_nothing_can_be_answered_before_for_whom_is_said() -> None:
    early = (
        answer("sakerhet", "1"),
        moves.Suggest("sakerhet", Given(codes=("1",))),
        moves.Write("mal", "vad?"),
        moves.Comment("sakerhet", "x"),
        moves.Show("sakerhet"),
        moves.Review(),
        moves.SkipRest(),
        moves.Submit(),
    )
    for move in early:
        with pytest.raises(Refused, match="background_first"):
            take(new(), move, INSTRUMENT)


def test_comments_that_are_too_long_or_name_somebody_are_refused_with_the_answer_they_came_with() -> None:
    session = after(new(), moves.Describe(LED))
    for comment, reason in (("x" * 50_000, "too_long"), ("Se ärendet om 19811218-9876, tack", "personal_number")):
        with pytest.raises(Refused, match=reason):
            take(session, answer("portfolj", "2", comment), INSTRUMENT)
        with pytest.raises(Refused, match=reason):
            take(session, moves.Comment("portfolj", comment), INSTRUMENT)
    with pytest.raises(Refused, match="too_long"):
        take(session, moves.Reply("mal", Given(text="x" * 2001)), INSTRUMENT)
