"""What composing asks of the outside: a language model, budgets for it, and somebody who is told how far it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from knowledge.errors import ModelFailed

Purpose = Literal["interpret", "compose", "judge"]


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One request to a model: instructions, what they are about, and the JSON schema that the answer follows.

    `name` names the schema to servers that want one. `max_tokens` bounds the answer.
    """

    purpose: Purpose
    system: str
    user: str
    name: str
    schema: Mapping[str, object]
    max_tokens: int = 900


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request. `estimated` where the server did not count them."""

    prompt: int = 0
    completion: int = 0
    estimated: bool = True

    @property
    def total(self) -> int:
        """What a budget is charged."""
        return self.prompt + self.completion


class ModelStream(Protocol):
    """An answer as it comes. `usage` is complete when the pieces have ended, however they ended."""

    @property
    def usage(self) -> Usage:
        """What has been used so far."""

    def __aiter__(self) -> AsyncIterator[str]:
        """Pieces of text, in order. Raises ModelFailed, also after pieces have come."""


class ChatModel(Protocol):
    """A language model that answers in JSON. All waiting has a limit; retries are its own business."""

    @property
    def name(self) -> str:
        """Provider and model, such as `openai/gpt-5-mini`: what answers and caches are labelled with."""

    def stream(self, request: ModelRequest) -> AbstractAsyncContextManager[ModelStream]:
        """Begin an answer; leaving the context lets go of the connection.

        Raises ModelFailed: where no piece has come yet, after its own retries.
        """


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose budget an answer is charged to: opaque keys, never sent to a model."""

    tenant: str = ""
    person: str = ""


NOBODY = Asker()
"""Whoever asks from the command line, or a test: only the budget of everybody together counts."""


class Reservation(Protocol):
    """Tokens that are set aside for one request."""

    async def settle(self, used: int) -> None:
        """Charge what was used and give the rest back; a second time changes nothing. Raises BudgetsFailed."""


class Budgets(Protocol):
    """Tokens that may still be used this month, by person, tenant and everybody together."""

    async def reserve(self, asker: Asker, tokens: int) -> Reservation:
        """Set tokens aside before they are used. Raises BudgetSpent, and BudgetsFailed where it cannot be told."""


class BudgetSpent(ModelFailed):
    """This month's tokens of a person, a tenant or everybody are used up; `reason` is `budget`."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "budget")


class BudgetsFailed(ModelFailed):
    """What is left could not be read or written, so no tokens are used; `reason` is `budget_unknown`."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "budget_unknown")


@dataclass(frozen=True, slots=True)
class Searching:
    """The question is being understood and looked up."""


@dataclass(frozen=True, slots=True)
class Reading:
    """So many passages have been found, and an answer is being worded from them."""

    passages: int


@dataclass(frozen=True, slots=True)
class Written:
    """The verified beginning of the answer, markers included; each one continues the one before it."""

    text: str


Advance = Searching | Reading | Written
Tell = Callable[[Advance], None]
"""Told how far an answer is; returns at once and raises nothing."""
