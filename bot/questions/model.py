"""What was asked, how it was rated, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

PAGE: Final = 25
"""Thumbs on one page."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage that an answer cited under `[n]`. Answers from before it was kept lack `title`, `passage` and `quote`.
    `document` is its id in the library."""

    n: int
    document: str
    title: str
    section: str
    pages: tuple[int, ...] = ()
    passage: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """An answer with one thumb that it got. `at` is UTC, of the thumb; who pressed and where is not told.

    `liked` is None for an answer without a thumb. `notes` are the answer's reservations, among them why a model's
    answer was not used.
    """

    answer_id: str
    at: datetime
    liked: bool | None
    comment: str
    question: str
    answer: str
    status: str
    language: str
    generator: str
    generation: str
    cited: tuple[Cited, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """Which thumbs are shown: `kind` is all, disliked, liked or comment; `page` counts from one."""

    kind: str = "all"
    generator: str = ""
    page: int = 1


KINDS: Final = ("all", "disliked", "liked", "comment")


@dataclass(frozen=True, slots=True)
class PressedPage:
    """One page of thumbs, and whether another follows."""

    rows: Sequence[Pressed]
    more: bool


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was refused; `answer_id` is the refusal's. `at` is UTC."""

    answer_id: str
    at: datetime
    question: str
    language: str


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """A question picked for evaluation. `answer_id` is what it was picked from, `by` the sign-in
    service's id of who did.

    `must_refuse`: nothing in the library answers it. Else one of the `documents` does, by their ids, and was cited with
    these `passages` then.
    """

    answer_id: str
    question: str
    must_refuse: bool
    documents: tuple[str, ...]
    passages: tuple[str, ...]
    by: str
    at: datetime
