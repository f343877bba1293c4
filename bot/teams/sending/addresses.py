"""Where a chat or channel is found again outside a turn, packed into a text that the conversation keeps unread.

No name of anybody is in it. What was packed is checked when it is unpacked: it comes back from a database.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from bot.teams.errors import AddressInvalid
from bot.teams.receiving.incoming import Id, Incoming

Part = Annotated[str, StringConstraints(max_length=2048)]


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid", strict=True))
class Address:
    """A chat with a person, a group's chat, or a channel; ids as Teams gave them. `person` is that of the account in
    a chat with one person, which is written to by it; elsewhere it would only tell who wrote there."""

    service_url: Part
    tenant: Part
    conversation: Id
    bot: Part = ""
    person: Part = ""
    kind: Literal["personal", "group", "channel"] = "personal"

    @property
    def personal(self) -> bool:
        """Whether it is a chat with one person."""
        return self.kind == "personal"


def packed(incoming: Incoming) -> str:
    """The address of where an activity came from."""
    place = incoming.conversation
    # A channel's conversation goes on with the thread that was written in; what is sent later begins its own.
    conversation = place.id.partition(";")[0] or place.id
    channel = place.kind == "channel"
    group = place.is_group if place.kind is None else place.kind != "personal"
    kind: Literal["personal", "group", "channel"] = "channel" if channel else "group" if group else "personal"
    address = Address(
        service_url=incoming.service_url,
        tenant=place.tenant or incoming.channel_tenant or "",
        conversation=conversation,
        bot=incoming.recipient.id if incoming.recipient else "",
        person=incoming.sender.id if incoming.sender and kind == "personal" else "",
        kind=kind,
    )
    return _addresses().dump_json(address).decode()


def unpacked(text: str) -> Address:
    """Raises AddressInvalid for what `packed` did not make."""
    try:
        return _addresses().validate_json(text)
    except ValidationError:
        raise AddressInvalid("a stored address is not of the form that addresses have") from None


def is_in(address: str, conversation: str) -> bool:
    """Whether an address is that of this channel or chat."""
    try:
        return bool(conversation) and unpacked(address).conversation == conversation
    except AddressInvalid:
        return False


@cache
def _addresses() -> TypeAdapter[Address]:
    return TypeAdapter(Address)
