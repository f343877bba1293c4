"""What all reading of an activity's `value` shares: strict models, values as objects or as JSON in a string."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.teams.errors import ActivityInvalid
from bot.teams.receiving.incoming import read_json

ModelT = TypeVar("ModelT", bound=BaseModel)


class Edge(BaseModel):
    """A part of a `value`, of which nothing is read but what is named."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def unpacked(value: object) -> object:
    """Clients send objects either as such or as JSON in a string. Raises ActivityInvalid."""
    return read_json(value) if isinstance(value, str) and value.strip() else value or {}


def validated(model: type[ModelT], value: object) -> ModelT:
    """The value as the model reads it. Raises ActivityInvalid."""
    try:
        return model.model_validate(value)
    except ValidationError:
        raise ActivityInvalid("value is missing or malformed") from None
