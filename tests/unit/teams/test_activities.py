"""Activities in the conversation's words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.conversation.turn import Action, Event, Feedback, FileConsent, Joined, Message, Scope, Sender
from bot.teams.errors import ActivityInvalid
from bot.teams.receiving.activities import turn_of
from bot.teams.receiving.incoming import parse
from tests.fakes.teams import BOT, PERSON, TENANT, activity, invoke

SERVICE = "https://smba.trafficmanager.net/emea/"
GROUP = {"id": "19:grupp@thread.v2", "conversationType": "groupChat", "isGroup": True, "tenantId": TENANT}
CHANNEL = {"id": "19:kanal@thread.tacv2;messageid=1", "conversationType": "channel", "isGroup": True}
MENTION = {"type": "mention", "mentioned": BOT, "text": "<at>Fyren</at>"}
OTHER = {"type": "mention", "mentioned": {"id": "29:bo", "name": "Bo"}, "text": "<at>Bo Ek</at>"}


def event(document: dict[str, Any]) -> Event | None:
    turn = turn_of(parse(json.dumps(document).encode()))
    return turn.event if turn else None


def message(**changes: Any) -> Event | None:
    return event(activity(SERVICE, **changes))


def test_a_turn_knows_who_where_and_which() -> None:
    turn = turn_of(parse(json.dumps(activity(SERVICE)).encode()))
    assert turn is not None
    assert turn.sender == Sender(TENANT, "0b0e8a52-anna")
    assert (turn.conversation, turn.activity, turn.scope, turn.locale) == (
        "a:1anna",
        "1700000000001",
        Scope.PERSONAL,
        "sv-SE",
    )
    assert turn.event == Message("Hur ser portföljstyrningen ut?")


def test_the_tenant_is_found_in_either_place_and_the_person_by_the_best_id() -> None:
    changed = activity(
        SERVICE, conversation={"id": "a:1"}, channelData={"tenant": {"id": "t2"}}, **{"from": {"id": "29:x"}}
    )
    turn = turn_of(parse(json.dumps(changed).encode()))
    assert turn is not None
    assert turn.sender == Sender("t2", "29:x")


@pytest.mark.parametrize(
    ("place", "scope"),
    [
        ({"id": "a"}, Scope.PERSONAL),
        ({"id": "a", "isGroup": True}, Scope.GROUP),
        ({"id": "a", "conversationType": "something new"}, Scope.GROUP),
        (GROUP, Scope.GROUP),
        (CHANNEL, Scope.CHANNEL),
    ],
)
def test_an_unknown_place_is_treated_as_one_with_others_in_it(place: dict[str, Any], scope: Scope) -> None:
    turn = turn_of(parse(json.dumps(activity(SERVICE, conversation=place, entities=[MENTION])).encode()))
    assert turn is not None
    assert turn.scope is scope


@pytest.mark.parametrize("place", [GROUP, CHANNEL])
def test_in_groups_and_channels_only_a_mention_is_answered(place: dict[str, Any]) -> None:
    text = "<at>Fyren</at> vad kräver NIS 2?\n"
    assert message(conversation=place, text=text, entities=[MENTION]) == Message("vad kräver NIS 2?")
    assert message(conversation=place, text="vad kräver NIS 2?") is None
    assert message(conversation=place, text="<at>Bo Ek</at> vet du?", entities=[OTHER]) is None
    assert message(conversation=place, text=text, entities=[MENTION], recipient=None) is None


def test_other_peoples_mentions_become_their_names() -> None:
    text = "<at>Fyren</at>&nbsp;kan <at>Bo Ek</at> svara?"
    assert message(conversation=GROUP, text=text, entities=[MENTION, OTHER]) == Message("kan Bo Ek svara?")


def test_only_a_mention_is_an_empty_message() -> None:
    assert message(conversation=GROUP, text="<at>Fyren</at>", entities=[MENTION]) == Message("")


@pytest.mark.parametrize(
    "entity", [{"type": "mention"}, {"type": "mention", "mentioned": []}, {"type": 7}, {"mentioned": BOT, "text": 1}]
)
def test_a_broken_mention_mentions_nobody(entity: dict[str, Any]) -> None:
    assert message(conversation=GROUP, text="hej", entities=[entity]) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (None, ""),
        ("", ""),
        ("  \n ", ""),
        ("a\u0308rende", "ärende"),
        ("a\x00b\x1b[31mc\x85d", "ab[31mcd"),
        ("rad ett\nrad två\t!", "rad ett\nrad två\t!"),
        ("halv \ud83d emoji", "halv ? emoji"),
        ("👩‍💻 och ﷽", "👩‍💻 och ﷽"),
        ("hård\xa0blank", "hård blank"),
    ],
)
def test_odd_text_arrives_whole_and_harmless(text: str | None, read: str) -> None:
    assert message(text=text) == Message(read)


def test_fifty_thousand_characters_are_passed_on() -> None:
    assert message(text="å" * 50_000) == Message("å" * 50_000)


FEEDBACK = {"reaction": "like", "feedback": '{"feedbackText":"Bra svar"}'}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"actionName": "feedback", "actionValue": FEEDBACK}, Feedback(True, "Bra svar", "sent-1")),
        (
            {"actionName": "feedback", "actionValue": {"reaction": "dislike", "feedback": {"feedbackText": "Fel år"}}},
            Feedback(False, "Fel år", "sent-1"),
        ),
        (json.dumps({"actionName": "feedback", "actionValue": FEEDBACK}), Feedback(True, "Bra svar", "sent-1")),
        ({"actionName": "feedback", "actionValue": json.dumps(FEEDBACK)}, Feedback(True, "Bra svar", "sent-1")),
        ({"data": {"actionName": "feedback", "actionValue": FEEDBACK}}, Feedback(True, "Bra svar", "sent-1")),
        ({"actionName": "feedback", "actionValue": {"reaction": "like"}}, Feedback(True, "", "sent-1")),
        (
            {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": ""}},
            Feedback(True, "", "sent-1"),
        ),
        (
            {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": None}},
            Feedback(True, "", "sent-1"),
        ),
        *(
            (
                {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": words}},
                Feedback(True, words, "sent-1"),
            )
            for words in ("Bra svar", "5", "{", "[]", "null")
        ),
    ],
)
def test_a_thumb_is_read_in_every_form_that_clients_send(value: object, read: Feedback) -> None:
    assert event(invoke(SERVICE, "message/submitAction", value, replyToId="sent-1")) == read


def test_a_thumb_need_not_say_which_message_it_is_on() -> None:
    value = {"actionName": "feedback", "actionValue": FEEDBACK}
    assert event(invoke(SERVICE, "message/submitAction", value)) == Feedback(True, "Bra svar", None)


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "{",
        "[]",
        {},
        {"actionName": "other", "actionValue": FEEDBACK},
        {"actionName": "feedback"},
        {"actionName": "feedback", "actionValue": {"reaction": "love"}},
        {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": {"feedbackText": 5}}},
    ],
)
def test_a_malformed_thumb_is_refused(value: object) -> None:
    with pytest.raises(ActivityInvalid):
        event(invoke(SERVICE, "message/submitAction", value))


def card_action(action: object) -> Event | None:
    return event(invoke(SERVICE, "adaptiveCard/action", {"action": action, "trigger": "manual"}))


def test_a_card_action_is_its_verb_and_data() -> None:
    pressed = {"type": "Action.Execute", "id": "b1", "verb": "ask", "data": {"question": "Vad är NIS 2?"}}
    assert card_action(pressed) == Action("ask", {"question": "Vad är NIS 2?"})
    assert card_action({"verb": "help"}) == Action("help", {})


@pytest.mark.parametrize(
    "action",
    [
        None,
        {},
        {"verb": ""},
        {"verb": 7},
        {"verb": "ask me"},
        {"verb": "x" * 200},
        {"verb": "ask", "data": []},
        {"verb": "ask", "data": {"level": 99}},
        {"verb": "ask", "data": {"a": {"b": "c"}}},
        {"verb": "ask", "data": {"a": "x" * 60_001}},
        {"verb": "ask", "data": {"half": "\ud83d"}},
        {"verb": "ask", "data": {str(n): "x" for n in range(51)}},
    ],
)
def test_a20_a_card_action_that_no_card_of_ours_makes_is_refused(action: object) -> None:
    with pytest.raises(ActivityInvalid):
        card_action(action)


def test_what_a_person_wrote_on_a_card_arrives_whole_however_long_it_is() -> None:
    written = "å" * 50_000
    assert card_action({"verb": "check.answer", "data": {"comment": written}}) == Action(
        "check.answer", {"comment": written}
    )
    assert message(text=None, value={"verb": "check.answer", "comment": written}) == Action(
        "check.answer", {"comment": written}
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a\u0308rende\x00", "ärende"),
        (" rad ett\nrad två\x1b[31m ", "rad ett\nrad två[31m"),
        ("hård\xa0blank", "hård blank"),
    ],
)
def test_odd_text_on_a_card_arrives_harmless(written: str, read: str) -> None:
    assert card_action({"verb": "v", "data": {"comment": written}}) == Action("v", {"comment": read})


def test_a_press_tells_which_message_held_the_button() -> None:
    pressed = {"action": {"verb": "pick"}}
    by_execute = invoke(SERVICE, "adaptiveCard/action", pressed, replyToId="card-1")
    by_submit = activity(SERVICE, text=None, value={"verb": "pick"}, replyToId="card-1")
    said = activity(SERVICE, text=None, value={"say": "Och ekonomin?"}, replyToId="card-1")
    written = activity(SERVICE, replyToId="card-1")
    unknown = invoke(SERVICE, "adaptiveCard/action", pressed)
    turns = [turn_of(parse(json.dumps(each).encode())) for each in (by_execute, by_submit, said, written, unknown)]
    assert [turn.pressed for turn in turns if turn] == ["card-1", "card-1", "", "", ""]


def test_an_answer_about_a_file_is_a_turn_that_knows_no_address() -> None:
    value = {
        "type": "fileUpload",
        "action": "accept",
        "context": {"key": "svar-1"},
        "uploadInfo": {"uploadUrl": "https://a.sharepoint.com/up", "contentUrl": "https://a.sharepoint.com/file"},
    }
    assert event(invoke(SERVICE, "fileConsent/invoke", value)) == FileConsent("svar-1", accepted=True)
    declined = {"type": "fileUpload", "action": "decline", "context": {"key": "svar-1"}}
    assert event(invoke(SERVICE, "fileConsent/invoke", declined)) == FileConsent("svar-1", accepted=False)


def test_a_press_without_execute_is_the_same_action() -> None:
    value = {"verb": "ask", "data": {"question": "Vad?"}, "typed": "fritext", "msteams": {"type": "x"}}
    assert message(text=None, value=value) == Action("ask", {"typed": "fritext", "question": "Vad?"})
    assert message(text="", conversation=GROUP, value=value) == Action("ask", {"typed": "fritext", "question": "Vad?"})


def test_what_a_person_wrote_beside_a_value_is_a_message() -> None:
    assert message(text="hej", value={"x": 1}) == Message("hej")


def test_a_suggestion_on_a_card_says_its_question() -> None:
    assert message(text=None, value={"say": "Och a\u0308renden? \ud83d"}) == Message("Och ärenden? ?")
    assert message(text="", conversation=GROUP, value={"say": "Och ekonomin?"}) == Message("Och ekonomin?")
    assert message(text="hej", value={"say": "Och ekonomin?"}) == Message("hej")


@pytest.mark.parametrize("value", [{"say": ""}, {"say": 7}, {}, {"verb": "ask", "data": "x"}, {"data": {}}])
def test_a_press_without_a_verb_is_refused(value: object) -> None:
    with pytest.raises(ActivityInvalid):
        message(text=None, value=value)


def test_an_unknown_invoke_is_refused() -> None:
    with pytest.raises(ActivityInvalid):
        event(invoke(SERVICE, "composeExtension/query", {}))


def test_the_bot_itself_being_added_is_a_turn_and_others_are_not() -> None:
    added = {"type": "conversationUpdate", "text": None}
    assert message(**added, membersAdded=[PERSON, BOT]) == Joined()
    assert message(**added, membersAdded=[PERSON]) is None
    assert message(**added, membersRemoved=[BOT]) is None
    assert message(**added, membersAdded=[BOT], recipient=None) is None
    assert message(**added, membersAdded=[BOT], **{"from": None}) == Joined()


def test_installing_is_a_turn_and_removing_is_not() -> None:
    assert message(type="installationUpdate", action="add", text=None) == Joined()
    assert message(type="installationUpdate", action="add-upgrade", text=None) is None
    assert message(type="installationUpdate", action="remove", text=None) is None
