"""The read API described by OpenAPI 3.1: from the table of routes, and from the models that check and write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.conversation.texts import Texts
from bot.exports.codebook import columns
from bot.exports.documents import Problem
from bot.web.api.endpoints import CSV, ENDPOINTS, JSON, Endpoint, Operation
from bot.web.api.problems import MEDIA, STATUSES

LANGUAGE: Final = "en"
"""The language of the description; the page that shows it is in both."""
ROUND: Final = {"type": "string", "minLength": 1, "maxLength": 64}
_TAG: Final = {"schema": {"type": "string"}, "description": "Names this content; send it back in If-None-Match."}
_PROBLEMS: Final = tuple(status for status in STATUSES if status not in (405,))

Schema = dict[str, Any]


def description(texts: Texts, *, version: str) -> Mapping[str, Any]:
    """The whole document. `version` is Fyren's."""
    answers = [(each.answer, "serialization") for each in ENDPOINTS]
    unique: list[tuple[type[BaseModel], Any]] = list(dict.fromkeys([*answers, (Problem, "serialization")]))
    named, whole = models_json_schema(unique, ref_template="#/components/schemas/{model}")
    schemas: dict[str, Schema] = whole["$defs"]
    _describe_rows(schemas, texts)
    say = _saying(texts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": say("api.title"),
            "version": version,
            "description": "\n\n".join(texts.lines("api.about", LANGUAGE)),
            "license": {"name": "CC0 1.0", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}, {"session": []}],
        "paths": {each.path: {"get": _operation(each, named[each.answer, "serialization"], say)} for each in ENDPOINTS},
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": say("api.security.key")},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-fyren-session",
                    "description": say("api.security.session"),
                },
            },
        },
    }


def _operation(endpoint: Endpoint, answer: Schema, say: Any) -> Schema:
    content: Schema = {JSON: {"schema": answer}}
    if CSV in endpoint.media:
        content[CSV] = {"schema": {"type": "string"}}
    headers: Schema = {"ETag": _TAG}
    if endpoint.operation is Operation.RESULTS:
        headers["Link"] = {"schema": {"type": "string"}, "description": say("api.next")}
    responses: Schema = {
        "200": {"description": say("api.status.ok"), "headers": headers, "content": content},
        "304": {"description": say("api.status.unchanged"), "headers": {"ETag": _TAG}},
    }
    problem = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in _PROBLEMS:
        responses[str(status)] = {"description": say(f"api.problem.{STATUSES[status]}.title"), "content": problem}
    return {
        "operationId": endpoint.operation,
        "summary": say(f"api.operation.{endpoint.operation}.title"),
        "description": say(f"api.operation.{endpoint.operation}.text"),
        "parameters": [*_in_path(endpoint, say), *_in_query(endpoint.query)],
        "responses": responses,
    }


def _in_path(endpoint: Endpoint, say: Any) -> list[Schema]:
    if "{round}" not in endpoint.path:
        return []
    return [{"name": "round", "in": "path", "required": True, "description": say("api.round"), "schema": ROUND}]


def _in_query(query: type[BaseModel]) -> list[Schema]:
    """The parameters of a query, from the model that checks them."""
    model = query.model_json_schema(ref_template="{model}")
    found: list[Schema] = []
    for name, schema in model.get("properties", {}).items():
        plain = _plain(schema, model.get("$defs", {}))
        told = plain.pop("description", "")
        found.append({"name": name, "in": "query", "required": False, "description": told, "schema": plain})
    return found


def _plain(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """A parameter's schema: what may be left out is left out of an address, and is never written as null."""
    plain = {key: value for key, value in schema.items() if key not in ("title", "anyOf", "default")}
    if schema.get("default") is not None:
        plain["default"] = schema["default"]
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            plain |= definitions[option["$ref"]] if "$ref" in option else option
    return {key: value for key, value in plain.items() if key != "title"}


def _describe_rows(schemas: dict[str, Schema], texts: Texts) -> None:
    """The columns' meanings stand in the catalogue, for all exports alike."""
    properties = schemas["ExportRow"]["properties"]
    for column in columns(texts, LANGUAGE):
        properties[column.name]["description"] = column.meaning


def _saying(texts: Texts) -> Any:
    return lambda key: texts.say(key, LANGUAGE)
