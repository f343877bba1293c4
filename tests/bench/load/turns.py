"""One turn of a person: sent when it is due, sent again as Teams does, and over when its reply has come."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import aiohttp

from tests.bench.load.microsoft import Arrival, Microsoft
from tests.bench.load.places import Who
from tests.fakes.teams import activity

Json = dict[str, Any]

AGAIN: Final = 15.0
"""Seconds after which Teams sends an activity again that it got no answer to."""
SOON: Final = 1.0
"""Seconds until it is tried again where nobody listened, so that it was surely not taken."""
CARD: Final = "application/vnd.microsoft.card.adaptive"


@dataclass(slots=True)
class Turn:
    """What became of one. Times are seconds of the machine's monotonic clock, 0 where it did not come to that.

    `trouble` is why it is lost, and `refused` that Fyren asked to try again later instead of taking it.
    """

    stream: str
    who: int
    activity: str
    due: float
    sent: float = 0.0
    acknowledged: float = 0.0
    replied: float = 0.0
    tries: int = 0
    refused: bool = False
    trouble: str = ""

    def told(self) -> Json:
        """As JSON."""
        return asdict(self)


@dataclass(slots=True)
class Waiting:
    """Somebody waits in a chat for what `is_it` tells to be the reply."""

    is_it: Callable[[Arrival], bool]
    came: asyncio.Future[Arrival]


@dataclass(slots=True)
class Chats:
    """Sends turns to the service, and hears what comes to the connector."""

    session: aiohttp.ClientSession
    side: Microsoft
    urls: Sequence[str]
    patience: float
    run: str = "0"
    replies: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each message came in reply to each activity; a reply may be several messages, but none comes twice."""
    later: frozenset[str] = frozenset()
    """The lines by which Fyren asks for something to be tried again later."""
    at_it: frozenset[str] = frozenset()
    """The lines by which a press is answered whose reply comes by itself."""
    resent: set[str] = field(default_factory=set)
    """Activities that were sent more than once, whose reply may have come twice."""
    _waiting: dict[str, Waiting] = field(default_factory=dict)
    _numbered: int = 0

    def hear(self, arrival: Arrival) -> None:
        """Something came to the connector."""
        if arrival.method != "POST" or arrival.body.get("type") != "message":
            return
        if arrival.reply_to:
            said = json.dumps([arrival.body.get("text"), arrival.body.get("attachments")]).encode()
            self.replies[arrival.reply_to, hashlib.blake2b(said, digest_size=8).hexdigest()] += 1
        waiting = self._waiting.get(arrival.chat)
        if waiting is not None and not waiting.came.done() and (waiting.is_it(arrival) or self._asks_to_wait(arrival)):
            waiting.came.set_result(arrival)

    def new(self, stream: str, who: Who, due: float) -> Turn:
        """A turn of its own id."""
        self._numbered += 1
        return Turn(stream, who.number, f"{self.run}-{self._numbered}", due)

    async def take(self, turn: Turn, who: Who, body: Json, is_it: Callable[[Arrival], bool]) -> Arrival | None:
        """The reply; None where the turn is lost, or Fyren wants it later. The turn tells which of them."""
        came: asyncio.Future[Arrival] = asyncio.get_running_loop().create_future()
        self._waiting[who.chat] = Waiting(is_it, came)
        turn.sent = time.monotonic()
        try:
            async with asyncio.timeout(self.patience):
                answer = await self._acknowledged(turn, self._body(turn, who, body), self.side.token(who.tenant))
                if answer is None:
                    return None
                turn.acknowledged = time.monotonic()
                arrival = await came
        except TimeoutError:
            turn.trouble = turn.trouble or ("no reply" if turn.acknowledged else "no answer")
            return None
        finally:
            del self._waiting[who.chat]
        if self._asks_to_wait(arrival):
            turn.refused = True
            return None
        turn.replied = max(arrival.at, turn.acknowledged)
        return arrival

    def _asks_to_wait(self, arrival: Arrival) -> bool:
        return str(arrival.body.get("text", "")).replace("\\", "") in self.later

    async def _acknowledged(self, turn: Turn, body: Json, token: str) -> Json | None:
        """What the activity was answered over HTTP; None where that says that it was not done."""
        headers = {"Authorization": f"Bearer {token}"}
        limit = aiohttp.ClientTimeout(total=AGAIN)
        while True:
            turn.tries += 1
            if turn.tries > 1:
                self.resent.add(turn.activity)
            begun = time.monotonic()
            pause = AGAIN
            url = self.urls[turn.tries % len(self.urls)]
            try:
                async with self.session.post(url, json=body, headers=headers, timeout=limit) as response:
                    if response.status < 300:
                        text = await response.read()
                        return self._understood(turn, await response.json() if text else {})
                    if response.status in (429, 503):
                        pause = SOON
                    elif response.status < 500:
                        turn.trouble = f"{response.status}: {(await response.text())[:200]}"
                        raise TimeoutError
            except aiohttp.ClientConnectorError:
                pause = SOON
            except (aiohttp.ClientError, TimeoutError):
                if turn.trouble:
                    raise
            await asyncio.sleep(max(0.0, begun + pause - time.monotonic()))

    def _understood(self, turn: Turn, answer: Json) -> Json | None:
        said = answer.get("value")
        if not isinstance(said, str) or said in self.at_it:
            return answer
        # A line instead of a card: what was pressed was not done, and the person is told so.
        turn.refused = said in self.later
        turn.trouble = "" if turn.refused else f"told: {said}"
        return None

    def _body(self, turn: Turn, who: Who, body: Json) -> Json:
        tenant = who.tenant.id
        return activity(
            self.side.service_url(who.tenant),
            id=turn.activity,
            conversation={"id": who.chat, "conversationType": "personal", "tenantId": tenant},
            channelData={"tenant": {"id": tenant}},
            **{"from": {"id": f"29:{who.number}", "name": "Anna", "aadObjectId": who.user}},
            **body,
        )
