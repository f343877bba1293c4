"""What a person did: a Turn, in the words of the conversation and not of whatever carries it (Teams, a terminal)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """Where a turn was taken; personal results are only ever shown in PERSONAL."""

    PERSONAL = "personal"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who took the turn. `tenant` and `user` are opaque ids; together they identify a person."""

    tenant: str
    user: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person wrote, mentions of the bot removed."""

    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """A button that a person pressed on a card."""

    verb: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feedback:
    """A thumb on an answer. `reply_to` is the rated message's id where the client tells it."""

    liked: bool
    comment: str = ""
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """The bot became reachable: installed for a person, or added to a team or chat."""


@dataclass(frozen=True, slots=True)
class FileConsent:
    """An answer to the question whether an offered file is wanted; `key` is the FileReply's."""

    key: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as its sender calls it. `address` is where it is fetched, and admits whoever holds it."""

    name: str
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FilesSent:
    """Files that a person sent along with a message. `others` is how many came in a form that cannot be fetched."""

    files: tuple[SentFile, ...]
    others: int = 0
    text: str = ""


Event = Message | Action | Feedback | Joined | FileConsent | FilesSent


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person did. `locale` is the client's language tag (`sv-SE`), empty where unknown.

    `pressed` is the id of the message that held the button, where the event is an Action and that is known. `mode`
    names the kind of client, for what must say how it was answered. `address` is where the conversation is found again
    outside of a turn, in the words of whatever carries it; empty where it cannot be.
    """

    event: Event
    sender: Sender
    conversation: str
    activity: str
    scope: Scope = Scope.PERSONAL
    locale: str = ""
    pressed: str = ""
    mode: str = "teams_chat"
    address: str = field(default="", repr=False)
