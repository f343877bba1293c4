"""Where a chat is found again: packed without names, and nothing else is unpacked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.teams.errors import AddressInvalid
from bot.teams.receiving.activities import turn_of
from bot.teams.receiving.incoming import parse
from bot.teams.sending.addresses import Address, is_in, unpacked
from tests.fakes.teams import BOT, PERSON, TENANT, activity

URL = "https://smba.trafficmanager.net/emea/"
CHANNEL = {
    "conversation": {"id": "19:kanal@thread.tacv2;messageid=1700", "conversationType": "channel", "isGroup": True},
    "entities": [{"type": "mention", "mentioned": BOT, "text": "<at>Fyren</at>"}],
    "text": "<at>Fyren</at> veckobrev hit",
}


def address(**changes: Any) -> str:
    turn = turn_of(parse(json.dumps(activity(URL, **changes)).encode()))
    assert turn is not None
    return turn.address


def test_a_personal_chat_is_found_again_and_nobody_is_named() -> None:
    text = address()
    assert unpacked(text) == Address(URL, TENANT, "a:1anna", str(BOT["id"]), str(PERSON["id"]), "personal")
    assert "Anna" not in text
    assert "0b0e8a52" not in text


def test_a_channel_is_found_again_without_the_thread_that_was_written_in() -> None:
    found = unpacked(address(**CHANNEL))
    assert (found.kind, found.conversation, found.tenant) == ("channel", "19:kanal@thread.tacv2", TENANT)
    assert found.person == ""  # who wrote there is nobody's business later
    group = address(
        conversation={"id": "19:grupp@thread.v2", "conversationType": "groupChat"}, entities=CHANNEL["entities"]
    )
    assert (unpacked(group).kind, unpacked(group).person) == ("group", "")
    bare = address(conversation={"id": "x", "isGroup": True}, entities=CHANNEL["entities"])
    assert unpacked(bare).kind == "group"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"service_url": 1}', '{"service_url":"u","tenant":"t","conversation":"..","x":1}']
)
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(AddressInvalid):
        unpacked(text)
    assert not is_in(text, "19:kanal@thread.tacv2")


def test_an_address_is_in_its_own_channel_only() -> None:
    text = address(**CHANNEL)
    assert is_in(text, "19:kanal@thread.tacv2")
    assert not is_in(text, "19:annan@thread.tacv2")
    assert not is_in(text, "")
