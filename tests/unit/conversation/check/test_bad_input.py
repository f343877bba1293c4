"""What no card sends, what cannot be kept, and where the check is not done: told, and nothing changes."""

from __future__ import annotations

from datetime import date

import pytest

from bot.conversation.card import NoticeReply
from bot.conversation.check.presses import read
from bot.conversation.replies import TextReply
from bot.conversation.turn import Action, Scope, Sender
from bot.maturity.errors import Refused
from tests.fakes.check_talk import TENANT, Client, open_round, store_with
from tests.unit.conversation.check.talk import Talk, texts


async def test_a19_the_check_is_refused_in_groups_and_channels(talk: Talk) -> None:
    for scope in (Scope.GROUP, Scope.CHANNEL):
        group = Client(talk.fyren, scope=scope, chat=str(scope))
        for words in ("mognadskoll", "mina svar", "fortsätt"):
            [reply] = await group.say(words)
            assert isinstance(reply, TextReply)
            assert "enskild chatt" in reply.text
    me = await talk.to_items()
    group = Client(talk.fyren, scope=Scope.CHANNEL, chat="channel")
    button = next(each for each in me.card.blocks if hasattr(each, "buttons")).buttons[0]
    [reply] = await group.act(button.action)
    assert "enskild chatt" in texts([reply])
    assert talk.session.answers == {}


@pytest.mark.parametrize(
    "change",
    [
        {"code": "99"},
        {"code": "-1"},
        {"item": "modell"},
        {"item": "../../etc"},
        {"score": "5"},
        {"code": "2", "null": "dk"},
        {"null": "zero", "code": None},
        {"draft": None},
        {"item": "x" * 5000},
    ],
)
async def test_a20_a_tampered_card_changes_nothing(talk: Talk, change: dict[str, str | None]) -> None:
    me = await talk.to_items()
    before = talk.session
    good = {"round": "2026-1", "draft": before.id, "card": "item", "item": "portfolj", "code": "2"}
    data = {key: value for key, value in {**good, **change}.items() if value is not None}
    replies = await me.act(Action("check.answer", data))
    assert "Ingenting ändrades" in texts(replies)
    assert all(isinstance(reply, NoticeReply) for reply in replies)
    assert talk.session == before


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"round": "2026-1"},
        {"draft": "d"},
        {"round": "2026-1", "draft": "d", "score": "5"},
        {"round": "2026-1", "draft": "d" * 101},
        {"round": "2026-1", "draft": "d", "item": "x" * 101},
    ],
)
def test_a20_a_press_of_another_form_is_refused_before_anything_is_looked_up(data: dict[str, str]) -> None:
    with pytest.raises(Refused, match="card_unknown"):
        read(Action("check.answer", data))


async def test_a20_an_unknown_verb_of_the_check_changes_nothing(talk: Talk) -> None:
    me = await talk.to_items()
    replies = await me.act(Action("check.set_score", {"round": "2026-1", "draft": talk.session.id}))
    assert "Ingenting ändrades" in texts(replies)


async def test_a20_nobody_presses_on_another_persons_card(talk: Talk) -> None:
    await talk.to_items()
    other = Client(talk.fyren, sender=Sender(TENANT, "bengt"), chat="chat-2")
    data = {"round": "2026-1", "draft": talk.session.id, "card": "item", "item": "portfolj", "code": "2"}
    replies = await other.act(Action("check.answer", data))
    assert "hör till en annan mognadskoll" in texts(replies)
    assert talk.session.answers == {}


@pytest.mark.parametrize(
    ("comment", "says"), [("x" * 50_000, "50000 tecken"), ("Gäller 811218-9876 på plan 3", "personnummer")]
)
async def test_a_comment_that_cannot_be_kept_leaves_everything_as_it_was(talk: Talk, comment: str, says: str) -> None:
    me = await talk.to_items()
    before = talk.session
    replies = await me.press("3. Utvecklingsfas", comment=comment)
    assert says in texts(replies)
    assert all(isinstance(reply, NoticeReply) for reply in replies)
    assert talk.session == before
    assert "3. Utvecklingsfas" in me.titles()


async def test_a_closed_round_says_so_and_saves_nothing(talk: Talk) -> None:
    me = await talk.to_items()
    await talk.store.close("2026-1")
    assert "Omgången är stängd" in texts(await me.press("3. Utvecklingsfas"))
    assert "Ingen omgång" in texts(await me.say("mognadskoll"))
    assert "förstörd" in texts(await me.say("mina svar"))
    assert "förstörd" in texts(await me.say("radera mina svar"))


async def test_a_round_past_its_last_day_says_so_and_keeps_what_is_there() -> None:
    store = store_with(open_round(closes=date(2026, 11, 2)))
    talk = Talk(store)
    me = await talk.to_items()
    store._clock = lambda: date(2026, 11, 3)
    before = talk.session
    assert "Omgången är stängd" in texts(await me.press("3. Utvecklingsfas"))
    assert talk.session == before
