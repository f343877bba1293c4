"""Fewer events of a model's answer: what comes in a quarter of a second is handed on as one.

A model sends a few letters an event, and the client libraries take about a millisecond for each of them. Fifty people
who are answered at the same time would leave the event loop nothing for anybody else. Events are therefore merged
before those libraries see them. One that closes an object is handed on at once, since a claim may have ended with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from time import monotonic
from typing import Any, Final, cast

import httpx2

WAIT: Final = 0.25
"""Seconds for which text is held, at most until the next event after them."""
LONGEST: Final = 64 * 1024
"""Bytes of one event; of more it is not looked into."""
_END: Final = re.compile(rb"\r?\n\r?\n")
_PLAIN: Final = frozenset({"content", "role"})


async def merge_events(response: httpx2.Response) -> None:
    """A hook on responses: those that are streams of events are merged."""
    events = response.headers.get("content-type", "").startswith("text/event-stream")
    if events and response.headers.get("content-encoding", "identity") == "identity":
        response.stream = MergedEvents(cast(httpx2.AsyncByteStream, response.stream))


class MergedEvents(httpx2.AsyncByteStream):
    """A stream of server-sent events of the chat completions API, with the texts of neighbours in one event."""

    def __init__(self, stream: httpx2.AsyncByteStream, clock: Callable[[], float] = monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._held: dict[str, Any] | None = None
        self._texts: list[str] = []
        self._since = 0.0
        self._begun = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        rest = b""
        try:
            async for data in self._stream:
                *events, rest = _END.split(rest + data)
                if len(rest) > LONGEST:
                    events, rest = [*events, rest], b""
                for out in (each for event in events for each in self._taken(event)):
                    yield out
        except httpx2.HTTPError:
            # What came before the answer broke off is part of it.
            for out in self._handed_on():
                yield out
            raise
        for out in self._handed_on():
            yield out
        if rest:
            yield rest

    async def aclose(self) -> None:
        """Close the stream beneath."""
        await self._stream.aclose()

    def _taken(self, event: bytes) -> list[bytes]:
        read = _text_event(event)
        if read is None:
            return [*self._handed_on(), event + b"\n\n"]
        chunk, text = read
        if self._held is None:
            self._held, self._since = chunk, self._clock()
        self._texts.append(text)
        if self._begun and "}" not in text and self._clock() - self._since < WAIT:
            return []
        self._begun = True  # the first letters are handed on at once: they tell that the server answers
        return self._handed_on()

    def _handed_on(self) -> list[bytes]:
        if self._held is None:
            return []
        self._held["choices"][0]["delta"]["content"] = "".join(self._texts)
        event = b"data: " + json.dumps(self._held, ensure_ascii=True, separators=(",", ":")).encode() + b"\n\n"
        self._held, self._texts = None, []
        return [event]


def _text_event(event: bytes) -> tuple[dict[str, Any], str] | None:
    """The event's chunk and text, where it brings text and nothing else."""
    if not event.startswith(b"data: {") or b"\n" in event or len(event) > LONGEST:
        return None
    try:
        chunk = json.loads(event[6:])
        [choice] = chunk["choices"]
        delta = choice["delta"]
        plain = delta.keys() <= _PLAIN and not choice.get("finish_reason") and not chunk.get("usage")
        text = delta["content"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return (chunk, text) if plain and isinstance(text, str) and text else None
