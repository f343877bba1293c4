"""What Teams sends, as far as Fyren reads it: bytes -> a validated `Incoming`, or ActivityInvalid.

botbuilder's own deserialiser drops fields (the tenant, entity contents, a card action's trigger) and raises what
nobody catches on malformed input, so the wire is read here and botbuilder is given only what has been checked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, NoReturn

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from bot.teams.errors import ActivityInvalid

ANSWERED_TYPES = frozenset({"message", "invoke", "conversationUpdate", "installationUpdate"})
IGNORED_TYPES = frozenset(
    {
        "command",
        "commandResult",
        "contactRelationUpdate",
        "deleteUserData",
        "endOfConversation",
        "event",
        "handoff",
        "invokeResponse",
        "messageDelete",
        "messageReaction",
        "messageUpdate",
        "suggestion",
        "trace",
        "typing",
    }
)


def _mended(value: object) -> object:
    """Half of a surrogate pair, which JSON can spell, is replaced: no database or connection would take it."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _not_a_step(value: str) -> str:
    """An id becomes part of an address, where these two would mean another folder."""
    if value in {".", ".."}:
        raise ValueError("not an id")
    return value


Id = Annotated[
    str,
    StringConstraints(max_length=1024, pattern=r"^[^\x00-\x1f\x7f]+$"),
    AfterValidator(_not_a_step),
]
Name = Annotated[str, BeforeValidator(_mended), StringConstraints(max_length=1024)]
Short = Annotated[str, StringConstraints(max_length=128)]
Text = Annotated[str, BeforeValidator(_mended)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Account(_Part):
    """A person or a bot. `aad_object_id` names a person across conversations, `id` only within one bot."""

    id: Id
    name: Name | None = None
    aad_object_id: Short | None = Field(None, alias="aadObjectId")


class Place(_Part):
    """The conversation."""

    id: Id
    kind: Short | None = Field(None, alias="conversationType")
    is_group: bool | None = Field(None, alias="isGroup")
    tenant: Short | None = Field(None, alias="tenantId")


class Incoming(_Part):
    """One activity. `value`, `entities`, `attachments` and `channel_data` are still as the client made them."""

    type: Short
    conversation: Place
    id: Id | None = None
    sender: Account | None = Field(None, alias="from")
    recipient: Account | None = None
    channel: Short = Field("", alias="channelId")
    service_url: Annotated[str, StringConstraints(max_length=2048)] = Field("", alias="serviceUrl")
    text: Text | None = None
    locale: Short | None = None
    name: Short | None = None
    value: Any = None
    reply_to: Id | None = Field(None, alias="replyToId")
    entities: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] | None = None
    members_added: list[Account] | None = Field(None, alias="membersAdded")
    action: Short | None = None
    channel_data: dict[str, Any] | None = Field(None, alias="channelData")

    @property
    def channel_tenant(self) -> str | None:
        """The tenant that `channelData` names; Teams gives it there, in the conversation, or in both."""
        tenant = (self.channel_data or {}).get("tenant")
        found = tenant.get("id") if isinstance(tenant, Mapping) else None
        return found if isinstance(found, str) and found else None


def parse(body: bytes) -> Incoming:
    """Raises ActivityInvalid."""
    document = read_json(body)
    if not isinstance(document, dict):
        raise ActivityInvalid("the body is not a JSON object")
    try:
        incoming = Incoming.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        # Positions are named, contents are not: the answer and the log stay free of what people wrote.
        field = ".".join(str(step) for step in first["loc"][:3])
        raise ActivityInvalid(f"{field} is missing or malformed") from None
    if incoming.type not in ANSWERED_TYPES | IGNORED_TYPES:
        raise ActivityInvalid("type is not an activity type")
    if incoming.type in ("message", "invoke") and incoming.sender is None:
        raise ActivityInvalid("from is missing or malformed")
    return incoming


def read_json(body: bytes | str) -> Any:
    """Strict JSON in UTF-8. Raises ActivityInvalid, also for NaN and for nesting without end."""
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        # RecursionError: the parser's own guard against a body of brackets; ValueError covers bad UTF-8 too.
        raise ActivityInvalid("the body is not JSON") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
