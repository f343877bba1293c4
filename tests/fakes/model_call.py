"""One request to a language model's server, and how OpenAI's chat completions answer it: piece by piece, or whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Body = dict[str, Any]


@dataclass
class Call:
    """One request, and the means to answer it in parts; `released` is set when nobody waits any more."""

    request: web.Request
    body: Body
    released: asyncio.Event
    response: web.StreamResponse | None = None
    written: list[str] = field(default_factory=list)

    @property
    def user(self) -> str:
        """The last message of the user."""
        said = [one["content"] for one in self.body["messages"] if one["role"] == "user"]
        return str(said[-1]) if said else ""

    @property
    def system(self) -> str:
        """The instructions."""
        said = [one["content"] for one in self.body["messages"] if one["role"] in ("system", "developer")]
        return "\n".join(map(str, said))

    async def send(self, text: str, *, key: str = "content") -> None:
        """A piece of the answer."""
        self.written.append(text)
        await self._event({"delta": {key: text}, "finish_reason": None})

    async def end(self, finish: str = "stop", *, key: str = "content") -> web.StreamResponse:
        """The end of the answer: with its usage where that was asked for, and whole where it is no stream."""
        usage = usage_of(self.body, "".join(self.written))
        if not self.body.get("stream"):
            message = {"role": "assistant", "content": None, key: "".join(self.written)}
            choice = {"index": 0, "message": message, "finish_reason": finish}
            return web.json_response({**self._frame("chat.completion"), "choices": [choice], "usage": usage})
        await self._event({"delta": {}, "finish_reason": finish})
        if (self.body.get("stream_options") or {}).get("include_usage"):
            await self._write({**self._frame("chat.completion.chunk"), "choices": [], "usage": usage})
        response = await self._open()
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response

    def hang_up(self) -> None:
        """Close the connection in the middle."""
        if self.request.transport is not None:
            self.request.transport.abort()

    async def _event(self, choice: Body) -> None:
        if self.body.get("stream"):
            await self._write({**self._frame("chat.completion.chunk"), "choices": [{"index": 0, **choice}]})

    async def _write(self, data: Body) -> None:
        response = await self._open()
        await response.write(f"data: {json.dumps(data)}\n\n".encode())

    async def _open(self) -> web.StreamResponse:
        if self.response is None:
            self.response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await self.response.prepare(self.request)
            await self._write(
                {
                    **self._frame("chat.completion.chunk"),
                    "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}],
                }
            )
        return self.response

    def _frame(self, kind: str) -> Body:
        return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": self.body.get("model", "model")}


Behaviour = Callable[[Call], Awaitable[web.StreamResponse]]
"""What a server does with a request."""


def usage_of(body: Body, answer: str) -> Body:
    """Four letters are a token here."""
    prompt = sum(len(str(one.get("content"))) for one in body["messages"]) // 4
    completion = len(answer) // 4
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
