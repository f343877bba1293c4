"""What Fyren says: replies, in the words of the conversation and not of whatever shows them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.card import Button, CardReply, DoneReply, FileReply, NoticeReply
from knowledge.model import Answer, Figure


@dataclass(frozen=True, slots=True)
class TextReply:
    """Plain text from the message catalogue. `suggestions` are questions offered as buttons."""

    text: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerReply:
    """An answer with citations. `id` names it in the journal, so that a thumb can be tied to it; empty takes no thumbs.

    `curated` texts were written by people beforehand, and are not labelled as generated.
    """

    id: str
    answer: Answer
    lead: str = ""
    suggestions: tuple[str, ...] = ()
    curated: bool = False


@dataclass(frozen=True, slots=True)
class FigureReply:
    """A survey distribution as a picture with text alternative; `notes` are its known errors."""

    figure: Figure
    caption: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuReply:
    """A card with a short text and buttons, each of which sends an Action."""

    title: str
    text: str
    choices: tuple[Button, ...]


Reply = TextReply | AnswerReply | FigureReply | MenuReply | DoneReply | CardReply | NoticeReply | FileReply
