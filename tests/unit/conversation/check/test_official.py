"""Whoever answers for an organisation is told so before the first question, whichever way they choose their role."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.card import CardReply
from bot.conversation.replies import TextReply
from bot.maturity.instrument import Instrument
from bot.maturity.session import Phase
from tests.fakes.check_talk import Client, card_text, open_round, store_with
from tests.fakes.instruments import instrument
from tests.unit.conversation.check.talk import Talk

FOR_THE_ORGANISATION = "I rollen IT-nära svarar du för organisationen."
FOR_THE_GROUP = "Gruppens svar är organisationens officiella svar."
WHO_SEES = ("bara den egna kommunen, kommunalförbundet eller alla", "säkerhet redovisas bara för hela Fyrbodal")


def with_an_official_role() -> Instrument:
    plain = instrument()
    return replace(plain, roles=tuple(replace(role, official=role.id == "it") for role in plain.roles))


@pytest.fixture
def talk() -> Talk:
    return Talk(store_with(open_round(with_an_official_role())))


async def begun(talk: Talk, start: str = "mognadskoll") -> Client:
    await talk.me.say(start)
    await talk.me.press("Jag har läst, starta")
    return talk.me


async def test_the_notice_names_the_exception_from_groups_of_five(talk: Talk) -> None:
    await talk.me.say("mognadskoll")
    told = talk.me.text()
    assert "minst fem. Undantaget är svar på frågor som bara ställs till rollen IT-nära." in told
    assert "Organisationens officiella svar: gruppsvar, och svar på frågor som bara ställs till en roll" in told
    await talk.me.say("visa hela informationen")
    assert "Kommunen bestämmer vem som får se dem" in talk.me.said[-1]


async def test_the_notice_names_none_where_nobody_answers_for_the_organisation() -> None:
    talk = Talk()
    await talk.me.say("mognadskoll")
    assert "Resultat redovisas bara i grupper om minst fem.\n" in talk.me.text()
    assert "Undantaget" not in talk.me.text()
    await talk.me.press("Jag har läst, starta")
    assert "officiella" not in talk.me.text()


async def test_the_card_on_which_a_role_is_chosen_says_it(talk: Talk) -> None:
    me = await begun(talk)
    for told in (FOR_THE_ORGANISATION, *WHO_SEES):
        assert told in me.text()


@pytest.mark.parametrize("by", ["pressing", "typing", "typing bit by bit"])
async def test_it_is_told_before_the_first_question(talk: Talk, by: str) -> None:
    me = await begun(talk)
    match by:
        case "pressing":
            replies = await me.press("Fortsätt", organisation="uddevalla", roles="it", operation="it")
        case "typing bit by bit":
            await me.say("Uddevalla")
            await me.say("IT-nära")
            assert talk.session.phase is Phase.BACKGROUND
            replies = await me.say("socialtjänst")
        case _:
            replies = await me.say("Uddevalla, IT-nära, socialtjänst")
    *_, told, card = replies
    assert isinstance(told, TextReply)
    assert isinstance(card, CardReply)
    for part in (FOR_THE_ORGANISATION, *WHO_SEES):
        assert part in told.text
    assert "Fråga 1 av" in card_text(card)


async def test_other_roles_are_not_told_so(talk: Talk) -> None:
    me = await begun(talk)
    replies = await me.say("Uddevalla, Övergripande, socialtjänst")
    assert not [reply for reply in replies if isinstance(reply, TextReply)]


async def test_whoever_takes_the_role_later_is_told_then_and_not_twice(talk: Talk) -> None:
    me = await begun(talk)
    await me.say("Uddevalla, Övergripande, socialtjänst")
    await me.say("4")
    await me.say("ändra roll")
    replies = await me.press("Fortsätt", roles="it,ledning")
    assert [FOR_THE_ORGANISATION in reply.text for reply in replies if isinstance(reply, TextReply)] == [True]
    await me.say("ändra kommun")
    replies = await me.say("Sotenäs")
    assert not [reply for reply in replies if isinstance(reply, TextReply)]


async def test_a_question_whose_answer_is_the_organisations_says_so(talk: Talk) -> None:
    me = await begun(talk)
    await me.say("Uddevalla, IT-nära, socialtjänst")
    seen = {}
    for _ in range(5):
        seen[talk.session.at] = "Svaret är organisationens officiella svar." in me.text()
        await me.say("2" if talk.session.at == "modell" else "vet ej")
    assert seen == {"sakerhet": False, "modell": True, "vilken": True, "forum": False, "mal": False}


async def test_a_group_is_told_in_the_notice_where_it_chooses_and_before_the_first_question(talk: Talk) -> None:
    me = talk.me
    await me.say("gruppsvar")
    assert "minst fem.\n" not in me.text().partition("Personuppgiftsansvarig")[0]
    for part in (FOR_THE_GROUP, *WHO_SEES):
        assert part in me.text()
    await me.press("Jag har läst, starta")
    assert FOR_THE_GROUP in me.text()
    *_, told, card = await me.say("Uddevalla, Övergripande, socialtjänst")
    assert isinstance(told, TextReply)
    assert FOR_THE_GROUP in told.text
    assert isinstance(card, CardReply)
    assert "Svaret är organisationens" not in card_text(card)


@pytest.mark.parametrize(
    ("start", "roles", "told"),
    [
        ("mognadskoll", "ledning", "Resultat redovisas bara i grupper om minst fem, utan"),
        ("mognadskoll", "it,ledning", "rollen IT-nära är organisationens officiella svar, och kommunen bestämmer"),
        ("gruppsvar", "it,ledning", "Ert svar är organisationens officiella svar, och kommunen bestämmer"),
    ],
)
async def test_after_sending_in_it_says_who_sees_what(talk: Talk, start: str, roles: str, told: str) -> None:
    me = await begun(talk, start)
    await me.press("Fortsätt", organisation="uddevalla", roles=roles, operation="it")
    await me.say("hoppa över resten")
    replies = await me.press("Skicka in")
    [thanks, *_] = [reply for reply in replies if isinstance(reply, CardReply)]
    assert told in card_text(thanks)


async def test_in_english_too(talk: Talk) -> None:
    me = Client(talk.fyren, locale="en-GB")
    await me.say("maturity check")
    assert "The exception is answers to questions that are asked only of the role IT-nära (en)." in me.text()
    await me.press("I have read this, start")
    replies = await me.say("Uddevalla, IT-nära (en), IT (en)")
    [told] = [reply.text for reply in replies if isinstance(reply, TextReply)]
    assert "you answer for the organisation" in told
    assert "only the municipality itself, the federation, or everybody" in told
