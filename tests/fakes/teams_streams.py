"""Teams' side of streams in one personal chat: takes what keeps its rules, and writes down what does not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.teams.errors import SendFailed, Unreachable

Json = Mapping[str, Any]

NOT_ALLOWED = "ContentStreamNotAllowed: Content stream is not allowed"
COMPLETED = "ContentStreamNotAllowed: Content stream finished due to already completed streamed message"
TIME_EXCEEDED = "ContentStreamNotAllowed: Content stream finished due to exceeded streaming time"
CANCELLED = "ContentStreamNotAllowed: Content stream was cancelled by user"
TOO_LARGE = "ContentStreamNotAllowed: Message size too large"
NOT_CONTINUED = "ContentStreamNotAllowed: Message does not contain previous content"
DROPPED = "dropped"
LOST = "lost"
THROTTLED = "throttled"
GONE = "gone"


class StreamingTeams:
    """An outlet. `script` is what becomes of the stream's steps, one after the other: "" is taken, DROPPED is answered
    202 and forgotten, LOST gets no answer though it arrived, THROTTLED is a 429 of 3 seconds, GONE a 404, and other
    words are a 403. `slow` is how long every answer takes, in seconds.

    `violations` are the rules that were broken; `steps` and `times` what came with streaminfo, `messages` the messages
    that the chat shows in the end, by id; `sent` is everything.
    """

    def __init__(self, script: Sequence[str] = (), *, slow: float = 0.0) -> None:
        self.script = list(script)
        self.slow = slow
        self.sent: list[Json] = []
        self.steps: list[Json] = []
        self.times: list[float] = []
        self.updated: list[tuple[str, Json]] = []
        self.messages: dict[str, Json] = {}
        self.violations: list[str] = []
        self._busy = False
        self._answered = float("-inf")
        self._begun: float | None = None
        self._sequence = 0
        self._text = ""
        self._over = False

    async def send(self, payload: Json) -> str:
        """Raises SendFailed and Unreachable, as the connector does."""
        self.sent.append(payload)
        info = next((each for each in payload.get("entities", ()) if each["type"] == "streaminfo"), None)
        if info is None:
            if payload["type"] == "message":
                return self._stands(f"m{len(self.sent)}", payload)
            return ""
        if self._busy:
            self.violations.append("two requests at once")
        self._busy = True
        try:
            await asyncio.sleep(self.slow)
            return self._step(payload, info)
        finally:
            self._busy = False
            self._answered = asyncio.get_running_loop().time()

    async def update(self, activity_id: str, payload: Json) -> None:
        """Replaces a message."""
        if any(each["type"] == "streaminfo" for each in payload.get("entities", ())):
            self.violations.append("streaminfo in an update")
        self.updated.append((activity_id, payload))
        self.messages[activity_id] = payload

    def _step(self, payload: Json, info: Json) -> str:
        now = asyncio.get_running_loop().time()
        self.steps.append(payload)
        self.times.append(now)
        self._check(payload, info, now)
        fate = self.script.pop(0) if self.script else ""
        if fate == THROTTLED:
            self._answered = now + 3.0 - 1.0
            raise SendFailed("429", 429, pause=3.0)
        if fate == GONE:
            raise Unreachable("404", 404)
        if fate not in ("", DROPPED, LOST):
            self._over |= fate in (COMPLETED, TIME_EXCEEDED, CANCELLED)
            raise Unreachable("403", 403, detail=fate)
        if self._over:
            raise Unreachable("403", 403, detail=COMPLETED)
        if info["streamType"] == "final":
            self._over = True
            self._stands("S", payload)
        elif fate != DROPPED:
            self._begun = now if self._begun is None else self._begun
            self._text = payload["text"] if info["streamType"] == "streaming" else self._text
        if fate == LOST:
            raise SendFailed("no answer in time", arrived=True)
        return "S" if info.get("streamSequence") == 1 else ""

    def _check(self, payload: Json, info: Json, now: float) -> None:
        kind = info["streamType"]
        broken = {
            "faster than one a second": now - self._answered < 1.0,
            "a stream of more than two minutes": self._begun is not None and now - self._begun > 120.0,
            "what was streamed is not contained": kind != "informative" and self._text not in payload.get("text", ""),
            "informative text is too long": kind == "informative" and not 0 < len(payload["text"]) <= 1000,
            "a number in the final": kind == "final" and "streamSequence" in info,
            "numbers do not rise": kind != "final"
            and info["streamSequence"] <= self._sequence
            and self._begun is not None,
            "the wrong type": payload["type"] != ("message" if kind == "final" else "typing"),
            "entities before the end": kind != "final" and len(payload["entities"]) > 1,
            "no id": info.get("streamId") != "S" and (kind == "final" or info["streamSequence"] > 1),
        }
        self.violations += [rule for rule, is_broken in broken.items() if is_broken]
        self._sequence = info.get("streamSequence", self._sequence)

    def _stands(self, identifier: str, payload: Json) -> str:
        self.messages[identifier] = payload
        return identifier
