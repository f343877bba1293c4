"""The start page and the two health checks: is the process alive, and can it serve: answer questions, keep answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Protocol

from aiohttp import web

from bot.access.permissions import Permission
from bot.web.access import Routes
from bot.web.rendering import Pages


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


class Wording(Protocol):
    """The language model that words the answers; `knowledge.adapters.chat_model.LangChainChatModel` is one."""

    @property
    def name(self) -> str:
        """Provider and model."""

    @property
    def state(self) -> str:
        """`closed` where it is asked; `open` or `half-open` where it failed lately, and answers are quotes."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """The body of `/readyz`. `language_model` is `off` without one, and says nothing on whether Fyren is ready:
    without it answers are quotes. Nor does `paused`, which is `off`, `some` or `all`: where the bot is paused
    on purpose, another replica would change nothing."""

    status: str
    generation: str | None
    documents: int
    passages: int
    embedding_model: str | None
    mode: str
    database: str
    language_model: str
    paused: str


class HealthPages:
    """`/`, `/healthz` and `/readyz`; `version` and `endpoint` are shown on the page, `database` asks the database."""

    def __init__(
        self,
        pages: Pages,
        subject: Subject,
        database: Callable[[], Awaitable[bool]],
        *,
        version: str,
        endpoint: str,
        teams: bool,
        model: Wording | None = None,
        leaving: Callable[[], bool] = lambda: False,
        paused: Callable[[], str] = lambda: "off",
    ) -> None:
        self._paused = paused
        self._leaving = leaving
        self._model = model
        self._pages = pages
        self._subject = subject
        self._database = database
        self._version = version
        self._endpoint = endpoint
        self._teams = teams

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        routes.add("GET", "/", self.start, needs=Permission.BE_ANYBODY)
        routes.add("GET", "/healthz", self.alive, needs=Permission.BE_ANYBODY, data=True, open=True)
        routes.add("GET", "/readyz", self.ready, needs=Permission.BE_ANYBODY, data=True, open=True)

    async def alive(self, request: web.Request) -> web.Response:
        """200 as long as the process answers."""
        return web.json_response({"status": "ok"})

    async def ready(self, request: web.Request) -> web.Response:
        """200 where questions can be answered and what is said can be kept, and for a while yet; else 503."""
        state, database = self._subject.state, await self._database()
        ready = state.ready and database and not self._leaving()
        body = Readiness(
            "shutting down" if self._leaving() else _condition(ready),
            state.generation,
            state.documents,
            state.passages,
            state.embedding_model,
            state.mode,
            _condition(database),
            self._wording(),
            self._paused(),
        )
        return web.json_response(asdict(body), status=200 if ready else 503)

    async def start(self, request: web.Request) -> web.Response:
        """What this is, and how it is doing."""
        database = await self._database()
        condition = "ready" if self._subject.state.ready and database else "waiting"
        return await self._pages.show(request, "start.html", condition=condition, rows=self._rows(request, database))

    def _rows(self, request: web.Request, database: bool) -> Sequence[tuple[str, str]]:
        state, say, paused = self._subject.state, partial(self._pages.say, request), self._paused()
        return [
            (say("web.row.state"), say("web.state.ready" if state.ready else "web.state.waiting")),
            *([] if paused == "off" else [(say("web.row.paused"), say(f"web.paused.{paused}"))]),
            (say("web.row.documents"), str(state.documents)),
            (say("web.row.passages"), str(state.passages)),
            (say("web.row.mode"), say(f"web.mode.{state.mode}")),
            (say("web.row.model"), state.embedding_model or say("web.none")),
            (say("web.row.wording"), self._worded_by(say)),
            (say("web.row.generation"), state.generation or say("web.none")),
            (say("web.row.database"), say(f"web.database.{_condition(database)}")),
            (say("web.row.teams"), say("web.teams.on" if self._teams else "web.teams.off")),
            (say("web.row.endpoint"), self._endpoint),
            (say("web.row.version"), self._version),
        ]

    def _wording(self) -> str:
        if self._model is None:
            return "off"
        return _condition(self._model.state == "closed")

    def _worded_by(self, say: Callable[..., str]) -> str:
        if self._model is None:
            return say("web.wording.quoted")
        return say(f"web.wording.{self._wording()}", model=self._model.name)


def _condition(good: bool) -> str:
    return "ok" if good else "unavailable"
