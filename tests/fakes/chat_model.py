"""A language model that says what it is told to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from knowledge.composing.ports import ModelRequest, Usage
from knowledge.errors import ModelFailed


@dataclass(frozen=True, slots=True)
class Cut:
    """An answer that breaks off after `text`."""

    text: str
    failure: ModelFailed = field(default_factory=lambda: ModelFailed("the stream broke", "cut"))


@dataclass(frozen=True, slots=True)
class Hang:
    """An answer that never ends after `text`."""

    text: str = ""


Scripted = str | ModelFailed | Cut | Hang | Callable[[ModelRequest], str]
"""What is said, what is raised, what breaks off or hangs, or what is made of the request."""


class ScriptedModel:
    """Gives its answers in order, the last one again and again; `size` characters at a time."""

    name = "fake/model"

    def __init__(self, *answers: Scripted, size: int = 7, usage: Usage | None = None) -> None:
        self._answers = list(answers)
        self._size = size
        self._usage = usage
        self.requests: list[ModelRequest] = []
        self.open = 0
        self.begun = asyncio.Event()

    @asynccontextmanager
    async def stream(self, request: ModelRequest) -> AsyncIterator[ScriptedStream]:
        """Begin the next answer."""
        self.requests.append(request)
        if not self._answers:
            raise AssertionError(f"nobody said what is answered to {request.purpose}")
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, ModelFailed):
            raise answer
        self.open += 1
        self.begun.set()
        try:
            yield ScriptedStream(answer(request) if callable(answer) else answer, self._size, request, self._usage)
        finally:
            self.open -= 1

    @property
    def purposes(self) -> list[str]:
        """What it was asked for, in order."""
        return [request.purpose for request in self.requests]


class ScriptedStream:
    """One answer in pieces; other tasks get their turn between two of them."""

    def __init__(self, answer: str | Cut | Hang, size: int, request: ModelRequest, usage: Usage | None) -> None:
        self._answer = answer
        self._size = size
        self._prompt = (len(request.system) + len(request.user)) // 3
        self._counted = usage
        self._said = 0

    @property
    def usage(self) -> Usage:
        """As given, or estimated from what has been said so far."""
        return self._counted or Usage(self._prompt, self._said // 3)

    async def __aiter__(self) -> AsyncIterator[str]:
        """The pieces; then what breaks or hangs does so."""
        text = self._answer if isinstance(self._answer, str) else self._answer.text
        for start in range(0, len(text), self._size):
            await asyncio.sleep(0)
            piece = text[start : start + self._size]
            self._said += len(piece)
            yield piece
        if isinstance(self._answer, Cut):
            raise self._answer.failure
        if isinstance(self._answer, Hang):
            await asyncio.Event().wait()


def claims_json(claims: Sequence[tuple[str, Sequence[tuple[int, str]]]]) -> str:
    """The model's answer for claims of (text, [(passage, quote)])."""
    return json.dumps(
        {
            "claims": [
                {"text": text, "sources": [{"passage": number, "quote": quote} for number, quote in sources]}
                for text, sources in claims
            ]
        },
        ensure_ascii=False,
    )


def reading(standalone: str, route: str = "question") -> str:
    """The model's answer to how a question is to be understood."""
    return json.dumps({"standalone": standalone, "route": route}, ensure_ascii=False)
