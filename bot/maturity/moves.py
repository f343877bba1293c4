"""What a person can do in a check. `steps.take` answers each with the next session, or refuses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.maturity.session import Background, Given


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """The privacy notice of this version was read."""

    version: str
    day: date


@dataclass(frozen=True, slots=True)
class Describe:
    """For whom and in which role; fields that are empty stay as they are."""

    background: Background


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to an item; `comment` replaces the item's comment where it is not None."""

    item: str
    given: Given
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Suggest:
    """Words that may be an answer: kept until they are confirmed or declined."""

    item: str
    given: Given


@dataclass(frozen=True, slots=True)
class Write:
    """Words for an open item that look like a question: an answer only if the person says so."""

    item: str
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on an item, answered or not; an empty one takes it away."""

    item: str
    text: str


@dataclass(frozen=True, slots=True)
class Show:
    """Show an item, to answer or to change."""

    item: str


@dataclass(frozen=True, slots=True)
class ChangeBackground:
    """Show once more for whom and in which role."""


@dataclass(frozen=True, slots=True)
class Back:
    """Show what came before."""


@dataclass(frozen=True, slots=True)
class Review:
    """Show all answers."""


@dataclass(frozen=True, slots=True)
class SkipRest:
    """Skip every item that has no answer yet."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop here, to go on some other time."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on: after a pause, or from the summary to what is not answered."""


@dataclass(frozen=True, slots=True)
class AskErase:
    """Wants everything deleted."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Yes to what is pending. A `token` says to what exactly: that of the session when it was asked."""

    token: str = ""


@dataclass(frozen=True, slots=True)
class Decline:
    """No to what is pending; `token` as for Confirm."""

    token: str = ""


@dataclass(frozen=True, slots=True)
class Submit:
    """Send the answers in."""


Move = (
    ReadNotice
    | Describe
    | Reply
    | Suggest
    | Write
    | Comment
    | Show
    | ChangeBackground
    | Back
    | Review
    | SkipRest
    | Pause
    | Resume
    | AskErase
    | Confirm
    | Decline
    | Submit
)
