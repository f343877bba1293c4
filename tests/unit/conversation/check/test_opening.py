"""The check begins: notice, round, for whom and in which role, in the person's language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.card import CardReply
from bot.conversation.turn import Sender
from bot.maturity.instrument import Null
from bot.maturity.session import Phase, Source
from tests.fakes.check_talk import TENANT, Client, open_round, store_with
from tests.fakes.instruments import instrument
from tests.unit.conversation.check.talk import Talk, texts


async def test_it_begins_with_the_notice_and_stores_nothing_before_it_is_read(talk: Talk) -> None:
    [card] = await talk.me.say("mognadskoll")
    assert isinstance(card, CardReply)
    told = talk.me.text()
    for said in ("Provkollen 2026:1 · ungefär 2 minuter", "allmän handling", "frivilligt", "AI-assistent", "minst fem"):
        assert said in told
    assert "Jag samtycker" not in told
    assert talk.me.titles()[0] == "Jag har läst, starta"
    assert talk.store.drafts == {}
    await talk.me.press("Jag har läst, starta")
    assert talk.session.notice == "2026-11-29"


async def test_in_a_round_that_was_opened_again_nobody_is_to_answer_twice(talk: Talk) -> None:
    await talk.me.say("mognadskoll")
    assert "har öppnats igen" not in talk.me.text()
    [held] = talk.store.held.values()
    talk.store.held[held.id] = replace(held, openings=2)
    await talk.me.say("mognadskoll")
    assert "svara inte en gång till" in talk.me.text()


async def test_d03_a_notice_that_cannot_be_noted_is_shown_and_accepted_by_its_button(talk: Talk) -> None:
    talk.notices.broken = True
    await talk.me.say("mognadskoll")
    await talk.me.say("starta")
    assert "Svaren kunde inte sparas eller hämtas just nu" in talk.me.said[-1]
    assert talk.store.drafts == {}
    await talk.me.press("Jag har läst, starta")
    assert talk.session.notice == "2026-11-29"


@pytest.mark.parametrize(
    "words", ["mognadskoll", "Mognadskollen!", "starta mognadskollen", "Jag vill göra mognadskollen"]
)
async def test_it_is_started_in_many_words(talk: Talk, words: str) -> None:
    await talk.me.say(words)
    assert "Jag har läst, starta" in talk.me.titles()


async def test_the_municipality_is_proposed_from_the_tenant_and_can_be_changed() -> None:
    talk = Talk(mine=("Uddevalla",))
    await talk.me.say("mognadskoll")
    await talk.me.press("Jag har läst, starta")
    assert "Förslag från din organisation i Teams: Uddevalla" in talk.me.text()
    await talk.me.press("Fortsätt", roles="ledning", operation="social")
    assert talk.session.background.organisation == "uddevalla"
    await talk.me.say("ändra kommun")
    await talk.me.say("SML-IT")
    assert talk.session.background.organisation == "sml-it"


async def test_a_typed_continue_takes_the_proposed_municipality() -> None:
    talk = Talk(mine=("Uddevalla",))
    for typed in ("mognadskoll", "starta", "övergripande, it", "fortsätt"):
        await talk.me.say(typed)
    assert talk.session.background.organisation == "uddevalla"
    assert talk.session.phase is Phase.ITEMS


async def test_two_roles_get_the_questions_of_both(talk: Talk) -> None:
    await talk.me.say("mognadskoll")
    await talk.me.press("Jag har läst, starta")
    await talk.me.press("Fortsätt", organisation="sml-it", roles="it,ledning", operation="it")
    assert "Fråga 1 av 5" in talk.me.text()
    await talk.me.say("ändra roll")
    replies = await talk.me.press("Fortsätt", roles="it,ledning,verksamhet")
    assert "högst 2 roller" in texts(replies)
    assert talk.session.background.roles == ("it", "ledning")


async def test_a_notice_that_has_changed_is_shown_before_anything_else(talk: Talk) -> None:
    me = await talk.to_items()
    key, draft = next(iter(talk.store.drafts.items()))
    talk.store.drafts[key] = replace(draft, session=replace(draft.session, notice="2025-01-01"))
    await me.say("4")
    assert "har ändrats sedan du började" in me.text()
    assert talk.session.answers == {}
    await me.press("Jag har läst, fortsätt")
    assert talk.session.notice == "2026-11-29"
    await me.say("4")
    assert talk.session.answers["portfolj"].codes == ("3",)


async def test_a_group_answers_once_for_its_organisation(talk: Talk) -> None:
    told = ""
    for person in ("anna", "bengt"):
        client = Client(talk.fyren, sender=Sender(TENANT, person), chat=person)
        await client.say("gruppsvar")
        assert "tillsammans" in client.text()
        await client.press("Jag har läst, starta")
        await client.press("Fortsätt", organisation="sml-it", roles="it,ledning,verksamhet", operation="it")
        await client.say("sammanfattning")
        await client.press("Hoppa över resten")
        told = texts(await client.press("Skicka in"))
    [response] = talk.store.responses.values()
    assert (response.source, response.organisation, len(response.municipalities)) == (Source.CONSENSUS, "sml-it", 3)
    assert "En annan grupp har redan svarat för SML-IT" in told
    assert "Kim Strateg" in told


async def test_a_person_may_answer_for_themselves_and_for_a_group(talk: Talk) -> None:
    me = await talk.to_items()
    await me.say("gruppsvar")
    await me.press("Jag har läst, starta")
    sessions = {key[2]: draft.session for key, draft in talk.store.drafts.items()}
    assert sessions[Source.INDIVIDUAL].paused
    assert not sessions[Source.CONSENSUS].paused


async def test_several_open_rounds_are_offered(talk: Talk) -> None:
    short = replace(instrument("2"), id="kort", title=replace(instrument().title, sv="Kortkollen"))
    talk = Talk(store_with(open_round(), open_round(short, label="2026:2")))
    await talk.me.say("mognadskoll")
    assert set(talk.me.titles()) == {"Provkollen 2026:1", "Kortkollen 2026:2"}
    await talk.me.press("Kortkollen 2026:2")
    await talk.me.press("Jag har läst, starta")
    assert talk.session.round == "2026-2"


async def test_a_check_that_was_begun_in_swedish_goes_on_so_whatever_language_the_client_has(talk: Talk) -> None:
    me = Client(talk.fyren, locale="en-US")
    await me.say("mognadskoll")
    await me.press("Jag har läst, starta")
    assert "För vem svarar du?" in me.text()
    await me.press("Fortsätt", organisation="uddevalla", roles="ledning", operation="social")
    assert "Fråga 1 av 4" in me.text()
    await me.say("4")
    assert "Fråga 2 av 4" in me.text()


async def test_english_all_the_way() -> None:
    talk = Talk()
    me = Client(talk.fyren, locale="en-GB")
    await me.say("maturity check")
    await me.press("I have read this, start")
    await me.say("Uddevalla, Övergripande (en), IT (en)")
    assert "Question 1 of 4" in me.text()
    await me.say("don't know")
    assert talk.session.answers["portfolj"].null is Null.DONT_KNOW
