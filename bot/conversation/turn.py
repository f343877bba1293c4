"""Turn in, Replies out: the words between Fyren's conversation and whatever carries it (Teams, a terminal)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.model import Answer, Figure


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


Event = Message | Action | Feedback | Joined


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person did. `locale` is the client's language tag (`sv-SE`), empty where unknown."""

    event: Event
    sender: Sender
    conversation: str
    activity: str
    scope: Scope = Scope.PERSONAL
    locale: str = ""


@dataclass(frozen=True, slots=True)
class TextReply:
    """Plain text from the message catalogue. `suggestions` are questions offered as buttons."""

    text: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerReply:
    """An answer with citations. `id` names it in the journal, so that a thumb can be tied to it."""

    id: str
    answer: Answer
    lead: str = ""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureReply:
    """A survey distribution as a picture with text alternative; `notes` are its known errors."""

    figure: Figure
    caption: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One button of a menu: what it says, and the action that it sends."""

    title: str
    action: Action


@dataclass(frozen=True, slots=True)
class MenuReply:
    """A card with a short text and buttons, each of which sends an Action."""

    title: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class DoneReply:
    """Answer to an Action: the pressed card becomes this static line."""

    text: str


Reply = TextReply | AnswerReply | FigureReply | MenuReply | DoneReply
