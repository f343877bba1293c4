"""The check as a state machine: any order of moves, and nothing is lost, asked twice or left without a way forward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.maturity import moves
from bot.maturity.errors import Refused
from bot.maturity.instrument import Instrument, Item, Kind, Null
from bot.maturity.routing import items_of, missing, open_items, position
from bot.maturity.session import Background, Cascade, Edit, Erase, Given, Phase, Proposal, Session, Source, Words
from bot.maturity.steps import begin, carry_over, take
from tests.fakes.instruments import instrument

INSTRUMENT = instrument()
READ = moves.ReadNotice("v1", date(2026, 11, 1))
LED = Background("uddevalla", ("ledning",), "social")
BOTH = Background("uddevalla", ("it", "ledning"), "social")


def new(source: Source = Source.INDIVIDUAL) -> Session:
    return begin("s1", "r1", source, "sv", READ, INSTRUMENT)


def after(session: Session, *made: moves.Move) -> Session:
    for move in made:
        session = take(session, move, INSTRUMENT)
    return session


def answer(item: str, code: str, comment: str | None = None) -> moves.Reply:
    return moves.Reply(item, Given(codes=(code,)), comment)


def finished() -> Session:
    return after(
        new(),
        moves.Describe(LED),
        answer("portfolj", "2"),
        answer("sakerhet", "4", "en kommentar"),
        moves.Reply("forum", Given(codes=("forum", "rad"))),
        moves.Reply("mal", Given(text="Enklare vardag")),
    )


def test_it_begins_with_for_whom_and_goes_on_when_all_of_it_is_said() -> None:
    session = after(new(), moves.Describe(Background(organisation="uddevalla")))
    assert (session.phase, missing(session.background, INSTRUMENT)) == (Phase.BACKGROUND, ("roles", "operation"))
    session = after(session, moves.Describe(Background(roles=("ledning",), operation="social")))
    assert (session.phase, session.at) == (Phase.ITEMS, "portfolj")


def test_an_instrument_without_a_background_begins_with_its_first_item() -> None:
    plain = replace(INSTRUMENT, roles=(), organisations=(), operations=(), items=INSTRUMENT.items[1:2])
    session = begin("s1", "r1", Source.INDIVIDUAL, "sv", READ, plain)
    assert (session.phase, session.at) == (Phase.ITEMS, "sakerhet")


def test_one_item_after_the_other_until_the_summary() -> None:
    session = finished()
    assert session.phase is Phase.SUMMARY
    assert session.answers["forum"].codes == ("rad", "forum")
    assert session.comments == {"sakerhet": "en kommentar"}


def test_a_person_takes_two_roles_and_a_group_all() -> None:
    everything = Background("uddevalla", ("it", "ledning", "verksamhet"), "it")
    with pytest.raises(Refused, match="too_many_roles"):
        take(new(), moves.Describe(everything), INSTRUMENT)
    assert take(new(Source.CONSENSUS), moves.Describe(everything), INSTRUMENT).phase is Phase.ITEMS
    two = after(new(), moves.Describe(BOTH))
    assert [item.id for item in items_of(two, INSTRUMENT)] == ["portfolj", "sakerhet", "modell", "forum", "mal"]


def test_a_condition_that_comes_true_asks_its_item_next() -> None:
    session = after(
        new(), moves.Describe(Background("sml-it", ("it",), "it")), answer("sakerhet", "3"), answer("modell", "2")
    )
    assert session.at == "vilken"
    assert position(session, INSTRUMENT, "vilken") == (3, 5)


def test_an_answer_after_which_others_do_not_belong_asks_first_and_keeps_them() -> None:
    session = after(
        new(),
        moves.Describe(Background("sml-it", ("it",), "it")),
        answer("sakerhet", "3"),
        answer("modell", "2"),
        answer("vilken", "egen"),
        moves.Show("modell"),
        answer("modell", "0"),
    )
    assert session.pending == Cascade(
        ("vilken",), "modell", replace(Given(codes=("0",)), fingerprint=INSTRUMENT.items[2].fingerprint)
    )
    assert session.answers["modell"].codes == ("2",)
    assert take(session, moves.Decline(), INSTRUMENT).answers["modell"].codes == ("2",)
    gone = take(session, moves.Confirm(session.token), INSTRUMENT)
    assert "vilken" not in gone.answers
    back = after(gone, moves.Show("modell"), answer("modell", "1"))
    assert back.answers["vilken"].codes == ("egen",)
    assert back.aside == {}


def test_another_role_asks_before_answers_go_aside() -> None:
    session = after(finished(), moves.ChangeBackground(), moves.Describe(Background(roles=("verksamhet",))))
    assert isinstance(session.pending, Cascade)
    assert session.background.roles == ("ledning",)
    changed = take(session, moves.Confirm(session.token), INSTRUMENT)
    assert (changed.phase, changed.background.roles) == (Phase.SUMMARY, ("verksamhet",))
    assert "portfolj" not in changed.answers
    again = after(changed, moves.ChangeBackground(), moves.Describe(Background(roles=("ledning",))))
    assert again.answers["portfolj"].codes == ("2",)


def test_a_late_press_on_an_answered_item_edits_with_confirmation() -> None:
    session = after(new(), moves.Describe(LED), answer("portfolj", "2"), answer("portfolj", "4"))
    assert isinstance(session.pending, Edit)
    assert session.answers["portfolj"].codes == ("2",)
    assert take(session, moves.Confirm(), INSTRUMENT).answers["portfolj"].codes == ("4",)
    assert take(session, moves.Decline(), INSTRUMENT).answers["portfolj"].codes == ("2",)
    assert after(session, moves.Confirm()).at == "sakerhet"


def test_the_same_press_once_more_changes_nothing() -> None:
    once = after(new(), moves.Describe(LED), answer("portfolj", "2"))
    assert after(once, answer("portfolj", "2")) == once


def test_going_back_and_changing_needs_no_confirmation_and_goes_on_where_it_was() -> None:
    session = after(
        new(), moves.Describe(LED), answer("portfolj", "2"), answer("sakerhet", "1"), moves.Back(), moves.Back()
    )
    assert session.at == "portfolj"
    session = after(session, answer("portfolj", "5"))
    assert (session.at, session.answers["portfolj"].codes) == ("forum", ("5",))


def test_back_from_the_first_item_leads_to_the_background_and_no_further() -> None:
    session = after(new(), moves.Describe(LED), moves.Back())
    assert session.phase is Phase.BACKGROUND
    with pytest.raises(Refused, match="nothing_before"):
        take(session, moves.Back(), INSTRUMENT)
    assert after(session, moves.Describe(Background())).at == "portfolj"


def test_a_proposal_is_an_answer_only_after_a_yes() -> None:
    session = after(new(), moves.Describe(LED), moves.Suggest("portfolj", Given(codes=("2",))))
    assert isinstance(session.pending, Proposal)
    assert session.answers == {}
    assert take(session, moves.Decline(), INSTRUMENT).at == "portfolj"
    assert take(session, moves.Confirm(), INSTRUMENT).answers["portfolj"].codes == ("2",)


def test_words_that_look_like_a_question_are_an_answer_only_after_a_yes() -> None:
    session = after(
        new(), moves.Describe(Background("uddevalla", ("verksamhet",), "it")), moves.Write("mal", "vad är målet?")
    )
    assert isinstance(session.pending, Words)
    assert take(session, moves.Confirm(), INSTRUMENT).answers["mal"].text == "vad är målet?"


def test_a_yes_is_to_what_was_asked_and_to_nothing_else() -> None:
    first = after(new(), moves.Describe(LED), moves.Suggest("portfolj", Given(codes=("2",))))
    second = after(first, moves.Suggest("portfolj", Given(codes=("3",))))
    with pytest.raises(Refused, match="outdated"):
        take(second, moves.Confirm(first.token), INSTRUMENT)
    with pytest.raises(Refused, match="outdated"):
        take(after(second, moves.Decline()), moves.Confirm(first.token), INSTRUMENT)
    with pytest.raises(Refused, match="nothing_pending"):
        take(new(), moves.Confirm(), INSTRUMENT)


def test_unknown_skipped_and_not_applicable_are_three_things() -> None:
    session = after(
        new(),
        moves.Describe(LED),
        *(
            moves.Reply(item, Given(null=null))
            for item, null in zip(("portfolj", "sakerhet", "forum"), Null, strict=True)
        ),
    )
    assert [session.answers[item].null for item in ("portfolj", "sakerhet", "forum")] == list(Null)
    assert session.at == "mal"


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


def test_a_comment_can_be_written_changed_and_taken_away() -> None:
    session = after(new(), moves.Describe(LED), moves.Comment("portfolj", " en "), moves.Comment("portfolj", "två"))
    assert (session.comments, session.at) == ({"portfolj": "två"}, "portfolj")
    assert after(session, answer("portfolj", "2", "")).comments == {}


def test_it_is_sent_in_only_when_nothing_is_open_and_only_when_asked_to() -> None:
    session = after(new(), moves.Describe(LED), answer("portfolj", "2"), moves.Review())
    assert session.phase is Phase.SUMMARY
    with pytest.raises(Refused, match="open_items"):
        take(session, moves.Submit(), INSTRUMENT)
    assert after(session, moves.Resume()).at == "sakerhet"
    skipped = after(session, moves.SkipRest())
    assert skipped.answers["mal"].null is Null.SKIPPED
    sent = after(skipped, moves.Submit())
    assert (sent.phase, sent.submissions) == (Phase.SUBMITTED, 1)
    with pytest.raises(Refused, match="nothing_new"):
        take(sent, moves.Submit(), INSTRUMENT)


def test_a_change_after_sending_in_has_to_be_sent_in_again_and_none_has_not() -> None:
    sent = after(finished(), moves.Submit())
    looked = after(sent, moves.Show("portfolj"), answer("portfolj", "2"))
    assert looked.phase is Phase.SUBMITTED
    changed = after(sent, moves.Show("portfolj"), answer("portfolj", "3"))
    assert changed.phase is Phase.SUMMARY
    assert after(changed, moves.Submit()).submissions == 2
    assert after(sent, moves.Comment("portfolj", "nytt")).phase is Phase.SUMMARY
    late = after(sent, answer("portfolj", "5"))
    assert (late.phase, isinstance(late.pending, Edit)) == (Phase.SUBMITTED, True)


def test_a_pause_ends_with_whatever_goes_on() -> None:
    paused = after(new(), moves.Describe(LED), moves.Pause())
    assert paused.paused
    assert not after(paused, moves.Resume()).paused
    assert not after(paused, answer("portfolj", "1")).paused
    with pytest.raises(Refused, match="nothing_to_pause"):
        take(after(finished(), moves.Submit()), moves.Pause(), INSTRUMENT)


def test_deleting_is_asked_for_and_dropped_by_whatever_comes_instead() -> None:
    asked = after(finished(), moves.AskErase())
    assert asked.pending == Erase()
    assert after(asked, moves.Decline()) == finished()
    assert after(asked, moves.Review()).pending is None


def test_answers_to_questions_that_mean_the_same_survive_a_corrected_instrument() -> None:
    items = list(INSTRUMENT.items)
    items[0] = replace(items[0], question=replace(items[0].question, sv="Något helt annat?"))
    corrected = replace(INSTRUMENT, items=tuple(items), source="prov 2026.2")
    moved = carry_over(finished(), corrected)
    assert (moved.digest, moved.phase, moved.at) == (corrected.digest, Phase.ITEMS, "portfolj")
    assert set(moved.answers) == {"sakerhet", "forum", "mal"}
    assert set(moved.aside) == {"portfolj"}
    back = carry_over(moved, INSTRUMENT)
    assert back.answers["portfolj"].codes == ("2",)


def test_an_organisation_that_is_gone_from_the_instrument_is_asked_for_again() -> None:
    smaller = replace(INSTRUMENT, organisations=INSTRUMENT.organisations[1:], source="prov 2026.3")
    moved = carry_over(after(finished(), moves.Submit()), smaller)
    assert (moved.phase, moved.background.organisation) == (Phase.BACKGROUND, "")
    assert len(moved.answers) == 4


def _given(item: Item) -> list[Given]:
    """Refusals about as often as answers."""
    nulls = [Given(null=null) for null in Null]
    if item.kind is Kind.TEXT:
        return [*nulls, *(Given(text=text) for text in ("kort", "en fråga?", "x" * 3000))]
    codes = [*(option.code for option in item.options), "99"]
    chosen = [Given(codes=each) for count in range(3) for each in product(codes, repeat=count)]
    return [*nulls * (len(chosen) // len(nulls)), *chosen]


def _replies(item: Item) -> st.SearchStrategy[moves.Move]:
    said = st.tuples(GIVEN[item], st.sampled_from([None, None, "", "kommentar", "x" * 2000]))
    return said.map(lambda both: moves.Reply(item.id, *both))


def _one_of(all_of_a_kind: Iterable[moves.Move]) -> st.SearchStrategy[moves.Move]:
    return st.sampled_from(list(all_of_a_kind))


# Drawn from lists where that is possible: it costs a fifth of building each move from its parts.
ITEMS = INSTRUMENT.items
GIVEN = {item: st.sampled_from(_given(item)) for item in ITEMS}
ROLES = [chosen for count in range(4) for chosen in permutations(("it", "ledning", "verksamhet"), count)]
ANY: st.SearchStrategy[moves.Move] = st.one_of(
    *map(_replies, ITEMS),
    st.builds(
        lambda *said: moves.Describe(Background(*said)),
        st.sampled_from(["", "uddevalla", "sml-it", "lund"]),
        st.sampled_from(ROLES),
        st.sampled_from(["", "social", "it"]),
    ),
    st.sampled_from(ITEMS).flatmap(lambda item: GIVEN[item].map(lambda given: moves.Suggest(item.id, given))),
    _one_of(moves.Write(item.id, "vad?") for item in ITEMS),
    _one_of(moves.Comment(item.id, text) for item in ITEMS for text in ("", "något")),
    _one_of(moves.Show(item.id) for item in ITEMS),
    _one_of([READ, moves.ChangeBackground(), moves.Back(), moves.Review(), moves.SkipRest(), moves.Submit()]),
    _one_of([moves.Pause(), moves.Resume(), moves.AskErase(), moves.Decline()]),
    _one_of([moves.Confirm(), moves.Confirm("something-else")]),
)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(Source), st.sampled_from([(), (moves.Describe(LED),)]), st.lists(ANY, max_size=40))
def test_no_order_of_moves_loses_an_answer_asks_twice_or_gets_stuck(
    source: Source, first: tuple[moves.Move, ...], made: list[moves.Move]
) -> None:
    """Half of the time for whom it is has been said before, as few ways lead out of that phase."""
    session = after(new(source), *first)
    for move in made:
        before = session
        try:
            session = take(before, move, INSTRUMENT)
        except Refused:
            continue
        _nothing_is_lost(before, session, move)
        _what_is_shown_exists(session)
        _progress_goes_on(before, session, move)
    _leads_to_the_end(session)


def _nothing_is_lost(before: Session, session: Session, move: moves.Move) -> None:
    """An answer goes only where it was put, and an old one only by a new one to the same item, or aside by a yes."""
    for item, old in before.answers.items():
        if session.answers.get(item) == old:
            continue
        if item in session.answers:
            shown = before.phase is Phase.ITEMS and before.at == item
            agreed = isinstance(move, moves.Confirm) and before.pending is not None
            assert agreed or (isinstance(move, moves.Reply) and move.item == item and shown)
        else:
            assert isinstance(move, moves.Confirm)
            assert isinstance(before.pending, Cascade)
            assert session.aside[item] == old
    for item, text in before.comments.items():
        if session.comments.get(item) != text:
            assert isinstance(move, moves.Reply | moves.Comment | moves.Confirm)


def _what_is_shown_exists(session: Session) -> None:
    asked = {item.id for item in items_of(session, INSTRUMENT)}
    assert set(session.answers) <= asked
    assert not set(session.answers) & set(session.aside) or session.aside
    if session.phase is Phase.ITEMS:
        assert session.at in asked
    if session.phase is Phase.SUBMITTED:
        assert session.submissions > 0
        assert not open_items(session, INSTRUMENT)
        assert session.sent == session.content


REASONS = (
    moves.Back,
    moves.Show,
    moves.ChangeBackground,
    moves.Review,
    moves.Resume,
    moves.Describe,
    moves.Confirm,
    moves.Suggest,
    moves.Write,
    moves.Comment,
)
"""Moves after which an earlier item, or one that has an answer, may be shown; all others lead on."""


def _progress_goes_on(before: Session, session: Session, move: moves.Move) -> None:
    if session.phase is not Phase.ITEMS or isinstance(move, REASONS):
        return
    if session.at != before.at:
        assert session.at not in session.answers, "an item is asked twice"
        assert before.at in session.answers or not before.at, "an open item is left behind"


def _leads_to_the_end(session: Session) -> None:
    """From anywhere a person who says what is asked gets to the end."""
    for _ in range(30):
        if session.phase is Phase.SUBMITTED and session.pending is None and not session.paused:
            return
        session = take(session, _sensible(session), INSTRUMENT)
    raise AssertionError(f"no way forward from {session}")


def _sensible(session: Session) -> moves.Move:
    ways: list[tuple[bool, Callable[[], moves.Move]]] = [
        (session.paused, moves.Resume),
        (isinstance(session.pending, Erase), moves.Decline),
        (session.pending is not None, moves.Confirm),
        (
            session.phase is Phase.BACKGROUND,
            lambda: moves.Describe(session.background if not missing(session.background, INSTRUMENT) else LED),
        ),
        (session.phase is Phase.ITEMS, lambda: moves.Reply(session.at, Given(null=Null.DONT_KNOW))),
        (bool(open_items(session, INSTRUMENT)), moves.SkipRest),
    ]
    return next((way() for holds, way in ways if holds), moves.Submit())


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY, max_size=25), st.data())
def test_a_corrected_instrument_loses_nothing_whatever_was_done(made: list[moves.Move], data: st.DataObject) -> None:
    session = new()
    for move in made:
        try:
            session = take(session, move, INSTRUMENT)
        except Refused:
            continue
    kept = data.draw(st.lists(st.sampled_from(INSTRUMENT.items), min_size=1, unique=True))
    corrected: Instrument = replace(
        INSTRUMENT,
        items=tuple(item for item in INSTRUMENT.items if item in kept and item.when is None) or INSTRUMENT.items[1:2],
        source="annat",
    )
    moved = carry_over(session, corrected)
    for item, given_answer in session.answers.items():
        assert given_answer in (moved.answers.get(item), moved.aside.get(item))
    if not missing(moved.background, corrected) and moved.phase is Phase.ITEMS:
        assert moved.at in {item.id for item in items_of(moved, corrected)}
