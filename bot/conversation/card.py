"""A card in the conversation's words: lines, tables, bars, fields and buttons, whatever shows them.

Everything on a card can be read as text, every field has a label, and whatever a button does can be typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.turn import Action


class Look(StrEnum):
    """How much a line stands out; never the only sign of what it means."""

    PLAIN = "plain"
    HEADING = "heading"
    STRONG = "strong"
    SUBTLE = "subtle"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; line breaks are kept. `address` is a page of the program's own that it leads to where it is pressed;
    the text says it too, for clients that open nothing. Never what a person wrote or a source says."""

    text: str
    look: Look = Look.PLAIN
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under column heads; `caption` says what it shows."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A labelled bar of 0 to 100; `told` is its value in words. Without a `percent` there is no bar."""

    label: str
    percent: float | None
    told: str


@dataclass(frozen=True, slots=True)
class Button:
    """What a button says, and the action it sends. `main` is the one that most people press.

    `typed` is what to write instead of pressing it; a terminal shows it where it differs from the title.
    """

    title: str
    action: Action
    main: bool = False
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons in the order given; `stacked` puts each on a line of its own."""

    buttons: tuple[Button, ...]
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """Room to write. Its text comes back in the data of every button of the card, under `id`."""

    id: str
    label: str
    hint: str = ""
    value: str = ""
    multiline: bool = True
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class Select:
    """A choice among `options`, pairs of value and title; comes back as values joined by commas, under `id`.

    `compact` is a list that unfolds. `required` keeps a card from being sent without it; `missing` says so.
    """

    id: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...] = ()
    many: bool = False
    compact: bool = False
    required: bool = False
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """Something to read that is hidden until somebody asks for it by the button `title`.

    Nothing to fill in: clients do not send along what is filled in within a fold.
    """

    title: str
    blocks: tuple[Line | Table, ...]


Block = Line | Table | Gauge | Buttons | Field | Select | Fold


@dataclass(frozen=True, slots=True)
class CardReply:
    """A card to send. `summary` is its text alternative in a sentence or two, for notifications and screen readers.

    `key` names it to the conversation, which is told under which message id it was sent (empty: nobody wants to know).
    """

    summary: str
    blocks: tuple[Block, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class DoneReply:
    """What an earlier card becomes: a line, perhaps with a button to go back to it.

    `message` is the id of the message that held the card; None means the card that was pressed in this turn, and where
    nothing was pressed, a new card.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    message: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeReply:
    """Something that the person must see at once: why a press or a message changed nothing. The pressed card stays."""

    text: str


@dataclass(frozen=True, slots=True)
class FileReply:
    """A file for the person. `key` names it to the conversation where the client first asks whether it is wanted."""

    name: str
    media_type: str
    content: bytes
    description: str
    key: str
