"""What the results of a large round cost: 14 municipalities, 2,000 people in each, answering as in the demo.

`python -m tests.bench.results_bench` fills a demo with 28,000 responses, serves it as `fyren serve --demo` does, lets
the service publish the round, signs in by the printed link, and fetches every page, chart and file that can be reached
from there. What can be fetched is read from the service's own list of routes, so that none is left out.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from bot.access.permissions import Permission
from bot.app import create_app
from bot.composition import open_parts
from bot.conversation.texts import Texts
from bot.demo.folder import DemoFolder, demo_settings
from bot.demo.making import make_demo
from bot.demo.places import INHABITANTS, IT, OVERALL, SERVICES, Heads, heads
from bot.demo.rounds import PLANS, made_round
from bot.settings import Settings
from bot.web.access import declared
from tests.bench.bars import Bar, at_most
from tests.bench.process_watch import Watch
from tests.bench.site_crawl import Crawl, Fetched, seeds
from tests.e2e.processes import free_port, stop
from tests.fakes.demo import world
from tests.program import FYREN, environment

EVERY_MUNICIPALITY: Final = 2000
OVERALL_PEOPLE: Final = 40
EARLIER: Final = 400
"""Respondents of an earlier round, which the large one is compared with."""

PATIENCE: Final = 600.0
LIMITS: Final[Mapping[str, float]] = {"page": 1.0, "chart": 3.0, "export": 10.0}
"""Seconds. The first chart of all starts the engine that draws them, which takes one to two of the three."""

ROUNDS: Final = ("2026-2", "2026-3")
"""The large round and the one that is open."""
BEFORE: Final = "/rounds/2026-1"
"""The small one, which is there to be compared with."""
KNOWN: Final[Mapping[str, str]] = {"municipality": "uddevalla", "item": "innovationskultur", "number": "1"}
"""What stands for a part of a path where no link leads there; `round` is each of ROUNDS."""
NOT_FETCHED: Final = frozenset({"/sign-in/start", "/sign-in/callback", "/figures/{name}"})
"""Ways to a sign-in service, which a demo has none of, and pictures of the survey of 2024 for Teams."""


@dataclass(slots=True)
class Found:
    """Everything that was measured. Times are seconds, memory is megabytes."""

    publishing_cpu: float = 0.0
    publishing: float = 0.0
    peak: float = 0.0
    peak_with_processes: float = 0.0
    processes: dict[str, float] = field(default_factory=dict)
    routes: dict[str, Fetched] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)

    def slowest(self, kind: str) -> Fetched:
        """The slowest route of a kind."""
        of_kind = (each for each in self.routes.values() if each.kind == kind)
        return max(of_kind, key=lambda each: each.slowest, default=Fetched(kind))


def large() -> Heads:
    """Everybody of the large round."""
    numbers = {SERVICES: EVERY_MUNICIPALITY - OVERALL_PEOPLE - 1, OVERALL: OVERALL_PEOPLE, IT: 1}
    return {(each, role): number for each in INHABITANTS for role, number in numbers.items()}


async def fill(folder: DemoFolder, today: date) -> None:
    """An earlier round, the large one, and one that is open, none of them published yet."""
    rounds = [
        made_round(world(), plan, f"2026:{number}", answering, today)
        for number, (plan, answering) in enumerate(zip(PLANS, (heads(EARLIER), large(), large()), strict=True), start=1)
    ]
    await make_demo(folder, rounds, publish=False)


@dataclass(frozen=True, slots=True)
class Site:
    """The running service: where, and the link that signs in."""

    process: subprocess.Popen[bytes]
    url: str
    sign_in: str


@contextmanager
def served(data_dir: Path, folder: DemoFolder, log: Path) -> Iterator[Site]:
    """`fyren serve --demo`, ready."""
    port = free_port()
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [*FYREN, "serve", "--demo", str(folder.path), "--port", str(port), "--json"],
            env=environment(data_dir, {"FYREN_LOG_LEVEL": "ERROR"}),
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(log.read_text())
        told = json.loads(line)
        yield Site(process, told["url"], told["sign_in"])
    finally:
        stop(process)


def wait_for_editions(folder: DemoFolder, rounds: int, site: Site) -> None:
    """Until so many rounds are published."""
    until = time.monotonic() + PATIENCE
    main, _ = folder.files
    while time.monotonic() < until:
        if site.process.poll() is not None:
            raise RuntimeError("the service has ended")
        with closing(sqlite3.connect(f"file:{main}?mode=ro", uri=True)) as database:
            if database.execute("SELECT count(*) FROM editions").fetchone()[0] == rounds:
                return
        time.sleep(0.2)
    raise TimeoutError("the rounds are not published")


async def routes(data_dir: Path, folder: DemoFolder) -> list[str]:
    """The paths of everything that answers GET to somebody who is signed in, as the service declares them."""
    settings = demo_settings(Settings.read(data_dir=data_dir), folder)
    parts = await open_parts(settings, Texts.load(), demo=True)
    try:
        app = await asyncio.to_thread(create_app, parts)
        told = declared(app).values()
        return list(
            dict.fromkeys(
                each.path for each in told if each.method == "GET" and each.needs is not Permission.SPEAK_AS_TEAMS
            )
        )
    finally:
        await parts.close()


async def fetched(site: Site, paths: list[str]) -> Crawl:
    """Signed in, everything."""
    jar = aiohttp.CookieJar(unsafe=True)  # takes cookies of an address that is a number
    timeout = aiohttp.ClientTimeout(total=120)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=timeout) as session:
        link = urlsplit(site.sign_in)
        headers = {"Origin": site.url}
        form = {"code": link.fragment}
        async with session.post(site.url + link.path, data=form, headers=headers, allow_redirects=False) as response:
            if response.status != 303:
                raise RuntimeError(f"signing in: {response.status}")
        crawl = Crawl(session, site.url, [path for path in paths if path not in NOT_FETCHED], beside=BEFORE)
        await crawl.all(seeds(paths, [{**KNOWN, "round": held} for held in ROUNDS]))
    return crawl


def measure(index_dir: Path) -> Found:
    """Everything, on a copy of an index."""
    found = Found()
    with TemporaryDirectory() as name:
        data_dir = Path(name) / "data"
        shutil.copytree(index_dir, data_dir / "index", symlinks=True)
        folder = DemoFolder(Path(name) / "demo")
        asyncio.run(fill(folder, date.today()))  # noqa: DTZ011 - any day will do
        paths = asyncio.run(routes(data_dir, folder))
        with served(data_dir, folder, Path(name) / "serve.log") as site, Watch(site.process.pid) as watch:
            begun = time.perf_counter()
            wait_for_editions(folder, 2, site)
            found.publishing = time.perf_counter() - begun
            crawl = asyncio.run(fetched(site, paths))
            found.peak, found.peak_with_processes = watch.peak, watch.with_processes
            found.processes = watch.processes
            found.publishing_cpu = max(watch.publishing_cpu.values(), default=0.0)
    found.routes, found.wrong = crawl.routes, crawl.wrong
    found.never = [path for path in paths if path not in crawl.routes and path not in NOT_FETCHED]
    return found


def bars(found: Found) -> Iterator[Bar]:
    """The bars of what was measured."""
    yield Bar("28,000 responses: publishing, CPU time", found.publishing_cpu, 60, "s", at_most)
    for kind, limit in LIMITS.items():
        slowest = found.slowest(kind)
        detail = f"{slowest.slowest_address}, {slowest.bytes / 1024:.0f} KB"
        yield Bar(f"28,000 responses: slowest {kind}", slowest.slowest, limit, "s", at_most, detail)
    detail = f"with its processes {found.peak_with_processes:.0f} MB"
    yield Bar("28,000 responses: memory of the service, at most", found.peak, 600, "MB", at_most, detail)
    detail = ", ".join([*found.wrong, *found.never])
    yield Bar(
        "28,000 responses: addresses that do not answer", len(found.wrong) + len(found.never), 0, "", at_most, detail
    )


def main() -> int:
    """Print every route and every bar; 1 where one is missed."""
    found = measure(Settings.read().index_dir)
    for path, each in sorted(found.routes.items(), key=lambda each: -each[1].slowest):
        print(
            f"{each.kind:<7} {each.slowest * 1000:>7.0f} ms {each.bytes / 1024:>8.0f} KB  x{each.addresses:<3} {path}"
        )
    beside = ", ".join(f"{name} {most:.0f}" for name, most in sorted(found.processes.items()) if most)
    print(
        f"published after {found.publishing:.0f} s; MB at most: all together {found.peak_with_processes:.0f}, {beside}"
    )
    measured = list(bars(found))
    for bar in measured:
        print(bar)
    return 0 if all(bar.is_held for bar in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
