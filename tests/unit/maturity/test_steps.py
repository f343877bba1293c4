"""The check step by step: what comes next, what is asked before it counts, and how one goes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.maturity import moves
from bot.maturity.errors import Refused
from bot.maturity.instrument import Null
from bot.maturity.routing import missing, position
from bot.maturity.session import Background, Cascade, Edit, Erase, Given, Phase, Proposal, Source, Words
from bot.maturity.steps import begin, carry_over, take
from tests.unit.maturity.session_made import INSTRUMENT, LED, READ, after, answer, finished, new


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
