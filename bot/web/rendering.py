"""Pages from templates: everything in them is escaped, and says its words in the visitor's language.

    return await self._pages.show(request, "rounds.html", rounds=rounds)

Each template extends `base.html`. Beside what it is given it has:

    say(key, **values), lines(key)   texts of the message catalogue, in the page's language
    language, languages              the page's language, and all there are with the page's address in each
    visitor, may(permission, ...)    who looks at the page, and what they may; permissions by their names
    form_token                       what every form carries in a hidden field: {{ form.token() }} writes it
    asset(name)                      the address of a file in `static`
    path                             the page's own path
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from bot.access.permissions import Permission
from bot.conversation.texts import LANGUAGES, Texts
from bot.web.access import menu_for
from bot.web.assets import Assets
from bot.web.errors import AssetsInvalid
from bot.web.headers import FORM_POLICY, PAGE_POLICY
from bot.web.languages import address_in, language_of, remember
from bot.web.sessions import CookieKind, form_token_of, visitor_of

TEMPLATES: Final = Path(__file__).parent / "templates"


class Pages:
    """All templates, compiled when the service starts. `contact` is whom people turn to when a page fails them; of a
    `demo` every page says that it is made up."""

    def __init__(
        self,
        texts: Texts,
        assets: Assets,
        kind: CookieKind,
        *,
        language: str,
        contact: str,
        demo: bool = False,
        filters: Mapping[str, Callable[..., object]] | None = None,
        folder: Path = TEMPLATES,
    ) -> None:
        """Reads the folder; `language` is that of browsers that ask for none that there is. Raises AssetsInvalid."""
        self._texts = texts
        self._kind = kind
        self._language = language
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        self._environment.filters.update(filters or {})
        self._environment.globals.update(asset=assets.address, contact=contact, demo=demo)
        try:
            for name in self._environment.list_templates(extensions=["html"]):
                self._environment.get_template(name)
        except TemplateError as error:
            raise AssetsInvalid(f"a template cannot be used: {error}") from error

    def language(self, request: web.Request) -> str:
        """The language in which this visitor reads."""
        return language_of(request, self._kind, self._language)

    def say(self, request: web.Request, key: str, **values: object) -> str:
        """A text in the visitor's language."""
        return self._texts.say(key, self.language(request), **values)

    async def show(
        self, request: web.Request, template: str, *, status: int = 200, form: bool = False, **values: object
    ) -> web.Response:
        """The page. `form` says that it has a form though nobody is signed in; signed in, every page has one."""
        visitor = visitor_of(request)
        language = self.language(request)
        context = {
            "say": partial(self._say, language),
            "lines": partial(self._lines, language),
            "language": language,
            "languages": {each: address_in(request, each) for each in LANGUAGES},
            "visitor": visitor,
            "may": lambda permission, municipality="": visitor.may(Permission(permission), municipality),
            "menu": list(menu_for(request.app, visitor)),
            "form_token": form_token_of(request),
            "path": request.path,
        }
        page = self._environment.get_template(template)
        body = await asyncio.to_thread(page.render, context | values)
        response = web.Response(text=body, status=status, content_type="text/html")
        response.headers["Content-Security-Policy"] = FORM_POLICY if form or visitor.signed_in else PAGE_POLICY
        remember(request, response, self._kind)
        return response

    def _say(self, language: str, key: str, **values: object) -> str:
        return self._texts.say(key, language, **values)

    def _lines(self, language: str, key: str) -> tuple[str, ...]:
        return self._texts.lines(key, language)
