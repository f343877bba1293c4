"""Items are answered by buttons and by typing, in any order, once each."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.card import Buttons, CardReply, DoneReply
from bot.maturity.instrument import Null
from bot.maturity.session import Phase, Source
from tests.fakes.check_talk import Client, conversation
from tests.unit.conversation.check.talk import Talk, texts


async def test_everything_by_buttons(talk: Talk) -> None:
    me = await talk.to_items()
    assert me.text().startswith("Fråga 1 av 4 · Styrning\nHur är portföljstyrningen?")
    done, card = await me.press("3. Utvecklingsfas")
    assert isinstance(done, DoneReply)
    assert (done.text, done.message) == ("✓ Fråga 1 · Portföljstyrning: Utvecklingsfas", None)
    assert isinstance(card, CardReply)
    await me.press("5. Väl fungerande", comment="Sedan i våras")
    await me.press("Spara svaret", choices="rad,forum")
    await me.press("Spara svaret", words="Enklare vardag")
    assert talk.session.phase is Phase.SUMMARY
    assert "Portföljstyrning" in me.text()
    await me.press("Skicka in")
    [response] = talk.store.responses.values()
    answers = {each.item: each for each in response.answers}
    assert answers["portfolj"].codes == ("2",)
    assert (answers["sakerhet"].codes, answers["sakerhet"].comment) == (("4",), "Sedan i våras")
    assert answers["forum"].codes == ("rad", "forum")
    assert answers["mal"].text == "Enklare vardag"
    assert (response.organisation, response.roles, response.operation) == ("uddevalla", ("ledning",), "social")
    assert (response.mode, response.source, response.notice) == ("teams_chat", Source.INDIVIDUAL, "2026-11-29")


async def test_everything_by_typing(talk: Talk) -> None:
    me = talk.me
    for typed in ("mognadskoll", "jag har läst, starta", "uddevalla", "övergripande", "socialtjänst"):
        await me.say(typed)
    assert talk.session.at == "portfolj"
    for typed in ("4", "delvis etablerad", "vet ej"):
        await me.say(typed)
    await me.say("Att fler kan välja själva")
    assert talk.session.phase is Phase.SUMMARY
    await me.say("ändra fråga 2")
    assert "Ditt svar nu: Delvis etablerad" in me.text()
    await me.say("väl fungerande")
    await me.say("skicka in")
    [response] = talk.store.responses.values()
    assert [each.codes for each in response.answers] == [("3",), ("4",), (), ()]
    assert response.answers[2].null is Null.DONT_KNOW
    assert response.answers[3].text == "Att fler kan välja själva"


async def test_an_answered_card_becomes_a_line_also_when_the_answer_is_typed(talk: Talk) -> None:
    me = await talk.to_items()
    shown = me.newest
    await me.say("4")
    assert me.lines[shown].text == "✓ Fråga 1 · Portföljstyrning: Delvis etablerad"
    assert [button.title for button in me.lines[shown].buttons] == ["Ändra"]
    assert len(me.cards) == 1


async def test_free_words_are_proposed_with_all_answers_in_sight_and_saved_only_after_a_yes(talk: Talk) -> None:
    me = await talk.to_items()
    item_card = me.newest
    await me.say("vi har väl lite sådär på gång")
    assert talk.session.answers == {}
    assert "Jag tolkar det som Utvecklingsfas. Stämmer det?" in me.text()
    assert "6. Fullt etablerad" in me.text()
    assert item_card in me.cards
    await me.press("Nej, visa alla svar")
    assert talk.session.answers == {}
    assert "1. Saknas" in me.titles()
    await me.say("vi har väl lite sådär på gång")
    await me.say("ja")
    assert talk.session.answers["portfolj"].codes == ("2",)
    assert me.text().startswith("Fråga 2 av 4")


async def test_words_that_mean_nothing_are_not_saved_and_the_card_is_shown_again(talk: Talk) -> None:
    me = await talk.to_items()
    replies = await me.say("blåbärspaj")
    assert "Jag kunde inte koppla det" in texts(replies)
    assert talk.session.answers == {}
    assert "1. Saknas" in me.titles()


@pytest.mark.parametrize("typed", ["7", "0", "99"])
async def test_a_number_out_of_scale_says_which_there_are(talk: Talk, typed: str) -> None:
    me = await talk.to_items()
    assert "svaren 1 till 6" in texts(await me.say(typed))
    assert talk.session.answers == {}


async def test_to_an_open_item_words_are_the_answer_and_a_question_is_asked_about(talk: Talk) -> None:
    me = talk.me
    await talk.to_items("verksamhet")
    await me.say("hoppa över")
    await me.say("hoppa över")
    assert talk.session.at == "mal"
    await me.say("Hur får vi en enklare vardag?")
    assert "mal" not in talk.session.answers
    await me.press("Det är mitt svar")
    assert talk.session.answers["mal"].text == "Hur får vi en enklare vardag?"


async def test_a_late_press_on_an_old_card_edits_with_confirmation_and_never_doubles(talk: Talk) -> None:
    me = await talk.to_items()
    old = me.cards[me.newest]
    first = me.newest
    await me.press("3. Utvecklingsfas")
    me.cards[first] = old  # a client that did not take the update
    await me.press("5. Väl fungerande", card=first)
    assert talk.session.answers["portfolj"].codes == ("2",)
    assert "Vill du ändra till Väl fungerande?" in me.text()
    await me.press("Ändra till Väl fungerande")
    assert talk.session.answers["portfolj"].codes == ("4",)
    assert talk.session.at == "sakerhet"
    me.cards[first] = old
    await me.press("5. Väl fungerande", card=first)
    assert talk.session.pending is None
    assert len(talk.session.answers) == 1


async def test_a_change_from_a_line_shows_the_item_and_leads_back(talk: Talk) -> None:
    me = await talk.to_items()
    await me.press("3. Utvecklingsfas")
    await me.press("Ändra")
    assert "Ditt svar nu: Utvecklingsfas" in me.text()
    await me.press("6. Fullt etablerad")
    assert (talk.session.at, talk.session.answers["portfolj"].codes) == ("sakerhet", ("5",))


async def test_a14_the_same_activity_three_times_is_one_answer(talk: Talk) -> None:
    me = await talk.to_items()
    card, shown = me.newest, me.cards[me.newest]
    button = next(each for block in shown.blocks if isinstance(block, Buttons) for each in block.buttons)
    await asyncio.gather(*(me.act(button.action, card, activity="again") for _ in range(3)))
    await me.act(button.action, card, activity="again")
    assert talk.session.answers["portfolj"].codes == ("0",)
    assert (talk.session.at, talk.session.pending) == ("sakerhet", None)


async def test_a14_an_activity_that_comes_again_after_a_restart_changes_nothing(talk: Talk) -> None:
    me = await talk.to_items()
    await me.say("4", activity="typed-once")
    restarted = Client(conversation(talk.store, talk.advice))
    await restarted.say("4", activity="typed-once")
    assert talk.session.at == "sakerhet"
    assert "sakerhet" not in talk.session.answers


async def test_back_by_button_and_by_typing(talk: Talk) -> None:
    me = await talk.to_items()
    await me.say("4")
    await me.press("Tillbaka")
    assert talk.session.at == "portfolj"
    await me.say("tillbaka")
    assert talk.session.phase is Phase.BACKGROUND
    await me.say("fortsätt")
    assert talk.session.at == "sakerhet"


async def test_a_comment_left_by_another_button_is_kept(talk: Talk) -> None:
    me = await talk.to_items()
    await me.press("Paus", comment="Halvskriven tanke")
    assert talk.session.comments == {"portfolj": "Halvskriven tanke"}
    await me.say("fortsätt")
    await me.say("kommentar: En hel tanke")
    assert talk.session.comments == {"portfolj": "En hel tanke"}


async def test_no_benchmark_and_no_praise_before_it_is_sent_in(talk: Talk) -> None:
    me = talk.me
    seen: list[str] = []
    for typed in ("mognadskoll", "starta", "uddevalla, övergripande, socialtjänst", "6", "6", "1", "Mål"):
        await me.say(typed)
        seen.append(me.text())
    told = "\n".join([*seen, *me.said, *(line.text for line in me.lines.values())]).lower()
    for word in ("2024", "bra!", "bra jobbat", "toppen", "snyggt", "poäng av"):
        assert word not in told


async def test_levels_can_be_asked_for_by_typing(talk: Talk) -> None:
    me = await talk.to_items()
    replies = await me.say("vad betyder nivåerna?")
    assert "3. Utvecklingsfas: Nivån utvecklingsfas beskriven." in texts(replies)
    assert "1. Saknas" in me.titles()


async def test_what_is_meant_can_be_asked_for_by_typing(talk: Talk) -> None:
    me = await talk.to_items()
    replies = await me.say("vad menas med frågan?")
    assert "Att välja bland insatser." in texts(replies)
    assert "1. Saknas" in me.titles()
    assert talk.advice.asked == []


@pytest.mark.parametrize("leave", ["tillbaka", "sammanfattning", "avbryt"])
async def test_a_question_that_is_left_unanswered_is_not_said_to_follow(talk: Talk, leave: str) -> None:
    me = await talk.to_items()
    question = me.newest
    await me.say(leave)
    assert me.lines[question].text == "Fråga 1 · Portföljstyrning: inte besvarad än."
    await me.press("Svara")
    assert (talk.session.at, talk.session.phase) == ("portfolj", Phase.ITEMS)


async def test_a_question_that_is_asked_again_is_said_to_follow(talk: Talk) -> None:
    me = await talk.to_items()
    question = me.newest
    await me.say("visa frågan igen")
    assert me.lines[question].text == "Fråga 1 · Portföljstyrning visas längre ner."
