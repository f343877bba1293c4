"""What a press on a card of the maturity check costs, and how long fifty people wait who answer at once.

`python -m tests.bench.check_bench` serves a copy of the index in the data folder, beside a stock echo bot. People do
the check as a client does: they read the card that came, press one of its buttons, wait for the next. A stock bot's
turn is one message and its echo. The price of a commit alone is measured in this process, on a file beside the others.
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from aiohttp import web

from bot.settings import Settings
from bot.teams.receiving.endpoint import PATH
from tests.bench.teams_bench import Server, cpu_seconds, started, stock_server
from tests.e2e.processes import free_port
from tests.fakes.teams import activity, invoke, serving
from tests.program import FYREN, environment

PEOPLE = 50
PRESSES = 12
"""Presses a person makes while it is measured; then they start again, so that there is always a next question."""
PAUSE = (0.5, 3.5)
"""Seconds that somebody reads before pressing: far less than people take, who have half a minute a question."""
LIMIT = 30.0
COMMITS = 300

Json = dict[str, Any]


@dataclass(slots=True)
class Person:
    """Somebody in a chat: the newest card that came, and a wake-up call for the next."""

    number: int
    card: Json = field(default_factory=dict)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def place(self) -> Json:
        return {"id": f"a:{self.number}", "conversationType": "personal", "tenantId": "t"}

    @property
    def sender(self) -> Json:
        return {"id": f"29:{self.number}", "name": "Anna", "aadObjectId": f"person-{self.number}"}


class Crowd:
    """People, and the connector that brings them what the bot sends."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self.service_url = ""
        self.people = {f"a:{number}": Person(number) for number in range(PEOPLE)}
        self.waits: list[float] = []
        self._sent = 0

    async def connector(self, request: web.Request) -> web.Response:
        body = await request.json()
        person = self.people.get(request.path.split("/")[3])
        if person is not None:
            for attachment in body.get("attachments", ()):
                if any(_buttons(attachment["content"])) and request.method == "POST":
                    person.card = attachment["content"]
                    person.came.set()
        return web.json_response({"id": f"m-{self._sent}"}, status=201)

    async def say(self, person: Person, text: str) -> None:
        await self._post(person, activity(self.service_url, **self._who(person), text=text))

    async def press(self, person: Person, title: str = "", **inputs: str) -> None:
        """Press the button of this title, or one of those that answer, and wait for the next card."""
        answers = [each for each in _buttons(person.card) if title in ("", each["title"])]
        answers = [each for each in answers if title or each["verb"] in ("check.answer", "check.submit", "check.show")]
        button = random.choice(answers)
        value = {"action": {"type": "Action.Execute", "verb": button["verb"], "data": {**button["data"], **inputs}}}
        begun = time.perf_counter()
        await self._post(person, invoke(self.service_url, "adaptiveCard/action", value, **self._who(person)))
        self.waits.append(time.perf_counter() - begun)

    async def _post(self, person: Person, body: Json) -> None:
        person.came.clear()
        async with self._session.post(self._url, json=body) as response:
            if response.status >= 300:
                raise RuntimeError(f"{response.status}: {await response.text()}")
        async with asyncio.timeout(LIMIT):
            await person.came.wait()

    def _who(self, person: Person) -> Json:
        self._sent += 1
        return {
            "id": f"turn-{self._sent}",
            "from": person.sender,
            "conversation": person.place,
            "channelData": {"tenant": {"id": "t"}},
        }

    async def begin(self, person: Person) -> None:
        """As far as the first question."""
        await self.say(person, "mognadskoll")
        await self.press(person, "Jag har läst, starta")
        await self.press(person, "Fortsätt", organisation="uddevalla", roles="it_nara,verksamhetsnara", operation="it")

    async def answer(self, person: Person, presses: int, pause: tuple[float, float] | None) -> None:
        """Go on answering; whoever is through changes answers."""
        for _ in range(presses):
            if pause is not None:
                await asyncio.sleep(random.uniform(*pause))
            if any(each["verb"] == "check.choose" for each in _buttons(person.card)):
                await self.press(person, "Vet ej")
            elif any(each["verb"] == "check.submit" for each in _buttons(person.card)):
                await self.press(person, "Ändra", item="it_miljo")
            else:
                await self.press(person)


def _buttons(card: Mapping[str, Any]) -> Iterator[Json]:
    actions = list(card.get("actions", ()))
    for element in card.get("body", ()):
        actions += element.get("actions", ())
    return (each for each in actions if each.get("type") == "Action.Execute")


async def measured(data_dir: Path, folder: Path) -> dict[str, float]:
    """CPU milliseconds a press, of a stock turn and of a commit; and how long people waited, in milliseconds."""
    port = free_port()
    # The people here do not think, and would be asked to wait.
    given = {"FYREN_LOG_LEVEL": "ERROR", "FYREN_TURNS_PER_MINUTE": "10000"}
    settings = [f"{name}={value}" for name, value in environment(data_dir, given).items()]
    serve = ["env", *settings, *FYREN, "serve", "--port", str(port)]
    fyren = Server("fyren", serve, f"http://127.0.0.1:{port}{PATH}", ())
    stock = stock_server(free_port())
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        crowd = Crowd(session, fyren.url)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", crowd.connector)
        async with serving(app) as connector_port:
            crowd.service_url = f"http://127.0.0.1:{connector_port}/"
            async with started(fyren, session) as process:
                await asyncio.gather(*(crowd.begin(person) for person in crowd.people.values()))
                crowd.waits.clear()
                burst = await _burst(crowd)
                cpu = cpu_seconds(process.pid)
                await asyncio.gather(*(crowd.answer(each, PRESSES, PAUSE) for each in crowd.people.values()))
                spent = (cpu_seconds(process.pid) - cpu) / len(crowd.waits) * 1000
                waits = sorted(crowd.waits)
            stock_cpu = await _stock(stock, session, crowd)
    return {
        "press_cpu_ms": spent,
        "stock_cpu_ms": stock_cpu,
        "commit_cpu_ms": await asyncio.to_thread(_commit, folder / "commits.sqlite3"),
        "median_ms": statistics.median(waits) * 1000,
        "p95_ms": waits[int(len(waits) * 0.95)] * 1000,
        "burst_p95_ms": burst,
        "presses": float(len(waits)),
    }


async def _burst(crowd: Crowd) -> float:
    """Everybody presses in the same moment, once: the 95th percentile in milliseconds."""
    await asyncio.gather(*(crowd.answer(person, 1, None) for person in crowd.people.values()))
    waits = sorted(crowd.waits)
    crowd.waits.clear()
    return waits[int(len(waits) * 0.95)] * 1000


async def _stock(stock: Server, session: aiohttp.ClientSession, crowd: Crowd) -> float:
    """CPU milliseconds of a stock echo turn, with as many people at once."""
    turns = PEOPLE * 6
    async with started(stock, session) as process:

        async def echo(number: int) -> None:
            body = activity(crowd.service_url, id=f"echo-{number}", text="hej", channelData={"tenant": {"id": "t"}})
            async with session.post(stock.url, json=body) as response:
                await response.read()

        await asyncio.gather(*(echo(number) for number in range(PEOPLE)))
        cpu = cpu_seconds(process.pid)
        for start in range(0, turns, PEOPLE):
            await asyncio.gather(*(echo(start + number) for number in range(PEOPLE)))
        return (cpu_seconds(process.pid) - cpu) / turns * 1000


def _commit(path: Path) -> float:
    """CPU milliseconds of one small transaction that is on disk when it returns."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("CREATE TABLE drafts (owner TEXT PRIMARY KEY, version INTEGER, sealed BLOB)")
        database.execute("INSERT INTO drafts VALUES ('x', 0, zeroblob(2000))")
        begun = time.process_time()
        for number in range(COMMITS):
            database.execute("BEGIN IMMEDIATE")
            database.execute("UPDATE drafts SET version = ?, sealed = randomblob(2000) WHERE owner = 'x'", (number,))
            database.execute("COMMIT")
        return (time.process_time() - begun) / COMMITS * 1000


def measure(index_dir: Path) -> dict[str, float]:
    """The figures, on a copy of an index."""
    with TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        shutil.copytree(index_dir, data_dir / "index", symlinks=True)
        return asyncio.run(measured(data_dir, Path(folder)))


def main() -> int:
    """Print the figures as JSON."""
    print(json.dumps({name: round(value, 2) for name, value in measure(Settings.read().index_dir).items()}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
