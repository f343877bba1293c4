"""`/api/openapi.json` and `/api/docs`: the read API described for programs, and to be read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.access.permissions import Permission
from bot.conversation.texts import Texts
from bot.web.access import Routes
from bot.web.api.description import description
from bot.web.api.problems import STATUSES
from bot.web.rendering import Pages

OPENAPI = "/api/openapi.json"
DOCS = "/api/docs"


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field: its name, its type in a word or two, and what it means."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Described:
    """A route, to be read: parameters, and the name of the model that is answered. `operation` is its id."""

    operation: str
    path: str
    parameters: tuple[Field, ...]
    answer: str
    media: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A model, to be read."""

    name: str
    meaning: str
    fields: tuple[Field, ...]


class ApiPages:
    """The description, made once when the service starts. `version` is Fyren's."""

    def __init__(self, pages: Pages, texts: Texts, *, version: str) -> None:
        self._pages = pages
        told = description(texts, version=version)
        self._body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        self._tag = hashlib.sha256(self._body).hexdigest()[:32]
        self._routes = tuple(_described(path, one["get"]) for path, one in told["paths"].items())
        self._models = tuple(_model(name, schema) for name, schema in sorted(told["components"]["schemas"].items()))

    def attach(self, routes: Routes) -> None:
        """Add the routes; the description says nothing about anybody."""
        routes.add("GET", OPENAPI, self.openapi, needs=Permission.BE_ANYBODY, data=True, open=True)
        routes.add("GET", DOCS, self.docs, needs=Permission.BE_ANYBODY)

    async def openapi(self, request: web.Request) -> web.Response:
        """The description in JSON."""
        headers = {"ETag": f'"{self._tag}"', "Cache-Control": "public, max-age=3600"}
        if any(each.value in ("*", self._tag) for each in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=self._body, content_type="application/json", headers=headers)

    async def docs(self, request: web.Request) -> web.Response:
        """The description as a page."""
        return await self._pages.show(
            request,
            "api_docs.html",
            routes=self._routes,
            models=self._models,
            problems=[(status, kind) for status, kind in STATUSES.items()],
            openapi=OPENAPI,
        )


def _described(path: str, told: Mapping[str, Any]) -> Described:
    content = told["responses"]["200"]["content"]
    return Described(
        told["operationId"],
        path,
        tuple(Field(each["name"], type_of(each["schema"]), each["description"]) for each in told["parameters"]),
        content["application/json"]["schema"]["$ref"].rpartition("/")[2],
        tuple(content),
    )


def _model(name: str, schema: Mapping[str, Any]) -> Model:
    fields = schema.get("properties", {})
    told = tuple(Field(each, type_of(one), one.get("description", "")) for each, one in fields.items())
    return Model(name, schema.get("description", "").partition("\n\n")[0], told)


def type_of(schema: Mapping[str, Any]) -> str:
    """A JSON schema's type in a word or two, such as `array of ExportRow` or `integer or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(type_of, schema["anyOf"])))
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return _array(schema)
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {type_of(schema['additionalProperties'])}"
    return str(schema.get("format", kind))


def _array(schema: Mapping[str, Any]) -> str:
    items: Sequence[Mapping[str, Any]] = schema.get("prefixItems", ())
    if items:
        return f"[{', '.join(map(type_of, items))}]"
    return f"array of {type_of(schema['items'])}" if "items" in schema else "array"
