"""Sending in, the result, and what people may do with their answers."""

from __future__ import annotations

from bot.conversation.card import CardReply, FileReply
from bot.conversation.turn import Sender
from bot.maturity.instrument import Null
from tests.fakes.check_talk import TENANT, Client
from tests.unit.conversation.check.talk import Talk, texts, turn_of


async def test_the_result_can_be_asked_for_again_but_not_before_sending_in(talk: Talk) -> None:
    me = await talk.to_items()
    for words in ("mitt resultat", "fråga för fråga"):
        assert "när du har skickat in" in texts(await me.say(words))
    await talk.me.say("hoppa över resten")
    await me.say("skicka in")
    replies = await me.say("mitt resultat")
    assert any(isinstance(reply, CardReply) for reply in replies)
    assert "inga svar från 2024" in texts(await me.say("fråga för fråga"))


async def test_my_answers_are_a_file_with_everything_in_it(talk: Talk) -> None:
    me = await talk.to_summary()
    await me.say('kommentar fråga 1: =HYPERLINK("http://x")')
    [file] = [reply for reply in await me.say("mina svar") if isinstance(reply, FileReply)]
    content = file.content.decode("utf-8-sig")
    assert file.name == "mognadskollen-2026-1.csv"
    assert "Hur är portföljstyrningen?;Utvecklingsfas;" in content
    assert "'=HYPERLINK" in content
    assert "Svarar för;Uddevalla" in content
    assert "Läge;utkast" in content
    assert await talk.fyren.file(file.key, turn_of(me)) == file
    assert await talk.fyren.file(file.key, turn_of(Client(talk.fyren, sender=Sender(TENANT, "bengt")))) is None


async def test_deleting_asks_first_and_takes_draft_and_response(talk: Talk) -> None:
    me = await talk.to_summary()
    await me.press("Skicka in")
    assert len(talk.store.responses) == 1
    await me.say("radera mina svar")
    assert talk.store.drafts
    await me.press("Nej, behåll dem")
    assert talk.store.drafts
    await me.say("radera mina svar")
    assert "raderade" in texts(await me.say("ja"))
    assert (talk.store.drafts, talk.store.responses) == ({}, {})
    assert "inga svar att radera" in texts(await me.say("radera mina svar"))
    await me.say("mognadskoll")
    assert "Jag har läst, starta" in me.titles()


async def test_cancelling_offers_to_pause_instead(talk: Talk) -> None:
    me = await talk.to_items()
    await me.say("avbryt")
    assert "Paus i stället" in me.titles()
    await me.press("Paus i stället")
    assert talk.session.paused
    assert talk.session.pending is None


async def test_a_change_after_sending_in_counts_when_it_is_sent_in_again(talk: Talk) -> None:
    me = await talk.to_summary()
    await me.say("skicka in")
    await me.say("ändra portföljstyrning")
    await me.press("6. Fullt etablerad")
    assert "Ändringarna gäller först när du skickar in igen." in me.text()
    [response] = talk.store.responses.values()
    assert response.answers[0].codes == ("2",)
    await me.press("Skicka in ändringarna")
    [response] = talk.store.responses.values()
    assert (response.answers[0].codes, response.version) == (("5",), 2)
    assert "redan inskickade" in texts(await me.say("skicka in"))


async def test_what_is_open_can_be_skipped_at_once_before_sending_in(talk: Talk) -> None:
    me = await talk.to_items()
    await me.say("4")
    assert "Obesvarade frågor: 3" in texts(await me.say("skicka in"))
    await me.say("sammanfattning")
    assert "Fortsätt" in me.titles()
    await me.press("Hoppa över resten")
    await me.press("Skicka in")
    [response] = talk.store.responses.values()
    assert [each.null for each in response.answers] == [None, Null.SKIPPED, Null.SKIPPED, Null.SKIPPED]


async def test_privacy_can_be_asked_for_at_any_time(talk: Talk) -> None:
    told = texts(await talk.me.say("integritet"))
    assert "90 dagar" in told
    assert "ombud@example.se" in told
    await talk.to_items()
    told = texts(await talk.me.say("integritet"))
    assert "artikel 6.1 e" in told
    assert talk.session.answers == {}
