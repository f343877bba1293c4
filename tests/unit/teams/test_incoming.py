"""What is read from the wire, and what is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.errors import ActivityInvalid
from bot.teams.receiving.activities import turn_of
from bot.teams.receiving.incoming import parse
from tests.fakes.teams import PERSON, TENANT, activity

SERVICE = "https://smba.trafficmanager.net/emea/"


def body(**changes: Any) -> bytes:
    return json.dumps(activity(SERVICE, **changes)).encode()


def test_a_message_is_read_with_both_places_of_the_tenant() -> None:
    incoming = parse(body())
    assert (incoming.conversation.tenant, incoming.channel_tenant) == (TENANT, TENANT)
    assert incoming.sender is not None
    assert incoming.sender.aad_object_id == PERSON["aadObjectId"]
    assert incoming.text == "Hur ser portföljstyrningen ut?"


MALFORMED = {
    "nothing": b"",
    "no json": b"hej",
    "bad utf-8": b'{"type":"\xff"}',
    "utf-16": '{"type":"message"}'.encode("utf-16"),
    "null": b"null",
    "list": b"[]",
    "list of activities": b"[" + body() + b"]",
    "text": b'"hej"',
    "number": b"1",
    "empty object": b"{}",
    "cut": body()[:-1],
    "two documents": body() + body(),
    "NaN": body()[:-1] + b',"value":NaN}',
    "infinity": body()[:-1] + b',"value":-Infinity}',
    "long number": body()[:-1] + b',"value":' + b"9" * 6000 + b"}",
    "deep list": b"[" * 100_000,
    "deep object": b'{"a":' * 50_000,
    "deep value": body()[:-1] + b',"value":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "no type": body(type=None),
    "type is a number": body(type=7),
    "type unknown": body(type="banana"),
    "no conversation": body(conversation=None),
    "conversation is a text": body(conversation="a:1"),
    "conversation without id": body(conversation={"tenantId": TENANT}),
    "conversation id empty": body(conversation={"id": ""}),
    "conversation id climbs": body(conversation={"id": ".."}),
    "conversation id with NUL": body(conversation={"id": "a\0b"}),
    "conversation id with line break": body(conversation={"id": "a\r\nX-Header: b"}),
    "conversation id of 10 kB": body(conversation={"id": "a" * 10_240}),
    "no from": body(**{"from": None}),
    "from is a list": body(**{"from": [PERSON]}),
    "from without id": body(**{"from": {"name": "Anna"}}),
    "text is a list": body(text=["hej"]),
    "text is an object": body(text={"a": 1}),
    "locale is a number": body(locale=5),
    "entities is an object": body(entities={}),
    "entity is a text": body(entities=["mention"]),
    "channelData is a text": body(channelData="x"),
    "serviceUrl is a number": body(serviceUrl=1),
    "members is a text": body(type="conversationUpdate", membersAdded="x"),
    "member without id": body(type="conversationUpdate", membersAdded=[{}]),
    "half a surrogate in an id": body(id="\ud83d"),
}


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED.keys())
def test_a12_malformed_activities_are_refused_without_quoting_them(raw: bytes) -> None:
    with pytest.raises(ActivityInvalid) as refused:
        parse(raw)
    assert len(str(refused.value)) < 100
    assert "Anna" not in str(refused.value)


@pytest.mark.parametrize("kind", ["typing", "messageReaction", "endOfConversation", "event"])
def test_types_without_an_answer_are_read_and_make_no_turn(kind: str) -> None:
    assert turn_of(parse(body(type=kind, **{"from": None}))) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["type", "id", "from", "recipient", "conversation", "text", "value", "entities", "channelData", "name"]


@given(st.sampled_from(["message", "invoke", "conversationUpdate"]), st.sampled_from(FIELDS), JSON)
def test_a12_any_value_in_any_field_is_read_or_refused(kind: str, field: str, value: object) -> None:
    raw = json.dumps(activity(SERVICE, type=kind, name="adaptiveCard/action") | {field: value}).encode()
    with suppress(ActivityInvalid):
        turn_of(parse(raw))


@given(st.binary(max_size=200))
def test_a12_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with pytest.raises(ActivityInvalid):
        parse(raw)
