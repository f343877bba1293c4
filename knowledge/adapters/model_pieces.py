"""What a model's server gives, in words of our own: a piece of an answer, or a failure."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from knowledge.composing.ports import ModelRequest
from knowledge.errors import ModelFailed


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, or what a model says that declines; `finish` why the answer ends; `usage` tokens asked and answered."""

    text: str = ""
    refusal: str = ""
    finish: str = ""
    usage: tuple[int, int] | None = None


class ServerFailed(ModelFailed):
    """A request failed. `passing`: another attempt may succeed, after `retry_after` seconds where the server says so.

    `alive`: the server itself is well, and only this request is not answered.
    """

    def __init__(
        self,
        message: str,
        reason: str,
        *,
        passing: bool = False,
        alive: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, reason)
        self.passing = passing
        self.alive = alive
        self.retry_after = retry_after


class ModelClient(Protocol):
    """A model on a server, asked once and without retries."""

    def pieces(self, request: ModelRequest) -> AsyncGenerator[Piece, None]:
        """The answer as it comes. Raises ServerFailed; closing it lets go of the connection."""

    async def aclose(self) -> None:
        """Close the connections."""
