"""The client as a process: `python -m tests.bench.load.client FOLDER`, which is told on standard input what to do.

It prints the service's variables as JSON, and is given the plan and where the service listens. When everybody is ready
it says so, is given a line, and sends turns at their times whether earlier ones were answered or not. What happened is
in `client.json` in FOLDER.
"""

from __future__ import annotations

import asyncio
import json
import resource
import secrets
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from bot.conversation.texts import LANGUAGES, Texts
from tests.bench.load.askers import Askers, questions
from tests.bench.load.checkers import Checkers
from tests.bench.load.microsoft import Microsoft, microsoft
from tests.bench.load.places import tenants
from tests.bench.load.plan import Plan, Stream
from tests.bench.load.turns import Chats, Turn

AT_ONCE = 8
"""People who begin the check at the same time, before anything is measured."""
LATER = ("pausing.busy",)
AT_IT = ("teams.working", "teams.received")

Json = dict[str, Any]


class Client:
    """Everybody who talks to Fyren in a run."""

    def __init__(self, session: aiohttp.ClientSession, side: Microsoft, urls: Sequence[str], plan: Plan) -> None:
        self._plan = plan
        self._side = side
        self._chats = Chats(
            session, side, urls, plan.patience, run=secrets.token_hex(4), later=_lines(LATER), at_it=_lines(AT_IT)
        )
        side.heard = self._chats.hear
        self._checkers = Checkers(self._chats, tenants(plan.tenants), plan.people)
        self._askers = Askers(self._chats, tenants(plan.tenants), questions())
        self.turns: list[Turn] = []
        self._late = 0.0

    async def get_ready(self) -> None:
        """Everybody as far as the first question, and the index in memory."""
        room = asyncio.Semaphore(AT_ONCE)

        async def begin(number: int) -> None:
            async with room:
                await self._checkers.first_question(self._checkers.everybody[number])

        async with asyncio.TaskGroup() as beginning:
            for number in range(self._plan.people):
                beginning.create_task(begin(number))
        for _ in range(self._plan.warm_up):
            await self._askers.ask("warming up", (), time.monotonic())

    async def play(self, begun: float) -> None:
        """All streams."""
        async with asyncio.TaskGroup() as streams:
            for stream in self._plan.streams:
                streams.create_task(self._play(stream, begun + stream.begins))
        await asyncio.sleep(self._plan.settle)

    async def _play(self, stream: Stream, begun: float) -> None:
        async with asyncio.TaskGroup() as turns:
            number = 0
            async for due in _ticking(stream, begun):
                self._late = max(self._late, time.monotonic() - due)
                turns.create_task(self._turn(stream, number, due))
                number += 1

    async def _turn(self, stream: Stream, number: int, due: float) -> None:
        if stream.kind == "ask":
            self.turns.append(await self._askers.ask(stream.name, stream.tenants, due))
            return
        person = self._checkers.pick(stream.tenants, number)
        if person is None:
            self.turns.append(Turn(stream.name, -1, "", due, trouble="nobody was idle"))
            return
        self.turns.append(await self._checkers.step(person, stream.name, due))

    def told(self, begun: float, cpu: float) -> Json:
        """Everything that happened; the client's own processor seconds are those since the streams began."""
        resent = self._chats.resent
        twice = {name for (name, _), count in self._chats.replies.items() if count > 1}
        return {
            "begun": begun,
            "turns": [each.told() for each in self.turns],
            "people": [each.told() for each in self._checkers.everybody],
            "asked": self._askers.told(),
            "unsure": self._askers.unsure,
            "wrong": [*self._checkers.wrong, *self._askers.wrong],
            "doubled": [name for name in twice if name not in resent],
            "doubled_after_resending": [name for name in twice if name in resent],
            "strangers": self._side.strangers,
            "cpu": _cpu() - cpu,
            "most_late": self._late,
        }


async def run(folder: Path) -> None:
    """The whole conversation with whoever started this process."""
    async with (
        microsoft(folder / "connector.pem") as side,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):
        _say(side.environment(folder / "connector.pem"))
        order = json.loads(await _line())
        client = Client(session, side, order["urls"], Plan.from_json(order["plan"]))
        await client.get_ready()
        _say({"ready": True})
        await _line()
        begun, cpu = time.monotonic(), _cpu()
        _say({"begun": begun})
        await client.play(begun)
        told = json.dumps(client.told(begun, cpu))
        await asyncio.to_thread((folder / "client.json").write_text, told, encoding="utf-8")
        _say({"ended": True})


def _lines(keys: Sequence[str]) -> frozenset[str]:
    texts = Texts.load()
    return frozenset(texts.say(key, language) for key in keys for language in LANGUAGES)


async def _ticking(stream: Stream, begun: float) -> AsyncIterator[float]:
    """When each turn is due. A client that is late itself does not shift what comes after."""
    for number in range(round(stream.rate * stream.seconds)):
        due = begun + number / stream.rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        yield due


async def _line() -> str:
    line: str = await asyncio.to_thread(sys.stdin.readline)
    if not line:
        raise SystemExit("nobody tells any more what to do")
    return line


def _say(told: Json) -> None:
    print(json.dumps(told), flush=True)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1])))
