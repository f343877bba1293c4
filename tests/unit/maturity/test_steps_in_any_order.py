"""The check as a state machine: any order of moves, and nothing is lost, asked twice or left without a way forward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.maturity import moves
from bot.maturity.errors import Refused
from bot.maturity.instrument import Instrument, Item, Kind, Null
from bot.maturity.routing import items_of, missing, open_items
from bot.maturity.session import Background, Cascade, Erase, Given, Phase, Session, Source
from bot.maturity.steps import carry_over, take
from tests.unit.maturity.session_made import INSTRUMENT, LED, READ, after, new


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
