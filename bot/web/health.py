"""The start page and the two health checks: is the process alive, and can it serve: answer questions, keep answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Protocol

from aiohttp import web

from bot.conversation.texts import LANGUAGES, Texts

TEMPLATES = Path(__file__).parent / "templates"


class Condition(Protocol):
    """What the pages show; `bot.serving.State` is one."""

    @property
    def ready(self) -> bool:
        """Whether questions can be answered."""

    @property
    def generation(self) -> str | None:
        """The served generation."""

    @property
    def documents(self) -> int:
        """How many files it has."""

    @property
    def passages(self) -> int:
        """How many passages it has."""

    @property
    def embedding_model(self) -> str | None:
        """The model behind its vectors."""

    @property
    def mode(self) -> str:
        """How it is searched: hybrid or lexical."""

    @property
    def problem(self) -> str | None:
        """Why the newest generation is not served; for the log, not for strangers."""


class Subject(Protocol):
    """The knowledge base whose condition is shown."""

    @property
    def state(self) -> Condition:
        """Its condition now."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """The body of `/readyz`."""

    status: str
    generation: str | None
    documents: int
    passages: int
    embedding_model: str | None
    mode: str
    database: str


class HealthPages:
    """`/`, `/healthz` and `/readyz`; `version` and `endpoint` are shown on the page, `database` asks the database."""

    def __init__(
        self,
        subject: Subject,
        database: Callable[[], Awaitable[bool]],
        texts: Texts,
        *,
        language: str,
        version: str,
        endpoint: str,
        teams: bool,
    ) -> None:
        self._subject = subject
        self._database = database
        self._texts = texts
        self._language = language
        self._version = version
        self._endpoint = endpoint
        self._teams = teams
        self._page = Template((TEMPLATES / "start.html").read_text(encoding="utf-8"))
        self._style = (TEMPLATES / "fyren.css").read_text(encoding="utf-8")

    def attach(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/", self.start)
        app.router.add_get("/fyren.css", self.style)
        app.router.add_get("/healthz", self.alive)
        app.router.add_get("/readyz", self.ready)

    async def alive(self, request: web.Request) -> web.Response:
        """200 as long as the process answers."""
        return web.json_response({"status": "ok"})

    async def ready(self, request: web.Request) -> web.Response:
        """200 where questions can be answered and what is said can be kept, else 503."""
        state, database = self._subject.state, await self._database()
        ready = state.ready and database
        body = Readiness(
            _condition(ready),
            state.generation,
            state.documents,
            state.passages,
            state.embedding_model,
            state.mode,
            _condition(database),
        )
        return web.json_response(asdict(body), status=200 if ready else 503)

    async def style(self, request: web.Request) -> web.Response:
        """The page's style sheet."""
        return web.Response(text=self._style, content_type="text/css")

    async def start(self, request: web.Request) -> web.Response:
        """What this is, and how it is doing."""
        language = _accepted(request.headers.get("Accept-Language", ""), self._language)
        database = await self._database()
        return web.Response(text=self._page.substitute(self._words(language, database)), content_type="text/html")

    def _words(self, language: str, database: bool) -> Mapping[str, str]:
        state = self._subject.state
        say = self._texts.say
        rows = [
            (say("web.row.state", language), say("web.state.ready" if state.ready else "web.state.waiting", language)),
            (say("web.row.documents", language), str(state.documents)),
            (say("web.row.passages", language), str(state.passages)),
            (say("web.row.mode", language), say(f"web.mode.{state.mode}", language)),
            (say("web.row.model", language), state.embedding_model or say("web.none", language)),
            (say("web.row.generation", language), state.generation or say("web.none", language)),
            (say("web.row.database", language), say(f"web.database.{_condition(database)}", language)),
            (say("web.row.teams", language), say("web.teams.on" if self._teams else "web.teams.off", language)),
            (say("web.row.endpoint", language), self._endpoint),
            (say("web.row.version", language), self._version),
        ]
        words = {name: say(f"web.{name}", language) for name in ("heading", "intro", "caution", "try_it", "command")}
        return {key: escape(text) for key, text in words.items()} | {
            "language": language,
            "health": escape(say("web.health", language)),
            "readiness": escape(say("web.readiness", language)),
            "condition": "ready" if state.ready and database else "waiting",
            "rows": _table(rows),
        }


def _condition(good: bool) -> str:
    return "ok" if good else "unavailable"


def _table(rows: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)


def _accepted(header: str, default: str) -> str:
    """The first of the browser's languages that the page exists in; browsers list them best first."""
    wanted = (part.split(";")[0].strip().split("-")[0].lower() for part in header.split(","))
    return next((language for language in wanted if language in LANGUAGES), default)
