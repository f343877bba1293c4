"""A person's or a group's check under way: what is known, what is answered, and what is waiting for a yes.

Frozen; `steps` makes the next one from it. A session holds everything that is needed to go on after a restart or on
another device, and nothing that says who it belongs to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from bot.maturity.instrument import Null


class Source(StrEnum):
    """Whether one person answers, or a group answers together for its organisation."""

    INDIVIDUAL = "individual"
    CONSENSUS = "consensus"


class Phase(StrEnum):
    """Where a session stands; `session.mmd` beside this file is the picture of how one leads to another.

    BACKGROUND: for whom and in which role. ITEMS: one question at a time. SUMMARY: all answers, before they are sent
    in. SUBMITTED: sent in, and not changed since.
    """

    BACKGROUND = "background"
    ITEMS = "items"
    SUMMARY = "summary"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: `codes` of options, or `text`, or `null` why there is neither. `fingerprint` is that of the item."""

    codes: tuple[str, ...] = ()
    null: Null | None = None
    text: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Background:
    """For whom and from which side somebody answers; ids of the instrument, empty where not said yet."""

    organisation: str = ""
    roles: tuple[str, ...] = ()
    operation: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words taken for an answer, to be confirmed: `given` is what they are taken for."""

    item: str
    given: Given
    kind: Literal["proposal"] = "proposal"


@dataclass(frozen=True, slots=True)
class Edit:
    """Another answer to an item that has one, to be confirmed; `comment` goes with it where it is not None."""

    item: str
    given: Given
    comment: str | None = None
    kind: Literal["edit"] = "edit"


@dataclass(frozen=True, slots=True)
class Cascade:
    """A change after which the answers to `items` no longer belong, to be confirmed: an answer, or the background."""

    items: tuple[str, ...]
    item: str = ""
    given: Given | None = None
    comment: str | None = None
    background: Background | None = None
    kind: Literal["cascade"] = "cascade"


@dataclass(frozen=True, slots=True)
class Erase:
    """Deleting everything, to be confirmed."""

    kind: Literal["erase"] = "erase"


@dataclass(frozen=True, slots=True)
class Words:
    """Words for an open item that look like a question to Fyren, to be confirmed as an answer."""

    item: str
    text: str
    kind: Literal["words"] = "words"


Pending = Proposal | Edit | Cascade | Erase | Words


@dataclass(frozen=True, slots=True)
class Session:
    """One check. `digest` names the text of the instrument that it follows.

    `at` is the item that is shown in the phase ITEMS. `aside` keeps answers that do not belong at the moment (another
    role, an item that was changed), so that coming back finds them. `seen` are the last activities that changed
    something, by hash. `submissions` counts how often it was sent in, and `sent` is the content that was sent last.
    """

    id: str
    round: str
    digest: str
    source: Source
    language: str
    notice: str
    noticed: date
    phase: Phase = Phase.BACKGROUND
    paused: bool = False
    background: Background = field(default_factory=Background)
    answers: Mapping[str, Given] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, Given] = field(default_factory=dict)
    at: str = ""
    pending: Pending | None = None
    seen: tuple[str, ...] = ()
    submissions: int = 0
    sent: str = ""

    @property
    def codes(self) -> dict[str, tuple[str, ...]]:
        """The codes answered so far, by item; what routing needs."""
        return {item: given.codes for item, given in self.answers.items()}

    @property
    def token(self) -> str:
        """Names what is pending, so that a yes to something earlier is no yes to this; empty where nothing is."""
        if self.pending is None:
            return ""
        return hashlib.sha256(json.dumps(asdict(self.pending), ensure_ascii=False).encode()).hexdigest()[:12]

    @property
    def content(self) -> str:
        """Names what would be sent in: two sessions with the same answers, comments and background have the same."""
        answers = sorted((item, asdict(given)) for item, given in self.answers.items())
        told = [asdict(self.background), answers, sorted(self.comments.items())]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]
