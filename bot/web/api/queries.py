"""What the read API may be asked with. The models check a query, and describe it."""

from __future__ import annotations

from typing import Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.exports.rows import Group

MOST_ROWS = 5000
"""Rows of one answer."""

Asked = TypeVar("Asked", bound=BaseModel)


class Query(BaseModel):
    """What has no meaning is refused, so that nobody takes a misspelled filter for one that holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(Query):
    """A query without parameters."""


class InLanguage(Query):
    """In which language names are."""

    language: Literal["sv", "en"] = Field(default="sv", description="The language of names and labels.")


class OfMunicipality(Query):
    """For whom a view is made."""

    municipality: str = Field(
        default="",
        max_length=64,
        pattern="^[a-z0-9_-]*$",
        description="The id of the only municipality that is wanted; of the own one, for a municipality's contact.",
    )


class ResultsQuery(InLanguage, OfMunicipality):
    """Which rows."""

    item: str = Field(default="", max_length=64, description="Rows of this item only.")
    role: str | None = Field(
        default=None, max_length=64, description="Rows of this role only; empty: of all who were asked."
    )
    group: Group | None = Field(default=None, description="Rows of this group only.")
    limit: int = Field(default=1000, ge=1, le=MOST_ROWS, description="Rows at most.")
    offset: int = Field(default=0, ge=0, le=1_000_000, description="Rows to leave out at the beginning.")


def asked(request: web.Request, model: type[Asked]) -> Asked:
    """A request's query. Raises HTTPBadRequest, which says which parameter is wrong."""
    given: dict[str, object] = {}
    for name in request.query:
        values = request.query.getall(name)
        given[name] = values[0] if len(values) == 1 else values
    try:
        return model.model_validate(given)
    except ValidationError as error:
        names = dict.fromkeys(str(each["loc"][0]) for each in error.errors(include_url=False) if each["loc"])
        raise web.HTTPBadRequest(text=", ".join(names)) from error
