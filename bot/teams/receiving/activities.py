"""Activity -> Turn: what a person did, in the conversation's words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from bot.conversation.turn import Action, Event, Feedback, Joined, Message, Scope, Sender, Turn
from bot.teams.cards.figure_card import SAY
from bot.teams.errors import ActivityInvalid
from bot.teams.files.consent import FILE_CONSENT, consent_of
from bot.teams.files.sent_files import files_of
from bot.teams.receiving.edge import Edge, unpacked, validated
from bot.teams.receiving.incoming import Incoming, read_json
from bot.teams.sending.addresses import packed

COMMENT_LIMIT = 4000
FEEDBACK = "message/submitAction"
CARD_ACTION = "adaptiveCard/action"

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_SCOPES = {"personal": Scope.PERSONAL, "groupChat": Scope.GROUP, "channel": Scope.CHANNEL}


def turn_of(incoming: Incoming) -> Turn | None:
    """The turn, or None where nothing is to be said. Raises ActivityInvalid."""
    event = _event(incoming)
    if event is None:
        return None
    return Turn(
        event=event,
        sender=_sender(incoming),
        conversation=incoming.conversation.id,
        activity=incoming.id or "",
        scope=scope_of(incoming),
        locale=incoming.locale or "",
        pressed=(incoming.reply_to or "") if isinstance(event, Action) else "",
        address=packed(incoming),
    )


def scope_of(incoming: Incoming) -> Scope:
    """Where it happened. What is neither personal nor known counts as a group: the careful choice."""
    place = incoming.conversation
    if place.kind is None:
        return Scope.GROUP if place.is_group else Scope.PERSONAL
    return _SCOPES.get(place.kind, Scope.GROUP)


def _sender(incoming: Incoming) -> Sender:
    # The Entra object id names a person everywhere; `from.id` is all that some clients send, and differs per bot.
    tenant = incoming.conversation.tenant or incoming.channel_tenant or ""
    person = incoming.sender
    return Sender(tenant, (person.aad_object_id or person.id) if person else "")


def _event(incoming: Incoming) -> Event | None:
    match incoming.type:
        case "message":
            return _message(incoming)
        case "invoke" if incoming.name == FEEDBACK:
            return _feedback(incoming)
        case "invoke" if incoming.name == CARD_ACTION:
            return _card_action(incoming.value)
        case "invoke" if incoming.name == FILE_CONSENT:
            return consent_of(incoming)
        case "invoke":
            raise ActivityInvalid("name is not an invoke that this bot answers")
        case "conversationUpdate":
            bot = incoming.recipient.id if incoming.recipient else None
            added = {member.id for member in incoming.members_added or ()}
            return Joined() if bot in added else None
        case "installationUpdate":
            # A person who installs again causes this and no conversationUpdate.
            return Joined() if incoming.action == "add" else None
        case _:
            return None


def _message(incoming: Incoming) -> Event | None:
    text, mentioned = _without_mentions(incoming)
    if not text and isinstance(incoming.value, Mapping):
        said = said_by_button(incoming)
        return Message(_plain(said)) if said else _submitted(incoming.value)
    if scope_of(incoming) is not Scope.PERSONAL and not mentioned:
        return None
    return files_of(incoming, text) or Message(text)


def _without_mentions(incoming: Incoming) -> tuple[str, bool]:
    """The text as the person meant it, and whether it names the bot; other people's mentions become their names."""
    text = incoming.text or ""
    bot = incoming.recipient.id if incoming.recipient else None
    mentioned = False
    for entity in incoming.entities or ():
        target, written = entity.get("mentioned"), entity.get("text")
        if str(entity.get("type")).lower() != "mention" or not isinstance(target, Mapping):
            continue
        to_bot = bot is not None and target.get("id") == bot
        mentioned = mentioned or to_bot
        if isinstance(written, str) and written:
            text = text.replace(written, " " if to_bot else re.sub(r"</?at[^<>]*>", "", written))
    return _plain(text.replace("&nbsp;", " ")), mentioned


def said_by_button(incoming: Incoming) -> str | None:
    """What a suggestion on a card says. It shows nowhere in the chat, unlike a suggestion under a message."""
    said = incoming.value.get(SAY) if isinstance(incoming.value, Mapping) and not incoming.text else None
    return said.encode("utf-8", "replace").decode() if isinstance(said, str) and said.strip() else None


def _plain(text: str) -> str:
    return _CONTROLS.sub("", unicodedata.normalize("NFC", text)).replace("\xa0", " ").strip()


def _comment(value: object) -> object:
    """Teams sends JSON in a string; other clients send the comment's plain words, which may look like anything."""
    if not isinstance(value, str):
        return value or {}
    try:
        document = read_json(value)
    except ActivityInvalid:
        document = None
    return document if isinstance(document, dict) else {"feedbackText": value}


class _Comment(Edge):
    text: str = Field("", alias="feedbackText")


class _Rating(Edge):
    reaction: Literal["like", "dislike"]
    feedback: Annotated[_Comment, BeforeValidator(_comment)] = _Comment(feedbackText="")


class _RatingAction(Edge):
    name: Literal["feedback"] = Field(alias="actionName")
    value: Annotated[_Rating, BeforeValidator(unpacked)] = Field(alias="actionValue")


Verb = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\w.:/-]+$")]
Key = Annotated[str, StringConstraints(max_length=64)]
Value = Annotated[str, StringConstraints(max_length=60_000), AfterValidator(_plain)]
"""What is longer than the conversation takes is told there, in words; a limit here has to be far beyond."""


def _inputs(value: object) -> object:
    """`msteams` steers the client and is no input."""
    return {key: each for key, each in value.items() if key != "msteams"} if isinstance(value, Mapping) else value


class _Pressed(Edge):
    verb: Verb
    data: Annotated[dict[Key, Value], BeforeValidator(_inputs), Field(max_length=50)] = Field(default_factory=dict)


class _CardAction(Edge):
    action: _Pressed


def _feedback(incoming: Incoming) -> Feedback:
    value = unpacked(incoming.value)
    if isinstance(value, Mapping) and "actionName" not in value:
        value = unpacked(value.get("data"))
    rating = validated(_RatingAction, value).value
    comment = _CONTROLS.sub("", rating.feedback.text)[:COMMENT_LIMIT].strip()
    return Feedback(liked=rating.reaction == "like", comment=comment, reply_to=incoming.reply_to)


def _card_action(value: object) -> Action:
    pressed = validated(_CardAction, unpacked(value)).action
    return Action(pressed.verb, pressed.data)


def _submitted(value: Mapping[str, Any]) -> Action:
    """A press from a client without Action.Execute: the button's data, with the card's inputs beside it."""
    data = value.get("data", {})
    inputs = {key: each for key, each in value.items() if key not in ("verb", "data")}
    merged = {**inputs, **data} if isinstance(data, Mapping) else data
    pressed = validated(_Pressed, {"verb": value.get("verb"), "data": merged})
    return Action(pressed.verb, pressed.data)
