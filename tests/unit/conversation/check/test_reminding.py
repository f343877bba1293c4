"""Reminders in the conversation: promised at a pause, asked for, declined by one press, and what a reminder says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.card import CardReply, DoneReply, NoticeReply
from bot.conversation.check.reminder_cards import reminder_card
from bot.conversation.replies import TextReply
from bot.conversation.turn import Scope, Sender
from bot.maturity.ports import Person
from bot.maturity.rounds import Round
from bot.maturity.session import Phase, Source
from bot.reminders.model import Kept, Standing, Wish
from tests.contract.storage.checks import Calendar
from tests.fakes.check_store import MONDAY
from tests.fakes.check_talk import TENANT, TEXTS, Client, card_text, open_round
from tests.fakes.reminders import RemindedStore
from tests.unit.conversation.check.talk import Talk, texts

ADDRESS = '{"conversation":"chat-1"}'
ANNA = Person(TENANT, "anna")
PROMISED = "Du får en påminnelse om några dagar"


class Reminded(Talk):
    """A chat that can be found again."""

    def __init__(self, *rounds: Round, address: str = ADDRESS) -> None:
        self.calendar = Calendar(MONDAY)
        self.reminded = RemindedStore(*(rounds or (open_round(closes=date(2026, 12, 18)),)), clock=self.calendar)
        super().__init__(self.reminded)
        self.me = Client(self.fyren, address=address)

    @property
    def kept(self) -> Kept:
        [row] = self.reminded.reminders.rows.values()
        return row

    async def paused(self) -> Client:
        me = await self.to_items()
        await me.say("4")
        await me.press("Paus")
        return me

    async def reminder(self) -> str:
        """The person gets their reminder; its message."""
        held = next(iter(self.reminded.held.values()))
        assert self.kept.wish is not None
        message = "reminder-1"
        self.me.cards[message] = reminder_card(self.kept, self.kept.wish, held, self.calendar.day, 2, TEXTS)
        return message


@pytest.fixture
def talk() -> Reminded:
    return Reminded()


class TestPausing:
    @pytest.mark.parametrize("by", ["press", "typing"])
    async def test_a_pause_promises_a_reminder_and_keeps_what_it_needs(self, talk: Reminded, by: str) -> None:
        me = await talk.to_items()
        await me.say("4")
        replies = await (me.press("Paus") if by == "press" else me.say("paus"))
        notice, card = replies
        assert isinstance(notice, NoticeReply)
        assert isinstance(card, CardReply)
        assert PROMISED in card_text(card)
        assert me.titles() == ["Fortsätt", "Påminn mig inte"]
        assert talk.kept.wish == Wish(ADDRESS, "sv", talk.session.id, 3)
        assert (talk.kept.active, talk.kept.sent) == (MONDAY, 0)

    async def test_nothing_is_kept_before_a_pause(self, talk: Reminded) -> None:
        await talk.to_summary()
        assert talk.reminded.reminders.rows == {}

    async def test_one_press_declines_it_for_good(self, talk: Reminded) -> None:
        me = await talk.paused()
        card = me.newest
        [done] = await me.press("Påminn mig inte")
        assert isinstance(done, DoneReply)
        assert "inga fler påminnelser, varken i den här omgången eller i senare" in me.lines[card].text
        assert (talk.kept.standing, talk.kept.wish) == (Standing.REFUSED, None)
        assert talk.session.paused
        await me.say("fortsätt")
        await me.say("paus")
        assert "eftersom du har tackat nej" in me.text()
        assert me.titles() == ["Fortsätt", "Påminn mig"]
        assert talk.kept.wish is None

    async def test_what_was_declined_can_be_asked_for_again(self, talk: Reminded) -> None:
        me = await talk.paused()
        await me.press("Påminn mig inte")
        await me.say("fortsätt")
        await me.press("Paus")
        await me.press("Påminn mig")
        assert talk.kept.standing is Standing.WANTED
        assert talk.kept.wish == Wish(ADDRESS, "sv", talk.session.id, 3)

    async def test_going_on_turns_the_card_into_a_line(self, talk: Reminded) -> None:
        me = await talk.paused()
        card = me.newest
        await me.press("Fortsätt")
        assert me.lines[card].text == "Mognadskollen fortsätter längre ner."
        assert not talk.session.paused
        assert "Fråga 2 av 4" in me.text()

    async def test_no_promise_is_made_that_the_calendar_breaks(self) -> None:
        for held in (open_round(closes=date(2026, 11, 4)), replace(open_round(), practice=True)):
            talk = Reminded(open_round() if held.practice else held)
            await talk.to_items()
            talk.reminded.held[held.id] = held
            replies = await talk.me.say("paus")
            assert [type(reply) for reply in replies] == [NoticeReply]
            assert talk.reminded.reminders.rows == {}

    async def test_nobody_is_promised_a_third_reminder(self, talk: Reminded) -> None:
        me = await talk.paused()
        talk.reminded.reminders.rows = {key: replace(row, sent=2) for key, row in talk.reminded.reminders.rows.items()}
        await me.say("fortsätt")
        await me.say("paus")
        assert "Du har redan fått två påminnelser" in me.text()

    async def test_a_terminal_is_promised_nothing(self) -> None:
        talk = Reminded(address="")
        await talk.to_items()
        assert [type(reply) for reply in await talk.me.say("paus")] == [NoticeReply]
        assert "går bara att få i Teams" in texts(await talk.me.say("påminn mig"))

    async def test_d03_a_pause_is_kept_when_the_reminder_is_not(self, talk: Reminded) -> None:
        await talk.to_items()
        talk.reminded.reminders.broken = True
        assert [type(reply) for reply in await talk.me.say("paus")] == [NoticeReply]
        assert talk.session.paused
        for typed in ("påminn mig", "påminn mig inte"):
            assert "gick inte att spara" in texts(await talk.me.say(typed))

    async def test_changes_to_what_was_sent_in_are_not_reminded_of(self, talk: Reminded) -> None:
        me = await talk.to_summary()
        await me.press("Skicka in")
        await me.say("ändra fråga 1")
        await me.press("2. Ostrukturerad")
        assert talk.session.phase is not Phase.SUBMITTED
        assert [type(reply) for reply in await me.say("paus")] == [NoticeReply]


class TestAsking:
    @pytest.mark.parametrize("words", ["påminn mig", "Paminn mig!", "skicka en påminnelse", "remind me"])
    async def test_it_is_asked_for_in_the_middle(self, talk: Reminded, words: str) -> None:
        me = await talk.to_items()
        [told] = await me.say(words)
        assert isinstance(told, TextReply)
        assert PROMISED in told.text
        assert not talk.session.paused
        assert talk.kept.wish == Wish(ADDRESS, "sv", talk.session.id, 4)

    async def test_it_is_asked_for_before_anything_was_begun(self, talk: Reminded) -> None:
        await talk.me.say("påminn mig")
        assert talk.kept.wish == Wish(ADDRESS, "sv")
        assert talk.store.drafts == {}
        told = card_text(talk.me.cards[await talk.reminder()])
        assert "Du har inte börjat än." in told
        await talk.me.press("Starta")
        assert "Jag har läst, starta" in talk.me.titles()

    @pytest.mark.parametrize(
        ("held", "told"),
        [
            (open_round(closes=date(2026, 11, 4)), "Omgången stänger 2026-11-04, så det hinner inte komma"),
            (replace(open_round(), practice=True), "I en provomgång skickas inga påminnelser"),
            (open_round(closes=date(2026, 11, 1)), "Ingen omgång av mognadskollen är öppen"),
        ],
    )
    async def test_what_cannot_be_is_said(self, held: Round, told: str) -> None:
        talk = Reminded(held)
        assert told in texts(await talk.me.say("påminn mig"))
        assert talk.reminded.reminders.rows == {}

    async def test_whoever_has_sent_in_is_told_so(self, talk: Reminded) -> None:
        me = await talk.to_summary()
        await me.press("Skicka in")
        assert "redan inskickade" in texts(await me.say("påminn mig"))
        assert talk.reminded.reminders.rows == {}

    async def test_another_round_that_is_open_is_still_worth_a_reminder(self) -> None:
        talk = Reminded(open_round(label="2026:1"))
        me = await talk.to_summary()
        await me.press("Skicka in")
        other = open_round(label="2026:2")
        talk.reminded.held[other.id] = other
        await me.say("påminn mig")
        assert talk.kept.round == other.id

    async def test_in_a_channel_nobody_is_asked_anything(self, talk: Reminded) -> None:
        elsewhere = Client(talk.fyren, scope=Scope.CHANNEL, chat="channel", address=ADDRESS)
        for typed in ("påminn mig", "sluta påminna"):
            assert "enskild chatt" in texts(await elsewhere.say(typed))
        assert talk.reminded.reminders.refused == set()


class TestDeclining:
    @pytest.mark.parametrize("words", ["påminn mig inte", "sluta påminna", "inga påminnelser tack", "don't remind me"])
    async def test_it_is_declined_in_words_at_any_time(self, talk: Reminded, words: str) -> None:
        await talk.me.say(words)
        assert talk.reminded.reminders.refused == {ANNA}

    async def test_d08_deleting_everything_deletes_a_wish_that_stands_alone(self, talk: Reminded) -> None:
        await talk.me.say("påminn mig")
        assert "inga svar att radera" in texts(await talk.me.say("radera mina uppgifter"))
        assert talk.reminded.reminders.rows == {}

    async def test_d08_and_one_that_belongs_to_answers(self, talk: Reminded) -> None:
        me = await talk.paused()
        await me.say("radera mina svar")
        await me.press("Ja, radera mina svar")
        assert talk.reminded.reminders.rows == {}


class TestTheReminder:
    async def test_it_says_what_is_left_until_when_and_how_to_be_without(self, talk: Reminded) -> None:
        await talk.paused()
        card = talk.me.cards[await talk.reminder()]
        assert card_text(card).splitlines() == [
            "Påminnelse: Provkollen 2026:1",
            "När du pausade var 3 frågor obesvarade. Dina svar är sparade.",
            "Du kan svara till och med 2026-12-18.",
            "Fortsätt",
            "Påminn mig inte",
            "Du får högst en påminnelse till i den här omgången.",
            'Du kan också skriva "fortsätt" eller "påminn mig inte".',
        ]
        assert card.summary.startswith("Påminnelse om Provkollen 2026:1. När du pausade")

    @pytest.mark.parametrize(
        ("changes", "sent", "told"),
        [
            ({"left": 1}, 0, "När du pausade var en fråga obesvarad."),
            ({"left": 0}, 1, "Alla frågor är besvarade, men svaren är inte inskickade."),
            ({"language": "en"}, 1, "This is the last reminder in this round."),
            ({"draft": ""}, 1, "Det här är den sista påminnelsen"),
        ],
    )
    def test_it_fits_what_it_is_about(self, changes: dict[str, object], sent: int, told: str) -> None:
        wish = replace(Wish(ADDRESS, "sv", "s1", 3), **changes)  # type: ignore[arg-type]  # fields of a wish
        kept = Kept("r1", "owner", Source.INDIVIDUAL, MONDAY, sent=sent, wish=wish)
        held = open_round(closes=MONDAY)
        text = card_text(reminder_card(kept, wish, held, MONDAY, 2, TEXTS))
        assert told in text
        assert ("till och med i dag" if wish.language == "sv" else "end of today") in text
        assert "till och med" not in card_text(reminder_card(kept, wish, open_round(), MONDAY, 2, TEXTS))

    async def test_one_press_goes_on_where_it_was_left(self, talk: Reminded) -> None:
        me = await talk.paused()
        message = await talk.reminder()
        await me.press("Fortsätt", card=message)
        assert me.lines[message].text == "Mognadskollen fortsätter längre ner."
        assert "Fråga 2 av 4" in me.text()

    async def test_one_press_declines_the_next_one(self, talk: Reminded) -> None:
        me = await talk.paused()
        message = await talk.reminder()
        await me.press("Påminn mig inte", card=message)
        assert "inga fler påminnelser" in me.lines[message].text
        assert talk.reminded.reminders.refused == {ANNA}

    async def test_a_press_on_an_old_one_changes_nothing_that_is_not_there_any_more(self, talk: Reminded) -> None:
        me = await talk.paused()
        message = await talk.reminder()
        card = me.cards[message]
        await me.say("radera mina svar")
        await me.say("ja")
        me.cards[message] = card
        assert "Ingenting ändrades" in texts(await me.press("Fortsätt", card=message))
        await me.press("Påminn mig inte", card=message)
        assert talk.reminded.reminders.refused == {ANNA}

    async def test_a20_somebody_elses_press_declines_only_their_own(self, talk: Reminded) -> None:
        await talk.paused()
        message = await talk.reminder()
        stranger = Client(talk.fyren, sender=Sender(TENANT, "bo"), chat="chat-2", address=ADDRESS)
        stranger.cards[message] = talk.me.cards[message]
        await stranger.press("Påminn mig inte", card=message)
        assert talk.reminded.reminders.refused == {Person(TENANT, "bo")}
        assert talk.kept.wish is not None
